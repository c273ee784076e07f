/** One label point a place: its own anchor where the data has one, else the middle of its largest ring's box. */
import type { Feature, Point, Position } from "geojson";

import type { LayerFeature, LayerFeatures } from "@/api/wire";
import { language, shortName } from "@/words/language";

function ringsOf(feature: LayerFeature): Position[][] {
  const { geometry } = feature;
  if (geometry?.type === "Polygon") return geometry.coordinates.slice(0, 1);
  if (geometry?.type === "MultiPolygon") return geometry.coordinates.flatMap((polygon) => polygon.slice(0, 1));
  return [];
}

function boxOf(ring: Position[]): [number, number, number, number] {
  const [xs, ys] = [ring.map((at) => at[0] ?? 0), ring.map((at) => at[1] ?? 0)];
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}

function middleOf(feature: LayerFeature): Position | null {
  const boxes = ringsOf(feature).map(boxOf);
  const size = (box: number[]) => (box[2]! - box[0]!) * (box[3]! - box[1]!);
  const largest = boxes.sort((a, b) => size(b) - size(a))[0];
  return largest ? [(largest[0] + largest[2]) / 2, (largest[1] + largest[3]) / 2] : null;
}

export function labelPoints(layers: Map<string, LayerFeatures>): Feature<Point>[] {
  const labels: Feature<Point>[] = [];
  for (const [layer_id, collection] of layers) {
    if (!layer_id.startsWith("place.")) continue;
    for (const feature of collection.features) {
      const { label_lon, label_lat, label, name, name_en, level } = feature.properties as Record<string, unknown>;
      const own: Position | null = typeof label_lon === "number" && typeof label_lat === "number" ? [label_lon, label_lat] : Array.isArray(label) ? (label as Position) : null;
      const coordinates = own ?? middleOf(feature);
      if (!coordinates || !name) continue;
      labels.push({
        type: "Feature",
        geometry: { type: "Point", coordinates },
        properties: { name, name_en: typeof name_en === "string" && name_en ? shortName(name_en) : name, level: level ?? layer_id.slice("place.".length) },
      });
    }
  }
  return labels;
}

/** What a label needs to know of the map it stands in. */
export interface Sight {
  width: number;
  height: number;
  project: (at: [number, number]) => { x: number; y: number };
  unproject: (at: [number, number]) => { lng: number; lat: number };
}
/** The largest label (tokens §6), wrapped at twelve of its widths. */
const size_px = 18;
const widest_px = 12 * size_px;
const high_px = size_px;
/** Widths of a letter as parts of its size, letter spacing included: Chinese signs are square. */
const widthOf = (name: string) => Math.min(widest_px, [...name].reduce((sum, sign) => sum + (sign > "\u2e7f" ? 1.08 : 0.68) * size_px, 0));

/** Labels of whose text the map would cut a part are moved in until all of it is there; where it has no room it is left out. */
export function insideOf(labels: Feature<Point>[], sight: Sight): Feature<Point>[] {
  return labels.flatMap((label) => {
    const at = sight.project(label.geometry.coordinates as [number, number]);
    const half = widthOf(String(label.properties?.[language.value === "en" ? "name_en" : "name"] ?? "")) / 2 + 4;
    const isSeen = at.x >= 0 && at.y >= 0 && at.x <= sight.width && at.y <= sight.height;
    if (!isSeen || sight.width < 2 * half || sight.height < 2 * high_px) return [];
    const x = Math.min(Math.max(at.x, half), sight.width - half);
    const y = Math.min(Math.max(at.y, high_px), sight.height - high_px);
    if (x === at.x && y === at.y) return [label];
    const { lng, lat } = sight.unproject([x, y]);
    return [{ ...label, geometry: { type: "Point", coordinates: [lng, lat] } }];
  });
}
