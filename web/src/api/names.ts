/** Names of organisations by id, for facts that carry only the id. */
import { useQuery } from "@tanstack/vue-query";
import { computed, toValue, type MaybeRefOrGetter as From } from "vue";

import { server, take } from "@/api/client";
import type { Rows } from "@/api/wire";
import { rowName } from "@/words";

export function useOrgNames(ids: From<unknown[]>) {
  const wanted = computed(() => [...new Set(toValue(ids).filter((id): id is string => typeof id === "string" && !!id))].sort());
  const { data } = useQuery({
    queryKey: ["entity.organisation", "names", wanted],
    enabled: computed(() => wanted.value.length > 0),
    staleTime: 600_000,
    queryFn: () => take<Rows>(server.GET("/v1/entities/{entity}", { params: { path: { entity: "organisation" }, query: { where: [`org_id:in:${wanted.value.join(",")}`], limit: wanted.value.length } } })),
  });
  return computed(() => new Map((data.value?.rows ?? []).map((row) => [String(row["org_id"]), rowName(row, "org_id")])));
}
