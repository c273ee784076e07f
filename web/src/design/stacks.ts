/** A table whose rows stand as blocks where the screen is narrow: each cell then says its column (see .stacks in base.css). */
import type { Directive } from "vue";

/** What is laid out as a block is no table to a screen reader any more, unless it says so. */
const roles = { tr: "row", thead: "rowgroup", tbody: "rowgroup", td: "cell", "thead th": "columnheader", "tbody th": "rowheader" };

function label(table: HTMLTableElement): void {
  table.classList.add("stacks");
  table.setAttribute("role", "table");
  for (const [what, role] of Object.entries(roles)) for (const part of table.querySelectorAll(what)) part.setAttribute("role", role);
  const heads = [...(table.tHead?.rows[0]?.cells ?? [])].map((cell) => cell.dataset["short"] ?? cell.textContent?.trim() ?? "");
  for (const row of table.tBodies[0]?.rows ?? []) for (const [at, cell] of [...row.cells].entries()) cell.dataset["head"] = heads[at] ?? "";
}

export const vStacks: Directive<HTMLTableElement> = { mounted: label, updated: label };
