/** What lies over a map, in the map's own pixels: whatever says `data-over-map` around it, an SVG by what it draws. */
import { onMounted, onUnmounted, type Ref } from "vue";

import type { Rect, Room, Stroke } from "@/map/placement";

type Cover = Pick<Room, "boxes" | "strokes">;
/** A wall is scaled as a whole: what the browser measures is what is seen, a map counts its own pixels. */
function rectOf(element: Element, root: HTMLElement): Rect {
  const [own, whole] = [element.getBoundingClientRect(), root.getBoundingClientRect()];
  const scale = root.clientWidth / whole.width || 1;
  const [left, top] = [(own.left - whole.left) * scale, (own.top - whole.top) * scale];
  return { left, top, right: left + own.width * scale, bottom: top + own.height * scale };
}
const strokeOf = (line: SVGLineElement): Stroke => [{ x: line.x1.baseVal.value, y: line.y1.baseVal.value }, { x: line.x2.baseVal.value, y: line.y2.baseVal.value }];

/** `but`: what is itself looking for a place. */
export function coverOf(root: HTMLElement | null, but?: string): Cover {
  if (!root) return { boxes: [], strokes: [] };
  const over = [...(root.parentElement ?? root).querySelectorAll("[data-over-map], .maplibregl-ctrl-scale")].filter((one) => !(but && one.closest(but)));
  const drawn = over.flatMap((one) => (one instanceof SVGSVGElement ? [...one.children] : [one]));
  return {
    boxes: drawn.filter((one) => !(one instanceof SVGLineElement)).map((one) => rectOf(one, root)).filter((rect) => rect.right > rect.left && rect.bottom > rect.top),
    strokes: drawn.flatMap((one) => (one instanceof SVGLineElement ? [strokeOf(one)] : [])),
  };
}

/** Tells when something over the map may have come, gone or changed its size. */
export function useCover(root: Readonly<Ref<HTMLElement | null>>, changed: () => void): void {
  const seen = new MutationObserver(changed);
  onMounted(() => {
    const around = root.value?.parentElement;
    if (around) seen.observe(around, { childList: true, subtree: true, characterData: true, attributeFilter: ["style", "class", "open", "x1", "x2", "y1", "y2"] });
  });
  onUnmounted(() => seen.disconnect());
}
