/** Where the person stands, asked of the device once and only after a tap. */
import { ref } from "vue";

export type PositionState = "idle" | "asking" | "found" | "refused" | "unavailable" | "not_secure";
export interface Position {
  lon: number;
  lat: number;
  accuracy_m: number;
}

export function usePosition() {
  const state = ref<PositionState>("idle");
  function ask(): Promise<Position | null> {
    // Browsers give a position only to https and localhost; elsewhere the place is searched.
    if (!window.isSecureContext || !("geolocation" in navigator)) {
      state.value = window.isSecureContext ? "unavailable" : "not_secure";
      return Promise.resolve(null);
    }
    state.value = "asking";
    return new Promise((done) => {
      navigator.geolocation.getCurrentPosition(
        ({ coords }) => {
          state.value = "found";
          done({ lon: coords.longitude, lat: coords.latitude, accuracy_m: Math.max(1, Math.round(coords.accuracy)) });
        },
        (fault) => {
          state.value = fault.code === fault.PERMISSION_DENIED ? "refused" : "unavailable";
          done(null);
        },
        { enableHighAccuracy: true, timeout: 12_000, maximumAge: 30_000 },
      );
    });
  }
  return { state, ask };
}
