/** What waits on the phone to be sent: steps and reports with their photos. Each goes out under the key it was made with. */
import type { QueryClient } from "@tanstack/vue-query";
import { computed, shallowRef } from "vue";

import { hasMoved, type CaseMoved, type CasePage, type CaseStep } from "@/api/case";
import { newKey, sendFile, server, take } from "@/api/client";
import type { components } from "@/api/generated/openapi";
import { asProblem, Problem, type ProblemBody } from "@/api/problem";
import { useReach } from "@/api/reach";
import { all, boxOwner, drop, get, put } from "@/mobile/offline/box";
import type { KeptPhoto } from "@/forms/photos";

type Schemas = components["schemas"];
interface Common {
  key: string;
  /** Who made it: it is never kept among another's things, nor sent under another's name. */
  owner: string;
  /** The action in words, and of what. */
  title: { zh: string; en: string };
  what: string;
  made_at: string;
  photos: KeptPhoto[];
  /** Bytes of photos that wait on this phone. */
  n_bytes: number;
  state: "waiting" | "sending" | "failed" | "conflict";
  problem: { body: ProblemBody; status: number } | null;
  /** Steps of others since this was made, while it is in conflict, and the version they led to. */
  since: CaseStep[];
  version_now: number | null;
}
export type Waiting = Common & (
  | { kind: "step"; case_id: string; n_before: number | null; body: Omit<Schemas["StepToTake"], "idempotency_key" | "file_ids"> }
  | { kind: "report"; body: Omit<Schemas["LetterForm"], "idempotency_key" | "file_ids"> }
);
/** Without what follows from its being new. */
export type NewWaiting<W = Waiting> = W extends Waiting ? Omit<W, "owner" | "made_at" | "state" | "problem" | "since" | "version_now" | "n_bytes"> : never;

const items = shallowRef<Waiting[]>([]);
const isDraining = shallowRef(false);
const byAge = (a: Waiting, b: Waiting) => a.made_at.localeCompare(b.made_at);

export async function loadQueue(): Promise<void> {
  const kept = await all<Waiting>("queue");
  // What was being sent when the page went away is sent again: the key makes it one.
  const owner = boxOwner() ?? "";
  items.value = kept.map((one) => ({ ...one, owner, state: one.state === "sending" ? ("waiting" as const) : one.state })).sort(byAge);
}
export const forgetQueue = () => (items.value = []);

async function keep(item: Waiting): Promise<void> {
  // Somebody else is here now: in its own box it stands as it was, and waits for its person.
  if (item.owner !== boxOwner()) return;
  items.value = [...items.value.filter((one) => one.key !== item.key), item].sort(byAge);
  await put("queue", item.key, JSON.parse(JSON.stringify(item)));
}
async function remove(item: Waiting): Promise<void> {
  if (item.owner !== boxOwner()) return;
  items.value = items.value.filter((one) => one.key !== item.key);
  await drop("queue", item.key);
  for (const photo of item.photos) if (photo.key) await drop("photos", photo.key);
}

/** Keeps one thing to be sent later. Throws where the phone cannot keep it: then it must not be said to be kept. */
export async function enqueue(item: NewWaiting): Promise<void> {
  let n_bytes = 0;
  for (const photo of item.photos) if (!photo.file_id && photo.key) n_bytes += (await get<Blob>("photos", photo.key))?.size ?? 0;
  await keep({ ...item, owner: boxOwner() ?? "", n_bytes, made_at: new Date().toISOString(), state: "waiting", problem: null, since: [], version_now: null } as Waiting);
}

async function sendPhotos(item: Waiting): Promise<string[]> {
  for (const photo of item.photos) {
    if (photo.file_id || !photo.key) continue;
    const blob = await get<Blob>("photos", photo.key);
    if (!blob) continue;
    photo.file_id = (await sendFile(blob, photo.name)).file_id;
    await keep(item);
  }
  return [...new Set(item.photos.flatMap((photo) => photo.file_id ?? []))];
}

async function post(item: Waiting, file_ids: string[]): Promise<CasePage | CaseMoved | null> {
  if (item.owner !== boxOwner()) throw new Problem({ code: "not_signed_in" }, 401);
  if (item.kind === "report") {
    await take(server.POST("/v1/cases", { body: { ...item.body, file_ids, idempotency_key: item.key } }));
    return null;
  }
  const facts = item.n_before !== null && file_ids.length ? { ...item.body.facts, n_before: item.n_before } : item.body.facts;
  return take<CasePage | CaseMoved>(server.POST("/v1/cases/{case_id}/steps", {
    params: { path: { case_id: item.case_id } }, body: { ...item.body, facts, file_ids, idempotency_key: item.key },
  }));
}

async function sendOne(item: Waiting, queries: QueryClient): Promise<boolean> {
  await keep({ ...item, state: "sending", problem: null });
  const now = items.value.find((one) => one.key === item.key);
  if (!now) return false;
  try {
    const page = await post(now, await sendPhotos(now));
    await remove(now);
    if (page && now.kind === "step") {
      if (!hasMoved(page)) queries.setQueryData(["case", now.case_id], page);
      // What follows on the same case was made on top of this step, not against it.
      for (const next of items.value)
        if (next.kind === "step" && next.case_id === now.case_id && next.body.expected_version === now.body.expected_version) await keep({ ...next, body: { ...next.body, expected_version: page.version } });
    }
    for (const name of ["case", "cases", "number", "rows"]) void queries.invalidateQueries({ queryKey: [name] });
    return true;
  } catch (thrown) {
    const problem = asProblem(thrown);
    const told = { body: problem.body, status: problem.status };
    // Without a network, or in a session that is over or another's, it waits for its person.
    if (problem.status === 0 || problem.status === 401 || problem.code === "csrf_missing") {
      await keep({ ...now, state: "waiting" });
      return false;
    }
    if (problem.code === "stale_version" && now.kind === "step") {
      const page = await take<CasePage>(server.GET("/v1/cases/{case_id}", { params: { path: { case_id: now.case_id } } })).catch(() => null);
      const since = page?.steps.filter((step) => step.step_no > (now.body.expected_version ?? 0)) ?? [];
      await keep({ ...now, state: "conflict", problem: told, since, version_now: page?.version ?? null });
    } else await keep({ ...now, state: "failed", problem: told });
    return true;
  }
}

/** Sends what waits, oldest first; stops where the network is gone again. */
export async function drain(queries: QueryClient): Promise<void> {
  if (isDraining.value) return;
  isDraining.value = true;
  try {
    for (;;) {
      const next = items.value.find((one) => one.state === "waiting");
      if (!next || !(await sendOne(next, queries))) return;
    }
  } catch {
    // the phone's own store failed: what waits stays where it is
  } finally {
    isDraining.value = false;
  }
}

export function useQueue() {
  const { isOffline } = useReach();
  return {
    items,
    isOffline,
    conflicts: computed(() => items.value.filter((one) => one.state === "conflict")),
    unsent: computed(() => items.value.filter((one) => one.state !== "conflict")),
    retry: (item: Waiting) => keep({ ...item, state: "waiting", problem: null }),
    remove,
    /** A person chose their own step over what others did since: it goes out on top of it, under its own key. */
    takeOurs: (item: Waiting & { kind: "step" }) =>
      keep({ ...item, state: "waiting", problem: null, body: { ...item.body, expected_version: item.version_now ?? item.body.expected_version } }),
    /** A person left it at what others did: what they had written goes into the log as a note. */
    async takeTheirs(item: Waiting & { kind: "step" }, words: string) {
      await keep({ ...item, key: newKey(), state: "waiting", problem: null, since: [], n_before: null,
        body: { action: "note", expected_version: item.version_now ?? item.body.expected_version, facts: {}, words: { note: words } } });
      items.value = items.value.filter((one) => one.key !== item.key);
      await drop("queue", item.key);
    },
  };
}
