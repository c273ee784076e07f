import DeskPage from "@/desk/DeskPage.vue";
import { startEnd } from "@/shell/start";

startEnd({ end: "desk", density: "desk", theme: "paper", isOpen: false }, DeskPage);
