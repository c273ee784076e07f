/** One layout for every wall: the root is scaled so that the width is 1920 design px (wider walls: the height 1080). */
import { onMounted, onUnmounted, ref } from "vue";

const width_px = 1920;
const height_px = 1080;
/** Below this the cockpit stacks in one column and is not scaled. */
const stacks_below_px = 1024;

export function useWall() {
  const isStacked = ref(false);
  const fit = () => {
    const root = document.documentElement;
    const { innerWidth: width, innerHeight: height } = window;
    isStacked.value = width < stacks_below_px;
    const scale = isStacked.value ? 1 : Math.min(width / width_px, Math.max(height / height_px, width / width_px / 1.2));
    root.style.zoom = scale === 1 ? "" : String(scale);
    // Viewport units are not divided by the zoom: the page takes its height from here.
    root.style.setProperty("--wall-height", `${height / scale}px`);
  };
  onMounted(() => {
    fit();
    window.addEventListener("resize", fit);
  });
  onUnmounted(() => {
    window.removeEventListener("resize", fit);
    document.documentElement.style.zoom = "";
  });
  return { isStacked };
}
