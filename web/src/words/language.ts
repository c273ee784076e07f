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

/** A name without the name above it: "槐林雅居社区第2网格" below "槐林雅居社区" is "第2网格". */
export const ownName = (name: string, above?: string | null): string => (above && name.length > above.length && name.startsWith(above) ? name.slice(above.length).trim() : name);

/** A building below a place that is called as its estate: "茗屿新居4号楼" in "茗屿新居社区第2网格" is "4号楼", "Building 4, Mingyuxinju" is "Building 4". */
export function ownBuilding(name: string, above: string): string {
  const comma = name.lastIndexOf(", ");
  if (comma > 0) {
    const [estate, place] = [name.slice(comma + 2).split(" "), above.split(" ")];
    const rest = estate.slice(estate.findIndex((word, at) => word !== place[at]) >>> 0);
    return [name.slice(0, comma), rest.join(" ")].filter(Boolean).join(", ");
  }
  let same = 0;
  while (same < name.length && name[same] === above[same]) same += 1;
  // A number is not cut in two, nor is a word: "槐林大厦" in "槐林大街社区" stays whole.
  const said = name.slice(0, same).replace(/[\dA-Za-z]+$/, "");
  const rest = name.slice(said.length);
  return said.length > 1 && /^[\dA-Za-z]/.test(rest) ? rest : name;
}

/** A step of a path above a title: the order says which level it is, so English leaves the word out. */
export const crumbName = (name: string, above: string | undefined): string => ownName(name, above).replace(/ (Subdistrict|Township|Town|Community)$/, "");

/** "云溪街道 / 槐林雅居社区 / 槐林雅居社区第2网格" says a name twice: the part that is the one above is left out. */
export function shortPath(path: string | null): string | null {
  if (!path) return null;
  const names = path.split(" / ");
  return names.map((name, at) => ownName(name, names[at - 1])).join(" / ");
}

/** Several things in one line, and what follows a head, with the marks of the language. */
export const listed = (parts: readonly unknown[]): string => parts.join(language.value === "en" ? ", " : "、");
export const after = (head: string, rest: string): string => `${head}${language.value === "en" ? ": " : "："}${rest}`;

/** Whether a name says itself what level it is of: 鹿鸣街道, 茗屿新居社区第2网格. */
export const saysLevel = (name: string): boolean => /(市|区|县|街道|镇|乡|社区|村|网格)$/.test(name);

/** A place's name: Chinese, or pinyin in English where there is one. */
export function placeName(place: { name: string; name_en?: string | null } | null | undefined): string {
  if (!place) return "";
  return language.value === "en" ? place.name_en || place.name : place.name;
}

/** The name of a row of the city, `name_en` in English where it has one; its id where it has none at all. */
export const rowName = (row: Record<string, unknown> | null | undefined, id: string): string =>
  String((language.value === "en" ? row?.["name_en"] : null) || row?.["name"] || row?.[id] || "");

/** The column in which typed words are looked for: English names are looked for in English. */
export const nameColumn = (words: string): string => (language.value === "en" && /^[ -~]+$/.test(words) ? "name_en" : "name");

/** In English the Chinese name of a place that is shown in pinyin: what stands on its signs. Empty elsewhere. */
export const signName = (place: { name: string; name_en?: string | null } | null | undefined): string =>
  language.value === "en" && place?.name_en && place.name_en !== place.name ? place.name : "";
