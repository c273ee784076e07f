/** MapLibre talks to itself by message channels that it drops without closing (5.24, `ThrottledInvoker`): an open pair of
 *  ports is never collected, so each map and each style left a few behind. Who replaces or removes a style closes them. */
import type { Map as MapLibre } from "maplibre-gl";

interface Inside {
  style?: { dispatcher?: { actors?: { invoker?: { _channel?: MessageChannel } }[] } };
}

/** Does what ends the style of a map, and closes the channels that the style had. */
export function closingChannels(map: MapLibre, end: () => void): void {
  const before = ((map as unknown as Inside).style?.dispatcher?.actors ?? []).flatMap((actor) => actor.invoker?._channel ?? []);
  end();
  for (const { port1, port2 } of before) {
    port1.close();
    port2.close();
  }
}
