/** Specimens for the page of the design system: one figure in each state. They are drawn, never counted. */
import type { Figure } from "@/api/wire";

const at = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();

const plain: Figure = {
  number_id: "specimen", title_zh: "在办案件", title_en: "Open cases", definition_zh: "", definition_en: "", formula: "", unit_zh: "件", unit_en: "cases", kind: "count", place_id: null, place_name: "",
  as_of: at(1), value: 412, n: 412, numerator: null, denominator: null, interval: null, state: "normal", release: "exact", change: null, direction: "neutral", entity: "case",
  source_zh: "楼栋台账", source_en: "building register", rule_set: null, href: "",
};
const rate: Partial<Figure> = { title_zh: "解决率", title_en: "Solved", unit_zh: "%", unit_en: "%", kind: "ratio", decimals: 2, value: 93.45, n: 4078, direction: "more_is_better" };

export interface Specimen {
  state: string;
  figure: Figure;
  isRecomputing?: boolean;
}
export const specimens = (): Specimen[] => [
  { state: "normal", figure: { ...plain, ...rate, change: { value: -1.21, base_zh: "四周均值", base_en: "mean of four weeks" } as Figure["change"] } },
  { state: "estimate", figure: { ...plain, title_zh: "在区人数", title_en: "Persons present", unit_zh: "人", unit_en: "persons", kind: "sum", value: 641_300, n: null, interval: [628_900, 653_700], state: "estimate" } },
  { state: "recomputing", figure: plain, isRecomputing: true },
  { state: "stale", figure: { ...plain, title_zh: "街道在区人数", title_en: "Persons, street", unit_zh: "人", unit_en: "persons", kind: "sum", value: 46_000, n: null, as_of: at(41), state: "stale" } },
  { state: "too_few", figure: { ...plain, ...rate, value: null, n: 28, state: "too_few" } },
  { state: "below_k", figure: { ...plain, title_zh: "独居老人", title_en: "Alone and aged", unit_zh: "人", unit_en: "persons", value: null, n: null, k: 10, state: "below_k", release: "protected" } },
  { state: "no_data", figure: { ...plain, title_zh: "楼高", title_en: "Heights", unit_zh: "m", unit_en: "m", kind: "mean", value: null, n: null, state: "no_data" } },
  { state: "error", figure: { ...plain, title_zh: "烟感在线", title_en: "Smoke alarms", unit_zh: "个", unit_en: "alarms", value: null, n: null, as_of: at(29), state: "error" } },
];
/** Hard values: zero, twelve digits, less than nothing, nothing. */
export const hardValues = (): Figure[] => [0, 123_456_789_012, -0.42, null].map((value) => ({ ...plain, value, n: null, decimals: value !== null && !Number.isInteger(value) ? 2 : undefined, kind: "sum" as const }));

export const clocks = [
  { status: "ok", used: 0.4, left_s: 51_600 }, { status: "watch", used: 0.76, left_s: 20_400 }, { status: "urgent", used: 0.93, left_s: 6_060 }, { status: "late", used: 1.05, left_s: -4_320 },
] as const;
export const statuses = ["ok", "watch", "urgent", "late", "no_data", "stale"] as const;
export const ramps = [
  { id: "sequential", names: [1, 2, 3, 4, 5, 6, 7].map((n) => `--seq-${n}`), marks: ["0", "1", "3", "6", "10", "16", "24"] },
  { id: "diverging", names: [1, 2, 3, 4, 5, 6, 7].map((n) => `--div-${n}`), marks: ["−10%", "", "", "0", "", "", "+10%"] },
  { id: "categories", names: [1, 2, 3, 4, 5].map((n) => `--cat-${n}`), marks: ["1", "2", "3", "4", "5"] },
];
export const surfaces = ["--bg", "--surface-1", "--surface-2", "--surface-3", "--line-1", "--line-2", "--line-3", "--text-1", "--text-2", "--text-3", "--accent", "--accent-weak", "--ok", "--watch", "--urgent", "--late", "--nodata"];
export const steps = ["2xl", "xl", "lg", "md", "sm", "xs"];
export const spaces = [1, 2, 3, 4, 5, 6, 7, 8];
export const cells = [
  { fill: "resident", room: "1501" }, { fill: "let", room: "1502" }, { fill: "vacant", room: "1503" }, { fill: "business", room: "101" }, { fill: "unverified", room: "1401" },
  { fill: "c0", room: "1301" }, { fill: "c1", room: "1302" }, { fill: "c2", room: "1402" }, { fill: "c3", room: "1502" },
];
