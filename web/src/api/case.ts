/** A case on the wire: the row of a queue, and the page with its log. */
import type { Status } from "@/api/wire";
import type { CaseGone } from "@/words/gone";

export interface CaseRow {
  case_id: string;
  case_no: string;
  kind: string;
  channel: string | null;
  ladder_id: string;
  rule_set: string;
  category_code: string | null;
  category_title: string | null;
  grade: number | null;
  state: string;
  ladder_level: string | null;
  version: number;
  title: string;
  place_id: string | null;
  place_name: string | null;
  place_path: string | null;
  owner_org_id: string | null;
  owner_name: string | null;
  building_id: string | null;
  located_by: string | null;
  lon: number | null;
  lat: number | null;
  reported_at: string;
  dispatched_at: string | null;
  signed_at: string | null;
  contacted_at: string | null;
  replied_at: string | null;
  visited_at: string | null;
  due_at: string | null;
  watch_at: string | null;
  urgent_at: string | null;
  closed_at: string | null;
  is_contacted: boolean | null;
  solved: string | null;
  satisfied: string | null;
  n_files: number | null;
  status: Status;
  left_s: number | null;
  is_mine: boolean;
}
/** A limit that ends before the main one: of signing, of the first contact. */
export interface SoonerLimit {
  clock_id: string;
  title_zh: string;
  title_en: string;
  due_at: string;
  watch_at: string;
  urgent_at: string;
}
export interface CaseInQueue extends CaseRow {
  /** Null where the main limit is next or this was not asked for; absent in what a phone kept of an older server. */
  sooner?: SoonerLimit | null;
}
export interface CaseList {
  items: CaseInQueue[];
  n_total: number;
  counts: Record<string, number>;
  next_cursor: string | null;
  as_of: string;
  /** Letters that were opened to look for words; not every one where `is_whole` is false. */
  n_searched?: number | null;
  is_whole?: boolean;
}
export interface CaseFile {
  file_id: string;
  role: string;
}
export interface CaseStep {
  step_no: number;
  action: string;
  title_zh: string;
  title_en: string;
  actor_name: string | null;
  actor_name_zh?: string | null;
  org_name: string | null;
  taken_at: string;
  /** What was written, by field (`note`, `reply`, `reason` …), masked by the lens. */
  words: Record<string, string | null>;
  facts: Record<string, unknown>;
  files: CaseFile[];
}
export interface CaseClock {
  clock_id: string;
  title_zh: string;
  title_en: string;
  started_at: string | null;
  due_at: string | null;
  stopped_at: string | null;
  limit_s: number | null;
  used_ratio: number | null;
  status: Status;
  calendar: "calendar" | "working";
}
export interface CaseAction {
  action: string;
  title_zh: string;
  title_en: string;
  schema: Record<string, unknown>;
  can: boolean;
  why_not: string | null;
  why_not_zh?: string | null;
  why_not_en?: string | null;
}
export interface CasePage extends CaseInQueue {
  words: { body?: string | null; [field: string]: string | null | undefined };
  contact: { name?: string | null; phone?: string | null; is_anonymous?: boolean; /** The phone does not keep it. */ is_left_out?: boolean } | null;
  steps: CaseStep[];
  clocks: CaseClock[];
  actions: CaseAction[];
  similar: CaseRow[];
  /** What of it was erased. A page that a phone kept from before does not tell. */
  gone?: CaseGone;
  /** Whether it is known which home it is about; which, is told for a purpose. */
  has_home?: boolean;
  home?: { dwelling_id: string; unit_no: string | null; floor_no: number | null; room_no: string | null } | null;
}
/** A step was taken, and with it the case left what the reader may see. */
export interface CaseMoved {
  case_id: string;
  version: number;
  moved_zh: string;
  moved_en: string;
}
export const hasMoved = (answer: CasePage | CaseMoved): answer is CaseMoved => "moved_zh" in answer;
export interface OwnerSuggestion {
  org_id: string;
  name: string;
  score: number;
  parts: Record<string, number>;
  weights: Record<string, number>;
  confidence: number;
  reason_zh: string;
  reason_en: string;
  n_past: number | null;
  on_duty?: { person_name: string | null; person_name_zh?: string | null; phone: string | null; can_do: string | null; instead_of: string | null; ends_at: string }[];
}
/** A closed case, how much it is like another, and how it ended. */
export interface SimilarCase {
  case: CaseRow;
  score: number;
  /** 0–1 each: category, place, words, recency; null where words cannot be compared. */
  parts: Record<string, number | null>;
  nearness: "building" | "estate" | "community" | "street" | "elsewhere";
  reply: string | null;
  answered_s: number | null;
  closed_s: number | null;
}
export interface SimilarList {
  items: SimilarCase[];
  weights: Record<string, number>;
  n_looked_at: number;
  as_of: string;
}
export interface StepToTake {
  action: string;
  expected_version: number;
  idempotency_key: string;
  facts?: Record<string, unknown>;
  words?: Record<string, string>;
  file_ids?: string[];
}
