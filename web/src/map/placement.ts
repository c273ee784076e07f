/** Where words over a map stand: none over another or over a mark, each as near as can be to where it belongs, what has
 *  no room nowhere. Nothing of a browser or of chance is in here: the same question has the same answer. */

/** In pixels of the map, from its upper left corner. */
export interface Spot {
  x: number;
  y: number;
}
export interface Rect {
  left: number;
  top: number;
  right: number;
  bottom: number;
}
export type Stroke = readonly [Spot, Spot];

export interface Words {
  /** Their middle where they would stand best. */
  at: Spot;
  /** How large they are, and how large else where that has no room: the first that has. */
  sizes: readonly { wide: number; high: number }[];
  /** Rings of what they name: their middle does not leave it. */
  within?: readonly (readonly Spot[])[];
  /** Where they stand already: they stay there as long as it is free. */
  before?: Placed;
  /** Lines below them that they stand on only where anything else is further off. */
  rather?: readonly Stroke[];
}
export interface Placed extends Rect {
  /** Which of the sizes it is. */
  nth: number;
}
export interface Room {
  width: number;
  height: number;
  /** Never covered: what lies over the map, and its marks. */
  boxes: readonly Rect[];
  /** Never crossed: lines that lie over the map. */
  strokes: readonly Stroke[];
  /** Crossed only where anything else is further off. */
  rather: readonly Stroke[];
}

export const rectAround = ({ x, y }: Spot, wide: number, high = wide): Rect => ({ left: x - wide / 2, top: y - high / 2, right: x + wide / 2, bottom: y + high / 2 });
export const meet = (a: Rect, b: Rect): boolean => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
export const isInside = (rect: Rect, { width, height }: Pick<Room, "width" | "height">): boolean => rect.left >= 0 && rect.top >= 0 && rect.right <= width && rect.bottom <= height;

/** Whether a part of a line lies in a box: what is left of it between the two edges of each direction. */
export function crosses([a, b]: Stroke, rect: Rect): boolean {
  let [from, until] = [0, 1];
  for (const [start, step, least, most] of [[a.x, b.x - a.x, rect.left, rect.right], [a.y, b.y - a.y, rect.top, rect.bottom]] as const) {
    if (step === 0) {
      if (start <= least || start >= most) return false;
      continue;
    }
    const [one, other] = [(least - start) / step, (most - start) / step];
    from = Math.max(from, Math.min(one, other));
    until = Math.min(until, Math.max(one, other));
  }
  return from < until;
}

export function holds(rings: readonly (readonly Spot[])[], { x, y }: Spot): boolean {
  return rings.reduce((isIn, ring) => ring.reduce((is, to, at) => {
    const from = ring.at(at - 1)!;
    return from.y > y !== to.y > y && x < from.x + ((y - from.y) / (to.y - from.y)) * (to.x - from.x) ? !is : is;
  }, isIn), false);
}

/** How far words may stand from where they belong, and the steps in which room is looked for, near before far. */
const reach = { x: 160, y: 120 };
const step_px = 8;
/** Standing on a boundary is as bad as so many pixels of way. */
const crossing_px = 48;
const steps: readonly Spot[] = (() => {
  const along = (most: number) => Array.from({ length: (2 * most) / step_px + 1 }, (_, at) => at * step_px - most);
  return along(reach.y).flatMap((y) => along(reach.x).map((x) => ({ x, y }))).sort((a, b) => Math.hypot(a.x, a.y) - Math.hypot(b.x, b.y) || a.y - b.y || a.x - b.x);
})();

function placeOf(words: Words, nth: number, room: Room, taken: readonly Rect[]): Placed | null {
  const { at, within, before } = words;
  const { wide, high } = words.sizes[nth]!;
  if (wide > room.width || high > room.height) return null;
  const whole = rectAround(at, wide + 2 * reach.x, high + 2 * reach.y);
  const boxes = [...room.boxes, ...taken].filter((box) => meet(box, whole));
  const strokes = room.strokes.filter((stroke) => crosses(stroke, whole));
  const lines = [...(words.rather ?? []), ...room.rather].filter((line) => crosses(line, whole));
  const isFree = (rect: Rect) => isInside(rect, room) && !boxes.some((box) => meet(box, rect)) && !strokes.some((stroke) => crosses(stroke, rect));
  if (before?.nth === nth && isFree(before)) return before;
  let best: { rect: Rect; cost: number } | null = null;
  for (const step of steps) {
    const way = Math.hypot(step.x, step.y);
    if (best && way >= best.cost) break;
    const middle = { x: at.x + step.x, y: at.y + step.y };
    const rect = rectAround(middle, wide, high);
    if (!isFree(rect)) continue;
    if (way && within && !holds(within, middle)) continue;
    const cost = way + (lines.some((line) => crosses(line, rect)) ? crossing_px : 0);
    if (!best || cost < best.cost) best = { rect, cost };
  }
  return best && { ...best.rect, nth };
}

/** The box of each of the words, those first that come first; null for what has no room. */
export function placed(words: readonly Words[], room: Room): (Placed | null)[] {
  const taken: Rect[] = [];
  return words.map((one) => {
    for (let nth = 0; nth < one.sizes.length; nth++) {
      const found = placeOf(one, nth, room, taken);
      if (!found) continue;
      taken.push(found);
      return found;
    }
    return null;
  });
}
