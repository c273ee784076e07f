/** Packs by place: what is on where, how it is used, what is said of it. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/vue-query";
import { computed, toValue, type MaybeRefOrGetter as From } from "vue";

import { newKey, server, take } from "@/api/client";

export type Stage = "off" | "pilot" | "on";
export interface PackCard {
  pack_id: string;
  title_zh: string;
  title_en: string;
  summary_zh: string;
  summary_en: string;
  field: string;
  declared: Stage;
  is_built_in: boolean;
  n_panels: Record<string, number>;
  owner_name: string | null;
  owner_contact: string | null;
}
export interface PackCell {
  pack_id: string;
  stage: Stage;
  is_own: boolean;
  decided_in: string | null;
  decided_in_name: string | null;
  changed_by: string | null;
  changed_by_zh?: string | null;
  changed_at: string | null;
  n_shown: number;
  n_acted: number;
  n_feedback: number;
}
export interface PackPlace {
  place_id: string;
  name: string;
  name_en: string | null;
  level: string;
  n_children: number;
  cells: PackCell[];
}
export interface PackBoard {
  packs: PackCard[];
  places: PackPlace[];
  can_switch: boolean;
  as_of: string;
}
export interface RemarkList {
  pack: PackCard;
  items: { feedback_id: string; panel_id: string; panel_zh: string | null; panel_en: string | null; place_id: string | null; place_name: string | null; verdict: string; words: string | null; given_on: string }[];
  n_total: number;
  counts: Record<string, number>;
  days: { used_on: string; n_shown: number; n_acted: number }[];
  next_cursor: string | null;
}

export const usePackBoard = (place: From<string | null>) =>
  useQuery({
    queryKey: ["packs", place],
    queryFn: () => take<PackBoard>(server.GET("/v1/packs", { params: { query: { place: toValue(place) ?? undefined } } })),
  });

export function useSwitchPack(place: From<string | null>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (switched: { pack_id: string; place_id: string; stage: Stage | null }) =>
      take<PackBoard>(server.PUT("/v1/packs/{pack_id}/stage", {
        params: { path: { pack_id: switched.pack_id } }, body: { place_id: switched.place_id, stage: switched.stage },
      })),
    onSettled: () => Promise.all([queries.invalidateQueries({ queryKey: ["packs", toValue(place)] }), queries.invalidateQueries({ queryKey: ["panels"] })]),
  });
}

export const useRemarks = (pack_id: From<string>, place: From<string | null>) =>
  useQuery({
    queryKey: ["packs", "feedback", pack_id, place],
    enabled: computed(() => !!toValue(pack_id)),
    queryFn: () => take<RemarkList>(server.GET("/v1/packs/{pack_id}/feedback", {
      params: { path: { pack_id: toValue(pack_id) }, query: { place: toValue(place) ?? undefined } },
    })),
  });

export const verdicts = ["useful", "unclear", "wrong", "missing"] as const;
export type Verdict = (typeof verdicts)[number];

/** Says what one thinks of a panel; the same sent again is kept once, something else is a remark of its own. */
export function useRemark(pack_id: string, panel_id: string) {
  let idempotency_key = newKey();
  let tried = "";
  return useMutation({
    mutationFn: (said: { verdict: Verdict; words: string }) => {
      const now = JSON.stringify(said);
      if (tried && tried !== now) idempotency_key = newKey();
      tried = now;
      return take<unknown>(server.POST("/v1/packs/{pack_id}/feedback", { params: { path: { pack_id } }, body: { ...said, panel_id, idempotency_key } }));
    },
    onSuccess: () => {
      idempotency_key = newKey();
      tried = "";
    },
  });
}
