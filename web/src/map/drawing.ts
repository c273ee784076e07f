/** The map's style from the tokens, for both themes: which layers exist, in which order, with which paints. No glyph server. */
import type { ExpressionSpecification as Expression, LayerSpecification, StyleSpecification } from "maplibre-gl";

import type { Layer, LayerFeatures, LonLat } from "@/api/wire";
import { token } from "@/design/appearance";
import { families, line_em, looks, mark_zooms, type Sight } from "@/map/labels";
import type { Stroke } from "@/map/placement";

/** What a layer of the city is drawn as. */
export type Role = "street" | "community" | "place" | "water" | "green" | "road" | "rail" | "building" | "case" | "component" | "cells" | "point" | "line" | "area";

const named: Record<string, Role> = {
  "place.street": "street", "place.community": "community", building: "building", case: "case", component: "component", cells: "cells",
  road: "road", rail: "rail", subway: "rail", water: "water", river: "water", green: "green", park: "green",
};

export function roleOf(layer_id: string, geometry_kind = ""): Role {
  const role = named[layer_id] ?? named[layer_id.replace(/^feature\./, "")];
  if (role) return role;
  if (layer_id.startsWith("place.")) return "place";
  if (/line/i.test(geometry_kind)) return "line";
  return /point/i.test(geometry_kind) ? "point" : "area";
}

/** Bottom to top. */
const order: Role[] = ["area", "green", "water", "cells", "place", "community", "road", "line", "rail", "building", "street", "component", "point", "case"];
export const byOrder = (a: Role, b: Role): number => order.indexOf(a) - order.indexOf(b);

const zoomed = (...stops: number[]): Expression => ["interpolate", ["linear"], ["zoom"], ...stops] as unknown as Expression;
const line = (id: string, source: string, color: string, width: Expression | number, more: object = {}): LayerSpecification =>
  ({ id, source, type: "line", layout: { "line-cap": "round", "line-join": "round" }, paint: { "line-color": color, "line-width": width, ...more } }) as LayerSpecification;

/** A layer of the city and how it is drawn. */
export interface Drawn {
  layer_id: string;
  role: Role;
  /** Side of the squares whose middles it is. */
  cell_m?: number | null;
}

/** Part of half a square that the dot of each class takes. */
export const dot_shares = [0.28, 0.38, 0.5, 0.62, 0.74, 0.86, 1];
const metres_per_pixel_0 = 78_271.5;

/** Seven sizes and seven tints; the sizes grow with the map, so that dots keep their squares. */
// Squares are square on the ground; at 40° a pixel is 0.766 of one at the equator.
const cellPixels = (cell_m: number, zoom: number) => (cell_m / 2 / (metres_per_pixel_0 * 0.766)) * 2 ** zoom;
/** From which class on, and from which radius on, a dot is too loud to stand below a name. */
const bright_from = 5;
const large_dot_px = 7;
/** The middles of dense squares in sight, as lines that names keep off. */
export function brightDots(layers: readonly Layer[], features: Map<string, LayerFeatures>, { zoom, project }: Pick<Sight, "zoom" | "project">): Stroke[] {
  return layers.filter((layer) => roleOf(layer.layer_id, layer.geometry_kind) === "cells").flatMap(({ layer_id, classes }) => (features.get(layer_id)?.features ?? []).flatMap(({ geometry, properties }): Stroke[] => {
    const nth = Number(properties["class"]);
    const radius = nth >= bright_from ? (dot_shares[nth - 1] ?? 0) * cellPixels(classes?.cell_m ?? 250, zoom) : 0;
    if (geometry?.type !== "Point" || radius < large_dot_px) return [];
    const { x, y } = project(geometry.coordinates as LonLat);
    return [[{ x: x - radius, y }, { x: x + radius, y }], [{ x, y: y - radius }, { x, y: y + radius }]];
  }));
}
function dots(cell_m: number): { radius: Expression; colour: Expression } {
  const byClass = (per: (share: number, at: number) => string | number): Expression =>
    ["match", ["get", "class"], ...dot_shares.flatMap((share, at) => [at + 1, per(share, at)]), per(0, 0)] as unknown as Expression;
  const pixels = (zoom: number) => cellPixels(cell_m, zoom);
  return {
    radius: ["interpolate", ["exponential", 2], ["zoom"], 8, byClass((share) => share * pixels(8)), 20, byClass((share) => share * pixels(20))] as unknown as Expression,
    colour: byClass((_, at) => token(`--seq-${at + 1}`)),
  };
}

function layersOf({ layer_id, role, cell_m }: Drawn, isStanding: boolean): LayerSpecification[] {
  const source = layer_id;
  const id = (part: string) => `${layer_id}:${part}`;
  const c = token;
  switch (role) {
    case "street":
      return [line(id("line"), source, c("--text-3"), zoomed(10, 1, 14, 2))];
    case "community":
      return [line(id("line"), source, c("--line-2"), zoomed(11, 0.5, 15, 1))];
    case "place":
      return [{ ...line(id("line"), source, c("--line-2"), zoomed(12, 0.5, 16, 1), { "line-dasharray": [3, 3] }) }];
    case "water":
    case "green":
      return [{ id: id("fill"), source, type: "fill", filter: ["==", ["geometry-type"], "Polygon"], paint: { "fill-color": c(role === "water" ? "--accent-weak" : "--ok-weak") } },
        line(id("line"), source, c(role === "water" ? "--accent-weak" : "--ok-weak"), zoomed(10, 1, 15, 4))];
    case "road":
      return [line(id("line"), source, c("--line-1"), zoomed(10, 0.5, 13, 1.5, 16, 6))];
    case "rail":
      return [line(id("casing"), source, c("--bg"), 3.5), line(id("line"), source, c("--text-3"), 1.25)];
    case "building": {
      // In plan outlines become houses from 14.5 on; seen at a slant a whole community may stand.
      const from = isStanding ? 13 : 14.5;
      return [
        { id: id("fill"), source, type: "fill", maxzoom: from, paint: { "fill-color": c("--mass-roof"), "fill-outline-color": c("--mass-edge") } },
        ...(isStanding ? [] : [{ id: id("plan"), source, type: "fill", minzoom: 14.5, paint: { "fill-color": c("--surface-3"), "fill-outline-color": c("--mass-edge") } } as LayerSpecification]),
        ...(isStanding ? [{ id: id("mass"), source, type: "fill-extrusion", minzoom: from, paint: { "fill-extrusion-color": massColour(), "fill-extrusion-height": ["coalesce", ["get", "height_m"], ["*", 3, ["coalesce", ["get", "n_floors_above"], 1]]], "fill-extrusion-opacity": 1, "fill-extrusion-vertical-gradient": true } } as LayerSpecification] : []),
      ];
    }
    case "cells": {
      const { radius, colour } = dots(cell_m ?? 250);
      return [{ id: id("dot"), source, type: "circle", paint: { "circle-radius": radius, "circle-color": colour, "circle-pitch-alignment": "map" } }];
    }
    case "case":
      return [{ id: id("mark"), source, type: "symbol", layout: {
        "icon-image": ["concat", "status-", ["match", ["get", "status"], ["watch", "urgent", "late"], ["get", "status"], "ok"]], "icon-allow-overlap": true, "icon-ignore-placement": true,
        "icon-size": zoomed(...mark_zooms), "symbol-sort-key": ["match", ["get", "status"], "late", 4, "urgent", 3, "watch", 2, "ok", 1, 0] } }];
    case "component":
    case "point":
      return [{ id: id("dot"), source, type: "circle", paint: { "circle-radius": zoomed(12, 1.5, 16, 4), "circle-color": c("--surface-3"), "circle-stroke-color": c("--text-3"), "circle-stroke-width": 1 } }];
    case "line":
      return [line(id("line"), source, c("--text-3"), zoomed(11, 0.75, 15, 2))];
    default:
      return [{ id: id("fill"), source, type: "fill", paint: { "fill-color": c("--surface-2"), "fill-outline-color": c("--line-2") } }];
  }
}

function massColour(): Expression {
  const cases: Expression = ["coalesce", ["get", "n_cases"], 0];
  return ["step", cases, token("--mass-roof"), 1, token("--seq-4"), 2, token("--seq-5"), 3, token("--seq-6")] as unknown as Expression;
}

/** Text is drawn by the browser's own fonts: no glyph files are asked for. Where each name stands is decided before it
 *  comes here (`labels.ts`), with all that lies over the map: the library is not to decide again. */
const label = ({ level, isStrong, from, spacing }: (typeof looks)[number]): LayerSpecification => ({
  id: `label:${level}`, source: "labels", type: "symbol", minzoom: from, filter: ["==", ["get", "level"], level],
  layout: { "text-field": ["get", "name"], "text-font": families(isStrong), "text-size": ["get", "size"], "text-letter-spacing": spacing, "text-line-height": line_em, "text-max-width": 99, "text-allow-overlap": true, "text-ignore-placement": true },
  paint: { "text-color": token(isStrong ? "--text-1" : "--text-2"), "text-halo-color": token("--bg"), "text-halo-width": 2.5 },
});

const nothing = { type: "FeatureCollection" as const, features: [] };

/** `isStanding`: seen at a slant, so that buildings stand up; in plan they are footprints. */
export function drawing(layers: Drawn[], areaLayer: string | null, isStanding = false): StyleSpecification {
  const sorted = [...layers].sort((a, b) => byOrder(a.role, b.role));
  const ids = ["labels", ...sorted.map((one) => one.layer_id)];
  const selected = ["==", ["get", "place_id"], ""] as unknown as Expression;
  return {
    version: 8,
    light: { anchor: "viewport", position: [1.2, 200, 40], intensity: 0.25 },
    sources: Object.fromEntries(ids.map((id) => [id, { type: "geojson", data: nothing }])),
    layers: [
      { id: "void", type: "background", paint: { "background-color": token("--bg") } },
      ...(areaLayer ? [{ id: "area", source: areaLayer, type: "fill", paint: { "fill-color": token("--surface-1") } } as LayerSpecification] : []),
      ...sorted.filter((one) => one.role !== "case").flatMap((one) => layersOf(one, isStanding)),
      ...sorted.filter((one) => one.layer_id.startsWith("place.")).map((one) => ({ ...line(`${one.layer_id}:selected`, one.layer_id, token("--accent"), 2), filter: selected }) as LayerSpecification),
      ...sorted.filter((one) => one.role === "case").flatMap((one) => layersOf(one, isStanding)),
      ...[...looks].reverse().map(label),
    ],
  };
}
