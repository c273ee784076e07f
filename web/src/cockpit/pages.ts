/** The pages of the narrative: what is out of the ordinary first, then the sentences of the packs. Paged by hand. */
import { computed, ref, watch, type Ref } from "vue";

import type { Panel } from "@/api/panel";
import type { Headline } from "@/api/changes";

export type Page = { key: string; kind: "change"; headline: Headline } | { key: string; kind: "calm" } | { key: string; kind: "panel"; panel: Panel };
const most = 5;

export function usePages(headlines: Readonly<Ref<Headline[] | undefined>>, panels: () => Panel[]) {
  const chosen = ref<string | null>(null);
  const pages = computed<Page[]>(() => {
    const found = headlines.value;
    const changes: Page[] = (found ?? []).map((headline) => ({ key: headline.headline_id, kind: "change", headline }));
    // Before the answer is there nothing is said to be calm.
    const calm: Page[] = found && !found.length ? [{ key: "calm", kind: "calm" }] : [];
    const rest: Page[] = panels().map((panel) => ({ key: panel.panel_id, kind: "panel", panel }));
    return [...changes, ...calm, ...rest].slice(0, most);
  });
  /** Only a new largest change turns the page; one that goes leaves the page that is read where it is. */
  watch(() => headlines.value?.[0]?.headline_id, (top, before) => {
    if (top && top !== before) chosen.value = null;
  });
  const page = computed(() => pages.value.find((one) => one.key === chosen.value) ?? pages.value[0] ?? null);
  return { pages, page, turn: (key: string) => (chosen.value = key) };
}
