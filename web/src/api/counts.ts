/** Rows of an entity counted by one or two columns, and the rows of one count. */
import { keepPreviousData, useQuery } from "@tanstack/vue-query";
import { computed, toValue, type MaybeRefOrGetter as From } from "vue";

import { server, take } from "@/api/client";
import type { Column } from "@/api/wire";

export interface CountCell {
  keys: (string | number | boolean | null)[];
  n: number;
}
export interface Counts {
  columns: Column[];
  cells: CountCell[];
  n_total: number;
  is_truncated: boolean;
  as_of: string;
}
export interface AskedCounts {
  by: string[];
  where?: string[];
  place?: string;
  at?: string;
}

export const useCounts = (entity: From<string>, ask: From<AskedCounts>) =>
  useQuery({
    queryKey: [computed(() => `entity.${toValue(entity)}`), "counts", ask],
    enabled: computed(() => !!toValue(entity)),
    placeholderData: keepPreviousData,
    queryFn: () => take<Counts>(server.GET("/v1/entities/{entity}/counts", { params: { path: { entity: toValue(entity) }, query: toValue(ask) } } as never)),
  });

/** The condition that holds for the rows of one key. */
export const keyIs = (column: string, key: CountCell["keys"][number]): string => (key === null ? `${column}:is_null` : `${column}:eq:${String(key)}`);
