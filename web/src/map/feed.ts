/** The features of the map's layers for what is in view. A wider box than the view is asked, so that a small move asks nothing. */
import { keepPreviousData, useQueries } from "@tanstack/vue-query";
import { computed, shallowRef, toValue, type MaybeRefOrGetter as From } from "vue";

import { server, take } from "@/api/client";
import type { Box, LayerFeatures } from "@/api/wire";

export interface View {
  box: Box;
  zoom: number;
}

/** Layers with many features are asked only from a zoom on, and never more than this at once. */
const from_zoom: Record<string, number> = { building: 12, component: 13.5, "place.grid": 13, "place.estate": 12.5 };
const limit = 20_000;

const round = (degrees: number) => Math.round(degrees * 1e4) / 1e4;
function widen([west, south, east, north]: Box): Box {
  const [x, y] = [(east - west) / 2, (north - south) / 2];
  return [round(west - x), round(south - y), round(east + x), round(north + y)];
}
const holds = (outer: Box, inner: Box) => outer[0] <= inner[0] && outer[1] <= inner[1] && outer[2] >= inner[2] && outer[3] >= inner[3];

export function useLayerFeed(layerIds: From<string[]>, at: From<string | null | undefined>, fromZoom?: From<Record<string, number> | undefined>) {
  const asked = shallowRef<View | null>(null);

  /** Tells what is in view now; asks anew only when the view left the box asked before, or came two zooms nearer. */
  function look(view: View): void {
    const before = asked.value;
    if (before && holds(before.box, view.box) && view.zoom - before.zoom < 2 && Math.floor(view.zoom * 2) === Math.floor(before.zoom * 2)) return;
    if (before && holds(before.box, view.box) && view.zoom - before.zoom < 2 && !crosses(before.zoom, view.zoom)) return;
    asked.value = { box: widen(view.box), zoom: view.zoom };
  }
  const leastZoom = (id: string) => toValue(fromZoom)?.[id] ?? from_zoom[id] ?? 0;
  const crosses = (from: number, to: number) => toValue(layerIds).some((id) => {
    const least = leastZoom(id);
    return from < least !== to < least;
  });

  const visible = computed(() => {
    const view = asked.value;
    return view ? toValue(layerIds).filter((id) => view.zoom >= leastZoom(id)) : [];
  });
  const answers = useQueries({
    queries: computed(() =>
      visible.value.map((layer_id) => ({
        queryKey: [`layer.${layer_id}`, asked.value!.box, toValue(at) ?? null],
        placeholderData: keepPreviousData<LayerFeatures>,
        queryFn: () =>
          take<LayerFeatures>(server.GET("/v1/layers/{layer_id}", {
            params: { path: { layer_id }, query: { box: asked.value!.box.join(","), at: toValue(at) ?? undefined, limit } },
          })),
      }))),
  });
  const features = computed(() => {
    const found = new Map<string, LayerFeatures>();
    visible.value.forEach((id, place) => {
      const data = answers.value[place]?.data;
      if (data) found.set(id, data);
    });
    return found;
  });
  const errors = computed(() => visible.value.flatMap((id, place) => {
    // What is drawn, if older, says its as-of; a fault is that there is nothing to draw.
    const { error, data } = answers.value[place] ?? {};
    return error && !data ? [{ layer_id: id, error }] : [];
  }));
  return { look, features, errors, waitingForZoom: computed(() => toValue(layerIds).filter((id) => asked.value && asked.value.zoom < leastZoom(id))) };
}
