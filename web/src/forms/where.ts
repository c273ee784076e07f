/** Where something is, as a form keeps it. */
import { t } from "@/words";
import { count } from "@/words/formats";

export interface Where {
  lon: number | null;
  lat: number | null;
  /** Radius of the device's position; null where it was not asked. */
  accuracy_m: number | null;
  place_id: string | null;
  building_id: string | null;
  /** Name of the chosen place or building. */
  title: string | null;
  address_note: string;
}
export interface FoundPlace {
  place_id?: string | null;
  building_id?: string | null;
  name: string;
  name_en?: string | null;
  level?: string;
  place_path?: string | null;
}
export const blankWhere = (): Where => ({ lon: null, lat: null, accuracy_m: null, place_id: null, building_id: null, title: null, address_note: "" });

export const isSomewhere = (where: Where): boolean => where.lon !== null || !!where.place_id || !!where.building_id || !!where.address_note.trim();

/** One line that says it, or "" where nothing is known. */
export function whereWords(where: Where): string {
  const parts = [where.title, where.lon !== null && where.accuracy_m ? t("forms.where.found", { m: count(where.accuracy_m) }) : null, where.address_note.trim()];
  return parts.filter(Boolean).join(" · ");
}

/** The fields of a letter or report that say where. */
export const whereFields = (where: Where) => ({
  lon: where.lon,
  lat: where.lat,
  place_id: where.place_id,
  building_id: where.building_id,
  address_note: where.address_note.trim() || null,
});
