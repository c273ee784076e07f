/** After a change of page the focus goes to its content, as it would after a load: readers and keys start there. */
import { nextTick } from "vue";
import type { Router } from "vue-router";

export function focusAfterChange(router: Router): Router {
  router.afterEach((to, from) => {
    if (!from.matched.length || to.path === from.path) return;
    void nextTick(() => {
      const main = document.getElementById("main");
      main?.setAttribute("tabindex", "-1");
      main?.focus({ preventScroll: true });
    });
  });
  return router;
}
