/** The wall without a hand: a tour through narrative and places, and rest after ten minutes. A touch ends both. */
import { onMounted, onUnmounted, ref } from "vue";

const rest_after_s = 10 * 60;
const default_s = 12;

interface Plan {
  /** What the tour shows, one after the other; asked for at each step, so that it follows what is there. */
  stops: () => (() => void)[];
  /** Back to the whole city and to now. */
  rest: () => void;
}

export function useTour(plan: Plan) {
  const isTouring = ref(false);
  const asked = new URLSearchParams(location.search);
  const every_s = Math.max(2, Number(asked.get("every")) || default_s);
  const rest_s = Math.max(2, Number(asked.get("rest")) || rest_after_s);
  let at = -1;
  let step: number | undefined;
  let rest: number | undefined;

  function next(): void {
    const stops = plan.stops();
    if (!stops.length) return;
    at = (at + 1) % stops.length;
    stops[at]!();
  }
  function start(): void {
    if (isTouring.value) return;
    plan.rest();
    isTouring.value = true;
    at = -1;
    next();
    step = window.setInterval(next, every_s * 1000);
  }
  function stop(): void {
    window.clearInterval(step);
    isTouring.value = false;
  }
  function waitForRest(): void {
    window.clearTimeout(rest);
    rest = window.setTimeout(() => {
      if (!isTouring.value) plan.rest();
      waitForRest();
    }, rest_s * 1000);
  }
  const isButton = (event: Event) => event.target instanceof Element && !!event.target.closest("[data-tour]");
  function touched(event: Event): void {
    waitForRest();
    if (isTouring.value && !isButton(event)) stop();
  }
  function onKey(event: KeyboardEvent): void {
    const isT = event.key.toLowerCase() === "t" && !event.ctrlKey && !event.metaKey && !event.altKey && !event.isComposing && !(event.target instanceof HTMLInputElement && event.target.type !== "range");
    const was = isTouring.value;
    touched(event);
    if (isT && !was) start();
  }
  onMounted(() => {
    document.addEventListener("keydown", onKey);
    document.addEventListener("pointerdown", touched);
    document.addEventListener("wheel", touched, { passive: true });
    waitForRest();
    if (asked.get("tour") === "1") start();
  });
  onUnmounted(() => {
    document.removeEventListener("keydown", onKey);
    document.removeEventListener("pointerdown", touched);
    document.removeEventListener("wheel", touched);
    window.clearInterval(step);
    window.clearTimeout(rest);
  });
  return { isTouring, toggle: () => (isTouring.value ? stop() : start()) };
}
