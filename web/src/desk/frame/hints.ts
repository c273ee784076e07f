/** First words on a page of the desk: told once, put away by the reader, told again by `?`. */
import { computed, ref } from "vue";
import { useRoute } from "vue-router";

import { remember } from "@/design/appearance";

const stored = "huitian.hints";
const pages: Record<string, string> = { queue: "queue", case: "queue", places: "places", place: "places", building: "building", loads: "loads", load: "loads", findings: "loads", packs: "packs" };

function kept(): string[] {
  try {
    return (localStorage.getItem(stored) ?? "").split(",").filter(Boolean);
  } catch {
    return []; // told again next time; nothing is lost
  }
}
const seen = ref(kept());

export function useHints() {
  const route = useRoute();
  /** The hint of this page, put away or not. */
  const here = computed(() => pages[String(route.name)] ?? null);
  return {
    here,
    isNew: computed(() => here.value !== null && !seen.value.includes(here.value)),
    putAway: () => {
      if (!here.value) return;
      seen.value = [...new Set([...seen.value, here.value])];
      remember(stored, seen.value.join(","));
    },
    /** Every page tells its first words again. */
    tellAgain: () => {
      seen.value = [];
      remember(stored, "");
    },
  };
}
