/** Who is signed in. One query, shared by all components. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/vue-query";
import { computed } from "vue";

import { keepCsrf, server, take } from "@/api/client";
import type { Session } from "@/api/wire";

async function fetchSession(): Promise<Session> {
  const session = await take<Session>(server.GET("/v1/session"));
  keepCsrf(session.csrf);
  return session;
}

export function useSession() {
  const query = useQuery({ queryKey: ["session"], queryFn: fetchSession, staleTime: 60_000 });
  return {
    ...query,
    user: computed(() => query.data.value?.user ?? null),
    isDemo: computed(() => query.data.value?.is_demo ?? false),
    demoUsers: computed(() => query.data.value?.demo_users ?? []),
  };
}

/** Sign in and out. Everything read as somebody else is forgotten. */
export function useSignIn() {
  const queries = useQueryClient();
  const afresh = async () => {
    await queries.fetchQuery({ queryKey: ["session"], queryFn: fetchSession, staleTime: 0 });
    await queries.resetQueries({ predicate: (query) => query.queryKey[0] !== "session" });
  };
  const signIn = useMutation({
    mutationFn: (who: { user_name: string; password: string }) => take<Session>(server.POST("/v1/session", { body: who })),
    onSuccess: afresh,
  });
  const signOut = useMutation({ mutationFn: () => take<unknown>(server.DELETE("/v1/session")), onSuccess: afresh });
  return { signIn, signOut };
}
