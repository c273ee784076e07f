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
const steps: readonly (Spot & { way: number })[] = (() => {
  const along = (most: number) => Array.from({ length: (2 * most) / step_px + 1 }, (_, at) => at * step_px - most);
  return along(reach.y).flatMap((y) => along(reach.x).map((x) => ({ x, y, way: Math.hypot(x, y) }))).sort((a, b) => a.way - b.way || a.y - b.y || a.x - b.x);
})();

/** Things by the squares of the map that they lie in: a box looks only at what is near it, and never at what lies outside the map. */
const square_px = 32;
class Squares<T> {
  private readonly across: number;
  private readonly squares: T[][];
  constructor(private readonly room: Room) {
    this.across = Math.floor(room.width / square_px) + 1;
    this.squares = Array.from({ length: this.across * (Math.floor(room.height / square_px) + 1) }, () => []);
  }
  /** Goes through the squares that a box touches until one has what is asked for. */
  private goes({ left, top, right, bottom }: Rect, ends: (square: T[]) => boolean): boolean {
    const { width, height } = this.room;
    if (right < 0 || bottom < 0 || left > width || top > height) return false;
    const [first, last] = [Math.floor(Math.max(0, left) / square_px), Math.floor(Math.min(width, right) / square_px)];
    const lowest = Math.floor(Math.min(height, bottom) / square_px);
    for (let row = Math.floor(Math.max(0, top) / square_px); row <= lowest; row++)
      for (let column = first; column <= last; column++) if (ends(this.squares[row * this.across + column]!)) return true;
    return false;
  }
  add(one: T, around: Rect): void {
    this.goes(around, (square) => !square.push(one));
  }
  has(rect: Rect, is: (one: T) => boolean): boolean {
    return this.goes(rect, (square) => square.some(is));
  }
}
function boxesIn(room: Room): Squares<Rect> {
  const squares = new Squares<Rect>(room);
  for (const box of room.boxes) squares.add(box, box);
  return squares;
}
const ends = ([a, b]: Stroke): Rect => ({ left: Math.min(a.x, b.x), top: Math.min(a.y, b.y), right: Math.max(a.x, b.x), bottom: Math.max(a.y, b.y) });
function strokesIn(room: Room, strokes: readonly Stroke[]): Squares<Stroke> {
  const squares = new Squares<Stroke>(room);
  for (const stroke of strokes) squares.add(stroke, ends(stroke));
  return squares;
}
/** What a box meets in a map. */
interface Ground {
  room: Room;
  isFree: (rect: Rect) => boolean;
  isOnLine: (rect: Rect, own: Words["rather"]) => boolean;
  take: (rect: Rect) => void;
}
function groundOf(room: Room): Ground {
  const boxes = boxesIn(room), strokes = strokesIn(room, room.strokes);
  // Names of one level give way to the same boundaries: those are sorted once.
  const lines = new Map<readonly Stroke[], Squares<Stroke>>();
  const hasLine = (rect: Rect, of: readonly Stroke[]) => {
    const found = lines.get(of) ?? strokesIn(room, of);
    lines.set(of, found);
    return found.has(rect, (line) => crosses(line, rect));
  };
  return {
    room,
    isFree: (rect) => isInside(rect, room) && !boxes.has(rect, (box) => meet(box, rect)) && !strokes.has(rect, (stroke) => crosses(stroke, rect)),
    isOnLine: (rect, own) => hasLine(rect, room.rather) || (!!own && hasLine(rect, own)),
    take: (rect) => boxes.add(rect, rect),
  };
}
function around(rings: readonly (readonly Spot[])[]): Rect {
  const whole = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
  for (const ring of rings) for (const { x, y } of ring) {
    whole.left = Math.min(whole.left, x);
    whole.right = Math.max(whole.right, x);
    whole.top = Math.min(whole.top, y);
    whole.bottom = Math.max(whole.bottom, y);
  }
  return whole;
}

function placeOf(words: Words, nth: number, { room, isFree, isOnLine }: Ground): Placed | null {
  const { at, within, before, rather } = words;
  const { wide, high } = words.sizes[nth]!;
  if (wide > room.width || high > room.height) return null;
  if (before?.nth === nth && isFree(before)) return before;
  const area = within && around(within);
  let best: { rect: Rect; cost: number } | null = null;
  for (const { x, y, way } of steps) {
    if (best && way >= best.cost) break;
    const middle = { x: at.x + x, y: at.y + y };
    // Cheap before dear: most of what is near a small place is not in it.
    if (way && area && (middle.x < area.left || middle.x > area.right || middle.y < area.top || middle.y > area.bottom)) continue;
    const rect = rectAround(middle, wide, high);
    if (!isFree(rect)) continue;
    if (way && within && !holds(within, middle)) continue;
    const cost = way + (isOnLine(rect, rather) ? crossing_px : 0);
    if (!best || cost < best.cost) best = { rect, cost };
  }
  return best && { ...best.rect, nth };
}

/** The box of each of the words, those first that come first; null for what has no room. */
export function placed(words: readonly Words[], room: Room): (Placed | null)[] {
  const ground = groundOf(room);
  return words.map((one) => {
    for (let nth = 0; nth < one.sizes.length; nth++) {
      const found = placeOf(one, nth, ground);
      if (!found) continue;
      ground.take(found);
      return found;
    }
    return null;
  });
}
