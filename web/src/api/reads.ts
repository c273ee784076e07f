/** The reads of all ends as cached queries. Keys begin with the topic that makes them old (see live.ts). */
import { keepPreviousData, useQuery } from "@tanstack/vue-query";
import { computed, toValue, type MaybeRefOrGetter as From } from "vue";

import { server, take } from "@/api/client";
import type { End, PanelSet } from "@/api/panel";
import type { CaseList, CasePage } from "@/api/case";
import type { Category, City, Figure, Grain, Layer, PlaceList, PlacePage, Rows, SeriesPoint, UnitFigure } from "@/api/wire";
import { said } from "@/words/language";
import { isElsewhen, setCityNow } from "@/words/now";

const minute_ms = 60_000;
const elsewhen_ms = 5_000;
type Maybe = string | null | undefined;
const unless = (text: Maybe) => text ?? undefined;

export const useCity = () =>
  useQuery({
    queryKey: ["city"],
    queryFn: async () => {
      const city = await take<City>(server.GET("/v1/city"));
      setCityNow(city.now);
      return city;
    },
    staleTime: 10 * minute_ms,
    // A demo city may live faster than this machine: its clock is asked for again and again.
    refetchInterval: () => (isElsewhen() ? elsewhen_ms : false),
  });

export const usePanels = (end: End) =>
  useQuery({
    queryKey: ["panels", end],
    queryFn: () => take<PanelSet>(server.GET("/v1/panels", { params: { query: { end } } })),
    staleTime: 10 * minute_ms,
    // Who is not signed in hears no stream: a pack that was switched is found when the page is looked at again.
    refetchOnWindowFocus: end === "public" ? "always" : false,
  });

export const usePlace = (place_id: From<Maybe>, at?: From<Maybe>) =>
  useQuery({
    queryKey: ["place", place_id, at],
    enabled: computed(() => !!toValue(place_id)),
    placeholderData: keepPreviousData,
    queryFn: () =>
      take<PlacePage>(server.GET("/v1/places/{place_id}", {
        params: { path: { place_id: toValue(place_id)! }, query: { at: unless(toValue(at)) } },
      })),
    staleTime: minute_ms,
  });

/** Places by parent, level or words. `ask` is the query string as an object. */
export const usePlaces = (ask: From<Record<string, string | number | undefined>>, isAsked: From<boolean> = true) =>
  useQuery({
    queryKey: ["places", ask],
    enabled: computed(() => toValue(isAsked)),
    queryFn: () => take<PlaceList>(server.GET("/v1/places", { params: { query: toValue(ask) } })),
    placeholderData: keepPreviousData,
    staleTime: minute_ms,
  });

export const useLayers = () =>
  useQuery({ queryKey: ["layers"], queryFn: () => take<Layer[]>(server.GET("/v1/layers")), staleTime: 10 * minute_ms });

/** The categories of letters, and their title by code in the reader's language. */
export function useCategories() {
  const query = useQuery({
    queryKey: ["categories"],
    queryFn: async () => {
      const answer = await take<Category[] | { items: Category[] }>(server.GET("/v1/categories"));
      return Array.isArray(answer) ? answer : answer.items;
    },
    staleTime: 10 * minute_ms,
  });
  const byCode = computed(() => new Map((query.data.value ?? []).map((one) => [one.category_code, one])));
  return { ...query, titleOf: (code: string | null, otherwise?: string | null) => said(byCode.value.get(code ?? ""), "title") || otherwise || "" };
}

/** Rows of a catalogue entity with declared filters `field:op:value`. */
export const useRows = (entity: From<string>, ask: From<Record<string, string | number | string[] | undefined>>) =>
  useQuery({
    queryKey: [computed(() => `entity.${toValue(entity)}`), ask],
    placeholderData: keepPreviousData,
    queryFn: () =>
      take<Rows>(server.GET("/v1/entities/{entity}", { params: { path: { entity: toValue(entity) }, query: toValue(ask) } })),
  });

/** Where and when a figure is asked for. `at` null means now. */
export interface AskedFigure {
  number_id: string;
  place_id?: string | null;
  at?: string | null;
}
const scopeOf = (asked: AskedFigure) => ({ place: unless(asked.place_id), at: unless(asked.at) });

/** The query of one figure, for `useQueries` where their number is not fixed. */
export const figureQuery = (asked: AskedFigure) => ({
  queryKey: ["number", "one", asked],
  queryFn: () => take<Figure>(server.GET("/v1/numbers/{number_id}", { params: { path: { number_id: asked.number_id }, query: scopeOf(asked) } })),
  placeholderData: keepPreviousData<Figure>,
  // A past instant does not change; now does, and the stream may be down.
  refetchInterval: asked.at ? (false as const) : 5 * minute_ms,
});
/** Figures of the places directly below; of thousands a part, in the order of their list. */
export const unitsQuery = (asked: AskedFigure, part: { offset?: number; limit?: number } = {}) => ({
  queryKey: ["number", "units", asked, part],
  queryFn: () => take<UnitFigure[]>(server.GET("/v1/numbers/{number_id}/units", { params: { path: { number_id: asked.number_id }, query: { ...scopeOf(asked), ...part } } })),
  placeholderData: keepPreviousData<UnitFigure[]>,
});
export const seriesQuery = (asked: AskedFigure, grain: Grain, n: number) => ({
  queryKey: ["number", "series", asked, grain, n],
  queryFn: async () => {
    const points = await take<SeriesPoint[]>(server.GET("/v1/numbers/{number_id}/series", {
      params: { path: { number_id: asked.number_id }, query: { ...scopeOf(asked), grain, n } },
    }));
    return points.map((point) => ({ ...point, value: point.number?.value ?? point.value ?? null, n: point.number?.n ?? point.n ?? null }));
  },
  placeholderData: keepPreviousData<SeriesPoint[]>,
  staleTime: minute_ms,
});

export const useFigure = (asked: From<AskedFigure>, isAsked: From<boolean> = true) =>
  useQuery(computed(() => ({ ...figureQuery(toValue(asked)), enabled: toValue(isAsked) })));
export const useUnits = (asked: From<AskedFigure>) => useQuery(computed(() => unitsQuery(toValue(asked))));
export const useSeries = (asked: From<AskedFigure>, grain: From<Grain>, n: From<number>) =>
  useQuery(computed(() => seriesQuery(toValue(asked), toValue(grain), toValue(n))));

export const fetchNumberRows = (asked: AskedFigure, limit: number, cursor?: string | null) =>
  take<Rows>(server.GET("/v1/numbers/{number_id}/rows", {
    params: { path: { number_id: asked.number_id }, query: { ...scopeOf(asked), limit, cursor: unless(cursor) } },
  }));

export const useCases = (ask: From<Record<string, string | number | boolean | string[] | undefined>>) =>
  useQuery({
    queryKey: ["cases", ask],
    placeholderData: keepPreviousData,
    queryFn: () => take<CaseList>(server.GET("/v1/cases", { params: { query: toValue(ask) } })),
  });

export const useCase = (case_id: From<Maybe>) =>
  useQuery({
    queryKey: ["case", case_id],
    enabled: computed(() => !!toValue(case_id)),
    queryFn: () => take<CasePage>(server.GET("/v1/cases/{case_id}", { params: { path: { case_id: toValue(case_id)! } } })),
  });
