/** Help of the screen that is shown: whether it is open, which section it is, and the first words that were put away. */
import { computed, inject, ref } from "vue";
import { routeLocationKey } from "vue-router";

import { useSession } from "@/api/session";
import { remember } from "@/design/appearance";
import { sections } from "@/shell/help/sections";

export const isHelpOpen = ref(false);

/** First words by screen; a screen that is not named tells none. */
const told: Record<string, string> = {
  "cockpit": "wall", "desk.queue": "queue", "desk.case": "queue", "desk.places": "places", "desk.place": "places", "desk.building": "building",
  "desk.loads": "loads", "desk.load": "load", "desk.findings": "findings", "desk.packs": "packs",
  "desk.pack": "feedback", "desk.pack-feedback": "remarks", "desk.people": "people", "desk.audit": "audit", "desk.looks": "looks", "desk.health": "health",
  "desk.account": "account", "mobile.mine": "mine", "public.rate": "rate",
  "mobile.tasks": "tasks", "mobile.report": "report", "mobile.buildings": "homes", "public.write": "letter", "public.follow": "follow",
};
const stored = "huitian.hints";
const putAwayBy = ref<Record<string, string[]>>({});

function kept(user_id: string): string[] {
  try {
    return (localStorage.getItem(`${stored}.${user_id}`) ?? "").split(",").filter(Boolean);
  } catch {
    return []; // told again next time; nothing is lost
  }
}

/** The end and the page that is shown: `desk.queue`, or the end alone where it has no pages. */
export function useScreen() {
  const route = inject(routeLocationKey, null);
  return computed(() => {
    const end = document.documentElement.dataset["end"] ?? "";
    return route?.name ? `${end}.${String(route.name)}` : end;
  });
}

export function useHelp() {
  const screen = useScreen();
  return {
    screen,
    /** `guides/the-desk#the-queue`: page and heading. */
    section: computed(() => sections[screen.value] ?? sections[screen.value.split(".")[0] ?? ""] ?? "README#"),
  };
}

/** First words are told to each person until that person has put them away on this device. */
export function useHints() {
  const screen = useScreen();
  const { user } = useSession();
  const who = computed(() => user.value?.user_id ?? "nobody");
  const seen = computed(() => putAwayBy.value[who.value] ?? kept(who.value));
  const here = computed(() => {
    const one = told[screen.value] ?? null;
    // Who sees no accounts finds only the own grants there.
    return one === "people" && !user.value?.reads.includes("access") ? "grants" : one;
  });
  const keep = (next: string[]) => {
    putAwayBy.value = { ...putAwayBy.value, [who.value]: next };
    remember(`${stored}.${who.value}`, next.join(","));
  };
  return {
    here,
    isNew: computed(() => here.value !== null && !seen.value.includes(here.value)),
    putAway: () => here.value && keep([...new Set([...seen.value, here.value])]),
    /** Every page tells its first words again. */
    tellAgain: () => keep([]),
  };
}
