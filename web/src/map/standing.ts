/** What was worked out for a map stands until something that it depends on is another: most changes of a page are not of its map. */

/** Parts are compared one by one: words as they are, collections by which they are. */
export interface Kept<T> {
  /** What stands, worked out anew only where a part is another than last time; `isNew` says whether it was. */
  of: (parts: readonly unknown[], make: (before: { parts: readonly unknown[]; value: T } | null) => T) => { value: T; isNew: boolean };
  /** What stands, whatever has changed since. */
  last: () => T | null;
  forget: () => void;
}

export function keeping<T>(): Kept<T> {
  let kept: { parts: readonly unknown[]; value: T } | null = null;
  return {
    of(parts, make) {
      if (kept && kept.parts.length === parts.length && kept.parts.every((one, at) => Object.is(one, parts[at]))) return { value: kept.value, isNew: false };
      kept = { parts, value: make(kept) };
      return { value: kept.value, isNew: true };
    },
    last: () => kept?.value ?? null,
    forget: () => {
      kept = null;
    },
  };
}
