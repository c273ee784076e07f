/** The place and instant a page speaks of. Figures and panels below take it unless told otherwise. */
import { computed, inject, provide, toValue, type InjectionKey, type MaybeRefOrGetter, type Ref } from "vue";

export interface Scope {
  place_id: string | null;
  /** null is now. */
  at: string | null;
}
const key: InjectionKey<Readonly<Ref<Scope>>> = Symbol("scope");

export function provideScope(scope: MaybeRefOrGetter<Scope>): void {
  provide(key, computed(() => toValue(scope)));
}

export function useScope(): Readonly<Ref<Scope>> {
  return inject(key, computed(() => ({ place_id: null, at: null })));
}
