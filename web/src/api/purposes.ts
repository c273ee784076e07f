/** Purposes: what may be stated before a person's data is seen, what is running, and what it opens. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/vue-query";
import { computed, toValue, type MaybeRefOrGetter as From } from "vue";

import { server, take } from "@/api/client";
import { useSession } from "@/api/session";
import type { Schemas } from "@/api/wire";

export type DeclaredPurpose = Schemas["DeclaredPurpose"];
export type PurposeTaken = Schemas["PurposeTaken"];
export type About = PurposeTaken["about"];
export type Home = Schemas["Home"];
export type AuditRow = Schemas["AuditRow"];
export interface AuditFilter { user?: string; act?: AuditRow["act"]; subject?: string; since?: string; until?: string }

/** What a purpose changes on the screen is read again when one is stated, ended or over. */
const touched = ["purposes", "home", "case", "cases", "rows"];
/** How long before the end the masks are asked for again; the server holds the end itself. */
const soon_ms = 500;

export function usePurposes() {
  const { user } = useSession();
  return useQuery({
    queryKey: ["purposes"], enabled: computed(() => !!user.value && user.value.lens !== "V1"),
    queryFn: () => take<Schemas["Purposes"]>(server.GET("/v1/purposes", {})),
    refetchInterval: (query) => {
      const ends = (query.state.data?.taken ?? []).map((one) => Date.parse(one.until_at) - Date.now() + soon_ms);
      return ends.length ? Math.max(1000, Math.min(...ends, 60_000)) : false;
    },
  });
}

export function useStatePurpose() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: Schemas["PurposeToTake"]) => take<PurposeTaken>(server.POST("/v1/purposes/taken", { body })),
    onSuccess: () => forget(queries),
  });
}

export function useEndPurpose() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (taking_id: string) => take<unknown>(server.DELETE("/v1/purposes/taken/{taking_id}", { params: { path: { taking_id } } })),
    onSuccess: () => forget(queries),
  });
}

export function forget(queries: ReturnType<typeof useQueryClient>) {
  return queries.invalidateQueries({ predicate: (query) => touched.includes(String(query.queryKey[0])) });
}

/** A home with its households; asked only while a purpose opens it. Nothing is kept when the sheet closes. */
export const useHome = (dwelling_id: From<string>, isOpen: From<boolean>) =>
  useQuery({
    queryKey: ["home", computed(() => toValue(dwelling_id))], enabled: computed(() => toValue(isOpen)), gcTime: 0, retry: false,
    refetchOnWindowFocus: false,
    queryFn: () => take<Home>(server.GET("/v1/homes/{dwelling_id}", { params: { path: { dwelling_id: toValue(dwelling_id) } } })),
  });

export const useHouseholdLooks = (before: From<number | undefined>) =>
  useQuery({
    queryKey: ["looks", computed(() => toValue(before))],
    queryFn: () => take<Schemas["HouseholdLooks"]>(server.GET("/v1/looks", { params: { query: { before: toValue(before) } } })),
  });

export const useAuditRows = (filter: From<AuditFilter>, before: From<number | undefined>) =>
  useQuery({
    queryKey: ["audit", computed(() => toValue(filter)), computed(() => toValue(before))],
    queryFn: () => take<Schemas["AuditRows"]>(server.GET("/v1/audit/rows", { params: { query: { ...(toValue(filter) as object), before: toValue(before) } } })),
  });

export const useAuditState = () =>
  useQuery({ queryKey: ["audit", "state"], queryFn: () => take<Schemas["AuditState"]>(server.GET("/v1/audit/state", {})) });
