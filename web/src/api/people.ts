/** Accounts and grants: who may see and do what where, until when. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/vue-query";
import { toValue, type MaybeRefOrGetter as From } from "vue";

import { server, take } from "@/api/client";
import type { components } from "@/api/generated/openapi";
import { codeWords, said } from "@/words";

export type GrantCard = components["schemas"]["GrantCard"];
export type UserCard = components["schemas"]["UserCard"];
export type UserList = components["schemas"]["UserList"];
export type OwnGrants = components["schemas"]["OwnGrants"];
export type RoleCard = components["schemas"]["RoleCard"];
export type NewGrant = components["schemas"]["NewGrant"];

export const useUsers = (find: From<string>, isAllowed: From<boolean>) =>
  useQuery({
    queryKey: ["people", "users", find],
    enabled: isAllowed,
    queryFn: () => take<UserList>(server.GET("/v1/users", { params: { query: { find: toValue(find) || undefined } } })),
  });

export const useOwnGrants = () =>
  useQuery({ queryKey: ["people", "own"], queryFn: () => take<OwnGrants>(server.GET("/v1/grants")) });

/** What roles are called in this city, by their codes: it may have some of its own. */
export function useRoleNames(): (code: string) => string {
  const { data } = useOwnGrants();
  return (code) => said(data.value?.roles.find((one) => one.role === code), "title") || codeWords("role", code);
}

/** Picks the grants that this session acts under; everything read under the others is read anew. */
export function useActing() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (acting: string) => take<unknown>(server.PUT("/v1/session/acting", { body: { acting } })),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ["session"] });
      await queries.resetQueries({ predicate: (query) => query.queryKey[0] !== "session" });
    },
  });
}

/** Gives, passes on, changes and takes back; what was read of people is read anew, also after a refusal. */
export function useGranting() {
  const queries = useQueryClient();
  const onSettled = () => queries.invalidateQueries({ queryKey: ["people"] });
  return {
    give: useMutation({
      mutationFn: ({ from, body }: { from: string | null; body: NewGrant }) =>
        take<GrantCard>(from
          ? server.POST("/v1/grants/{grant_id}/delegations", { params: { path: { grant_id: from } }, body })
          : server.POST("/v1/grants", { body })),
      onSettled,
    }),
    change: useMutation({
      mutationFn: ({ grant, expires_at, purpose }: { grant: GrantCard; expires_at: string | null; purpose: string | null }) =>
        take<GrantCard>(server.PUT("/v1/grants/{grant_id}", {
          params: { path: { grant_id: grant.grant_id } }, body: { expected_version: grant.version, expires_at, purpose },
        })),
      onSettled,
    }),
    revoke: useMutation({
      mutationFn: (grant: GrantCard) =>
        take<GrantCard>(server.POST("/v1/grants/{grant_id}/revocation", {
          params: { path: { grant_id: grant.grant_id } }, body: { expected_version: grant.version },
        })),
      onSettled,
    }),
  };
}
