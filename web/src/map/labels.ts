/** One label point a place: its own anchor where the data has one, else the middle of its largest ring's box. */
import type { Feature, Point, Position } from "geojson";

import type { LayerFeature, LayerFeatures } from "@/api/wire";

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
        properties: { name, name_en: name_en || name, level: level ?? layer_id.slice("place.".length) },
      });
    }
  }
  return labels;
}
