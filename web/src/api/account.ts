/** One's own account: open sessions, tokens for programs, the password. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/vue-query";

import { server, take } from "@/api/client";
import type { Schemas } from "@/api/wire";

export type OpenSession = Schemas["SessionShown"];
export type Token = Schemas["TokenShown"];
export type TokenMade = Schemas["TokenMade"];
export type TokenWanted = Schemas["TokenWanted"];

export const useAccount = () =>
  useQuery({ queryKey: ["account"], queryFn: () => take<Schemas["Account"]>(server.GET("/v1/account", {})) });
export const useOpenSessions = () =>
  useQuery({ queryKey: ["account", "sessions"], queryFn: () => take<OpenSession[]>(server.GET("/v1/sessions", {})) });
export const useTokens = () =>
  useQuery({ queryKey: ["account", "tokens"], queryFn: () => take<Token[]>(server.GET("/v1/tokens", {})) });

/** Ends sessions; the list is read anew, also after a refusal. */
export function useEnding() {
  const queries = useQueryClient();
  const onSettled = () => queries.invalidateQueries({ queryKey: ["account", "sessions"] });
  return {
    endOne: useMutation({
      mutationFn: (session_id: string) => take<unknown>(server.DELETE("/v1/sessions/{session_id}", { params: { path: { session_id } } })),
      onSettled,
    }),
    endOthers: useMutation({
      mutationFn: () => take<Schemas["SessionsEnded"]>(server.DELETE("/v1/sessions", { params: { query: { keep_this: true } } })),
      onSettled,
    }),
  };
}

/** Makes and revokes tokens. What was made is not kept in any cache: it is shown once. */
export function useTokenWork() {
  const queries = useQueryClient();
  const onSettled = () => queries.invalidateQueries({ queryKey: ["account", "tokens"] });
  return {
    make: useMutation({ mutationFn: (body: TokenWanted) => take<TokenMade>(server.POST("/v1/tokens", { body })), onSettled, gcTime: 0 }),
    revoke: useMutation({
      mutationFn: (token_id: string) => take<unknown>(server.DELETE("/v1/tokens/{token_id}", { params: { path: { token_id } } })),
      onSettled,
    }),
  };
}

export function useNewPassword() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: Schemas["PasswordChange"]) => take<unknown>(server.POST("/v1/password", { body })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["account", "sessions"] }),
    gcTime: 0,
  });
}
