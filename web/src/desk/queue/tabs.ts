/** The tabs of the queue: groups of states, the order of their rows, and how much of a limit a row has used. */
import type { CaseRow } from "@/api/case";

export interface Tab {
  id: string;
  states: string[];
}
export const tabs: Tab[] = [
  { id: "waiting", states: ["pending_dispatch"] },
  { id: "running", states: ["dispatched", "signed", "in_progress", "rework"] },
  { id: "answered", states: ["replied", "visiting"] },
  { id: "closed", states: ["closed"] },
];
export const tabOf = (state: string): string => tabs.find((tab) => tab.states.includes(state))?.id ?? "waiting";

export type Sort = "used" | "newest";

/** The part of the limit from which a case is watched: `watch_at` lies there (ladder, domain 01 §4). */
const watch_ratio = 0.7;

/** The used part of the main limit at an instant, above 1 when late; null where no clock runs. */
export function usedRatio(row: CaseRow, now_ms: number): number | null {
  if (!row.due_at || !row.watch_at || row.status === "none") return null;
  const due = Date.parse(row.due_at);
  const limit = (due - Date.parse(row.watch_at)) / (1 - watch_ratio);
  return limit > 0 ? Math.max(0, 1 - (due - now_ms) / limit) : null;
}

/** Seconds left at an instant, from what the server said when it answered. */
export const leftAt = (row: CaseRow, asOf: string, now_ms: number): number | null =>
  row.left_s === null ? null : row.left_s - Math.max(0, (now_ms - Date.parse(asOf)) / 1000);

export function inOrder(rows: CaseRow[], sort: Sort, now_ms: number): CaseRow[] {
  if (sort === "newest") return rows;
  const key = (row: CaseRow) => usedRatio(row, now_ms) ?? -1;
  return [...rows].sort((a, b) => key(b) - key(a));
}
