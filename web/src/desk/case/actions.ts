/** The actions of a case on the desk: which one leads, their keys, and their forms made plain. */
import type { CaseAction, CasePage } from "@/api/case";
import type { Row } from "@/api/wire";
import { plainSchema, takesPhotos } from "@/panels/plain";
import { said } from "@/words";

/** What is expected next in a state; the filled button, and the dashed ring of the timeline. */
const expected: Record<string, string> = {
  pending_dispatch: "dispatch", dispatched: "sign", signed: "handle", in_progress: "reply", rework: "handle", replied: "visit", visiting: "close",
};
export const expectedOf = (page: CasePage): CaseAction | undefined => page.actions.find((one) => one.action === expected[page.state]);

export const action_keys: Record<string, string> = {
  dispatch: "d", sign: "g", handle: "h", reply: "f", visit: "v", close: "e", return: "r", escalate: "p", note: "n", locate: "l", classify: "t", undo: "z",
};
/** Actions in the order in which the bar offers them. */
const order = ["dispatch", "sign", "handle", "reply", "visit", "close", "return", "escalate", "note", "classify", "locate"];
/** `accept` is how a case begins; `undo` is offered only while it can be taken. */
export const offered = (page: CasePage): CaseAction[] =>
  page.actions.filter((one) => one.action !== "accept" && (one.action !== "undo" || one.can))
    .sort((a, b) => (order.indexOf(a.action) + 99) % 99 - ((order.indexOf(b.action) + 99) % 99));

export const whyNot = (one: CaseAction): string | null => (one.can ? null : said(one, "why_not") || one.why_not || "—");

export { plainSchema, takesPhotos, unplain } from "@/panels/plain";
export const hasFields = (schema: Row): boolean => Object.keys(plainSchema(schema)["properties"] as Row).length > 0 || takesPhotos(schema);
