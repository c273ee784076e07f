/** Panels of a page in parts: a wide one alone, those between on two columns that are about as tall as one another. */
const WIDE = ["table", "timeline", "map_layer", "board", "matrix"];
/** About how tall a panel is, in hundreds of pixels. */
const TALL: Record<string, number> = { text: 1, number: 1.5, trend: 3, ranking: 3.5, flow: 3.5, form: 4, component: 3 };

type Drawn = { kind: string };

/** Where the second column begins, so that both are about as tall; read down the first, then the second. */
function cut(panels: Drawn[]): number {
  const tall = panels.map((panel) => TALL[panel.kind] ?? 2);
  const whole = tall.reduce((sum, one) => sum + one, 0);
  let best = 1;
  let above = 0;
  let least = Infinity;
  tall.forEach((one, at) => {
    above += one;
    const apart = Math.abs(whole - 2 * above);
    if (at < tall.length - 1 && apart < least) [best, least] = [at + 1, apart];
  });
  return best;
}

/** The parts from top to bottom; each has one or two columns. */
export function columnsOf<T extends Drawn>(panels: T[]): T[][][] {
  const parts: T[][][] = [];
  let between: T[] = [];
  const close = () => {
    if (between.length === 1) parts.push([between]);
    else if (between.length) parts.push([between.slice(0, cut(between)), between.slice(cut(between))]);
    between = [];
  };
  for (const panel of panels) {
    if (!WIDE.includes(panel.kind)) between.push(panel);
    else {
      close();
      parts.push([[panel]]);
    }
  }
  close();
  return parts;
}
