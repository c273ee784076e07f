/** Cases of two days as rows and columns: buildings × categories, as far as the store knows where they are. */
export interface PlacedCase {
  case_id: string;
  case_no: string;
  building_id: string | null;
  category_code: string | null;
}
export interface MatrixLine {
  /** "" gathers cases without a known building, "…" the buildings that have no line of their own. */
  building_id: string;
  n_buildings: number;
  /** One for each column. */
  cells: PlacedCase[][];
  n: number;
}
export interface CaseMatrix {
  /** Category codes, most cases first; "" gathers the others and those without one. */
  columns: string[];
  lines: MatrixLine[];
  most: number;
}
export const most_columns = 5;
export const most_lines = 8;
export const unknown_building = "";
export const other_buildings = "…";
export const other_categories = "";

const byCount = <K>(groups: Map<K, PlacedCase[]>) => [...groups].sort(([one, a], [other, b]) => b.length - a.length || String(one).localeCompare(String(other)));
function grouped(rows: PlacedCase[], keyOf: (row: PlacedCase) => string): Map<string, PlacedCase[]> {
  const groups = new Map<string, PlacedCase[]>();
  for (const row of rows) groups.set(keyOf(row), [...(groups.get(keyOf(row)) ?? []), row]);
  return groups;
}

/** The building and the category of the case stand first: they are what is asked about. */
export function caseMatrixOf(rows: PlacedCase[], building_id: string | null, category_code: string | null): CaseMatrix {
  const categories = byCount(grouped(rows.filter((row) => row.category_code), (row) => row.category_code!)).map(([code]) => code);
  const named = [...new Set([...(category_code && categories.includes(category_code) ? [category_code] : []), ...categories])].slice(0, most_columns);
  const columns = rows.some((row) => !named.includes(row.category_code ?? other_categories)) ? [...named, other_categories] : named;
  const columnOf = (row: PlacedCase) => (row.category_code && named.includes(row.category_code) ? row.category_code : other_categories);
  const lineOf = (id: string, n_buildings: number, cases: PlacedCase[]): MatrixLine => ({ building_id: id, n_buildings, n: cases.length, cells: columns.map((code) => cases.filter((row) => columnOf(row) === code)) });
  const buildings = byCount(grouped(rows.filter((row) => row.building_id), (row) => row.building_id!));
  const ordered = [...buildings.filter(([id]) => id === building_id), ...buildings.filter(([id]) => id !== building_id)];
  const lines = ordered.slice(0, most_lines).map(([id, cases]) => lineOf(id, 1, cases));
  const rest = ordered.slice(most_lines);
  if (rest.length) lines.push(lineOf(other_buildings, rest.length, rest.flatMap(([, cases]) => cases)));
  const unknown = rows.filter((row) => !row.building_id);
  if (unknown.length) lines.push(lineOf(unknown_building, 0, unknown));
  return { columns, lines, most: Math.max(0, ...lines.flatMap((line) => line.cells.map((cell) => cell.length))) };
}

/** 0, 1, 2, 3+: the fills of the 爬楼图. */
export const fillOf = (n: number) => `c${Math.min(n, 3)}`;
