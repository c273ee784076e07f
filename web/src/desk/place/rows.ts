/** The tree as lines from top to bottom: what is open is unfolded, what is not yet read has its line already. */
import type { Place } from "@/api/wire";
import type { Below } from "@/desk/place/below";
import { beyond } from "@/panels/figure";
import { ownBuilding, placeName } from "@/words";

interface Line {
  id: string;
  depth: number;
  /** The place above; null for the root. */
  parent: string | null;
}
export interface PlaceLine extends Line {
  kind: "place";
  place: Place;
  above: string | undefined;
  position: number;
  of: number;
}
export interface BuildingLine extends Line {
  kind: "building";
  name: string;
  /** Its name below the place above. */
  own: string;
  /** Open cases; null where the reader may not know. */
  n_cases: number | null;
  position: number;
  of: number;
}
/** Not read yet, could not be read, nothing there, more than are listed, or open cases that lie in none of the lines above. */
export interface OtherLine extends Line {
  kind: "wait" | "fault" | "none" | "rest" | "apart";
  n: number;
}
export type TreeLine = PlaceLine | BuildingLine | OtherLine;

export interface Buildings {
  items: { id: string; name: string; n_cases: number | null }[];
  n_total: number;
}

export interface Unfolded {
  expanded: ReadonlySet<string>;
  below: ReadonlyMap<string, Below>;
  buildings: ReadonlyMap<string, Buildings>;
  /** Of open places, the open cases that lie in none of what is below. */
  apart: ReadonlyMap<string, number>;
}

export function linesOf(root: Place, tree: Unfolded): TreeLine[] {
  const lines: TreeLine[] = [];
  const other = (kind: OtherLine["kind"], parent: string, depth: number, n = 0, at = 0) => lines.push({ kind, id: `${parent}/${kind}${at}`, depth, parent, n });
  function add(place: Place, depth: number, above: string | undefined, position: number, of: number): void {
    const id = place.place_id;
    lines.push({ kind: "place", id, depth, parent: depth ? place.parent_id : null, place, above, position, of });
    if (!tree.expanded.has(id)) return;
    if (place.n_children === 0) return addBuildings(place, depth + 1);
    const found = tree.below.get(id);
    const items = found?.items ?? [];
    const n = found?.cursor === null ? items.length : Math.max(place.n_children, items.length);
    items.forEach((child, at) => add(child, depth + 1, placeName(place), at + 1, n));
    if (found?.error) return void other("fault", id, depth + 1);
    for (let at = items.length; at < n; at += 1) other("wait", id, depth + 1, 0, at);
    addApart(id, depth + 1);
  }
  function addApart(id: string, depth: number): void {
    const n = tree.apart.get(id);
    if (n) other("apart", id, depth, n);
  }
  function addBuildings(place: Place, depth: number): void {
    const parent = place.place_id;
    const found = tree.buildings.get(parent);
    if (!found) return void other("wait", parent, depth);
    if (!found.items.length) other("none", parent, depth);
    found.items.forEach((one, at) => lines.push({ kind: "building", ...one, own: ownBuilding(one.name, placeName(place)), depth, parent, position: at + 1, of: found.n_total }));
    if (found.n_total > found.items.length) other("rest", parent, depth, found.n_total - found.items.length);
    addApart(parent, depth);
  }
  add(root, 0, undefined, 1, 1);
  return lines;
}

/** Of an open place, the cases that lie in none of its parts: all where it has none, undefined while one is not read, 0 where one may not be known. */
export function apartOf(whole: number | null | undefined, parts: readonly (number | null | undefined)[] | undefined): number | undefined {
  if (whole === undefined || !parts || parts.includes(undefined)) return undefined;
  return parts.length ? beyond(whole, parts) : (whole ?? 0);
}

/** Keys of a tree (WAI-ARIA): up and down over all lines, right opens or enters, left closes or leaves. */
export function stepFrom(key: string, at: number, lines: readonly TreeLine[], expanded: ReadonlySet<string>): { to?: number; toggle?: string } {
  const here = lines[at];
  if (!here) return {};
  const isItem = (line: TreeLine | undefined) => line?.kind === "place" || line?.kind === "building";
  const next = (from: number, step: 1 | -1) => {
    let to = from + step;
    while (lines[to] && !isItem(lines[to])) to += step;
    return lines[to] ? { to } : {};
  };
  const isOpen = expanded.has(here.id);
  const own = here.kind === "place";
  switch (key) {
    case "ArrowDown": return next(at, 1);
    case "ArrowUp": return next(at, -1);
    case "Home": return { to: 0 };
    case "End": return next(lines.length, -1);
    case "ArrowRight": return own && !isOpen ? { toggle: here.id } : own && (lines[at + 1]?.depth ?? 0) > here.depth ? next(at, 1) : {};
    case "ArrowLeft": return own && isOpen ? { toggle: here.id } : { to: Math.max(0, lines.findIndex((line) => line.id === here.parent)) };
    default: return {};
  }
}
