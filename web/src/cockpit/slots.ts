/** How the wall reads the panels of its slots. */
import type { Panel } from "@/api/panel";

export const inSlot = (panels: Panel[] | undefined, slot: string): Panel[] =>
  (panels ?? []).filter((panel) => panel.slot === slot).sort((a, b) => a.order - b.order);

export const isCaseTable = (panel: Panel): boolean => panel.kind === "table" && panel.query?.entity === "case";

const isByLimit = (panel: Panel): boolean =>
  panel.kind === "number" && ["watch", "urgent", "late"].every((mark) => panel.number_ids?.some((id) => id.endsWith(`.${mark}`)));

/** "Open cases" followed by "by share of limit" is one picture on the wall: the total heads its bar. */
export function joined(panels: Panel[]): Panel[] {
  return panels.flatMap((panel, at) => {
    const [next, before] = [panels[at + 1], panels[at - 1]];
    const isTotal = (one?: Panel) => one?.kind === "number" && one.number_ids?.length === 1 && one.number_ids[0]!.endsWith(".open");
    if (isTotal(panel) && next && isByLimit(next)) return [];
    if (isByLimit(panel) && isTotal(before)) return [{ ...panel, number_ids: [...before!.number_ids!, ...(panel.number_ids ?? [])] }];
    return [panel];
  });
}

/** A ranking of several figures on the wall is the table of its units. */
export const isUnitTable = (panel: Panel): boolean => panel.kind === "ranking" && (panel.number_ids?.length ?? 0) > 1;
