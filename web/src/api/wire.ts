/** What the server says, in the city's words. Field names are those on the wire. */
import type { Feature, FeatureCollection, Geometry } from "geojson";

import type { components } from "@/api/generated/openapi";

/** The generated types by name, `Schemas["LetterForm"]`: what is sent is typed by these. */
export type Schemas = components["schemas"];

export type LonLat = [lon: number, lat: number];
export type Box = [west: number, south: number, east: number, north: number];
export type PairText = { zh: string; en: string };
export type Status = "ok" | "watch" | "urgent" | "late" | "none";

export interface User {
  user_id: string;
  user_name: string;
  display_name: string; display_name_zh?: string | null;
  role: string;
  lens: string;
  org_id: string | null; org_name: string | null;
  place_id: string | null; place_name: string | null;
  acting: string;
  sets: ActingSet[];
  /** What the role administers, groups of the catalogue that it reads, parts that it plays in ladders. */
  administers: string[]; reads: string[]; acts_as: string[];
}
/** Grants that an account acts under together. */
export interface ActingSet {
  key: string;
  role: string;
  role_zh: string;
  role_en: string;
  lens: string;
  org_id: string | null;
  place_ids: string[]; place_names: string[]; ends_at: string | null;
}
export interface DemoUser {
  user_name: string; display_name: string; display_name_zh?: string | null; role: string; password: string;
}
export interface Session {
  user: User | null;
  csrf: string | null;
  is_demo: boolean;
  demo_users: DemoUser[];
  is_oidc: boolean;
}

export interface Edition {
  edition_id: string;
  edition_no: number;
  valid_from: string;
  valid_to: string | null;
}
export interface Tree {
  tree_id: string;
  title_zh: string;
  title_en: string;
  levels: string[];
  editions: Edition[];
}
export interface City {
  name_zh: string;
  name_en: string;
  is_demo: boolean;
  /** null while no place is loaded. */
  root_place_id: string | null;
  default_tree: string | null;
  trees: Tree[];
  box: Box | null;
  area_km2: number | null;
  now: string;
  week_start: number;
  languages: string[];
}

export interface Place {
  place_id: string;
  code: string;
  name: string;
  name_en: string | null;
  level: string;
  parent_id: string | null;
  depth: number;
  rank: number;
  rank_last: number;
  n_children: number;
  area_m2: number | null;
  label: LonLat | null;
  box: Box | null;
}
export interface PlaceList {
  items: Place[];
  n_total: number;
  edition_id: string | null;
  next_cursor: string | null;
}
export interface PlaceStep {
  place_id: string;
  name: string;
  name_en: string | null;
  level: string;
}
export interface LineageStep {
  kind: "split" | "merge" | "rename" | "recode";
  changed_on: string;
  other_id: string;
  other_name: string;
  direction: string;
  share_ratio: number | null;
}
export interface PlacePage extends Place {
  path: PlaceStep[];
  children: Place[];
  lineage: LineageStep[];
  n_objects: Record<string, number | null>;
}

export interface Layer {
  layer_id: string;
  title_zh: string;
  title_en: string;
  geometry_kind: string;
  entity: string;
  classes?: LayerClasses | null;
}
/** What the property `class` of a layer's features means: 1 to the number of limits. */
export interface LayerClasses {
  limits: number[];
  unit_zh: string;
  unit_en: string;
  /** Side of the squares whose middles the features are. */
  cell_m: number | null;
  k: number;
}
export type LayerFeature = Feature<Geometry, Record<string, unknown>>;
export interface LayerFeatures extends FeatureCollection<Geometry, Record<string, unknown>> {
  as_of: string;
  n_total: number;
  is_truncated: boolean;
}

export interface Column {
  name: string;
  kind: string;
  title_zh: string;
  title_en: string;
  unit: string | null;
  /** Whether this reader sees it masked: then it cannot be filtered or sorted by. */
  is_masked?: boolean;
}
export type Row = Record<string, unknown>;
export interface Rows {
  columns: Column[];
  rows: Row[];
  n_total: number;
  next_cursor: string | null;
  as_of: string;
}

export type NumberState = "normal" | "estimate" | "too_few" | "below_k" | "withheld" | "no_data" | "error" | "stale";
export interface Change {
  /** In the unit of the figure; percentage points where that is per cent. */
  value: number | null;
  base: string;
  base_zh: string;
  base_en: string;
  base_value: number | null;
  base_at?: string;
  is_worse?: boolean | null;
}
/** One figure: what it is, of which place, as of when, and how sure. */
export interface Figure {
  number_id: string;
  title_zh: string;
  title_en: string;
  definition_zh: string;
  definition_en: string;
  formula: string;
  unit_zh: string;
  unit_en: string;
  /** Of a value of 1. */
  unit_en_one?: string;
  kind: "count" | "ratio" | "sum" | "score" | "mean" | "median";
  place_id: string | null;
  place_name: string;
  as_of: string;
  /** In its unit, rounded once to `decimals`; null where `state` says why there is none. */
  value: number | null;
  decimals?: number;
  n: number | null;
  /** Exact decimal text. */
  numerator: string | number | null;
  denominator: number | null;
  interval: [number, number] | null;
  state: NumberState;
  release: "exact" | "protected";
  /** Smallest count shown, for protected figures. */
  k?: number;
  change: Change | null;
  /** When a protected figure was counted for its release. */
  released_at?: string | null;
  direction: "more_is_better" | "less_is_better" | "neutral";
  /** What a step of its series is: what happened inside it, or what there is at its end. */
  series?: "flow" | "stock" | "none";
  /** The step in which its past is told. */
  period?: "day" | "week" | "month" | "hotline_month";
  entity: string;
  source_zh: string;
  source_en: string;
  rule_set: string | null;
  href: string;
}
export interface UnitFigure {
  place_id: string;
  name: string;
  name_en?: string | null;
  number: Figure;
}
export interface SeriesPoint {
  from_at: string;
  to_at: string;
  value: number | null;
  n: number | null;
  /** False for the step that still runs. */
  is_complete: boolean;
  /** The figure of the step, where the server gives it whole. */
  number?: Figure;
}
export type Grain = "hour" | "day" | "week" | "month" | "hotline_month";

export interface Category {
  category_code: string;
  parent_code: string | null;
  title_zh: string;
  title_en: string | null;
  grade: number | null;
}

export interface Loads {
  load_id: string;
  kind: string;
  file_name: string;
  state: "running" | "done" | "failed";
  n_read: number;
  n_written: number;
  n_unchanged: number;
  n_rejected: number;
  started_at: string;
  finished_at: string | null;
}
