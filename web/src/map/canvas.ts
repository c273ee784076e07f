/** The MapLibre map behind MapView: made once, fed with features, re-drawn when theme, language or layers change. */
import maplibregl, { type GeoJSONSource, type Map as MapLibre } from "maplibre-gl";
import { onMounted, onUnmounted, ref, watch, type Ref } from "vue";

import { useCity } from "@/api/reads";
import type { Box, Layer, LayerFeature, LayerFeatures, LonLat } from "@/api/wire";
import { token, useTheme } from "@/design/appearance";
import { closingChannels, forgetUnanswered } from "@/map/channels";
import { drawing, roleOf } from "@/map/drawing";
import type { View } from "@/map/feed";
import { showBuilding, showFocus } from "@/map/focus";
import { fontsReady, nameAt } from "@/map/labels";
import { addMarks } from "@/map/marks";
import { nameBoard, viewOf } from "@/map/names";
import type { Room } from "@/map/placement";
import { language } from "@/words";

export interface CanvasPlan {
  layers: Readonly<Ref<Layer[]>>;
  features: Readonly<Ref<Map<string, LayerFeatures>>>;
  look: (view: View) => void;
  box: () => Box | null;
  selected: () => string | null;
  focus?: () => LonLat | null;
  /** Whether the mark at the focus is its own. */
  isRinged?: () => boolean;
  focusBuildingId?: () => string | null;
  /** Degrees from above: 0 is plan. */
  pitch?: () => number;
  /** Without names and scale. */
  isPicture?: () => boolean;
  padding: () => number | { top: number; right: number; bottom: number; left: number };
  /** What lies over the map: no name stands under it. */
  cover: () => Pick<Room, "boxes" | "strokes">;
  summary: () => string;
  onPick: (layer_id: string, feature: LayerFeature) => void;
  onPoint: (lon: number, lat: number) => void;
  /** The view moved, or the map has a new size, or other features. */
  onMove?: () => void;
}

/** So narrow that buildings read as an axonometric drawing (design §5). */
const field_of_view_deg = 12;
const standing_bearing_deg = -18;

const nothing = { type: "FeatureCollection" as const, features: [] };

function hasWebGl(): boolean {
  try {
    return !!document.createElement("canvas").getContext("webgl2");
  } catch {
    return false;
  }
}

export function useCanvas(holder: Readonly<Ref<HTMLElement | null>>, plan: CanvasPlan) {
  const canDraw = ref(hasWebGl());
  const { theme } = useTheme();
  const city = useCity();
  let map: MapLibre | null = null;
  let isReady = false;
  let hasFonts = false;
  /** What each source was given last: what did not change is not laid out anew. */
  const given = new Map<string, LayerFeatures>();
  /** A standing view looks along the streets of the north-west (design §5). */
  function stand(isMoved = true): void {
    const pitch = plan.pitch?.() ?? 0;
    map?.easeTo({ pitch, bearing: pitch ? standing_bearing_deg : 0, duration: isMoved ? 240 : 0 });
  }
  const seen = () => viewOf(map!);
  const { label, callout, forget } = nameBoard(plan, () => map, () => isReady);
  function fit(box: Box, isMoved = true): void {
    map?.fitBounds(box, { padding: plan.padding(), duration: isMoved ? 240 : 0, maxZoom: 18 });
  }

  function feed(): void {
    if (!map || !isReady) return;
    for (const { layer_id } of plan.layers.value) {
      // A layer that is not asked for at this zoom is emptied, not left standing as it was.
      const source = map.getSource<GeoJSONSource>(layer_id), features = plan.features.value.get(layer_id);
      if (!source || features === given.get(layer_id)) continue;
      source.setData(features ?? nothing);
      if (features) given.set(layer_id, features);
      else given.delete(layer_id);
    }
    showFocus(map, plan.focus?.() ?? null, plan.isRinged?.() ?? true);
    showBuilding(map, plan.focusBuildingId?.() ?? null, !!plan.pitch?.());
    label();
    map.getCanvas().setAttribute("aria-label", plan.summary());
    plan.onMove?.();
  }
  function outline(): void {
    if (!map || !isReady) return;
    for (const { layer_id } of plan.layers.value) {
      const id = `${layer_id}:selected`;
      if (map.getLayer(id)) map.setFilter(id, ["==", ["get", "place_id"], plan.selected() ?? ""]);
    }
  }
  function redraw(): void {
    if (!map || !hasFonts) return;
    isReady = false;
    const layers = plan.layers.value.map((layer) => ({ layer_id: layer.layer_id, role: roleOf(layer.layer_id, layer.geometry_kind), cell_m: layer.classes?.cell_m ?? null }));
    const area = ["place.district", "place.street"].find((id) => layers.some((one) => one.layer_id === id)) ?? null;
    const drawn = map;
    given.clear();
    forget();
    closingChannels(drawn, () => drawn.setStyle(drawing(layers, area, !!plan.pitch?.()), { diff: false }));
    map.once("style.load", () => {
      if (!map) return;
      addMarks(map);
      isReady = true;
      feed();
      outline();
      plan.look(seen());
    });
  }

  /** A scaled wall needs as many pixels as it shows. Runs after the page has taken its new scale. */
  const pixels = () => window.devicePixelRatio * (document.documentElement.currentCSSZoom ?? 1);
  const sharpen = () => requestAnimationFrame(() => map && map.getPixelRatio() !== pixels() && map.setPixelRatio(pixels()));

  function make(first: Box): void {
    if (map || !holder.value || !canDraw.value) return;
    try {
      map = new maplibregl.Map({
        container: holder.value, style: { version: 8, sources: {}, layers: [] }, bounds: first, fitBoundsOptions: { padding: plan.padding() },
        attributionControl: false, localIdeographFontFamily: token("--font-sans"), pixelRatio: pixels(),
        canvasContextAttributes: { antialias: false }, fadeDuration: 0, dragRotate: false, pitchWithRotate: false, maxPitch: 60,
      });
    } catch {
      canDraw.value = false;
      return;
    }
    map.setVerticalFieldOfView(field_of_view_deg);
    if (plan.pitch?.()) map.once("load", () => stand(false));
    map.touchZoomRotate.disableRotation();
    if (!plan.isPicture?.()) map.addControl(new maplibregl.ScaleControl({ maxWidth: 120 }), "bottom-right");
    window.addEventListener("resize", sharpen);
    // A style may ask for its marks before it says that it is there.
    map.on("styleimagemissing", () => map && addMarks(map));
    map.on("move", () => plan.onMove?.());
    map.on("resize", () => {
      plan.onMove?.();
      label();
    });
    map.on("moveend", () => {
      label();
      plan.onMove?.();
      if (isReady) plan.look(seen());
    });
    map.on("mousemove", ({ lngLat }) => map && (map.getCanvas().title = plan.isPicture?.() ? "" : nameAt(plan.features.value, [lngLat.lng, lngLat.lat])));
    map.on("idle", () => map && forgetUnanswered(map));
    map.on("click", (event) => {
      const top = map!.queryRenderedFeatures(event.point).find((one) => one.source !== "labels" && one.layer.id !== "area") ?? map!.queryRenderedFeatures(event.point, { layers: map!.getLayer("area") ? ["area"] : [] })[0];
      if (top) plan.onPick(top.source, { type: "Feature", geometry: top.geometry, properties: top.properties });
      plan.onPoint(event.lngLat.lng, event.lngLat.lat);
    });
    // For people at the console and for journeys: what is drawn can be asked, a green run with a black map cannot pass.
    (holder.value as HTMLElement & { huitianMap?: MapLibre }).huitianMap = map;
    const begin = () => {
      hasFonts = true;
      redraw();
    };
    void fontsReady().then(begin, begin);
    // In a sheet that is only just opening the map has no size yet, and the library passes over its first one.
    if (!holder.value.clientWidth) requestAnimationFrame(() => {
      map?.resize();
      fit(first, false);
    });
  }

  onMounted(() => {
    watch(() => plan.box() ?? city.data.value?.box ?? null, (box, before) => {
      if (!box) return;
      if (!map) make(box);
      else if (before?.join() !== box.join()) fit(box);
    }, { immediate: true });
    watch(() => JSON.stringify(plan.padding()), () => {
      const box = plan.box() ?? city.data.value?.box;
      if (box) fit(box);
    });
    watch([theme, language, () => plan.layers.value.map((layer) => layer.layer_id).join()], redraw, { flush: "post" });
    watch(plan.features, feed);
    watch(plan.selected, outline);
    watch(() => [plan.focus?.()?.join(), plan.isRinged?.(), plan.focusBuildingId?.()], feed);
    watch(() => plan.pitch?.(), () => {
      redraw();
      stand();
    });
  });
  onUnmounted(() => {
    window.removeEventListener("resize", sharpen);
    const left = map;
    forget();
    if (left) closingChannels(left, () => left.remove());
    map = null;
  });
  /** Where a point of the city lies in the map, in pixels from its upper left corner; null while there is no map. */
  function project(at: LonLat): { x: number; y: number } | null {
    return map ? map.project(at) : null;
  }
  return { canDraw, fit, project, label, callout };
}
