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

/** The case or building that a page is about, for panels that act on it or draw it. */
export interface Subject {
  case_id?: string | null;
  building_id?: string | null;
}
const subjectKey: InjectionKey<Readonly<Ref<Subject>>> = Symbol("subject");

export function provideSubject(subject: MaybeRefOrGetter<Subject>): void {
  provide(subjectKey, computed(() => toValue(subject)));
}

export function useSubject(): Readonly<Ref<Subject>> {
  return inject(subjectKey, computed(() => ({})));
}
