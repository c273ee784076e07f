/** The named formatters of panels and screens. Numbers and dates by Intl; time is Asia/Shanghai, 24 h. */
import { language } from "@/words/language";
import { now_ms } from "@/words/now";

export const city_zone = "Asia/Shanghai";
const minus = (text: string) => text.replaceAll("-", "−");

function numberFormat(digits: number, least = digits): Intl.NumberFormat {
  return new Intl.NumberFormat("en-US", { minimumFractionDigits: least, maximumFractionDigits: digits });
}
const whole = numberFormat(0);
const two = numberFormat(2);
const upToTwo = numberFormat(2, 0);

/** A count or any amount: thousands by comma, at most two decimals, minus as U+2212. */
export function count(value: number): string {
  return minus(Number.isInteger(value) ? whole.format(value) : upToTwo.format(value));
}

/** An amount with exactly this many decimals. */
export const exact = (value: number, decimals: number): string => minus(numberFormat(decimals).format(value));

/** A share 0–1 as per cent with two decimals, without the sign: 0.9345 → "93.45". */
export function ratio(value: number): string {
  return minus(two.format(value * 100));
}

/** Seconds as days, hours, minutes; the two greatest parts. */
export function duration(seconds: number): string {
  const total = Math.max(0, Math.round(Math.abs(seconds) / 60));
  const [days, hours, minutes] = [Math.floor(total / 1440), Math.floor((total % 1440) / 60), total % 60];
  const parts: [number, string, string][] = [[days, "天", "d"], [hours, "时", "h"], [minutes, "分", "min"]];
  const from = days ? 0 : hours ? 1 : 2;
  const shown = parts.slice(from, from + 2).filter(([n], at) => at === 0 || n > 0);
  if (language.value === "en") return shown.map(([n, , unit]) => `${n} ${unit}`).join(" ");
  return shown.map(([n, unit]) => `${n}${unit}`).join("");
}

/** Metres as m or km. */
export function distance(metres: number): string {
  return metres < 1000 ? `${whole.format(metres)} m` : `${upToTwo.format(metres / 1000)} km`;
}

/** Yuan with two decimals. */
export function money(yuan: number): string {
  return minus(two.format(yuan));
}

/** How long ago an instant was: "刚刚", "8分前", "3天前". */
export function time_ago(at: string, now = now_ms()): string {
  const seconds = (now - Date.parse(at)) / 1000;
  if (seconds < 60) return language.value === "en" ? "just now" : "刚刚";
  const [n, zh, en] =
    seconds < 3600 ? [seconds / 60, "分前", "min ago"] : seconds < 86400 ? [seconds / 3600, "时前", "h ago"] : [seconds / 86400, "天前", "d ago"];
  return language.value === "en" ? `${Math.floor(n)} ${en}` : `${Math.floor(n)}${zh}`;
}

function parts(at: string | number | Date, options: Intl.DateTimeFormatOptions): Record<string, string> {
  const format = new Intl.DateTimeFormat(language.value, { timeZone: city_zone, hourCycle: "h23", ...options });
  return Object.fromEntries(format.formatToParts(new Date(at)).map((part) => [part.type, part.value]));
}

/** "08:41". */
export function hour(at: string | number | Date): string {
  const p = parts(at, { hour: "2-digit", minute: "2-digit" });
  return `${p["hour"]}:${p["minute"]}`;
}

/** "2026-11-17", the city's calendar day of an instant. */
export function day(at: string | number | Date): string {
  const p = parts(at, { year: "numeric", month: "2-digit", day: "2-digit" });
  return `${p["year"]}-${p["month"]}-${p["day"]}`;
}

/** "11-17". */
export const monthDay = (at: string | number | Date): string => day(at).slice(5);

/** "11月" or "Nov". */
export const month = (at: string | number | Date): string => parts(at, { month: "short" })["month"] ?? "";

/** "周二" or "Tue". */
export function weekday(at: string | number | Date): string {
  return parts(at, { weekday: "short" })["weekday"] ?? "";
}

/** Time if it is today, else day and time. */
export function moment(at: string | number | Date, now: string | number | Date = now_ms()): string {
  if (day(at) === day(now)) return hour(at);
  return day(at).slice(0, 4) === day(now).slice(0, 4) ? `${monthDay(at)} ${hour(at)}` : `${day(at)} ${hour(at)}`;
}

/** Formats a raw value by the name a panel gives. An unknown name shows the value as it is. */
export function byName(name: string | undefined | null, value: unknown): string {
  if (value === null || value === undefined || value === "") return "—";
  if (typeof value === "number") {
    if (name === "ratio") return `${ratio(value)}%`;
    if (name === "duration") return duration(value);
    if (name === "distance") return distance(value);
    if (name === "money") return money(value);
    return count(value);
  }
  if (typeof value === "boolean") return language.value === "en" ? (value ? "yes" : "no") : value ? "是" : "否";
  if (typeof value === "string") {
    if (name === "time_ago") return time_ago(value);
    if (/^\d{4}-\d\d-\d\dT/.test(value)) return moment(value);
    return value;
  }
  return JSON.stringify(value);
}
