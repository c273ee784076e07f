/** Starts one end: its dress, its words, its cache of reads, and the page inside the shell. */
import { QueryClient, VueQueryPlugin } from "@tanstack/vue-query";
import { createApp, h, watch, type App, type Component } from "vue";
import type { Router } from "vue-router";

import { onLeave } from "@/api/entry";
import { listen } from "@/api/live";
import { asProblem } from "@/api/problem";
import "@/design/tokens.css";
import "@/design/base.css";
import { dress, type Density, type Theme } from "@/design/appearance";
import { forgetDrafts } from "@/forms/draft";
import EndShell from "@/shell/EndShell.vue";
import { language, words } from "@/words";

export interface EndPlan {
  end: "landing" | "cockpit" | "desk" | "mobile" | "public";
  density: Density;
  theme: Theme;
  /** An open end needs no session and opens no stream. */
  isOpen: boolean;
  router?: Router;
  /** Reads what is kept on the device before the page is shown. An end that has it asks also without a network, and says so. */
  prepare?: (queries: QueryClient) => Promise<void>;
}

function makeQueries(plan: EndPlan): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 15_000,
        refetchOnWindowFocus: false,
        ...(plan.prepare ? { networkMode: "always" as const, refetchOnReconnect: true } : {}),
        // A refusal is an answer: only a lost connection or a server fault is asked again.
        retry: (times, thrown) => {
          const { status } = asProblem(thrown);
          return times < 2 && (status === 0 || status >= 500);
        },
      },
    },
  });
}

export function startEnd(plan: EndPlan, page: Component): App {
  dress(plan.end, plan.density, plan.theme);
  const queries = makeQueries(plan);
  onLeave(forgetDrafts);
  const app = createApp({
    name: `End-${plan.end}`,
    render: () => h(EndShell, { isOpen: plan.isOpen, end: plan.end, onEntered: enter }, { default: () => h(page) }),
  });
  watch(language, () => void queries.invalidateQueries());
  let isListening = false;
  function enter(): void {
    if (plan.isOpen || isListening) return;
    isListening = true;
    const stop = listen(queries);
    window.addEventListener("pagehide", stop, { once: true });
  }
  app.use(words).use(VueQueryPlugin, { queryClient: queries });
  if (plan.router) app.use(plan.router);
  void (plan.prepare?.(queries) ?? Promise.resolve()).finally(() => app.mount("#app"));
  return app;
}
