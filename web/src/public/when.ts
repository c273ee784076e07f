/** An instant as a resident says it: "08:41", "昨 08:41", "11-17 08:41". */
import { t } from "@/words";
import { day, hour, moment } from "@/words/formats";

const day_ms = 86_400_000;

export function whenWords(at: string, now = Date.now()): string {
  return day(at) === day(now - day_ms) ? t("public.yesterday", { at: hour(at) }) : moment(at, now);
}
