/** From which zoom the layers of map panels are asked for, where their packs say so. */
import type { Panel } from "@/api/panel";

export const zoomsOf = (panels: Panel[]): Record<string, number> =>
  Object.fromEntries(panels.flatMap(({ query, map }) => (query?.layer_id && map?.from_zoom !== undefined ? [[query.layer_id, map.from_zoom]] : [])));
