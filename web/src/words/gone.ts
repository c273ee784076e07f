/** What of a case was erased, in words: on request, or because its time to be kept is over. */
import { t } from "@/words";
import { moment } from "@/words/formats";

export interface Gone {
  gone_at: string;
  cause: "request" | "retention";
}
export type Part = "words" | "contact" | "photos";
/** Null is there still, or never was. */
export type CaseGone = Partial<Record<Part, Gone | null>>;

const PARTS: Part[] = ["words", "contact", "photos"];

/** "Photos: erased on request, 3 May 10:00"; empty where it is not gone. */
export function goneWords(gone: CaseGone | undefined, part: Part): string {
  const one = gone?.[part];
  return one ? t(`gone.${one.cause}`, { what: t(`gone.${part}`), at: moment(one.gone_at) }) : "";
}

/** One line a part that is gone; what went together stands in one line. */
export function goneLines(gone: CaseGone | undefined): string[] {
  const lines = new Map<string, { one: Gone; parts: string[] }>();
  for (const part of PARTS) {
    const one = gone?.[part];
    if (!one) continue;
    const key = `${one.cause} ${one.gone_at}`;
    const line = lines.get(key) ?? { one, parts: [] };
    line.parts.push(t(`gone.${part}`));
    lines.set(key, line);
  }
  return [...lines.values()].map(({ one, parts }) => t(`gone.${one.cause}`, { what: parts.join(t("gone.and")), at: moment(one.gone_at) }));
}
