/** One step on a case out of a panel: sent once under one key, and for ten seconds it can be taken back. */
import { useQueryClient } from "@tanstack/vue-query";
import { computed, onUnmounted, ref, shallowRef } from "vue";

import { hasMoved, type CaseMoved, type CasePage } from "@/api/case";
import { newKey, server, take } from "@/api/client";
import { asProblem, type Problem } from "@/api/problem";
import type { Row } from "@/api/wire";
import { unplain } from "@/panels/plain";

const undo_ms = 10_000;
interface Done {
  case_id: string;
  version: number;
  title: string;
  canUndo: boolean;
}

export function usePanelStep() {
  const queries = useQueryClient();
  const isBusy = ref(false);
  const failure = shallowRef<Problem | null>(null);
  const done = shallowRef<Done | null>(null);
  const isUndone = ref(false);
  const until_ms = ref(0);
  const now_ms = ref(Date.now());
  const timer = window.setInterval(() => (now_ms.value = Date.now()), 500);
  onUnmounted(() => window.clearInterval(timer));
  const left_s = computed(() => (done.value?.canUndo ? Math.max(0, Math.ceil((until_ms.value - now_ms.value) / 1000)) : 0));
  /** What is sent unchanged goes out under the same key. */
  let sent = { as: "", key: "" };

  async function post(case_id: string, body: { action: string; expected_version: number; facts: Row; words: Record<string, string> }): Promise<CasePage | CaseMoved | null> {
    if (isBusy.value) return null;
    isBusy.value = true;
    failure.value = null;
    const as = JSON.stringify([case_id, body]);
    if (as !== sent.as) sent = { as, key: newKey() };
    try {
      const page = await take<CasePage | CaseMoved>(server.POST("/v1/cases/{case_id}/steps", {
        params: { path: { case_id } }, body: { ...body, idempotency_key: sent.key, file_ids: [] },
      }));
      if (!hasMoved(page)) queries.setQueryData(["case", case_id], page);
      for (const name of ["cases", "number", "entity.case", "entity.case_step"]) void queries.invalidateQueries({ queryKey: [name] });
      return page;
    } catch (thrown) {
      failure.value = asProblem(thrown);
      // Somebody was faster: the next try is made over what is known then. What was typed stays.
      if (failure.value.status === 409) void queries.invalidateQueries({ queryKey: ["case", case_id] });
      return null;
    } finally {
      isBusy.value = false;
    }
  }

  return {
    isBusy, failure, done, isUndone, left_s,
    async send(page: CasePage, action: string, title: string, filled: Row, fixed: Row = {}): Promise<boolean> {
      const { facts, words } = unplain(filled);
      const after = await post(page.case_id, { action, expected_version: page.version, facts: { ...fixed, ...facts }, words });
      if (!after) return false;
      const canUndo = !hasMoved(after) && after.actions.some((one) => one.action === "undo" && one.can);
      done.value = { case_id: page.case_id, version: after.version, title, canUndo };
      isUndone.value = false;
      until_ms.value = Date.now() + undo_ms;
      return true;
    },
    async undo(): Promise<void> {
      if (!done.value) return;
      const { case_id, version } = done.value;
      if (await post(case_id, { action: "undo", expected_version: version, facts: {}, words: {} })) {
        done.value = null;
        isUndone.value = true;
      }
    },
  };
}
