/** The city's present instant, ticking; a machine with a wrong clock still counts down rightly. */
import { computed, onUnmounted, ref, type ComputedRef } from "vue";

import { useCity } from "@/api/reads";

const tick_ms = 1_000;

export function useNow(every_ms = tick_ms): ComputedRef<number> {
  const city = useCity();
  const own = ref(Date.now());
  const timer = window.setInterval(() => (own.value = Date.now()), every_ms);
  onUnmounted(() => window.clearInterval(timer));
  const ahead_ms = computed(() => {
    const { data, dataUpdatedAt } = city;
    return data.value ? Date.parse(data.value.now) - dataUpdatedAt.value : 0;
  });
  return computed(() => own.value + ahead_ms.value);
}
