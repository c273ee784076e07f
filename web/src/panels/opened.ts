/** Which number is opened, and which element opened it. One at a time on a page. */
import { readonly, shallowRef } from "vue";

import type { AskedFigure } from "@/api/reads";

export interface OpenedNumber {
  asked: AskedFigure;
  opener: HTMLElement | null;
}
const opened = shallowRef<OpenedNumber | null>(null);

export function openNumber(asked: AskedFigure, opener: HTMLElement | null): void {
  opened.value?.opener?.removeAttribute("data-opened");
  opener?.setAttribute("data-opened", "");
  opened.value = { asked, opener };
}

/** Moves the open panel to another number or place; focus still returns to the first opener. */
export function turnTo(asked: AskedFigure): void {
  opened.value = { asked, opener: opened.value?.opener ?? null };
}

export function closeNumber(): void {
  const opener = opened.value?.opener;
  opener?.removeAttribute("data-opened");
  opened.value = null;
  opener?.focus({ preventScroll: true });
}

export const useOpened = () => readonly(opened);
