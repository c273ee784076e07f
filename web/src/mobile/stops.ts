/** Where the numbers of a walk stand on the map: at their places, or as near to them as neighbours leave room. */
import type { Box, LonLat } from "@/api/wire";

export interface Spot { x: number; y: number }
export interface Size { wide: number; high: number }
/** A number, a little air around it; what lies over the foot of the map. */
export const stop_px = 24;
const apart_px = stop_px + 3;
const foot_px = 32;
const rounds = 80;
const askew = 0.3;

/** Numbers that would lie over one another are moved apart, each as far as the other, and none out of the map. */
export function spread(spots: readonly Spot[], { wide, high }: Size): Spot[] {
  const rim = stop_px / 2 + 2;
  const isInside = ({ x, y }: Spot) => x >= 0 && x <= wide && y >= 0 && y <= high;
  const held = spots.map(isInside);
  const hold = ({ x, y }: Spot): Spot => ({ x: Math.min(wide - rim, Math.max(rim, x)), y: Math.min(high - foot_px - stop_px / 2, Math.max(rim, y)) });
  const moved = spots.map((spot, at) => (held[at] ? hold(spot) : { ...spot }));
  for (let round = 0; round < rounds; round += 1) {
    let isDone = true;
    for (let a = 0; a < moved.length; a += 1) for (let b = a + 1; b < moved.length; b += 1) {
      const [one, other] = [moved[a]!, moved[b]!];
      const [dx, dy] = [other.x - one.x, other.y - one.y];
      const far = Math.hypot(dx, dy);
      if (!held[a] || !held[b] || far >= apart_px) continue;
      isDone = false;
      // In one and the same place there is no way apart: by their order, to all sides in turn. Else a little askew:
      // numbers in one line, as a rim holds them, would only be pushed along it, where there may be no room for all.
      const way = far > 0.5 ? Math.atan2(dy, dx) + askew : b * 2.4;
      const [ux, uy] = [Math.cos(way), Math.sin(way)];
      const push = (apart_px - far) / 2 + 0.25;
      moved[a] = hold({ x: one.x - ux * push, y: one.y - uy * push });
      moved[b] = hold({ x: other.x + ux * push, y: other.y + uy * push });
    }
    if (isDone) break;
  }
  return moved;
}

/** What is drawn around one stop alone, and how much of a walk is on one map: what lies farther runs out of it. */
const least: LonLat = [0.0024, 0.0012];
const most: LonLat = [0.02, 0.008];
/** The box of a walk: its first stop, and all that follow as long as they are near one another. */
export function boxOf(points: readonly LonLat[]): Box | null {
  const [first] = points;
  if (!first) return null;
  let [west, south, east, north] = [first[0], first[1], first[0], first[1]];
  for (const [lon, lat] of points) {
    const now = [Math.min(west, lon), Math.min(south, lat), Math.max(east, lon), Math.max(north, lat)] as const;
    if (now[2] - now[0] <= most[0] && now[3] - now[1] <= most[1]) [west, south, east, north] = now;
  }
  const [dx, dy] = [Math.max(0, least[0] - (east - west)) / 2, Math.max(0, least[1] - (north - south)) / 2];
  return [west - dx, south - dy, east + dx, north + dy];
}
/** The numbers and the foot of the map have room around the box. */
export const room_px = { top: stop_px, right: stop_px + 8, bottom: foot_px + stop_px / 2 + 4, left: stop_px + 8 };
