/** How the running city is. It has no event of its own: what fails may be the very thing that would tell, so it is asked again. */
import { useQuery } from "@tanstack/vue-query";

import { server, take } from "@/api/client";
import type { Schemas } from "@/api/wire";

export type HealthPage = Schemas["HealthPage"];
export type HealthPart = Schemas["HealthPart"];
const again_ms = 30_000;

export const useHealth = () =>
  useQuery({ queryKey: ["health"], refetchInterval: again_ms, networkMode: "always", queryFn: () => take<HealthPage>(server.GET("/v1/health")) });
