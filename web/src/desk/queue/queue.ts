/** The queue as it is shown: rows keep their place while somebody points at them; what came meanwhile waits above. */
import { keepPreviousData, useInfiniteQuery } from "@tanstack/vue-query";
import { computed, shallowRef, watch, type Ref } from "vue";

import type { CaseList, CaseRow } from "@/api/case";
import { server, take } from "@/api/client";
import { inOrder, tabs, type Sort } from "@/desk/queue/tabs";

const page = 100;
const minute_ms = 60_000;

interface QueuePlan {
  tab: Readonly<Ref<string>>;
  sort: Readonly<Ref<Sort>>;
  owner: Readonly<Ref<string | null>>;
  /** What the list is narrowed to: a place, a category, words of the letter. */
  narrow: Readonly<Ref<{ place?: string; category?: string; q?: string }>>;
  /** Whether a hand is on the list: then nothing may move. */
  isHeld: Readonly<Ref<boolean>>;
  /** The open case: it stays where it is even after it left this tab. */
  openId: Readonly<Ref<string | null>>;
}

export interface Shown {
  row: CaseRow;
  /** It is no longer of this tab, and goes when the list is settled. */
  isGone: boolean;
  isNew: boolean;
}

export function useQueue(plan: QueuePlan) {
  const states = computed(() => tabs.find((tab) => tab.id === plan.tab.value)?.states ?? []);
  const sorted = computed(() => (plan.tab.value === "closed" ? "-closed_at" : plan.sort.value === "newest" ? "-reported_at" : "due_at"));
  const ask = computed(() => ({ state: states.value, sort: sorted.value, owner: plan.owner.value ?? undefined, ...plan.narrow.value, limit: page }));
  const query = useInfiniteQuery({
    queryKey: ["cases", "queue", ask],
    initialPageParam: undefined as string | undefined,
    placeholderData: keepPreviousData,
    refetchInterval: minute_ms,
    queryFn: ({ pageParam }) => take<CaseList>(server.GET("/v1/cases", { params: { query: { ...ask.value, cursor: pageParam } } })),
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  });

  const first = computed(() => query.data.value?.pages[0]);
  const asOf = computed(() => first.value?.as_of ?? new Date().toISOString());
  const counts = computed(() => first.value?.counts ?? {});
  const fresh = computed(() => {
    const rows = query.data.value?.pages.flatMap((one) => one.items) ?? [];
    return plan.tab.value === "closed" ? rows : inOrder(rows, plan.sort.value, Date.parse(asOf.value));
  });

  const shown = shallowRef<Shown[]>([]);
  const drawnFor = shallowRef("");
  /** How many the list had when it was settled. */
  const settledTotal = shallowRef(0);
  const newcomers = computed(() => {
    const known = new Set(shown.value.map((one) => one.row.case_id));
    const n = fresh.value.filter((row) => !known.has(row.case_id)).length;
    // More came than a page holds: then none that was known is left on it, and how many came is how much the list grew.
    return n && n === fresh.value.length ? Math.max(n, (first.value?.n_total ?? 0) - settledTotal.value) : n;
  });

  /** Of a row that is not in what was asked for: what newcomers only pushed off its end has not left the tab. */
  const hasLeft = (at: number) => !query.hasNextPage.value || at < fresh.value.length - newcomers.value;

  /** Takes the list as the server has it now. The open case stays at its place if it left the tab. */
  function settle(): void {
    const before = new Map(shown.value.map((one) => [one.row.case_id, one]));
    const next: Shown[] = fresh.value.map((row) => ({ row, isGone: false, isNew: before.size > 0 && !before.has(row.case_id) }));
    const open = plan.openId.value;
    const at = shown.value.findIndex((one) => one.row.case_id === open);
    if (open && at >= 0 && !fresh.value.some((row) => row.case_id === open)) next.splice(Math.min(at, next.length), 0, { ...shown.value[at]!, isGone: hasLeft(at), isNew: false });
    shown.value = next;
    settledTotal.value = first.value?.n_total ?? 0;
  }
  /** New contents in the old order. */
  function refreshInPlace(): void {
    const now = new Map(fresh.value.map((row) => [row.case_id, row]));
    shown.value = shown.value.map((one, at) => ({ row: now.get(one.row.case_id) ?? one.row, isGone: !now.has(one.row.case_id) && (one.isGone || hasLeft(at)), isNew: false }));
  }

  watch([fresh, ask], () => {
    const key = JSON.stringify(ask.value);
    // While the rows of another tab are still shown in its place, there is nothing to take.
    if (!query.data.value || query.isPlaceholderData.value) return;
    if (drawnFor.value !== key) {
      drawnFor.value = key;
      shown.value = fresh.value.map((row) => ({ row, isGone: false, isNew: false }));
      settledTotal.value = first.value?.n_total ?? 0;
    } else if (plan.isHeld.value) refreshInPlace();
    else settle();
  }, { immediate: true });
  watch(plan.openId, () => !plan.isHeld.value && settle());

  return { query, shown, counts, newcomers, settle, asOf, total: computed(() => first.value?.n_total ?? null), searched: computed(() => (first.value?.is_whole === false ? first.value.n_searched ?? null : null)) };
}
