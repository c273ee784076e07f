/** The panel grammar of packs, `schema: "panel/1"`. */
import type { PairText } from "@/api/wire";

export type End = "cockpit" | "desk" | "mobile" | "public";
export interface PanelQuery {
  entity: string;
  where?: string[];
  sort?: string;
  limit?: number;
}
export interface Panel {
  schema: string;
  panel_id: string;
  pack_id: string;
  kind: string;
  end: End;
  slot: string;
  order: number;
  title: PairText;
  needs?: Record<string, unknown>;
  query?: PanelQuery & { layer_id?: string; level?: string; grain?: string; n?: number };
  number_ids?: string[];
  columns?: string[];
  format?: string;
  refresh?: { topic?: string; interval_s?: number };
  states?: Partial<Record<"empty" | "loading" | "error" | "stale", PairText>>;
  links?: { kind: string; field?: string; href?: string }[];
  /** kind "text": a sentence with `{number_id}` in it. */
  template?: PairText;
  size?: "small" | "medium" | "large";
  form?: { action: "letter" | "report" | "rating" | "step"; step?: string; schema?: Record<string, unknown>; href?: string; fixed?: Record<string, unknown>; is_offline?: boolean; can_undo?: boolean };
  /** kind "matrix": counts by two columns, or floors and rooms in a theme. */
  matrix?: { by?: string[]; theme?: "occupancy" | "cases" };
  /** kind "board": states left to right, and the actions by which a card moves. */
  board?: { states: string[]; actions?: string[] };
  /** kind "map_layer": the zoom from which its layer is asked for. */
  map?: { from_zoom?: number };
  flow?: { of: "steps" | "pairs"; by?: string[] };
  /** kind "component": a script of the pack, held to its hash. */
  component?: { file: string; tag: string; href: string; integrity: string };
}
export interface PanelSet {
  packs: { pack_id: string; title_zh: string; title_en: string; stage: string }[];
  panels: Panel[];
  /** Whether words on a panel are kept here. */
  takes_remarks: boolean;
}
