/** What is chosen in the 爬楼图 in one sentence: what it is, what its homes have in common, what the others have. */
import type { BuildingPage, Dwelling, Riser } from "@/api/objects";
import { nRecent, type Theme } from "@/panels/floors/matrix";
import { listed, t } from "@/words";
import { count } from "@/words/formats";

type TitleOf = (code: string | null, otherwise?: string | null) => string;
const states = ["resident", "let", "vacant", "business", "unverified"] as const;
const stateOf = (home: Dwelling) => home.occupancy ?? "unverified";
const has = (home: Dwelling, code: string) => (code ? (home.recent?.[code] ?? 0) > 0 : nRecent(home) > 0);

export const stateWords = (home: Dwelling, theme: Theme): string => (theme === "cases" && home.n_cases !== null
  ? t("desk.matrix.cell_cases", { n: count(nRecent(home)), open: count(home.n_cases) }) : t(`desk.occupancy.${stateOf(home)}`));

/** Cases of a home by category: 供暖 2. */
export const recentWords = (home: Dwelling, titleOf: TitleOf): string =>
  listed(Object.entries(home.recent ?? {}).map(([code, n]) => `${titleOf(code, t("desk.case.unclassified"))} ${count(n)}`));

const occupancyWords = (homes: Dwelling[]) =>
  listed(states.map((state) => ({ state, n: homes.filter((home) => stateOf(home) === state).length })).filter((one) => one.n > 0).map((one) => `${t(`desk.occupancy.${one.state}`)} ${count(one.n)}`));

/** The category that most of these homes have; "" where none has any. */
function commonOf(homes: Dwelling[]): string {
  const codes = new Set(homes.flatMap((home) => Object.keys(home.recent ?? {})).filter(Boolean));
  return [...codes].sort((a, b) => homes.filter((home) => has(home, b)).length - homes.filter((home) => has(home, a)).length || a.localeCompare(b))[0] ?? "";
}

export function chosenWords(building: BuildingPage, name: string, homes: Dwelling[], theme: Theme, titleOf: TitleOf): string {
  const [home] = homes;
  if (!home) return "";
  if (theme === "occupancy") return t("desk.matrix.chosen", { name, n: count(homes.length), parts: occupancyWords(homes) });
  if (homes.length === 1) return t("desk.matrix.chosen_home", { name, state: t(`desk.occupancy.${stateOf(home)}`), h: count(building.recent_h), cases: recentWords(home, titleOf) || "0", open: count(home.n_cases ?? 0) });
  const code = commonOf(homes);
  const others = building.dwellings.filter((one) => !homes.includes(one));
  return t("desk.matrix.chosen_cases", {
    name, n: count(homes.length), h: count(building.recent_h), category: code ? titleOf(code, code) : t("desk.matrix.any"), own: count(homes.filter((one) => has(one, code)).length),
    others: count(others.length), rest: count(others.filter((one) => has(one, code)).length),
  });
}

export const homesOf = (building: BuildingPage, riser: Riser): Dwelling[] => building.dwellings.filter((home) => riser.dwelling_ids.includes(home.dwelling_id));

/** 2 单元 02 立管，9–15 层. */
export function riserName(building: BuildingPage, riser: Riser): string {
  const floors = homesOf(building, riser).map((home) => home.floor_no ?? 0);
  return t("desk.matrix.riser_floors", { riser: t("desk.matrix.riser", { unit: riser.unit_no, room: riser.room }), from: floorWords(Math.min(...floors)), to: floorWords(Math.max(...floors)) });
}
const floorWords = (no: number) => (no < 0 ? `B${-no}` : String(no));

export function riserWords(building: BuildingPage, riser: Riser, titleOf: TitleOf): { own: string; others: string } {
  const n_vacant = homesOf(building, riser).filter((home) => stateOf(home) === "vacant").length;
  const category = titleOf(riser.category_code, riser.category_code);
  return {
    own: [
      t("desk.matrix.riser_own", { n: count(riser.dwelling_ids.length), own: count(riser.with_ids.length), h: count(building.recent_h), category, cases: count(riser.case_ids.length) }),
      ...(n_vacant ? [t("desk.matrix.riser_vacant", { n: count(n_vacant) })] : []),
    ].join(t("desk.matrix.and")),
    others: t("desk.matrix.riser_others", { others: count(riser.n_others), rest: count(riser.n_others_with) }),
  };
}
