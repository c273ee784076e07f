/** The strings of the screens, by key, in the reader's language. `t("cockpit.people")`. */
import { watch } from "vue";
import { createI18n } from "vue-i18n";

import en from "@/words/en";
import { after, crumbName, language, listed, nameColumn, ownBuilding, ownName, pick, placeName, rowName, said, saysLevel, setLanguage, shortName, shortPath, signName } from "@/words/language";
import zhCN from "@/words/zh-CN";

export const words = createI18n({
  legacy: false,
  locale: language.value,
  fallbackLocale: "zh-CN",
  messages: { "zh-CN": zhCN, en },
});
watch(language, (next) => (words.global.locale.value = next), { flush: "sync" });

const said_of = words.global.t as (key: string, facts: Record<string, unknown>, plural: number) => string;

/** The words of a key; of `one | many` the one where the fact `n` is 1. Also usable outside components; reactive where it is called in a template. */
export const t = (key: string, facts: Record<string, unknown> = {}): string => said_of(key, { ...facts }, String(facts["n"] ?? "1") === "1" ? 1 : 2);

/** Whether there are words for a key: for codes that come from the server. */
export const has = (key: string): boolean => words.global.te(key, "zh-CN");

/** Words for a server's code, or the code itself: `codeWords("state", "in_progress")`. */
export const codeWords = (group: string, code: string | null | undefined): string =>
  code ? (has(`${group}.${code}`) ? t(`${group}.${code}`) : code) : "";

export { after, crumbName, language, listed, nameColumn, ownBuilding, ownName, pick, placeName, rowName, said, saysLevel, setLanguage, shortName, shortPath, signName };
