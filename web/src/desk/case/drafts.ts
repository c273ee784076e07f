/** What was typed into a form of a case and not yet sent, while the page lives. Never stored: it may be personal. */
import { onLeave } from "@/api/entry";
import type { Row } from "@/api/wire";

interface Kept {
  filled: Row;
  file_ids: string[];
}
const drafts = new Map<string, Kept>();
onLeave(() => drafts.clear());

export function draftsOf(case_id: string, action: string): Kept {
  const key = `${case_id}:${action}`;
  const kept = drafts.get(key) ?? { filled: {}, file_ids: [] };
  drafts.set(key, kept);
  return kept;
}
export const forgetDraft = (case_id: string, action: string): boolean => drafts.delete(`${case_id}:${action}`);
