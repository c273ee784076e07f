/** Keys of a tree (WAI-ARIA): up and down over what is visible, right opens or enters, left closes or leaves. */
interface Walk {
  toggle: (id: string) => void;
  moveTo: (id: string) => void;
}

export function walkTree(event: KeyboardEvent, box: HTMLElement, walk: Walk): void {
  const item = (event.target as HTMLElement).closest<HTMLElement>("[role='treeitem']");
  if (!item || event.target !== item || event.isComposing) return;
  const all = [...box.querySelectorAll<HTMLElement>("[role='treeitem']")];
  const at = all.indexOf(item);
  const isOpen = item.getAttribute("aria-expanded");
  const go = (next: HTMLElement | null | undefined) => {
    if (!next) return;
    walk.moveTo(next.dataset["nodeId"] ?? "");
    next.focus();
  };
  const keys: Record<string, () => void> = {
    ArrowDown: () => go(all[at + 1]),
    ArrowUp: () => go(all[at - 1]),
    Home: () => go(all[0]),
    End: () => go(all.at(-1)),
    ArrowRight: () => (isOpen === "false" ? walk.toggle(item.dataset["nodeId"] ?? "") : isOpen === "true" ? go(item.parentElement?.querySelector<HTMLElement>("[role='group'] [role='treeitem']")) : undefined),
    ArrowLeft: () => (isOpen === "true" ? walk.toggle(item.dataset["nodeId"] ?? "") : go(item.closest("[role='group']")?.parentElement?.querySelector<HTMLElement>(":scope > [role='treeitem']"))),
    Enter: () => item.querySelector<HTMLElement>(".name")?.click(),
    " ": () => item.querySelector<HTMLElement>(".name")?.click(),
  };
  const key = keys[event.key];
  if (!key) return;
  event.preventDefault();
  event.stopPropagation();
  key();
}
