/** The form of a step made plain: `{facts, words, file_ids}` as one object of fields, and back. */
import type { Row } from "@/api/wire";

type Part = { properties?: Row; required?: string[] };
const partOf = (schema: Row, part: string) => ((schema["properties"] as Row | undefined)?.[part] ?? {}) as Part;

/** What a screen fills in by itself: whether the body is one that was suggested. */
const own_facts = ["is_suggested"];

/** A step's schema `{facts, words, file_ids}` as one object of plain fields named `facts.x` and `words.y`. */
export function plainSchema(schema: Row): Row {
  const parts = ["facts", "words"].map((part) => [part, partOf(schema, part)] as const);
  return {
    type: "object",
    properties: Object.fromEntries(parts.flatMap(([part, { properties }]) => Object.entries(properties ?? {}).filter(([name]) => !own_facts.includes(name)).map(([name, field]) => [`${part}.${name}`, field]))),
    required: parts.flatMap(([part, { required }]) => (required ?? []).map((name) => `${part}.${name}`)),
  };
}
export function unplain(filled: Row): { facts: Row; words: Record<string, string> } {
  const of = (part: string) => Object.fromEntries(Object.entries(filled).filter(([name]) => name.startsWith(`${part}.`)).map(([name, value]) => [name.slice(part.length + 1), value]));
  return { facts: of("facts"), words: of("words") as Record<string, string> };
}
export const takesPhotos = (schema: Row): boolean => {
  const field = partOf(schema, "file_ids") as { maxItems?: number };
  return Object.keys(field).length > 0 && field.maxItems !== 0;
};
