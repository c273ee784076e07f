import DeskPage from "@/desk/DeskPage.vue";
import { router } from "@/desk/routes";
import { startEnd } from "@/shell/start";

startEnd({ end: "desk", density: "desk", theme: "paper", isOpen: false, router }, DeskPage);
