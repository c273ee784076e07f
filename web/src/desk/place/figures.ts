/** Open cases beside the lines that are seen, and the buildings of open lowest places. */
import { useQueries, useQuery } from "@tanstack/vue-query";
import { computed } from "vue";

import { server, take } from "@/api/client";
import { figureQuery, unitsQuery } from "@/api/reads";
import type { Figure, LayerFeatures, Place, Rows } from "@/api/wire";
import type { Buildings, PlaceLine, TreeLine } from "@/desk/place/rows";
import { rowName } from "@/words";

const number_id = "cases.open";
/** Figures are asked for by so many siblings, where one of them is seen. */
const part_size = 100;
/** Buildings that a lowest place lists; the rest is said. */
const few = 60;
/** Buildings of which the open cases are asked for: those listed are the first by name, the layer has no order. */
const many = 2000;

export function useFigures(seen: () => TreeLine[], at: () => string | null) {
  const parts = computed(() => {
    const places = seen().filter((line): line is PlaceLine => line.kind === "place" && line.parent !== null);
    return [...new Map(places.map((line) => {
      const offset = Math.floor((line.position - 1) / part_size) * part_size;
      return [`${line.parent} ${offset}`, { place_id: line.parent, offset }];
    })).values()];
  });
  const answers = useQueries({
    queries: computed(() => parts.value.map((part) => unitsQuery({ number_id, place_id: part.place_id, at: at() }, { offset: part.offset, limit: part_size }))),
  });
  const root = computed(() => seen().find((line): line is PlaceLine => line.kind === "place" && line.parent === null)?.place.place_id);
  const top = useQuery(computed(() => ({ ...figureQuery({ number_id, place_id: root.value, at: at() }), enabled: !!root.value })));
  const figures = computed(() => {
    const found = new Map<string, Figure>(answers.value.flatMap((answer) => answer.data ?? []).map((unit) => [unit.place_id, unit.number as Figure]));
    if (root.value && top.data.value) found.set(root.value, top.data.value);
    return found;
  });
  /** Whether all are of one time: while some are asked for anew, sums do not meet. */
  const isSettled = computed(() => !top.isFetching.value && !answers.value.some((answer) => answer.isFetching));
  return { figures, isSettled };
}

export function useBuildingsOf(places: () => readonly Place[], at: () => string | null) {
  const order = new Intl.Collator("zh-CN", { numeric: true });
  const answers = useQueries({
    queries: computed(() => places().map(({ place_id: place }) => {
      const query = { place, at: at() ?? undefined, sort: "name", limit: few };
      return { queryKey: ["entity.building", query], queryFn: () => take<Rows>(server.GET("/v1/entities/{entity}", { params: { path: { entity: "building" }, query } })) };
    })),
  });
  // Asked again with the figures of places, so that both are of one time.
  const counts = useQueries({
    queries: computed(() => places().map(({ place_id: place }) => {
      const query = { place, at: at() ?? undefined, limit: many };
      return { queryKey: ["number", "by building", query], queryFn: () => take<LayerFeatures>(server.GET("/v1/layers/{layer_id}", { params: { path: { layer_id: "building" }, query } })) };
    })),
  });
  const isCounted = computed(() => !counts.value.some((answer) => answer.isFetching));
  const buildings = computed(() => {
    const found = new Map<string, Buildings>();
    places().forEach(({ place_id }, n) => {
      const data = answers.value[n]?.data;
      if (!data) return;
      const n_of = new Map(counts.value[n]?.data?.features.map(({ properties }) => [properties["building_id"], properties["n_cases"]]));
      const items = data.rows.map((row) => ({ id: String(row["building_id"]), name: rowName(row, "building_id"), n_cases: (n_of.get(row["building_id"]) as number | undefined) ?? null }));
      found.set(place_id, { items: items.sort((a, b) => order.compare(a.name, b.name)), n_total: data.n_total });
    });
    return found;
  });
  return { buildings, isCounted };
}
