/** Saved views of the queue: what is asked for, under a name, kept per person in this browser. The address is the view. */
import { computed, ref, watch } from "vue";

import { newKey } from "@/api/client";
import { useSession } from "@/api/session";
import { remember } from "@/design/appearance";

/** The words of the address that make a view. */
export const asked_by = ["tab", "sort", "own", "place", "category", "q"] as const;
export type Asked = Partial<Record<(typeof asked_by)[number], string>>;
export interface View {
  view_id: string;
  name: string;
  asked: Asked;
}
const most = 30;
const views = ref<View[]>([]);
let readFor: string | null = null;

function isView(one: unknown): one is View {
  const { view_id, name, asked } = (one ?? {}) as Partial<View>;
  return typeof view_id === "string" && typeof name === "string" && !!asked && Object.entries(asked).every(([key, value]) => (asked_by as readonly string[]).includes(key) && typeof value === "string");
}
function kept(key: string): View[] {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(key) ?? "[]");
    return Array.isArray(found) ? found.filter(isView).slice(0, most) : [];
  } catch {
    return []; // nothing readable is kept: there are no views
  }
}
/** What of an address makes a view, in a fixed order. */
export const askedOf = (query: Record<string, unknown>): Asked =>
  Object.fromEntries(asked_by.flatMap((key) => (typeof query[key] === "string" && query[key] ? [[key, query[key]]] : [])));
export const sameAsked = (a: Asked, b: Asked): boolean => asked_by.every((key) => (a[key] ?? "") === (b[key] ?? ""));

export function useViews() {
  const { user } = useSession();
  const key = computed(() => `huitian.views.${user.value?.user_id ?? ""}`);
  watch(key, (now) => {
    if (now === readFor) return;
    readFor = now;
    views.value = kept(now);
  }, { immediate: true });
  const keep = (next: View[]) => {
    views.value = next.slice(0, most);
    remember(key.value, JSON.stringify(views.value));
  };
  return {
    views: computed(() => views.value),
    /** A view of the same name is replaced. */
    save: (name: string, asked: Asked) => keep([...views.value.filter((one) => one.name !== name), { view_id: newKey(), name, asked }]),
    drop: (view_id: string) => keep(views.value.filter((one) => one.view_id !== view_id)),
    linkOf: (one: View) => `/?${new URLSearchParams(one.asked)}`,
  };
}
