/** What the top bar says of the page: its title, what stands beside it, and the way to it. */
import { computed, onUnmounted, shallowRef, watchEffect } from "vue";

export interface Crumb {
  title: string;
  to?: string;
}
export interface Heading {
  title: string;
  note?: string;
  crumbs?: Crumb[];
}
const current = shallowRef<Heading>({ title: "" });

export function useHeading(heading: () => Heading): void {
  const stop = watchEffect(() => (current.value = heading()));
  onUnmounted(stop);
}

export const shownHeading = computed(() => current.value);
