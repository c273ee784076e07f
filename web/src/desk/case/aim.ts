/** The point that was last chosen on the map beside the case, for the form that corrects its place. */
import { shallowRef } from "vue";

import type { LonLat } from "@/api/wire";

const decimals = 1e6;
export const aim = shallowRef<LonLat | null>(null);
export function aimAt(lon: number, lat: number): void {
  aim.value = [Math.round(lon * decimals) / decimals, Math.round(lat * decimals) / decimals];
}
