/** What is being typed, kept in this tab until it is sent: a reload, a refusal or a lost connection costs nothing. */
import { reactive, ref, toRaw, watch, type Ref } from "vue";

const prefix = "huitian.draft.";

function read<T>(key: string): { at: string; draft: T } | null {
  try {
    const text = sessionStorage.getItem(prefix + key);
    return text ? (JSON.parse(text) as { at: string; draft: T }) : null;
  } catch {
    return null; // a private window may refuse; the page itself still holds the words
  }
}

export interface Draft<T> {
  draft: T;
  /** When it was last kept; null while there is nothing to keep. */
  keptAt: Ref<string | null>;
  forget: () => void;
}

export function useDraft<T extends object>(key: string, blank: () => T): Draft<T> {
  const before = read<T>(key);
  const draft = reactive({ ...blank(), ...before?.draft }) as T;
  const keptAt = ref<string | null>(before?.at ?? null);
  watch(draft, () => {
    keptAt.value = new Date().toISOString();
    try {
      sessionStorage.setItem(prefix + key, JSON.stringify({ at: keptAt.value, draft: toRaw(draft) }));
    } catch {
      keptAt.value = null; // full or refused: nothing is said to be kept
    }
  }, { deep: true, flush: "sync" });
  return {
    draft,
    keptAt,
    forget() {
      Object.assign(draft, blank());
      keptAt.value = null;
      try {
        sessionStorage.removeItem(prefix + key);
      } catch {
        // nothing was kept
      }
    },
  };
}

/** Nobody finds the words of another: all drafts of this tab go when a person leaves. */
export function forgetDrafts(): void {
  try {
    Object.keys(sessionStorage).filter((key) => key.startsWith(prefix)).forEach((key) => sessionStorage.removeItem(key));
  } catch {
    // nothing was kept
  }
}

/** A small fact for this tab only, such as the code of a letter: never in the address, never beyond the tab. */
export const tabFact = {
  get(name: string): string | null {
    try {
      return sessionStorage.getItem(`huitian.${name}`);
    } catch {
      return null;
    }
  },
  set(name: string, value: string): void {
    try {
      sessionStorage.setItem(`huitian.${name}`, value);
    } catch {
      // asked for again, nothing worse
    }
  },
};
