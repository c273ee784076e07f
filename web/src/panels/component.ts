/** Scripts that packs bring: loaded once, held by the browser to their declared hash. */
const loading = new Map<string, Promise<void>>();

export class ComponentRefused extends Error {}

/** Runs the script of a component. Refused where its bytes are not those of the hash. */
export function loadComponent(href: string, integrity: string, tag: string): Promise<void> {
  const key = `${href} ${integrity}`;
  const known = loading.get(key);
  if (known) return known;
  const made = new Promise<void>((done, refuse) => {
    const script = document.createElement("script");
    script.type = "module";
    script.integrity = integrity;
    script.crossOrigin = "anonymous";
    script.src = href;
    script.onload = () => (customElements.get(tag) ? done() : refuse(new ComponentRefused("missing")));
    script.onerror = () => {
      loading.delete(key);
      refuse(new ComponentRefused("changed"));
    };
    document.head.append(script);
  });
  loading.set(key, made);
  return made;
}
