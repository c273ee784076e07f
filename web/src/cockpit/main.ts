import CockpitPage from "@/cockpit/CockpitPage.vue";
import { startEnd } from "@/shell/start";

startEnd({ end: "cockpit", density: "wall", theme: "ink", isOpen: false }, CockpitPage);
