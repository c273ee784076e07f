/** Taking a step: sent once however often it is tapped, and for ten seconds it can be taken back. */
import { useQueryClient } from "@tanstack/vue-query";
import { ref, shallowRef } from "vue";

import { hasMoved, type CaseAction, type CaseMoved, type CasePage } from "@/api/case";
import { newKey, server, take } from "@/api/client";
import type { components } from "@/api/generated/openapi";
import { said } from "@/words";

type StepToTake = components["schemas"]["StepToTake"];
export interface TakenStep {
  case_id: string;
  case_no: string;
  title: string;
  version: number;
  until_ms: number;
  /** The step took the case out of our place: what is told, and nothing to take back. */
  moved?: string;
}
const undo_ms = 10_000;
const lastTaken = shallowRef<TakenStep | null>(null);

export function useSteps() {
  const queries = useQueryClient();
  const isBusy = ref(false);

  async function post(case_id: string, body: StepToTake): Promise<CasePage | CaseMoved> {
    isBusy.value = true;
    try {
      const page = await take<CasePage | CaseMoved>(server.POST("/v1/cases/{case_id}/steps", { params: { path: { case_id } }, body }));
      if (!hasMoved(page)) queries.setQueryData(["case", case_id], page);
      return page;
    } finally {
      isBusy.value = false;
      for (const name of ["case", "cases", "number", "rows"]) void queries.invalidateQueries({ queryKey: [name] });
    }
  }

  return {
    isBusy,
    lastTaken,
    async take(action: CaseAction, body: StepToTake, case_id: string): Promise<CasePage | CaseMoved> {
      const page = await post(case_id, body);
      if (hasMoved(page)) {
        lastTaken.value = { case_id, case_no: "", title: said(action, "title"), version: page.version, until_ms: Date.now() + undo_ms, moved: said(page, "moved") };
        return page;
      }
      const undo = page.actions.find((one) => one.action === "undo");
      lastTaken.value = undo?.can ? { case_id, case_no: page.case_no, title: said(action, "title"), version: page.version, until_ms: Date.now() + undo_ms } : null;
      return page;
    },
    async undo(step: TakenStep): Promise<void> {
      await post(step.case_id, { action: "undo", expected_version: step.version, idempotency_key: newKey(), facts: {}, words: {}, file_ids: [] });
      lastTaken.value = null;
    },
    letGo: () => (lastTaken.value = null),
  };
}
