/** 大字: everything a quarter larger, for this browser, until it is switched back. */
import { ref } from "vue";

import { remember, wish } from "@/design/appearance";

const key = "huitian.public.text";
const larger = 1.25;
const isLarge = ref(wish("text", key, ["large", "normal"]) === "large");

export function wearSize(): void {
  document.documentElement.style.setProperty("zoom", isLarge.value ? String(larger) : "normal");
}
export function useLargeText() {
  return {
    isLarge,
    toggle() {
      isLarge.value = !isLarge.value;
      remember(key, isLarge.value ? "large" : "normal");
      wearSize();
    },
  };
}
