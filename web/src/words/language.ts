/** The reader's language: `?lang=`, else remembered, else the browser's, else Chinese. */
import { ref } from "vue";

import { remember, wish } from "@/design/appearance";

export type Language = "zh-CN" | "en";
const key = "huitian.lang";

function first(): Language {
  const asked = wish("lang", key, ["zh-CN", "zh", "en"]);
  if (asked) return asked === "en" ? "en" : "zh-CN";
  return navigator.language.toLowerCase().startsWith("en") ? "en" : "zh-CN";
}

export const language = ref<Language>(first());
document.documentElement.lang = language.value;

export function setLanguage(next: Language): void {
  language.value = next;
  document.documentElement.lang = next;
  remember(key, next);
}

/** Picks the text of the reader's language from `{zh, en}`. */
export function pick(text: { zh: string; en: string } | null | undefined): string {
  if (!text) return "";
  return language.value === "en" ? text.en || text.zh : text.zh || text.en;
}

/** Picks `stem_zh` or `stem_en` of a wire object: `said(layer, "title")`. */
export function said(source: object | null | undefined, stem: string): string {
  if (!source) return "";
  const fields = source as Record<string, unknown>;
  const [own, other] = language.value === "en" ? ["en", "zh"] : ["zh", "en"];
  return String(fields[`${stem}_${own}`] || fields[`${stem}_${other}`] || "");
}

/** An English name without the word for its level, where the place of the name says the level. */
export const shortName = (name: string): string => name.replace(/ (Subdistrict|Township|Town)$/, "").replace(/ Community(?= Grid )/, "");

/** A place's name: Chinese, or pinyin in English where there is one. */
export function placeName(place: { name: string; name_en?: string | null } | null | undefined): string {
  if (!place) return "";
  return language.value === "en" ? place.name_en || place.name : place.name;
}

/** In English the Chinese name of a place that is shown in pinyin: what stands on its signs. Empty elsewhere. */
export const signName = (place: { name: string; name_en?: string | null } | null | undefined): string =>
  language.value === "en" && place?.name_en && place.name_en !== place.name ? place.name : "";
