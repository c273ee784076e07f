/** Which actions a phone offers, in which order, and what of their form it can fill in. */
import type { CaseAction, CasePage } from "@/api/case";
import { language, said } from "@/words";

export interface StepField {
  name: string;
  part: "facts" | "words";
  title: string;
  kind: "choice" | "yes_no" | "text" | "number";
  choices: { value: string; title: string }[];
  isRequired: boolean;
  maxLength?: number;
}
interface FieldSchema {
  type?: string;
  format?: string;
  enum?: string[];
  enum_zh?: string[];
  enum_en?: string[];
  maxLength?: number;
  title_zh?: string;
  title_en?: string;
}
interface PartSchema {
  properties?: Record<string, FieldSchema>;
  required?: string[];
}

/** By what is usually next. Sorting, placing and visiting are done at the desk. */
const usual = ["sign", "dispatch", "reply", "handle", "close", "escalate", "return", "note"];
/** Nobody has talked to the writer yet: working on it comes before the answer. */
const untalked = ["sign", "dispatch", "handle", "reply", "close", "escalate", "return", "note"];

export function offered(page: CasePage): CaseAction[] {
  const isTalked = page.steps.some((step) => step.facts["is_contact"] === true);
  return (isTalked ? usual : untalked).flatMap((name) => page.actions.find((one) => one.action === name) ?? []);
}

/** Facts that the page knows by itself. */
const made = new Set(["n_before", "is_suggested"]);
const part = (action: CaseAction, name: string) => ((action.schema["properties"] as Record<string, PartSchema> | undefined)?.[name] ?? {}) as PartSchema;

function fieldsOf(action: CaseAction, name: "facts" | "words"): StepField[] {
  const { properties = {}, required = [] } = part(action, name);
  return Object.entries(properties).flatMap(([field, schema]) => {
    // Codes of places, bodies and categories are chosen where they can be searched; what follows from a choice is not asked.
    if (schema.format || made.has(field)) return [];
    const names = language.value === "en" ? schema.enum_en : schema.enum_zh;
    const kind = schema.enum ? "choice" : schema.type === "boolean" ? "yes_no" : name === "words" || schema.type === "string" ? "text" : "number";
    return [{
      name: field, part: name, title: said(schema, "title") || field, kind, choices: (schema.enum ?? []).map((value, at) => ({ value, title: names?.[at] ?? value })),
      isRequired: required.includes(field), maxLength: schema.maxLength,
    } as StepField];
  });
}

export const stepFields = (action: CaseAction): StepField[] => [...fieldsOf(action, "facts"), ...fieldsOf(action, "words")];
export const takesBefore = (action: CaseAction): boolean => !!part(action, "facts").properties?.["n_before"];
export const takesOrg = (action: CaseAction): boolean => !!part(action, "facts").properties?.["org_id"];
export function mostFiles(action: CaseAction): number {
  const files = (action.schema["properties"] as Record<string, { maxItems?: number }> | undefined)?.["file_ids"];
  return files ? (files.maxItems ?? 6) : 0;
}
export const hasForm = (action: CaseAction): boolean => takesOrg(action) || stepFields(action).length > 0 || mostFiles(action) > 0;
