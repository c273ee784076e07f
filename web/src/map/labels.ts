/** The names of places: one a place, at its own anchor where the data has one, else in the middle of its largest ring. */
import type { Feature, Point, Position } from "geojson";

import type { Box, LayerFeature, LayerFeatures, LonLat } from "@/api/wire";
import { token } from "@/design/appearance";
import { holds, placed, type Placed, type Rect, rectAround, type Room, type Spot, type Stroke } from "@/map/placement";
import { crumbName, language, pick } from "@/words/language";

interface Name {
  at: Position;
  rings: Position[][];
  box: Box;
  name: string;
  name_en: string;
  /** As it is called where no map says more. */
  whole: { zh: string; en: string };
  level: string;
}

function ringsOf({ geometry }: LayerFeature): Position[][] {
  if (geometry?.type === "Polygon") return geometry.coordinates.slice(0, 1);
  return geometry?.type === "MultiPolygon" ? geometry.coordinates.flatMap((polygon) => polygon.slice(0, 1)) : [];
}

function boxOf(positions: Position[]): Box {
  const [xs, ys] = [positions.map((at) => at[0] ?? 0), positions.map((at) => at[1] ?? 0)];
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}

function middleOf(rings: Position[][]): Position | null {
  const size = (box: Box) => (box[2] - box[0]) * (box[3] - box[1]);
  const largest = rings.map(boxOf).sort((a, b) => size(b) - size(a))[0];
  return largest ? [(largest[0] + largest[2]) / 2, (largest[1] + largest[3]) / 2] : null;
}

function nameOf(feature: LayerFeature, layer_id: string): Name[] {
  const { label_lon, label_lat, label, name, name_en, level } = feature.properties as Record<string, unknown>;
  const rings = ringsOf(feature);
  const own: Position | null = typeof label_lon === "number" && typeof label_lat === "number" ? [label_lon, label_lat] : Array.isArray(label) ? (label as Position) : null;
  const at = own ?? middleOf(rings);
  if (!at || typeof name !== "string" || !name) return [];
  const en = typeof name_en === "string" && name_en ? crumbName(name_en, undefined) : name;
  // On the map it is seen that a street is one.
  const zh = name.length > 3 ? name.replace(/街道$/, "") : name;
  return [{ at, rings, box: boxOf(rings.length ? rings.flat() : [at]), name: zh, name_en: en, whole: { zh: name, en: typeof name_en === "string" ? name_en : name }, level: typeof level === "string" ? level : layer_id.slice("place.".length) }];
}
/** A collection is read once: it stands for as long as nothing of it changes. */
const read = new WeakMap<LayerFeatures, Name[]>();
const namesOf = (layers: Map<string, LayerFeatures>): Name[] => [...layers].flatMap(([layer_id, collection]) => {
  if (!layer_id.startsWith("place.")) return [];
  const found = read.get(collection) ?? collection.features.flatMap((feature) => nameOf(feature, layer_id));
  read.set(collection, found);
  return found;
});

/** The names of a point, from the largest place to the smallest: what the pointer says, also where a name had no room. */
export function nameAt(layers: Map<string, LayerFeatures>, [x, y]: LonLat): string {
  const isIn = ({ box, rings }: Name) => isSeen([x, y], box) && holds(rings.map((ring) => ring.map(([lon = 0, lat = 0]) => ({ x: lon, y: lat }))), { x, y });
  const size = ({ box }: Name) => (box[2] - box[0]) * (box[3] - box[1]);
  return namesOf(layers).filter(isIn).sort((a, b) => size(b) - size(a)).map(({ whole }) => pick(whole)).join(" / ");
}

interface Look {
  level: string;
  isStrong: boolean;
  /** From which zoom on there are names of this level, and between which zooms they grow from what to what. */
  from: number;
  zooms: [number, number];
  sizes: [number, number];
  /** Air between letters, as a part of their size. */
  spacing: number;
}
/** The first takes its place first. */
export const looks: readonly Look[] = [
  { level: "district", isStrong: true, from: 6, zooms: [8, 11], sizes: [14, 18], spacing: 0.08 },
  { level: "street", isStrong: true, from: 9, zooms: [10, 12], sizes: [13, 18], spacing: 0.08 },
  { level: "community", isStrong: false, from: 13, zooms: [13, 16], sizes: [12, 14], spacing: 0 },
  { level: "estate", isStrong: false, from: 14, zooms: [14, 17], sizes: [12, 14], spacing: 0 },
];
/** Families as the style of a map takes them; the first is no font and only says how bold. */
export const families = (isStrong: boolean): string[] => [isStrong ? "Local Semibold" : "Local Regular", ...token("--font-sans").split(",").map((one) => one.trim().replaceAll('"', ""))];
const weight = (isStrong: boolean) => (isStrong ? 600 : 400);
/** Letters that are drawn before their font is there would stay as they are. */
export const fontsReady = () => Promise.all([true, false].map((isStrong) => document.fonts.load(`${weight(isStrong)} 18px ${token("--font-sans")}`)));

const most_em = 12;
export const line_em = 1.2;
/** What a name may shrink to where it has no room otherwise. */
const shrinks = [1, 0.85];
let pen: CanvasRenderingContext2D | null = null;
/** How wide words are in a font. */
export function wideOf(words: string, isStrong: boolean, size: number, spacing = 0): number {
  pen ??= document.createElement("canvas").getContext("2d");
  if (!pen) return words.length * size;
  pen.font = `${weight(isStrong)} ${size}px ${token("--font-sans")}`;
  return pen.measureText(words).width + [...words].length * spacing * size;
}
/** Parts of a long name, about equally long: between words, Chinese between any two signs. */
function linesOf(name: string, wide: (words: string) => number, most: number): string[] {
  const n = Math.ceil(wide(name) / most);
  if (n <= 1) return [name];
  const least = wide(name) / n;
  return (name.match(/[\u2e80-\uffff]|[^\s\u2e80-\uffff]+\s*/g) ?? []).reduce<string[]>((lines, part) => {
    const last = lines.at(-1);
    if (last === undefined || wide(last) >= least || wide(last + part) > most) return [...lines, part];
    return [...lines.slice(0, -1), last + part];
  }, []).map((line) => line.trim());
}

/** What is known of the map the names stand in. */
export interface Sight {
  zoom: number;
  box: Box;
  project: (at: [number, number]) => Spot;
  unproject: (at: [number, number]) => { lng: number; lat: number };
}
/** Air around a name, its halo included. */
const air_px = 2;
const isSeen = ([x = 0, y = 0]: Position, [west, south, east, north]: Box) => x >= west && x <= east && y >= south && y <= north;
const isNear = (a: Box, b: Box) => a[0] <= b[2] && b[0] <= a[2] && a[1] <= b[3] && b[1] <= a[3];

/** What of the lines of places can be seen: all else is not even projected. */
function boundariesOf(rings: Position[][], { box, project }: Sight): Stroke[] {
  return rings.flatMap((ring) => ring.slice(1).flatMap(([x = 0, y = 0], at): Stroke[] => {
    const [from_x = 0, from_y = 0] = ring[at]!;
    const isThere = isNear([Math.min(x, from_x), Math.min(y, from_y), Math.max(x, from_x), Math.max(y, from_y)], box);
    return isThere ? [[project([from_x, from_y]), project([x, y])]] : [];
  }));
}

/** More names than this are never readable in one view; the larger places come first. */
const most_names = 240;

/** Names that stand on a map: as features, and which box each of them has. */
export interface Standing {
  features: Feature<Point>[];
  rects: Map<string, Placed>;
}
/** The names in sight, each where it covers nothing; where there is no such place it is left out. A feature says in which
 *  box, so that what is drawn can be asked. `before`: where they stood in the same view, so that a new case moves only a
 *  name that it would lie under. */
export function labelsIn(layers: Map<string, LayerFeatures>, sight: Sight, room: Room, before?: Standing["rects"]): Standing {
  const all = namesOf(layers).filter((one) => isNear(one.box, sight.box));
  const smallest = Number.parseFloat(token("--t-xs")) || 12;
  // A name gives way to the boundaries of its own level and of those above, not to smaller ones.
  let rather: Stroke[] = [];
  let left = most_names;
  const wanted = looks.filter((look) => sight.zoom >= look.from).flatMap((look) => {
    const here = all.filter((one) => one.level === look.level);
    rather = [...rather, ...here.flatMap((one) => boundariesOf(one.rings, sight))];
    const share = Math.min(1, Math.max(0, (sight.zoom - look.zooms[0]) / (look.zooms[1] - look.zooms[0])));
    const sizes = [...new Set(shrinks.map((part) => Math.max(smallest, Math.round(part * (look.sizes[0] + share * (look.sizes[1] - look.sizes[0]))))))];
    const tried = here.filter((one) => isSeen(one.at, sight.box)).slice(0, left);
    left -= tried.length;
    return tried.map((one) => {
      const key = `${look.level} ${one.at.join()} ${one.name}`;
      const set = sizes.map((size) => {
        const wide = (words: string) => wideOf(words, look.isStrong, size, look.spacing);
        const lines = linesOf(language.value === "en" ? one.name_en : one.name, wide, most_em * size);
        return { size, name: lines.join("\n"), wide: Math.max(...lines.map(wide)) + 2 * air_px, high: (1 + (lines.length - 1) * line_em) * size + 2 * air_px };
      });
      return { key, before: before?.get(key), level: look.level, at: sight.project([one.at[0]!, one.at[1]!]), sizes: set, within: one.rings.length ? one.rings.map((ring) => ring.map(([x = 0, y = 0]) => sight.project([x, y]))) : undefined, rather };
    });
  });
  const standing: Standing = { features: [], rects: new Map() };
  placed(wanted, room).forEach((rect, at) => {
    if (!rect) return;
    const { key, level, sizes } = wanted[at]!;
    const { name, size } = sizes[rect.nth]!;
    const { lng, lat } = sight.unproject([(rect.left + rect.right) / 2, (rect.top + rect.bottom) / 2]);
    standing.rects.set(key, rect);
    standing.features.push({ type: "Feature", geometry: { type: "Point", coordinates: [lng, lat] }, properties: { name, level, size, ...rect } });
  });
  return standing;
}

/** How large a mark is drawn, as a part of its size: zoom, part, zoom, part, … */
export const mark_zooms = [10, 0.6, 12, 1, 13, 1, 16, 1.5];
function markScale(zoom: number): number {
  const at = [2, 4, 6].find((next) => zoom <= mark_zooms[next]!) ?? 6;
  const [from, small, until, large] = mark_zooms.slice(at - 2, at + 2) as [number, number, number, number];
  return small + Math.min(1, Math.max(0, (zoom - from) / (until - from))) * (large - small);
}
/** Width of the marks with their outlines; those in order are small rings. */
const mark_px = { large: 12.5, small: 7 };
/** Marks of cases as the boxes that no name covers. */
export function markBoxes(cases: LayerFeatures | undefined, sight: Sight): Rect[] {
  const scale = markScale(sight.zoom);
  return (cases?.features ?? []).flatMap((feature) => {
    if (feature.geometry?.type !== "Point" || !isSeen(feature.geometry.coordinates, sight.box)) return [];
    const [x = 0, y = 0] = feature.geometry.coordinates;
    return [rectAround(sight.project([x, y]), scale * (["watch", "urgent", "late"].includes(String(feature.properties["status"])) ? mark_px.large : mark_px.small))];
  });
}
