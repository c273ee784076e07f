import LandingPage from "@/landing/LandingPage.vue";
import { startEnd } from "@/shell/start";

startEnd({ end: "landing", density: "desk", theme: "paper", isOpen: true }, LandingPage);
