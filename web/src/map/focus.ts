/** One point of attention: a ring where it is, a dashed circle around it, and the outline of its building. */
import type { FeatureCollection, Position } from "geojson";
import type { GeoJSONSource, LayerSpecification, Map as MapLibre } from "maplibre-gl";

import type { LonLat } from "@/api/wire";
import { token } from "@/design/appearance";

const source = "focus";
export const focus_radius_m = 200;
const corners = 64;
const metres_per_degree = 111_320;

function circle([lon, lat]: LonLat): Position[] {
  const [y, x] = [focus_radius_m / metres_per_degree, focus_radius_m / (metres_per_degree * Math.cos((lat * Math.PI) / 180))];
  return Array.from({ length: corners + 1 }, (_, at) => {
    const turn = (at / corners) * 2 * Math.PI;
    return [lon + x * Math.cos(turn), lat + y * Math.sin(turn)];
  });
}
function drawn(focus: LonLat | null, hasRing: boolean): FeatureCollection {
  if (!focus) return { type: "FeatureCollection", features: [] };
  return {
    type: "FeatureCollection",
    features: [
      { type: "Feature", geometry: { type: "LineString", coordinates: circle(focus) }, properties: {} },
      ...(hasRing ? [{ type: "Feature" as const, geometry: { type: "Point" as const, coordinates: focus }, properties: {} }] : []),
    ],
  };
}
const layers = (): LayerSpecification[] => [
  { id: "focus:reach", source, type: "line", filter: ["==", ["geometry-type"], "LineString"], paint: { "line-color": token("--text-1"), "line-width": 1, "line-dasharray": [3, 3] } },
  { id: "focus:spot", source, type: "circle", filter: ["==", ["geometry-type"], "Point"], paint: { "circle-radius": 11, "circle-color": "transparent", "circle-stroke-color": token("--accent"), "circle-stroke-width": 2 } },
];

/** Puts the point of attention above everything else, or takes it away. Without its ring where the mark in it would be of something else. */
export function showFocus(map: MapLibre, focus: LonLat | null, hasRing: boolean): void {
  const found = map.getSource(source) as GeoJSONSource | undefined;
  if (found) {
    found.setData(drawn(focus, hasRing));
    return;
  }
  if (!focus) return;
  map.addSource(source, { type: "geojson", data: drawn(focus, hasRing) });
  layers().forEach((layer) => map.addLayer(layer));
}

const chosen = "building:chosen";
/** Fills one building in accent, in plan or standing. */
export function showBuilding(map: MapLibre, building_id: string | null, isStanding: boolean): void {
  if (!map.getSource("building")) return;
  // Two standing bodies in one place would flicker: the plain one steps aside.
  const plain = "building:mass";
  if (map.getLayer(plain)) map.setFilter(plain, ["!=", ["get", "building_id"], building_id ?? ""]);
  const filter = ["==", ["get", "building_id"], building_id ?? ""] as unknown as NonNullable<Parameters<MapLibre["setFilter"]>[1]>;
  if (map.getLayer(chosen)) {
    map.setFilter(chosen, filter);
    return;
  }
  const before = map.getStyle().layers.find((layer) => layer.id.startsWith("place.street:") || layer.id.startsWith("case:"))?.id;
  const height = ["coalesce", ["get", "height_m"], ["*", 3, ["coalesce", ["get", "n_floors_above"], 1]]] as unknown as number;
  map.addLayer({ id: chosen, source: "building", filter,
    ...(isStanding ? { type: "fill-extrusion" as const, paint: { "fill-extrusion-color": token("--text-1"), "fill-extrusion-height": height } } : { type: "fill" as const, paint: { "fill-color": token("--accent") } }),
  }, before);
}
