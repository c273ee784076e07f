/** The names on a drawn map: set where they cover nothing, and only when something that they depend on is another. */
import type { GeoJSONSource, Map as MapLibre } from "maplibre-gl";

import type { LayerFeatures, LonLat } from "@/api/wire";
import type { CanvasPlan } from "@/map/canvas";
import { brightDots, roleOf } from "@/map/drawing";
import type { View } from "@/map/feed";
import { labelsIn, markBoxes, type Sight, type Standing } from "@/map/labels";
import { rectAround, type Rect, type Room } from "@/map/placement";
import { keeping } from "@/map/standing";
import { language } from "@/words/language";

type Cover = Pick<Room, "boxes" | "strokes">;
/** For words that a page writes over the map: what they may not cover, its marks, and where the names would stand without them. */
export type Callout = Room & { marks: Rect[]; names: Rect[] };

/** How wide the ring of the focus is. */
const focus_px = 26;

export function viewOf(map: MapLibre): View {
  const bounds = map.getBounds();
  return { box: [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()], zoom: map.getZoom() };
}
const sightOf = (map: MapLibre): Sight => ({ ...viewOf(map), project: map.project.bind(map), unproject: map.unproject.bind(map) });

export function nameBoard(plan: CanvasPlan, mapNow: () => MapLibre | null, isReady: () => boolean) {
  const standing = keeping<Standing>();
  const beside = keeping<Callout>();
  /** The features that are drawn. */
  let told = "";

  const named = () => (plan.isPicture?.() ? new Map<string, LayerFeatures>() : plan.features.value);
  function points(): { at: LonLat; wide: number }[] {
    const focus = plan.focus?.();
    return focus ? [{ at: focus, wide: focus_px }] : [];
  }
  const sizeOf = (map: MapLibre) => ({ width: map.getContainer().clientWidth, height: map.getContainer().clientHeight });
  /** What no word over the map covers: what lies over it, the ring of its focus, and its marks. */
  function room(map: MapLibre, { boxes, strokes }: Cover): Room {
    const sight = sightOf(map);
    const over = [...points().map(({ at, wide }) => rectAround(map.project(at), wide)), ...markBoxes(plan.features.value.get("case"), sight)];
    return { ...sizeOf(map), strokes, rather: brightDots(plan.layers.value, plan.features.value, sight), boxes: [...boxes, ...over] };
  }
  /** All that the places of names depend on; the first is the view and what lies over it: as long as it is the same, names keep their places. */
  function parts(map: MapLibre, cover: Cover): unknown[] {
    const used = plan.layers.value.filter(({ layer_id, geometry_kind }) => layer_id.startsWith("place.") || ["case", "cells"].includes(roleOf(layer_id, geometry_kind)));
    const view = JSON.stringify([viewOf(map), cover, [...named()].map(([layer_id, { features }]) => [layer_id, layer_id.startsWith("place.") && features.length])]);
    return [view, isReady(), language.value, JSON.stringify([sizeOf(map), points()]), ...used.flatMap((layer) => [layer, plan.features.value.get(layer.layer_id)])];
  }

  let asked = 0;
  /** Sets the names anew: soon, when what lies over the map has taken its place, and once for all that changed till then. */
  function label(): void {
    asked ||= requestAnimationFrame(() => {
      asked = 0;
      const map = mapNow();
      if (!map || !isReady() || map.isMoving()) return;
      const cover = plan.cover(), now = parts(map, cover);
      const { value: { features }, isNew } = standing.of(now, (before) => labelsIn(named(), sightOf(map), room(map, cover), before && before.parts[0] === now[0] ? before.value.rects : undefined));
      const words = isNew ? JSON.stringify(features) : told;
      if (words !== told) map.getSource<GeoJSONSource>("labels")?.setData({ type: "FeatureCollection", features });
      told = words;
    });
  }
  /** While the map moves it is as it was before: nobody reads words that fly, and every frame would measure the page. */
  function callout(over: () => Cover): Callout | null {
    const map = mapNow();
    if (!map || map.isMoving()) return beside.last();
    const cover = over();
    return beside.of(parts(map, cover), () => {
      const there = room(map, cover);
      const names = isReady() ? [...labelsIn(plan.features.value, sightOf(map), there).rects.values()] : [];
      return { ...there, ...cover, marks: there.boxes.slice(cover.boxes.length), names };
    }).value;
  }
  /** The style was drawn anew, or is no more: nothing of what stood is there. */
  function forget(): void {
    cancelAnimationFrame(asked);
    asked = 0;
    told = "";
    standing.forget();
  }
  return { label, callout, forget };
}
