/** The order of tasks on foot: the most pressing first, from there always the nearest. Distances are straight lines, and said so. */
import { computed, ref, type Ref } from "vue";

import type { CaseInQueue } from "@/api/case";
import type { LonLat } from "@/api/wire";

const earth_m = 6_371_000;
const rad = Math.PI / 180;

export function metresBetween([lon_a, lat_a]: LonLat, [lon_b, lat_b]: LonLat): number {
  const [x, y] = [(lon_b - lon_a) * rad * Math.cos(((lat_a + lat_b) / 2) * rad), (lat_b - lat_a) * rad];
  return Math.hypot(x, y) * earth_m;
}
export const pointOf = (row: { lon: number | null; lat: number | null }): LonLat | null => (row.lon !== null && row.lat !== null ? [row.lon, row.lat] : null);

/** Rows come by time left. The first stays first; what has no place comes last, still by time left. */
export function walked(rows: readonly CaseInQueue[]): CaseInQueue[] {
  const first = rows.find(pointOf);
  if (!first) return [...rows];
  const rest = rows.filter((row) => row !== first && pointOf(row));
  const way = [first];
  while (rest.length) {
    const here = pointOf(way.at(-1)!)!;
    const nearest = rest.reduce((best, row) => (metresBetween(here, pointOf(row)!) < metresBetween(here, pointOf(best)!) ? row : best));
    way.push(nearest);
    rest.splice(rest.indexOf(nearest), 1);
  }
  return [...way, ...rows.filter((row) => !pointOf(row))];
}

export type Order = "due" | "walk";
const order = ref<Order>("walk");
/** Tasks in the chosen order, and how far each is from the one before it. */
export function useWalk(byDue: Ref<CaseInQueue[]>) {
  const rows = computed(() => (order.value === "walk" ? walked(byDue.value) : byDue.value));
  const legs = computed(() => rows.value.map((row, at) => {
    const [here, before] = [pointOf(row), at ? pointOf(rows.value[at - 1]!) : null];
    return here && before ? metresBetween(before, here) : null;
  }));
  return { order, rows, legs };
}
