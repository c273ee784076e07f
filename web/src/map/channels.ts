/** What MapLibre (5.24) leaves behind on a map that stands for days: two of its ends stay open, and we close them. */
import type { Map as MapLibre } from "maplibre-gl";

interface Actor {
  invoker?: { _channel?: MessageChannel };
  resolveRejects?: Record<string, unknown>;
}
interface Inside {
  style?: { dispatcher?: { actors?: Actor[] } };
}

const actorsOf = (map: MapLibre): Actor[] => (map as unknown as Inside).style?.dispatcher?.actors ?? [];

/** Does what ends the style of a map, and closes the message channels that the style had: it drops them open
 *  (`ThrottledInvoker`), and an open pair of ports is never collected. */
export function closingChannels(map: MapLibre, end: () => void): void {
  const before = actorsOf(map).flatMap((actor) => actor.invoker?._channel ?? []);
  end();
  for (const { port1, port2 } of before) {
    port1.close();
    port2.close();
  }
}

/** Forgets answers that never come. A tile that is laid out again while its glyphs are under way ends the first layout
 *  without a word (`WorkerTile.parse`), and the page would wait for it, with all that the tile holds, for ever. Only for
 *  a map that is idle: then every tile and source is there, so what is still awaited is such a one. */
export function forgetUnanswered(map: MapLibre): void {
  for (const actor of actorsOf(map)) actor.resolveRejects = {};
}
