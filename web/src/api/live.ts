/** Live changes: one event stream a page. The browser reconnects and sends Last-Event-ID by itself. */
import type { QueryClient } from "@tanstack/vue-query";
import { computed, readonly, ref, shallowRef } from "vue";

export type Topic = "case" | "number" | "load" | "pack_stage";
export interface LiveEvent {
  topic: Topic;
  seq: number;
  payload: Record<string, unknown>;
}

/** Three missed heartbeats of 15 s: from then on the page says that it may be stale. */
const quiet_limit_ms = 45_000;

const heardAt = ref(Date.now());
const clockNow = ref(Date.now());
const isConnected = ref(false);
const isStarted = ref(false);
const last = shallowRef<LiveEvent | null>(null);
const listeners = new Set<(event: LiveEvent) => void>();

/** Figures of cases alone: those of people and buildings do not change by a case, and to count them takes longer. */
const case_figures = "figures of cases";
/** Which reads a topic makes old. A key matches by its first part. */
const makesOld: Record<Topic, string[]> = {
  case: ["case", "cases", case_figures, "layer.case", "entity.case", "place"],
  number: ["number"],
  pack_stage: ["panels", "packs"],
  load: ["load", "loads", "finding", "place", "places", "layer", "number", "entity"],
};

/** Lists are asked again at once. Figures are true as of a whole second: asked before that second is over, they would
 *  not yet hold what was just told. */
const soon_ms = 200;
const figure_ms = 1_100;
const answer_ms = 10_000;
const isFigure = (name: unknown) => name === "number" || name === "rows" || name === case_figures;

/** Whether what was answered counts cases; what does not say what it counts may do so. A forecast is of past hours. */
function isOfCases(key: readonly unknown[], answer: unknown): boolean {
  const first = (Array.isArray(answer) ? answer[0] : answer) as { entity?: string; number?: { entity?: string } } | undefined;
  const entity = first?.entity ?? first?.number?.entity;
  return key[1] !== "forecast" && (!entity || entity.startsWith("case"));
}

function begins(key: unknown, old: string[]): boolean {
  return typeof key === "string" && old.some((name) => key === name || key.startsWith(`${name}.`));
}

/** Opens the stream. A burst of events asks the server again once, not once per event. */
export function listen(queries: QueryClient, topics: Topic[] = ["case", "number", "load", "pack_stage"]): () => void {
  let source: EventSource | null = null;
  let retry: number | undefined;
  let wasRefused = false;
  const waiting = new Map<number, { timer: number; again: Set<string> }>();

  const askAgain = (names: string[]) => queries.invalidateQueries({ predicate: ({ queryKey, state }) => begins(queryKey[0], names) || (names.includes(case_figures) && isFigure(queryKey[0]) && isOfCases(queryKey, state.data)) });
  /** In a burst one question follows another's answer: asked at each event anew, none would ever be answered. */
  const refreshIn = (wait_ms: number, names: string[]) => {
    if (!names.length) return;
    const before = waiting.get(wait_ms);
    if (before) return names.forEach((name) => before.again.add(name));
    const again = new Set<string>();
    const timer = window.setTimeout(() => {
      // What does not answer in time does not hold up the rest.
      const late = new Promise((done) => window.setTimeout(done, answer_ms));
      void Promise.race([askAgain(names).catch(() => undefined), late]).then(() => {
        waiting.delete(wait_ms);
        if (isStarted.value) refreshIn(wait_ms, [...again]);
      });
    }, wait_ms);
    waiting.set(wait_ms, { timer, again });
  };
  const hear = (topic: Topic) => (message: MessageEvent<string>) => {
    heardAt.value = Date.now();
    const event: LiveEvent = { topic, seq: Number(message.lastEventId), payload: JSON.parse(message.data) };
    last.value = event;
    listeners.forEach((tell) => tell(event));
    refreshIn(soon_ms, makesOld[topic].filter((name) => !isFigure(name)));
    refreshIn(figure_ms, makesOld[topic].filter(isFigure));
  };
  const connect = () => {
    source = new EventSource(`/v1/stream?topics=${topics.join(",")}`);
    source.onopen = () => {
      // A stream that is new begins with what happens from now on: what was missed is only in the lists themselves.
      if (wasRefused) void queries.invalidateQueries();
      wasRefused = false;
      isConnected.value = true;
      heardAt.value = Date.now();
    };
    source.onerror = () => {
      isConnected.value = false;
      // The browser gives up for good after an HTTP error: then we try again ourselves.
      if (source?.readyState !== EventSource.CLOSED) return;
      wasRefused = true;
      retry = window.setTimeout(connect, 5_000);
    };
    for (const topic of topics) source.addEventListener(topic, hear(topic) as EventListener);
    // Too much was missed to be told one by one.
    source.addEventListener("reset", () => void queries.invalidateQueries());
    source.addEventListener("heartbeat", () => (heardAt.value = Date.now()));
  };

  isStarted.value = true;
  connect();
  // An open stream is no sign of life: a server that hangs keeps it open.
  const tick = window.setInterval(() => (clockNow.value = Date.now()), 5_000);
  return () => {
    window.clearInterval(tick);
    window.clearTimeout(retry);
    waiting.forEach(({ timer }) => window.clearTimeout(timer));
    source?.close();
    isStarted.value = false;
  };
}

export function useLive() {
  return {
    isConnected: readonly(isConnected),
    isStale: computed(() => isStarted.value && clockNow.value - heardAt.value > quiet_limit_ms),
    heardAt: readonly(heardAt),
    last,
    onEvent(tell: (event: LiveEvent) => void) {
      listeners.add(tell);
      return () => listeners.delete(tell);
    },
  };
}
