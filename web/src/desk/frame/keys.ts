/** Keys of the desk: single letters, shown in place, silent while somebody types, composes, or has a sheet open. */
import { onMounted, onUnmounted, readonly, ref, shallowReactive } from "vue";

import { remember, wish } from "@/design/appearance";

export interface DeskKey {
  key: string;
  title: () => string;
  run: (event: KeyboardEvent) => unknown;
  can?: () => boolean;
}

const stored = "huitian.keys";
const areOn = ref(wish("keys", stored, ["on", "off"]) !== "off");
const sets = shallowReactive(new Set<readonly DeskKey[]>());
export { isHelpOpen } from "@/shell/help/help";

const names: Record<string, string> = { ArrowDown: "↓", ArrowUp: "↑", Escape: "Esc" };
/** A key as it is printed. */
export const keyName = (key: string): string => names[key] ?? (key.length === 1 ? key.toUpperCase() : key);

/** The order in which keys are listed, whichever part of the page was there first: moving, the case, the page. */
const order = ["j", "k", "arrowdown", "arrowup", "enter", "x", "s", "q", "1", "2", "3", "d", "g", "h", "f", "v", "e", "r", "p", "n", "l", "t", "z", "b", "\\", "/", "?"];
const rank = (key: string) => (order.indexOf(key.toLowerCase()) + order.length + 1) % (order.length + 1);

/** What the keys of a page do, in one order; keys that do the same stand together. */
export function listedKeys(known: readonly DeskKey[]): { keys: string[]; title: string }[] {
  const rows = new Map<string, string[]>();
  const each = [...new Map(known.map((one) => [one.key.toLowerCase(), one])).values()].sort((a, b) => rank(a.key) - rank(b.key));
  for (const one of each) rows.set(one.title(), [...(rows.get(one.title()) ?? []), keyName(one.key)]);
  return [...rows].map(([title, keys]) => ({ title, keys }));
}

/** Adds keys while the component lives; of two with the same key the later wins. */
export function useKeys(keys: readonly DeskKey[]): void {
  onMounted(() => sets.add(keys));
  onUnmounted(() => sets.delete(keys));
}

export function useKeySwitch() {
  return {
    areOn: readonly(areOn),
    known: () => [...sets].flat(),
    /** Those that would do something now, the later of two with the same key. */
    usable: () => [...new Map([...sets].flat().filter((one) => one.can?.() ?? true).map((one) => [one.key.toLowerCase(), one])).values()],
    turn: (on: boolean) => {
      areOn.value = on;
      remember(stored, on ? "on" : "off");
    },
  };
}

const isTyping = (target: EventTarget | null) =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
/** Enter and Space belong to the control that has the focus. */
const isControl = (target: EventTarget | null) => target instanceof HTMLElement && !!target.closest("button, a[href], [role='button'], summary");

function hear(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing || event.keyCode === 229 || event.ctrlKey || event.metaKey || event.altKey) return;
  if (isTyping(event.target) || document.querySelector("dialog[open], [data-number-panel]")) return;
  const isLetter = event.key.length === 1;
  if (isLetter && !areOn.value) return;
  if ((event.key === "Enter" || event.key === " ") && isControl(event.target)) return;
  const wanted = event.key.toLowerCase();
  const found = [...sets].flat().reverse().find((one) => one.key.toLowerCase() === wanted && (one.can?.() ?? true));
  if (!found) return;
  event.preventDefault();
  found.run(event);
}

export function hearKeys(): void {
  onMounted(() => document.addEventListener("keydown", hear));
  onUnmounted(() => document.removeEventListener("keydown", hear));
}
