/** The city's clock. A demo city may live at another instant than this machine: its offset is kept here. */
import { readonly, ref } from "vue";

let offset_ms = 0;
const tick = ref(Date.now());
window.setInterval(() => (tick.value = Date.now() + offset_ms), 1_000);

export function setCityNow(at: string): void {
  const difference = Date.parse(at) - Date.now();
  // Seconds of travel are not another clock.
  offset_ms = Math.abs(difference) > 5_000 ? difference : 0;
  tick.value = Date.now() + offset_ms;
}

/** Whether the city lives at another instant than this machine. */
export const isElsewhen = (): boolean => offset_ms !== 0;
/** Now, in milliseconds, once. */
export const now_ms = (): number => Date.now() + offset_ms;
/** Now, in milliseconds, ticking each second. */
export const useNow = () => readonly(tick);
