/** Figures side by side: what they say once for all of them, and how wide a column of theirs has to be. */
import type { Figure } from "@/api/wire";

type Change = NonNullable<Figure["change"]>;

/** What all their changes are against, or null: where bases differ, or there is no change, nothing can be said for all. */
export function sharedBase(figures: readonly Pick<Figure, "change">[]): Change | null {
  const changes = figures.flatMap(({ change }) => (change && change.value !== null ? [change] : []));
  const first = changes[0];
  return first && changes.every((one) => one.base_zh === first.base_zh && one.base_en === first.base_en) ? first : null;
}

/** The figure that is of the earliest instant: of the others it is not too late to say the same. */
export const earliest = <F extends Pick<Figure, "as_of">>(figures: readonly F[]): F | null =>
  figures.reduce<F | null>((found, one) => (found && Date.parse(found.as_of) <= Date.parse(one.as_of) ? found : one), null);

/** Em of a text in the face of numbers and labels: digits are alike, signs narrow, Chinese square. */
const em = (text: string) => [...text].reduce((sum, sign) => sum + (/[\u2e80-\uffff]/.test(sign) ? 1 : /[\d\p{L}]/u.test(sign) ? 0.62 : 0.32), 0);
export interface Shown { value: string; unit: string; hasInterval: boolean }
/** The width that keeps each value and its unit in one line: the columns of one group are alike, so that its rows stand below one another. */
export function columnOf(shown: readonly Shown[]): string {
  const wide = shown.map(({ value, unit, hasInterval }) => `calc(${em(value).toFixed(2)} * var(${hasInterval ? "--t-2xl" : "--t-xl"}) + ${em(unit).toFixed(2)} * var(--t-xs) + 6px)`);
  return `max(${["96px", ...wide].join(", ")})`;
}
