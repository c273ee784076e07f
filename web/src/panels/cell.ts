/** A cell of rows as words, and where it leads. */
import type { Column, Row } from "@/api/wire";
import { codeWords, has, said, t } from "@/words";
import { byName } from "@/words/formats";

/** Columns whose values are codes of the city, and the group of words that names them. */
const coded: Record<string, string> = {
  state: "state", channel: "channel", solved: "solved", satisfied: "satisfied", level: "level", status: "status", ladder_level: "panels.ladder_level", entity: "entity", kind: "kind", occupancy_state: "occupancy",
};
/** Columns that only machines read: not shown unless a panel asks for them. */
const silent = new Set(["version", "load_id", "load_seq", "ladder_id", "rule_set", "geometry", "west", "south", "east", "north", "attributes"]);

export function cellWords(column: Column, value: unknown, format?: string): string {
  const group = coded[column.name];
  if (column.name === "status" && typeof value === "string" && has(`panels.component_status.${value}`)) return t(`panels.component_status.${value}`);
  if (group && typeof value === "string") return codeWords(group, value);
  if (column.kind === "ratio" || column.name.endsWith("_ratio")) return byName("ratio", value);
  if (column.name.endsWith("_s")) return byName("duration", value);
  return byName(format, value);
}

export const isNumeric = (column: Column, rows: Row[]): boolean =>
  !column.name.endsWith("_id") && rows.some((row) => typeof row[column.name] === "number");

export const columnTitle = (column: Column): string => said(column, "title") || column.name;

/** The columns worth showing in `room` columns: what names the row first, machine words last. */
export function shownColumns(columns: Column[], room: number, asked?: string[]): Column[] {
  if (asked?.length) return asked.flatMap((name) => columns.find((column) => column.name === name) ?? []);
  const known = columns.filter((column) => !silent.has(column.name));
  const weight = (column: Column) =>
    /(_no|name|title)$/.test(column.name) ? 0 : /^(category|use|level|occupancy|solved)/.test(column.name) ? 1 : /^(state|status|points)/.test(column.name) ? 2 : /_id$/.test(column.name) ? 5 : /_at$/.test(column.name) ? 3 : 4;
  const best = [...known].sort((a, b) => weight(a) - weight(b)).slice(0, room);
  return known.filter((column) => best.includes(column));
}

/** The page of a row's object, if it has one: on the phone a case opens there, everything else on the desk. */
export function rowHref(row: Row): string | null {
  const end = (path: string) => (path === "cases" && document.documentElement.dataset["end"] === "mobile" ? "mobile" : "desk");
  const at = (path: string, id: unknown) => (typeof id === "string" && id ? `/${end(path)}/${path}/${encodeURIComponent(id)}` : null);
  return at("cases", row["case_id"]) ?? at("buildings", row["building_id"]) ?? at("loads", row["load_id"]) ?? at("places", row["place_id"]);
}

export const rowKey = (row: Row, at: number): string =>
  String(row["case_id"] ?? row["dwelling_id"] ?? row["building_id"] ?? row["org_id"] ?? row["finding_id"] ?? row["place_id"] ?? at);

/** Rows as CSV. A cell that a spreadsheet would run as a formula is given a leading apostrophe. */
export function toCsv(columns: Column[], rows: Row[]): string {
  const quote = (value: unknown) => {
    const text = value === null || value === undefined ? "" : typeof value === "object" ? JSON.stringify(value) : String(value);
    const safe = typeof value === "string" && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
    return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  const lines = [columns.map((column) => column.name), ...rows.map((row) => columns.map((column) => row[column.name]))];
  return `\ufeff${lines.map((line) => line.map(quote).join(",")).join("\r\n")}\r\n`;
}
