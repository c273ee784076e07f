/** Numbered points over the map, in the order of the list beside it. The list says the same: readers need not hear them. */
import maplibregl, { type Map as MapLibre, type Marker } from "maplibre-gl";

export interface Pin {
  lon: number;
  lat: number;
  label: string;
}

function element(label: string): HTMLElement {
  const pin = document.createElement("span");
  pin.className = "pin figure";
  pin.textContent = label;
  pin.setAttribute("aria-hidden", "true");
  return pin;
}

/** Returns a function that shows these pins and no others. */
export function pinBoard(): (map: MapLibre, pins: readonly Pin[]) => void {
  let shown: Marker[] = [];
  return (map, pins) => {
    shown.forEach((marker) => marker.remove());
    // The first is put on last: it lies above the others.
    shown = [...pins].reverse().map((pin) => new maplibregl.Marker({ element: element(pin.label) }).setLngLat([pin.lon, pin.lat]).addTo(map));
    shown.forEach((marker) => marker.getElement().removeAttribute("role"));
  };
}
