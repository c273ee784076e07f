/** Who is signed in. One query, shared by all components. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/vue-query";
import { computed } from "vue";

import { keepCsrf, server, take } from "@/api/client";
import { forgetPerson, leaveEntry, somebodyWorks } from "@/api/entry";
import type { Session, User } from "@/api/wire";
import { codeWords, said } from "@/words";

export async function fetchSession(): Promise<Session> {
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
    isOidc: computed(() => query.data.value?.is_oidc ?? false),
  };
}

/** What a role is called in this city: it may have roles of its own. */
export const roleTitle = (user: User | null): string => {
  const acting = user?.sets.find((one) => one.key === user.acting);
  return said({ title_zh: acting?.role_zh, title_en: acting?.role_en }, "title") || codeWords("role", user?.role);
};

/** Sign in and out. Everything read as somebody else is forgotten; who comes back as themselves goes on where they were. */
export function useSignIn() {
  const queries = useQueryClient();
  const afresh = async () => {
    const before = lastId;
    const session = await queries.fetchQuery({ queryKey: ["session"], queryFn: fetchSession, staleTime: 0 });
    const isOther = (session.user?.user_id ?? null) !== before;
    if (isOther && before !== null) await forgetPerson(session.user !== null);
    lastId = session.user?.user_id ?? null;
    const rest = { predicate: (query: { queryKey: readonly unknown[] }) => query.queryKey[0] !== "session" };
    somebodyWorks(session.user !== null);
    leaveEntry(session.user !== null && !isOther);
    await (isOther ? queries.resetQueries(rest) : queries.invalidateQueries(rest));
  };
  const signIn = useMutation({
    mutationFn: (given: { user_name: string; password: string }) => take<Session>(server.POST("/v1/session", { body: given })),
    onSuccess: afresh,
  });
  const signOut = useMutation({
    mutationFn: () => take<unknown>(server.DELETE("/v1/session")),
    onSuccess: () => {
      isOut = true;
      return afresh();
    },
  });
  return { signIn, signOut };
}

/** Who was here last, also when the session has ended by itself. */
let lastId: string | null = null;
let isOut = false;
export function sawUser(user_id: string | null): void {
  if (user_id === null) return;
  lastId = user_id;
  isOut = false;
}
/** Whether somebody was here and did not sign out themselves: their page stays below the sign-in. */
export const endedByItself = (): boolean => lastId !== null && !isOut;
