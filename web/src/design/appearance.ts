/** How the page looks: theme and density as attributes of <html>, remembered, and set by the address. */
import { readonly, ref } from "vue";

export type Theme = "ink" | "paper";
export type Density = "wall" | "desk" | "touch";

const themes: readonly string[] = ["ink", "paper"];
const theme = ref<Theme>("paper");
const key = "huitian.theme";

function remembered(name: string): string | null {
  try {
    return localStorage.getItem(name);
  } catch {
    return null; // a private window may refuse; the address still works
  }
}

export function remember(name: string, value: string): void {
  try {
    localStorage.setItem(name, value);
  } catch {
    // nothing is lost but the wish
  }
}

/** The value of `?name=` if it is allowed, else the remembered one, else null. A value of the address is remembered. */
export function wish(parameter: string, storedAs: string, allowed: readonly string[]): string | null {
  const asked = new URLSearchParams(location.search).get(parameter);
  if (asked && allowed.includes(asked)) {
    remember(storedAs, asked);
    return asked;
  }
  const kept = remembered(storedAs);
  return kept && allowed.includes(kept) ? kept : null;
}

/** Sets theme and density of an end. Each end remembers its own theme: a dark wall does not darken the desk. */
export function dress(end: string, density: Density, byDefault: Theme): void {
  const root = document.documentElement;
  root.classList.add("ht");
  root.dataset["density"] = density;
  root.dataset["end"] = end;
  setTheme((wish("theme", `${key}.${end}`, themes) as Theme | null) ?? byDefault, end);
}

export function setTheme(next: Theme, end = document.documentElement.dataset["end"] ?? ""): void {
  // The attribute first: whoever watches the theme reads the new tokens.
  document.documentElement.dataset["theme"] = next;
  theme.value = next;
  remember(`${key}.${end}`, next);
}

export function useTheme() {
  return { theme: readonly(theme), toggle: () => setTheme(theme.value === "ink" ? "paper" : "ink") };
}

/** The value of a design token now, for canvases and maps that cannot read CSS variables. */
export function token(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}
