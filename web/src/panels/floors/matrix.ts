/** The 爬楼图 of a building as rows and columns: columns are unit × room, rows are floors from the top. */
import type { BuildingPage, Dwelling } from "@/api/objects";

export interface MatrixUnit {
  unit_no: string;
  /** Room positions, left to right: "01", "02" … */
  rooms: string[];
}
export interface MatrixCell {
  key: string;
  dwelling: Dwelling | null;
  unit_no: string;
  room: string;
  floor_no: number;
}
export interface MatrixRow {
  floor_no: number;
  isBelow: boolean;
  cells: MatrixCell[];
}
export interface Matrix {
  units: MatrixUnit[];
  rows: MatrixRow[];
  n_columns: number;
  /** Homes whose floor or room is not known: they are listed below, never dropped. */
  unplaced: Dwelling[];
}

/** "1502" on floor 15 is room "02"; a room number that does not begin with its floor stands for itself. */
function roomOf(dwelling: Dwelling): string | null {
  const { room_no, floor_no } = dwelling;
  if (!room_no || floor_no === null) return null;
  const floor = String(Math.abs(floor_no));
  const bare = room_no.replace(/^[BbＢ-]+/, "");
  return bare.startsWith(floor) && bare.length > floor.length ? bare.slice(floor.length) : room_no;
}

export function matrixOf(building: BuildingPage): Matrix {
  const placed = new Map<string, Dwelling>();
  const rooms = new Map<string, Set<string>>();
  const floors = new Set<number>(building.floors.map((floor) => floor.floor_no));
  const unplaced: Dwelling[] = [];
  const nameless = new Map<string, number>();
  for (const unit of building.units) rooms.set(unit.unit_no, new Set());
  for (const dwelling of building.dwellings) {
    const { floor_no } = dwelling;
    const unit = dwelling.unit_no ?? "";
    if (floor_no === null) {
      unplaced.push(dwelling);
      continue;
    }
    // Where room numbers are hidden the order on the floor stands for them.
    const at = `${unit}|${floor_no}`;
    const nth = (nameless.get(at) ?? 0) + 1;
    nameless.set(at, nth);
    const room = roomOf(dwelling) ?? String(nth).padStart(2, "0");
    const key = `${unit}|${floor_no}|${room}`;
    if (placed.has(key)) {
      unplaced.push(dwelling);
      continue;
    }
    placed.set(key, dwelling);
    rooms.set(unit, (rooms.get(unit) ?? new Set()).add(room));
    floors.add(floor_no);
  }
  const order = new Intl.Collator("zh-CN", { numeric: true });
  const units = [...rooms].filter(([, names]) => names.size > 0).map(([unit_no, names]) => ({ unit_no, rooms: [...names].sort(order.compare) })).sort((a, b) => order.compare(a.unit_no, b.unit_no));
  const rows = [...floors].sort((a, b) => b - a).map((floor_no) => ({
    floor_no,
    isBelow: floor_no < 0,
    cells: units.flatMap((unit) => unit.rooms.map((room) => {
      const key = `${unit.unit_no}|${floor_no}|${room}`;
      return { key, dwelling: placed.get(key) ?? null, unit_no: unit.unit_no, room, floor_no };
    })),
  }));
  return { units, rows, n_columns: units.reduce((sum, unit) => sum + unit.rooms.length, 0), unplaced };
}

export type Theme = "occupancy" | "cases";
/** Cases of the last hours, of all categories; a page kept from before has none. */
export const nRecent = (dwelling: Dwelling) => Object.values(dwelling.recent ?? {}).reduce((sum, n) => sum + n, 0);
export const knowsCases = (building: BuildingPage | null | undefined) => building?.dwellings.some((one) => one.n_cases !== null) ?? false;
/** Where homes had cases these are shown first, else who lives there. */
export const themeOf = (building: BuildingPage | null | undefined, wished: Theme | null): Theme =>
  (!knowsCases(building) ? "occupancy" : wished ?? (building?.dwellings.some(nRecent) ? "cases" : "occupancy"));
/** The fill of a cell: a token's name by occupancy, or by number of cases of the last hours 0, 1, 2, 3+. */
export function fillOf(dwelling: Dwelling, theme: Theme): string {
  if (theme === "occupancy") return dwelling.occupancy ?? "unverified";
  const n = nRecent(dwelling);
  return n >= 3 ? "c3" : `c${n}`;
}
