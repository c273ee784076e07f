/** Where the opened number docks: beside the column of its opener on a wall, as a right sheet elsewhere. */
export interface Dock {
  box: Record<string, string>;
  /** The 2 px line that joins the number and its panel, or null. */
  joint: Record<string, string> | null;
}
const wide_px = 960;

export function dockBeside(opener: HTMLElement | null): Dock {
  const zoom = document.documentElement.currentCSSZoom ?? 1;
  const screen = document.documentElement.clientWidth;
  const body = document.querySelector("[data-dock-body]")?.getBoundingClientRect();
  const column = opener?.closest<HTMLElement>("[data-dock]");
  const px = (visual: number) => `${Math.round(visual / zoom)}px`;
  if (!body || screen / zoom < 1200) return { box: { top: "0", right: "0", bottom: "0", width: `min(${wide_px}px, 100%)` }, joint: null };

  const width = wide_px * zoom;
  const region = column?.getBoundingClientRect();
  const side = region ? (column?.dataset["dock"] ?? "") : "";
  const left = side === "right" && region ? region.left - width : side === "left" && region ? region.right : body.left + (body.width - width) / 2;
  const box = { top: px(body.top), left: px(left), width: `${wide_px}px`, height: px(body.height) };
  const from = opener?.getBoundingClientRect();
  if (!from || !side) return { box, joint: null };
  const top = px(Math.min(from.bottom + 4 * zoom, body.bottom - 2));
  const joint =
    side === "right" ? { top, left: px(left + width), width: px(Math.max(0, from.left - left - width)) } : { top, left: px(from.right), width: px(Math.max(0, left - from.right)) };
  return { box, joint };
}
