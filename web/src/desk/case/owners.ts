/** Suggested owners of a case, and the one that is picked for it. */
import { useQuery } from "@tanstack/vue-query";
import { computed, reactive, toValue, type MaybeRefOrGetter as From } from "vue";

import type { OwnerSuggestion } from "@/api/case";
import { server, take } from "@/api/client";

interface OwnerList {
  items: OwnerSuggestion[];
  as_of: string;
}
/** A version of a case has one answer: the key changes with it, so the live topics need not. */
export const useOwners = (case_id: From<string>, version: From<number>, isAsked: From<boolean>) =>
  useQuery({
    queryKey: ["owners", computed(() => toValue(case_id)), computed(() => toValue(version))],
    enabled: computed(() => toValue(isAsked)),
    staleTime: 300_000,
    queryFn: () => take<OwnerList>(server.GET("/v1/cases/{case_id}/owners", { params: { path: { case_id: toValue(case_id) } } })),
  });

/** Below this a person decides: nobody is preselected. */
export const least_confidence = 0.5;

/** The four parts in the order they are stacked, with what each adds to the score. */
export const parts_order = ["category", "area", "past", "load"] as const;
export const sharesOf = (owner: OwnerSuggestion) =>
  parts_order.map((part) => ({ part, raw: owner.parts[part] ?? 0, weight: owner.weights[part] ?? 0, share: (owner.parts[part] ?? 0) * (owner.weights[part] ?? 0) }));

export interface Picked {
  org_id: string;
  name: string;
  isSuggested: boolean;
}
const picked = reactive(new Map<string, Picked>());
export const pickOwner = (case_id: string, owner: Picked) => picked.set(case_id, owner);
export const pickedOwner = (case_id: string): Picked | undefined => picked.get(case_id);
