/** How often packs are used on this page: counted here, told to the server in one go, never who it was. */
import { server } from "@/api/client";

const wait_ms = 5_000;
const seen = new Set<string>();
const told = new Map<string, { n_shown: number; n_acted: number }>();
let timer = 0;

function count(pack_id: string, what: "n_shown" | "n_acted"): void {
  const uses = told.get(pack_id) ?? { n_shown: 0, n_acted: 0 };
  uses[what] += 1;
  told.set(pack_id, uses);
  timer ||= window.setTimeout(() => void send(), wait_ms);
}

async function send(isLeaving = false): Promise<void> {
  window.clearTimeout(timer);
  timer = 0;
  const uses = [...told].map(([pack_id, n]) => ({ pack_id, ...n }));
  told.clear();
  // A count that is lost is lost: sent again it might be counted twice.
  if (uses.length && navigator.onLine) await server.POST("/v1/pack-uses", { body: { uses }, keepalive: isLeaving }).catch(() => undefined);
}

window.addEventListener("pagehide", () => void send(true));

/** A panel of the pack stands on this page: counted once a page. */
export function countShown(pack_id: string): void {
  if (seen.has(pack_id)) return;
  seen.add(pack_id);
  count(pack_id, "n_shown");
}
/** Somebody opened a figure or sent a form of the pack. */
export const countActed = (pack_id: string): void => count(pack_id, "n_acted");
