/** Reads about change: what is out of the ordinary, what is expected, which days are off, how old the sources are. */
import { keepPreviousData, useQuery } from "@tanstack/vue-query";
import { computed, toValue, type MaybeRefOrGetter as From } from "vue";

import { server, take } from "@/api/client";
import type { Figure } from "@/api/wire";

/** A figure of a sentence: its value stands there, or its change without the sign. */
export interface ToldFigure {
  shows: "value" | "change";
  number: Figure;
}
/** One sentence about what is out of the ordinary; `{n}` and its like stand for the figures. */
export interface Headline {
  headline_id: string;
  number_id: string;
  column: string;
  value: string;
  words_zh: string;
  words_en: string;
  figures: Record<string, ToldFigure>;
  base: string;
  base_zh: string;
  base_en: string;
  chance_ratio: number;
  n_usual: number;
  n_days: number;
}
export interface ForecastHour {
  from_at: string;
  to_at: string;
  mean_value: number | null;
  low_value: number | null;
  high_value: number | null;
  n_hours: number;
}
export interface CalendarDay {
  day_on: string;
  is_off: boolean;
  holiday_zh: string | null;
  holiday_en: string | null;
  is_first: boolean;
  is_provisional: boolean;
}
export interface Source {
  kind: string;
  n_loads: number;
  state: string;
  loaded_at: string | null;
  n_written: number | null;
  n_rejected: number | null;
}

const minute_ms = 60_000;

export interface HeadlineList {
  items: Headline[];
  as_of: string;
  least_chance_ratio: number;
  hot_spot_least: number;
}

/** Headlines are figures: what makes figures old makes them old. */
export const useHeadlines = (place_id: From<string | null>, at: From<string | null>) =>
  useQuery(computed(() => {
    const asked = { place_id: toValue(place_id), at: toValue(at) };
    return {
      queryKey: ["number", "headlines", asked],
      queryFn: () => take<HeadlineList>(server.GET("/v1/headlines", { params: { query: { place: asked.place_id ?? undefined, at: asked.at ?? undefined } } })),
      placeholderData: keepPreviousData<HeadlineList>,
      refetchInterval: asked.at ? (false as const) : 5 * minute_ms,
    };
  }));

/** Of a figure that makes no forecast there is none: that is no failure of the page. */
export const forecastQuery = (number_id: string, place_id: string | null, hours: number) => ({
  queryKey: ["number", "forecast", number_id, place_id, hours],
  queryFn: () => take<ForecastHour[]>(server.GET("/v1/numbers/{number_id}/forecast", { params: { path: { number_id }, query: { place: place_id ?? undefined, hours } } })),
  placeholderData: keepPreviousData<ForecastHour[]>,
  staleTime: 10 * minute_ms,
});

export const useCalendar = (from: From<string>, to: From<string>) =>
  useQuery(computed(() => ({
    queryKey: ["calendar", toValue(from), toValue(to)],
    queryFn: () => take<CalendarDay[]>(server.GET("/v1/calendar", { params: { query: { from: toValue(from), to: toValue(to) } } })),
    enabled: !!toValue(from) && !!toValue(to),
    placeholderData: keepPreviousData<CalendarDay[]>,
    staleTime: 60 * minute_ms,
  })));

export const useSources = () =>
  useQuery({ queryKey: ["load", "sources"], queryFn: () => take<Source[]>(server.GET("/v1/sources")), refetchInterval: 5 * minute_ms });
