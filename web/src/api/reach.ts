/** Whether the server can be reached, as the last request found it. */
import { computed, readonly, ref } from "vue";

const lostAt = ref<number | null>(typeof navigator !== "undefined" && navigator.onLine === false ? Date.now() : null);

export function reached(): void {
  lostAt.value = null;
}
export function lost(): void {
  lostAt.value ??= Date.now();
}
export const useReach = () => ({ isOffline: computed(() => lostAt.value !== null), lostAt: readonly(lostAt) });
