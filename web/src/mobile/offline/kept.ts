/** What was read last stays readable without a network, with its as-of: my tasks, their pages, and what draws them. */
import { hashKey, type QueryClient } from "@tanstack/vue-query";

import type { CaseList, CasePage } from "@/api/case";
import { server, take } from "@/api/client";
import { onLeave } from "@/api/entry";
import type { BuildingPage } from "@/api/objects";
import { asProblem } from "@/api/problem";
import { lost } from "@/api/reach";
import { fetchSession } from "@/api/session";
import type { Session } from "@/api/wire";
import { all, boxOwner, clearBox, drop, lastUser, openBox, put } from "@/mobile/offline/box";
import { drain, forgetQueue, loadQueue } from "@/mobile/offline/queue";
import { openOwn, sealOthers } from "@/mobile/offline/sealed";

interface Kept {
  key: readonly unknown[];
  data: unknown;
  at: number;
}
/** First parts of the keys that are kept. Figures are not: without a network they could not be opened. */
const names = new Set(["session", "city", "panels", "categories", "cases", "case", "building", "layers"]);
/** Of the map what lies around a person's own tasks, not what was looked at far and wide. */
const widest_degrees = 0.05;
const most_layers = 16;
function isNear(key: readonly unknown[]): boolean {
  const box = key[1] as number[] | undefined;
  return Array.isArray(box) && box[2]! - box[0]! <= widest_degrees && !key[2];
}
const isLayer = (key: readonly unknown[]) => String(key[0]).startsWith("layer.");
const isKept = (key: readonly unknown[]) => (isLayer(key) ? isNear(key) : names.has(String(key[0])) && !(key[0] === "case" && key.length > 2));
const longest_ms = 3 * 86_400_000;
/** One read is not larger: a phone is no archive. */
const most_chars = 2_000_000;
const first_answer_ms = 8_000;
const most_ahead = 12;

/** How to reach a household, and which home a case is about, is never kept on a phone: a purpose is over before three days are. */
function without(key: readonly unknown[], data: unknown): unknown {
  if (key[0] === "building") {
    const page = data as BuildingPage;
    return { ...page, riser: null, dwellings: page.dwellings.map((home) => ({ ...home, n_cases: null, recent: {} })) };
  }
  if (key[0] !== "case") return data;
  const page = { ...(data as CasePage), home: null };
  return page.contact ? { ...page, contact: { name: null, phone: null, is_anonymous: page.contact.is_anonymous, is_left_out: true } } : page;
}

async function hydrate(queries: QueryClient, withSession: boolean): Promise<void> {
  const oldest = Date.now() - longest_ms;
  const found = await all<Kept>("reads");
  const layers = found.filter(({ key }) => isLayer(key)).sort((a, b) => b.at - a.at);
  const over = new Set(layers.slice(most_layers));
  for (const one of found) {
    const { key, data, at } = one;
    if (at <= oldest || over.has(one)) await drop("reads", hashKey(key));
    else if (withSession || key[0] !== "session") {
      queries.setQueryData([...key], data, { updatedAt: at });
      // Shown at once and asked for again: what happened while no page was open was told to nobody.
      await queries.invalidateQueries({ queryKey: [...key], exact: true, refetchType: "none" });
    }
  }
}

/** The pages of the first tasks are fetched ahead: who loses the network on the way can still read them. */
async function fetchAhead(queries: QueryClient, list: CaseList): Promise<void> {
  for (const row of list.items.slice(0, most_ahead)) {
    const known = queries.getQueryData<CasePage>(["case", row.case_id]);
    if (known && known.version >= row.version) continue;
    try {
      await queries.fetchQuery({ queryKey: ["case", row.case_id], retry: false, queryFn: () => take<CasePage>(server.GET("/v1/cases/{case_id}", { params: { path: { case_id: row.case_id } } })) });
    } catch {
      return;
    }
  }
}

/** Somebody is here: what others left is sealed, their own is opened, and goes out. */
async function enter(queries: QueryClient, user_id: string): Promise<void> {
  forgetQueue();
  openBox(user_id);
  await loadQueue();
  await sealOthers(user_id);
  // Without a network there is no key: it is asked for again when the page is opened next.
  void openOwn(user_id).then(async (isOpened) => {
    if (isOpened) await loadQueue();
    void drain(queries);
  }, () => undefined);
}

/** Before the page is shown: who is here, and what this phone keeps of theirs. */
export async function prepare(queries: QueryClient): Promise<void> {
  // Who signs out takes everything with them; who is followed by another finds their unsent things again.
  onLeave(async (isHandedOver) => {
    if (isHandedOver) return;
    forgetQueue();
    await clearBox();
  });
  let session: Session | null = null;
  try {
    session = await Promise.race([fetchSession(), new Promise<never>((_, fail) => window.setTimeout(() => fail(new TypeError("slow")), first_answer_ms))]);
  } catch (thrown) {
    if (asProblem(thrown).status !== 0) return;
    lost();
  }
  const user_id = session ? (session.user?.user_id ?? null) : lastUser();
  try {
    if (user_id) {
      openBox(user_id);
      await hydrate(queries, session === null);
      if (session) await enter(queries, user_id);
      else await loadQueue();
    }
  } catch {
    // A private window keeps nothing: the page works as long as there is a network.
  }
  watchReads(queries);
  if (session) queries.setQueryData(["session"], session);
}

function watchReads(queries: QueryClient): void {
  const written = new Map<string, number>();
  queries.getQueryCache().subscribe((event) => {
    if (event.type !== "updated" || event.action.type !== "success") return;
    const { queryKey: key, queryHash, state } = event.query;
    if (!isKept(key) || written.get(queryHash) === state.dataUpdatedAt) return;
    written.set(queryHash, state.dataUpdatedAt);
    const user_id = key[0] === "session" ? (state.data as Session).user?.user_id : undefined;
    if (user_id && user_id !== boxOwner()) void enter(queries, user_id).catch(() => undefined);
    const kept: Kept = { key: JSON.parse(JSON.stringify(key)) as unknown[], data: without(key, state.data), at: state.dataUpdatedAt };
    const text = JSON.stringify(kept);
    if ((key[0] !== "session" || user_id) && text.length <= most_chars) put("reads", queryHash, JSON.parse(text)).catch(() => undefined);
    if (key[0] === "cases" && !event.action.manual) void fetchAhead(queries, state.data as CaseList);
  });
}
