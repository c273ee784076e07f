import PublicPage from "@/public/PublicPage.vue";
import { startEnd } from "@/shell/start";

startEnd({ end: "public", density: "touch", theme: "paper", isOpen: true }, PublicPage);
