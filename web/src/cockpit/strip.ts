/** The lanes of the time strip: what the bottom panels ask, over one axis, with what is expected after now. */
import { useQueries } from "@tanstack/vue-query";
import { computed } from "vue";

import { forecastQuery, useCalendar } from "@/api/changes";
import type { Panel } from "@/api/panel";
import { figureQuery, seriesQuery } from "@/api/reads";
import type { CalendarDay, ForecastHour, Headline } from "@/api/changes";
import type { Figure, Grain, SeriesPoint } from "@/api/wire";
import { day } from "@/words/formats";
import { useNow } from "@/words/now";

export interface Lane {
  panel: Panel;
  points: SeriesPoint[];
  figure: Figure | null;
  /** The part of each step that the narrative speaks of. */
  part: SeriesPoint[];
  expected: ForecastHour[];
}
const most_lanes = 3;
const most_hours = 72;
const days_ahead = 2;
const hour_ms = 3_600_000;
const day_ms = 24 * hour_ms;
/** Shanghai keeps +08:00 all year. */
const zone_ms = 8 * hour_ms;
export const midnight = (ms: number): number => Math.floor((ms + zone_ms) / day_ms) * day_ms - zone_ms;

export function useStrip(panels: () => Panel[], placeId: () => string | null, headline: () => Headline | null) {
  const now = useNow();
  const trends = computed(() => panels().filter((panel) => panel.kind === "trend" && panel.number_ids?.length).slice(0, most_lanes));
  const grainOf = (panel?: Panel) => (panel?.query?.grain ?? "day") as Grain;
  const isHourly = computed(() => grainOf(trends.value[0]) === "hour");
  /** Whole days of hours: from a midnight on, the running hour last. Changes once an hour. */
  const hour_now = computed(() => Math.floor((now.value + zone_ms) / hour_ms) % 24);
  const nOf = (panel: Panel) => {
    const n = panel.query?.n ?? 60;
    return grainOf(panel) === "hour" ? Math.max(1, Math.ceil(n / 24) - 1) * 24 + hour_now.value + 1 : n;
  };
  // Replay must not move its own axis: the lanes are always asked for now.
  const asked = (panel: Panel, narrowed = "") => ({ number_id: panel.number_ids![0]! + narrowed, place_id: placeId(), at: null });
  /** The lane that the narrative speaks of, and what narrows it to that. */
  const narrowed = computed(() => {
    const one = headline();
    const at = one ? trends.value.findIndex((panel) => panel.number_ids![0] === one.number_id) : -1;
    return at < 0 ? null : { at, part: `;${one!.column}=${one!.value}` };
  });
  const series = useQueries({ queries: computed(() => trends.value.map((panel) => seriesQuery(asked(panel), grainOf(panel), nOf(panel)))) });
  const parts = useQueries({ queries: computed(() => (narrowed.value ? [seriesQuery(asked(trends.value[narrowed.value.at]!, narrowed.value.part), grainOf(trends.value[narrowed.value.at]), nOf(trends.value[narrowed.value.at]!))] : [])) });
  const figures = useQueries({ queries: computed(() => trends.value.map((panel) => figureQuery(asked(panel)))) });
  const hours_ahead = computed(() => Math.min(most_hours, 24 * days_ahead + 23 - hour_now.value));
  const forecasts = useQueries({
    queries: computed(() => trends.value.map((panel, at) => {
      const figure = figures.value[at]?.data;
      const can = grainOf(panel) === "hour" && figure?.series === "flow" && figure.kind === "count" && figure.release === "exact" && hours_ahead.value > 0;
      return { ...forecastQuery(panel.number_ids![0]!, placeId(), Math.max(1, hours_ahead.value)), enabled: can };
    })),
  });
  const lanes = computed<Lane[]>(() => trends.value.map((panel, at) => ({
    panel, points: series.value[at]?.data ?? [], figure: figures.value[at]?.data ?? null,
    part: narrowed.value?.at === at ? (parts.value[0]?.data ?? []) : [], expected: forecasts.value[at]?.data ?? [],
  })));
  const axis = computed(() => lanes.value[0]?.points ?? []);
  const from_ms = computed(() => Date.parse(axis.value[0]?.from_at ?? "") || 0);
  const end_ms = computed(() => Date.parse(axis.value.at(-1)?.to_at ?? "") || 1);
  const to_ms = computed(() => (isHourly.value && axis.value.length ? midnight(end_ms.value - 1) + (1 + days_ahead) * day_ms : end_ms.value));
  const { data: days } = useCalendar(() => (from_ms.value ? day(from_ms.value) : ""), () => (from_ms.value ? day(to_ms.value - 1) : ""));
  const calendar = computed<Map<string, CalendarDay>>(() => new Map((days.value ?? []).map((one) => [one.day_on, one])));
  return { trends, lanes, axis, from_ms, to_ms, isHourly, calendar, hasForecast: computed(() => lanes.value.some((lane) => lane.expected.length)) };
}
