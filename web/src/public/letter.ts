/** A letter as its writer sees it: what is sent, what comes back, and how it is asked for. */
import { useQuery } from "@tanstack/vue-query";
import { computed, toValue, type MaybeRefOrGetter as From } from "vue";

import { server, take } from "@/api/client";
import type { components } from "@/api/generated/openapi";
import { Problem, asProblem } from "@/api/problem";
import { tabFact } from "@/forms/draft";
import type { FoundPlace } from "@/forms/where";
import { language, t } from "@/words";

type Wire = components["schemas"];
export type Receipt = Wire["LetterReceipt"];
export type LadderLevel = Wire["LadderStep"];
export type PublicStep = Wire["PublicStep"];
/** Who took a step, in the reader's language. */
export const orgOf = (step: PublicStep): string => (language.value === "en" ? step.org_name_en : null) || step.org_name || "";
export type Letter = Wire["LetterFollowed"];
export type Satisfied = NonNullable<Letter["satisfied"]>;
export type Solved = NonNullable<Letter["solved"]>;

/** The code of a letter stays in this tab: it is never part of an address that can be passed on. */
export const keptCode = (case_no: string) => tabFact.get(`letter.${case_no}`) ?? "";
export const keepCode = (case_no: string, code: string) => tabFact.set(`letter.${case_no}`, code);

/** "No such letter" and "wrong code" are one answer: said as the resident meets it. */
const forResidents = (problem: Problem): Problem =>
  problem.status === 404 ? new Problem({ ...problem.body, detail: t("public.follow.not_found"), detail_zh: undefined, detail_en: undefined, what_to_do: t("public.follow.not_found_do"), what_to_do_zh: undefined, what_to_do_en: undefined }, 404) : problem;

const half_minute_ms = 30_000;
export const useLetter = (case_no: From<string>, code: From<string>) =>
  useQuery({
    queryKey: computed(() => ["letter", toValue(case_no), toValue(code)]),
    enabled: computed(() => !!toValue(case_no) && !!toValue(code)),
    queryFn: async () => {
      try {
        return await take<Letter>(server.GET("/v1/letters/{case_no}", { params: { path: { case_no: toValue(case_no) }, header: { "X-Follow-Code": encodeURIComponent(toValue(code)) } } }));
      } catch (thrown) {
        throw forResidents(asProblem(thrown));
      }
    },
    // The public has no stream: an open letter looks again by itself.
    refetchInterval: (query) => (query.state.data ? half_minute_ms : false),
  });

export async function findPublicPlaces(words: string): Promise<FoundPlace[]> {
  const { items } = await take<Wire["PublicPlaceList"]>(server.GET("/v1/public/places", { params: { query: { q: words, limit: 8 } } }));
  return items.map((place) => ({ ...place, place_path: place.path.slice(0, -1).join(" / ") || null }));
}

export const sendLetter = (body: Wire["LetterForm"]) => take<Receipt>(server.POST("/v1/letters", { body }));
export const sendRating = (case_no: string, body: Wire["RatingForm"]) =>
  take<Letter>(server.POST("/v1/letters/{case_no}/rating", { params: { path: { case_no } }, body }));
