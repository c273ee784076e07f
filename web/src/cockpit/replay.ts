/** Replay: a handle on the axis that sets the instant of the whole wall, by hand, by key or by itself. */
import { useIsFetching } from "@tanstack/vue-query";
import { computed, onMounted, onUnmounted, ref, watch, type Ref } from "vue";

import type { SeriesPoint } from "@/api/wire";
import { instantOf } from "@/panels/figure";

/** Half a second a step (design §8), or longer where the numbers of a step take longer: they go with the handle. */
const step_ms = 500;
const hand_rests_ms = 150;
/** Where a replay begins when it is started at the end. */
const first_back = 72;
const moves = (key: unknown) => key === "number" || key === "rows" || String(key).startsWith("layer");

export function useReplay(axis: Readonly<Ref<SeriesPoint[]>>, at: Ref<string | null>) {
  const handle = ref<number | null>(null);
  const isPlaying = ref(false);
  const last = computed(() => Math.max(0, axis.value.length - 1));
  const place = computed(() => Math.min(last.value, handle.value ?? last.value));
  const fetching = useIsFetching({ predicate: (query) => moves(query.queryKey[0]) });

  function go(to: number | null): void {
    handle.value = to === null || to >= last.value ? null : Math.max(0, to);
    if (handle.value === null) isPlaying.value = false;
  }
  let waiting: number | undefined;
  watch(handle, (to) => {
    window.clearTimeout(waiting);
    waiting = window.setTimeout(() => (at.value = to === null ? null : instantOf(axis.value[to]!)), isPlaying.value ? 0 : hand_rests_ms);
  });
  // An axis that moves on by an hour keeps the instant that is looked at.
  watch(() => axis.value[0]?.from_at, () => {
    if (handle.value === null || !at.value) return;
    const found = axis.value.findIndex((point) => instantOf(point) === at.value);
    handle.value = found < 0 ? null : found;
  });
  // Somebody else set the wall back to live: the tour, or rest.
  watch(at, (now) => {
    if (now === null && handle.value !== null) go(null);
  });

  let timer: number | undefined;
  watch(isPlaying, (plays) => {
    window.clearInterval(timer);
    if (!plays) return;
    if (handle.value === null) handle.value = Math.max(0, last.value - first_back);
    timer = window.setInterval(() => {
      if (!fetching.value) go(place.value + 1);
    }, step_ms);
  });
  function onKey(event: KeyboardEvent) {
    const { target } = event;
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const isRange = target instanceof HTMLInputElement && target.type === "range";
    const isFree = target === document.body || isRange;
    if (target instanceof HTMLInputElement && !isRange) return;
    if (event.key.toLowerCase() === "l") go(null);
    else if (event.key === " " && isFree) isPlaying.value = !isPlaying.value;
    else if ((event.key === "ArrowLeft" || event.key === "ArrowRight") && isFree) go(place.value + (event.key === "ArrowLeft" ? -1 : 1));
    else return;
    event.preventDefault();
  }
  onMounted(() => document.addEventListener("keydown", onKey));
  onUnmounted(() => {
    document.removeEventListener("keydown", onKey);
    window.clearInterval(timer);
    window.clearTimeout(waiting);
  });
  return { place, last, isPlaying, go };
}
