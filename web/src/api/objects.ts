/** Buildings with what is inside, loads with what they rejected, and findings in the data, on the wire. */
import type { Loads, Row } from "@/api/wire";

export interface Dwelling {
  dwelling_id: string;
  unit_no: string | null;
  floor_no: number | null;
  room_no: string | null;
  occupancy: string | null;
  floor_area_m2: number | null;
  /** Open cases; null where the reader may not count them. */
  n_cases: number | null;
  /** Category → cases of the last `recent_h` hours; those without a category are under "". */
  recent: Record<string, number>;
}
/** Homes above one another that share a trouble which hardly anybody else in the building has. */
export interface Riser {
  unit_no: string;
  room: string;
  category_code: string;
  dwelling_ids: string[];
  with_ids: string[];
  n_others: number;
  n_others_with: number;
  case_ids: string[];
}
export interface BuildingPage {
  building_id: string;
  name: string | null;
  name_en: string | null;
  place_id: string | null;
  place_path: string | null;
  use: string | null;
  structure: string | null;
  n_floors_above: number | null;
  n_floors_below: number | null;
  n_units: number | null;
  n_dwellings: number | null;
  height_m: number | null;
  built_year: number | null;
  lon: number | null;
  lat: number | null;
  attributes: Row;
  load_id: string | null;
  n_cases: number | null;
  units: { unit_no: string; n_floors: number | null; n_dwellings: number }[];
  floors: { unit_no: string | null; floor_no: number; n_dwellings: number }[];
  dwellings: Dwelling[];
  recent_h: number;
  riser: Riser | null;
  as_of: string;
}

export interface LoadPage extends Loads {
  n_done_rows: number | null;
  reasons: { reason_code: string; n: number }[];
}
export interface Reject {
  row_no: number;
  source_key: string | null;
  reason_code: string;
  reason_zh: string | null;
  reason_en: string | null;
  raw: unknown;
}
export interface RejectList {
  items: Reject[];
  n_total: number;
  next_cursor: string | null;
}
export interface LoadList {
  items: Loads[];
  n_total: number;
  next_cursor: string | null;
}
export interface Finding {
  finding_id: string;
  rule_id: string;
  entity: string | null;
  object_id: string | null;
  place_id: string | null;
  severity: string | null;
  words_zh: string | null;
  words_en: string | null;
  facts: unknown;
  found_at: string | null;
  load_id: string | null;
  is_open: boolean | null;
}
export interface FindingList {
  items: Finding[];
  n_total: number;
  counts: Record<string, number>;
  next_cursor: string | null;
}
