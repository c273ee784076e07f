/** What lies below open places of the tree: read by pages, as far as somebody looks or the chosen place lies. */
import { useQueryClient } from "@tanstack/vue-query";
import { shallowReactive, watch } from "vue";

import { server, take } from "@/api/client";
import { asProblem } from "@/api/problem";
import type { Place, PlaceList } from "@/api/wire";

/** As many as the server gives at once. */
const page_size = 1000;
export interface Below {
  items: Place[];
  /** Of the next page; undefined before the first, null after the last. */
  cursor: string | null | undefined;
  isReading: boolean;
  error: unknown;
}

export function useBelow(at: () => string | null, /** Changes when places were loaded anew. */ edition: () => unknown) {
  const queries = useQueryClient();
  const below = shallowReactive(new Map<string, Below>());
  let round = 0;

  async function read(parent: string): Promise<void> {
    const was = below.get(parent) ?? { items: [], cursor: undefined, isReading: false, error: null };
    if (was.isReading || was.cursor === null || was.error) return;
    const own = round;
    below.set(parent, { ...was, isReading: true });
    const query = { parent, at: at() ?? undefined, limit: page_size, cursor: was.cursor };
    try {
      const page = await queries.fetchQuery({ queryKey: ["places", "page", query], staleTime: 60_000, queryFn: () => take<PlaceList>(server.GET("/v1/places", { params: { query } })) });
      if (own !== round) return;
      below.set(parent, { items: [...was.items, ...page.items.filter((one) => one.parent_id === parent)], cursor: page.next_cursor ?? null, isReading: false, error: null });
    } catch (thrown) {
      if (own !== round) return;
      // Numbered anew between two pages: the list begins again.
      const isOld = was.cursor && asProblem(thrown).code === "invalid_input";
      below.set(parent, isOld ? { items: [], cursor: undefined, isReading: false, error: null } : { ...was, isReading: false, error: thrown });
      if (isOld) void read(parent);
    }
  }
  function again(parent: string): void {
    const was = below.get(parent);
    if (was) below.set(parent, { ...was, error: null });
    void read(parent);
  }
  watch([at, edition], () => {
    round += 1;
    below.clear();
  });
  return { below, read, again };
}
