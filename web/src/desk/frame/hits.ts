/** Places and cases that words lead to, asked a moment after the last letter was typed. */
import { keepPreviousData, useQuery } from "@tanstack/vue-query";
import { computed, onUnmounted, ref, watch, type Ref } from "vue";

import type { CaseList } from "@/api/case";
import { server, take } from "@/api/client";
import type { PlaceList } from "@/api/wire";
import { codeWords, placeName, signName } from "@/words";

export interface Hit {
  key: string;
  title: string;
  note: string;
  to: string;
}
const few = 6;
const wait_ms = 200;

export function useHits(words: Readonly<Ref<string>>) {
  const asked = ref("");
  let timer = 0;
  watch(words, (next) => {
    window.clearTimeout(timer);
    timer = window.setTimeout(() => (asked.value = next.trim()), wait_ms);
  });
  onUnmounted(() => window.clearTimeout(timer));

  const { data: hits, error } = useQuery({
    queryKey: ["search", asked],
    enabled: computed(() => asked.value.length > 0),
    placeholderData: keepPreviousData,
    queryFn: async (): Promise<Hit[]> => {
      const q = asked.value;
      const [places, cases] = await Promise.all([
        take<PlaceList>(server.GET("/v1/places", { params: { query: { q, limit: few } } })),
        take<CaseList>(server.GET("/v1/cases", { params: { query: { q, limit: few } } })),
      ]);
      return [
        ...places.items.map((place) => ({ key: place.place_id, title: placeName(place), note: [signName(place), codeWords("level", place.level)].filter(Boolean).join(" · "), to: `/places/${encodeURIComponent(place.place_id)}` })),
        ...cases.items.map((row) => ({ key: row.case_id, title: `${row.case_no} ${row.title}`, note: codeWords("state", row.state), to: `/cases/${encodeURIComponent(row.case_id)}` })),
      ].slice(0, few * 2);
    },
  });
  return { asked, hits, error, shown: computed(() => (asked.value ? (hits.value ?? []) : [])) };
}
