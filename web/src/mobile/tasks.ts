/** What a worker has to do now, and what others have to do with it next. */
import { computed, ref } from "vue";

import type { CaseInQueue, CaseRow } from "@/api/case";
import { useCases } from "@/api/reads";
import { useSession } from "@/api/session";
import type { Status } from "@/api/wire";
import { duration } from "@/words/formats";
import { said, t } from "@/words";

const mine_to_do = ["pending_dispatch", "dispatched", "signed", "in_progress", "rework"];
const most = 200;

/** Without a limit a case comes last: it is not late for anything. */
const due = (row: CaseInQueue) => Date.parse(row.sooner?.due_at ?? row.due_at ?? "") || Infinity;
export const byDue = (a: CaseInQueue, b: CaseInQueue) => due(a) - due(b) || a.case_no.localeCompare(b.case_no);

export function useTasks() {
  const { user } = useSession();
  // An account of no organisation sees what is open in its place.
  const ask = computed(() => ({ is_open: "true", sort: "due_at", sooner: "true", limit: most, ...(user.value?.org_id ? { owner: "me" } : {}) }));
  const { data, ...query } = useCases(ask);
  return {
    ...query,
    list: data,
    toDo: computed(() => (data.value?.items ?? []).filter((row) => mine_to_do.includes(row.state)).sort(byDue)),
    waiting: computed(() => (data.value?.items ?? []).filter((row) => !mine_to_do.includes(row.state)).sort(byDue)),
  };
}

/** Time passes also while nothing is told: what is left and its mark are reckoned again twice a minute. */
const now = ref(Date.now());
window.setInterval(() => (now.value = Date.now()), 30_000);
type Clock = Pick<CaseRow, "left_s" | "due_at" | "watch_at" | "urgent_at" | "status">;

/** The limit that a worker has next: a first contact may be due before the case is. */
export const nextLimit = (row: CaseInQueue): Clock => (row.sooner ? { ...row, ...row.sooner, status: "ok" } : row);

/** "1时12分" or "超1时12分", "" where no clock runs. */
export function leftWords(row: Clock): string {
  if (row.left_s === null || !row.due_at) return "";
  const left_s = (Date.parse(row.due_at) - now.value) / 1000;
  return left_s < 0 ? t("clock.late", { left: duration(left_s) }) : duration(left_s);
}
/** The same, with the name of the limit where it is not the main one. */
export const limitWords = (row: CaseInQueue): string => row.sooner ? t("clock.of", { limit: said(row.sooner, "title"), left: leftWords(nextLimit(row)) }) : leftWords(row);
export function statusNow(row: Clock): Status {
  if (row.left_s === null || !row.due_at) return row.status;
  const isPast = (at: string | null) => at !== null && Date.parse(at) <= now.value;
  return isPast(row.due_at) ? "late" : isPast(row.urgent_at) ? "urgent" : isPast(row.watch_at) ? "watch" : row.status;
}
/** A number that can be dialled; a masked one cannot. */
export const dialled = (phone: string | null | undefined): string | null => (phone && /^\+?[\d\s-]{3,}$/.test(phone) ? `tel:${phone.replace(/[\s-]/g, "")}` : null);
