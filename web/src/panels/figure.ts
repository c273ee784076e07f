/** A figure as words: its value, unit, change and state, formatted the same way on every end. */
import type { Figure, SeriesPoint } from "@/api/wire";
import { language, said, t } from "@/words";
import { count, duration, exact, hour, moment } from "@/words/formats";
import { now_ms } from "@/words/now";

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

/** A value of this figure's kind: rates with two decimals, the rest as counted. */
export function amount(figure: Pick<Figure, "kind" | "decimals">, value: number): string {
  const isRate = figure.kind === "ratio" || figure.kind === "score";
  const decimals = figure.decimals ?? (isRate ? 2 : null);
  return decimals === null ? count(value) : exact(value, decimals);
}

export function valueWords(figure: Figure, format?: string): string {
  if (figure.value === null) return "—";
  return format === "duration" ? duration(figure.value) : amount(figure, figure.value);
}

/** The unit beside the value. English "Open cases 412 cases" says it twice: then the label says it alone. */
export function unitWords(figure: Figure, format?: string): string {
  if (format === "duration") return "";
  if (language.value !== "en") return said(figure, "unit");
  if (figure.value === 1 && figure.unit_en_one) return figure.unit_en_one;
  const unit = figure.unit_en;
  return unit.length > 1 && figure.title_en.toLowerCase().endsWith(unit.toLowerCase()) ? "" : unit;
}

export function figureWords(figure: Figure, format?: string): FigureWords {
  const unit = unitWords(figure, format);
  // A count is its own n: it is not said twice.
  const n = figure.n === null || (figure.kind === "count" && figure.n === figure.value) ? "" : t("number.n", { n: count(figure.n) });
  const shown = { value: valueWords(figure, format), unit, isValue: true, isQuiet: false, note: n };
  switch (figure.state) {
    case "estimate":
      return { ...shown, note: estimateNote(figure) };
    case "stale":
      return { ...shown, isQuiet: true, note: t("number.stale", { late: duration((now_ms() - Date.parse(figure.as_of)) / 1000) }) };
    case "too_few":
      return { ...shown, value: "—", unit: "", isValue: false, isQuiet: true, note: t("number.too_few", { n: count(figure.n ?? 0), least: least_n }) };
    case "below_k":
      return { ...shown, value: t("number.below_k_value", { k: figure.k }), isValue: false, isQuiet: true, note: t("number.below_k", { k: figure.k }) };
    case "withheld":
      return { ...shown, value: t("number.withheld_value"), unit: "", isValue: false, isQuiet: true, note: t("number.withheld") };
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
  return `±${amount(figure, half)} · ${t("number.estimate")}`;
}

/** What the whole has beyond its parts, where every part is known; else 0. */
export function beyond(whole: number | null | undefined, parts: readonly (number | null | undefined)[]): number {
  if (whole == null || !parts.length || parts.some((part) => part == null)) return 0;
  return Math.max(0, whole - parts.reduce<number>((sum, part) => sum + (part ?? 0), 0));
}

export interface ChangeWords {
  /** None where nothing changed. */
  arrow: "▲" | "▼" | "";
  size: string;
  base: string;
  isWorse: boolean;
}

/** The change against its named base, or null. Rates differ in percentage points. */
export function changeWords(figure: Figure): ChangeWords | null {
  const { change, direction } = figure;
  if (!change || change.value === null) return null;
  // A bare 0 below a figure says nothing: it is told in words.
  const size = change.value === 0 ? t("number.same") : amount(figure, Math.abs(change.value));
  const arrow = change.value > 0 ? "▲" : change.value < 0 ? "▼" : "";
  const isWorse = change.is_worse ?? ((direction === "more_is_better" && change.value < 0) || (direction === "less_is_better" && change.value > 0));
  return { arrow, size, base: said(change, "base"), isWorse };
}

/** Of a figure that should be of now and is not: "08:00 · 迟 40分". */
export const lateWords = (figure: Figure): string => `${asOfWords(figure)} · ${t("number.stale", { late: duration((now_ms() - Date.parse(figure.as_of)) / 1000) })}`;

export const asOfWords = (figure: Figure): string => moment(figure.as_of);

/** A figure whole, as one line: value and unit, n or why there is none, as-of. What a figure has no room to show it says on hover and to the ear. */
export function figureLine(figure: Figure, format?: string): string {
  const { value, unit, note } = figureWords(figure, format);
  return [[value, unit].filter(Boolean).join(" "), note, asOfWords(figure)].filter(Boolean).join(" · ");
}

/** The instant at which a step of a series is asked for as a figure: its last second, or now while it runs. */
export const instantOf = (point: SeriesPoint): string | null =>
  point.is_complete ? new Date(Date.parse(point.to_at) - 1000).toISOString() : null;

/** Unit of a difference: of per cents it is percentage points. */
export const changeUnit = (figure: Figure): string => (figure.unit_zh === "%" ? t("number.point") : said(figure, "unit"));

/** Where a value lies among others, 0–1, for dot-and-interval drawings. */
export function scaleOf(values: (number | null | undefined)[]): (value: number) => number {
  const known = values.filter((value): value is number => typeof value === "number");
  if (!known.length) return () => 0.5;
  const [low, high] = [Math.min(...known), Math.max(...known)];
  const reach = high - low || Math.abs(high) || 1;
  return (value) => Math.min(1, Math.max(0, 0.04 + (0.92 * (value - low)) / reach));
}
