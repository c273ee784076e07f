import MobilePage from "@/mobile/MobilePage.vue";
import { startEnd } from "@/shell/start";

startEnd({ end: "mobile", density: "touch", theme: "paper", isOpen: false }, MobilePage);
