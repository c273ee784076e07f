/** A figure as words: its value, unit, change and state, formatted the same way on every end. */
import type { Figure } from "@/api/wire";
import { said, t } from "@/words";
import { count, duration, hour, moment, ratio } from "@/words/formats";

/** Rates below this many observations are not shown. */
const least_n = 30;

export interface FigureWords {
  value: string;
  unit: string;
  /** Whether the value is a value, not a sign for its absence. */
  isValue: boolean;
  isQuiet: boolean;
  note: string;
}

export function valueWords(figure: Figure, format?: string): string {
  if (figure.value === null) return "—";
  if (format === "duration") return duration(figure.value);
  return figure.kind === "ratio" || format === "ratio" ? ratio(figure.value) : count(figure.value);
}

export function unitWords(figure: Figure, format?: string): string {
  if (format === "duration") return "";
  return figure.kind === "ratio" ? "%" : said(figure, "unit");
}

export function figureWords(figure: Figure, format?: string): FigureWords {
  const unit = unitWords(figure, format);
  const n = figure.n === null ? "" : t("number.n", { n: count(figure.n) });
  const shown = { value: valueWords(figure, format), unit, isValue: true, isQuiet: false, note: n };
  switch (figure.state) {
    case "estimate":
      return { ...shown, note: estimateNote(figure) };
    case "stale":
      return { ...shown, isQuiet: true, note: t("number.stale", { late: duration((Date.now() - Date.parse(figure.as_of)) / 1000) }) };
    case "too_few":
      return { ...shown, value: "—", unit: "", isValue: false, isQuiet: true, note: t("number.too_few", { n: count(figure.n ?? 0), least: least_n }) };
    case "below_k":
      return { ...shown, value: t("number.below_k_value"), isValue: false, isQuiet: true, note: t("number.below_k") };
    case "no_data":
      return { ...shown, value: t("number.no_data"), unit: "", isValue: false, isQuiet: true, note: t("number.no_data_why", { source: said(figure, "source") }) };
    case "error":
      return { ...shown, value: "—", unit: "", isValue: false, isQuiet: true, note: t("number.error", { at: hour(figure.as_of) }) };
    default:
      return figure.value === null ? { ...shown, value: "—", unit: "", isValue: false, isQuiet: true } : shown;
  }
}

function estimateNote(figure: Figure): string {
  if (!figure.interval || figure.value === null) return t("number.estimate");
  const half = (figure.interval[1] - figure.interval[0]) / 2;
  return `±${figure.kind === "ratio" ? ratio(half) : count(Math.round(half))} · ${t("number.estimate")}`;
}

export interface ChangeWords {
  arrow: "▲" | "▼" | "";
  size: string;
  base: string;
  isWorse: boolean;
}

/** The change against its named base, or null. Ratios differ in percentage points. */
export function changeWords(figure: Figure): ChangeWords | null {
  const { change, direction } = figure;
  if (!change || change.value === null) return null;
  const size = figure.kind === "ratio" ? ratio(Math.abs(change.value)) : count(Math.abs(change.value));
  const arrow = change.value > 0 ? "▲" : change.value < 0 ? "▼" : "";
  const isWorse = (direction === "more_is_better" && change.value < 0) || (direction === "less_is_better" && change.value > 0);
  return { arrow, size, base: said(change, "base"), isWorse };
}

export const asOfWords = (figure: Figure): string => moment(figure.as_of);

/** The share of an interval's reach as a fraction of [lo, hi], for dot-and-interval drawings. */
export function scaleOf(figures: Figure[]): (value: number) => number {
  const known = figures.flatMap((one) => [...(one.interval ?? []), ...(one.value === null ? [] : [one.value])]);
  if (!known.length) return () => 0.5;
  const [low, high] = [Math.min(...known), Math.max(...known)];
  const reach = high - low || Math.abs(high) || 1;
  return (value) => Math.min(1, Math.max(0, 0.04 + (0.92 * (value - low)) / reach));
}
