/** Taking a step on a case: sent once under one key, taken back within a short time, never lost when somebody was faster. */
import { useQueryClient } from "@tanstack/vue-query";
import { computed, onUnmounted, ref, shallowRef, type Ref } from "vue";

import { hasMoved, type CaseMoved, type CasePage, type CaseStep } from "@/api/case";
import { newKey, server, take } from "@/api/client";
import { asProblem, type Problem } from "@/api/problem";
import type { Row } from "@/api/wire";

export interface Draft {
  action: string;
  title: string;
  facts: Row;
  words: Record<string, string>;
  file_ids: string[];
}
export interface Conflict {
  draft: Draft;
  since: CaseStep[];
  key: string;
  problem: Problem;
}
/** What was just done and can be taken back: one case, or several that were marked. */
interface Taken {
  cases: { case_id: string; version: number }[];
  words: string;
  until_ms: number;
}
export const undo_shown_ms = 10_000;
const taken = shallowRef<Taken | null>(null);
/** The case that a step of ours just took out of our place: told instead of its page. */
export const movedCase = shallowRef<CaseMoved | null>(null);

export const draftOf = (action: string, title: string, facts: Row = {}): Draft => ({ action, title, facts, words: {}, file_ids: [] });

/** The step just taken, while it is offered to be taken back. */
export function useTaken() {
  const now = ref(Date.now());
  const timer = window.setInterval(() => (now.value = Date.now()), 500);
  onUnmounted(() => window.clearInterval(timer));
  const left_s = computed(() => (taken.value ? Math.ceil((taken.value.until_ms - now.value) / 1000) : 0));
  return { taken: computed(() => (left_s.value > 0 ? taken.value : null)), left_s };
}

export function useSteps() {
  const queries = useQueryClient();
  const isBusy = ref(false);
  const failure = shallowRef<Problem | null>(null);
  const conflict = shallowRef<Conflict | null>(null);
  /** The same draft goes out under the same key, however often it is tried. */
  let pending: { draft: Draft; key: string } | null = null;

  const post = (case_id: string, expected_version: number, draft: Draft, idempotency_key: string) =>
    take<CasePage | CaseMoved>(server.POST("/v1/cases/{case_id}/steps", {
      params: { path: { case_id } },
      body: { action: draft.action, expected_version, idempotency_key, facts: draft.facts, words: draft.words, file_ids: draft.file_ids },
    }));
  function keep(page: CasePage | CaseMoved) {
    if (hasMoved(page)) movedCase.value = page;
    else queries.setQueryData(["case", page.case_id], page);
    void queries.invalidateQueries({ queryKey: ["cases"] });
    void queries.invalidateQueries({ queryKey: ["number"] });
  }
  const sameDraft = (a: Draft, b: Draft) => JSON.stringify(a) === JSON.stringify(b);

  /** Sends a step of one case. True when it was taken. */
  async function send(page: CasePage, draft: Draft): Promise<boolean> {
    if (isBusy.value) return false;
    isBusy.value = true;
    failure.value = null;
    if (!pending || !sameDraft(pending.draft, draft)) pending = { draft, key: newKey() };
    const { key } = pending;
    try {
      const next = await post(page.case_id, page.version, draft, key);
      pending = null;
      conflict.value = null;
      keep(next);
      if (hasMoved(next)) {
        taken.value = null;
        return true;
      }
      const canUndo = next.actions.some((one) => one.action === "undo" && one.can);
      taken.value = draft.action === "undo" || !canUndo ? null
        : { cases: [{ case_id: next.case_id, version: next.version }], words: `${next.title} · ${draft.title}`, until_ms: Date.now() + undo_shown_ms };
      return true;
    } catch (thrown) {
      const problem = asProblem(thrown);
      if (problem.code === "stale_version") await showConflict(page, draft, key, problem);
      else failure.value = problem;
      return false;
    } finally {
      isBusy.value = false;
    }
  }

  async function showConflict(page: CasePage, draft: Draft, key: string, problem: Problem) {
    const now = await take<CasePage>(server.GET("/v1/cases/{case_id}", { params: { path: { case_id: page.case_id } } }));
    conflict.value = { draft, key, problem, since: now.steps.filter((step) => step.step_no > page.version) };
    keep(now);
  }

  /** The same step on several cases, one after another; what fails is told, the rest stands. */
  async function sendAll(pages: { case_id: string; version: number }[], draft: Draft): Promise<{ case_id: string; problem: Problem }[]> {
    isBusy.value = true;
    failure.value = null;
    const done: Taken["cases"] = [];
    const failed: { case_id: string; problem: Problem }[] = [];
    for (const { case_id, version } of pages) {
      try {
        const next = await post(case_id, version, draft, newKey());
        keep(next);
        if (!hasMoved(next)) done.push({ case_id, version: next.version });
      } catch (thrown) {
        failed.push({ case_id, problem: asProblem(thrown) });
      }
    }
    if (done.length && draft.action !== "undo") taken.value = { cases: done, words: `${done.length} × ${draft.title}`, until_ms: Date.now() + undo_shown_ms };
    isBusy.value = false;
    return failed;
  }

  /** Takes back what was just done; without that, the last step of the open case where the server allows it. */
  async function undo(page: Readonly<Ref<CasePage | undefined>>, title: string): Promise<void> {
    const last = taken.value && taken.value.until_ms > Date.now() ? taken.value : null;
    const cases = last?.cases ?? (page.value ? [{ case_id: page.value.case_id, version: page.value.version }] : []);
    const failed = await sendAll(cases, draftOf("undo", title));
    taken.value = null;
    failure.value = failed[0]?.problem ?? null;
  }
  const drop = () => {
    conflict.value = null;
    failure.value = null;
  };
  return { isBusy, failure, conflict, send, sendAll, undo, drop };
}
