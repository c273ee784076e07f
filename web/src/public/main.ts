import { createRouter, createWebHistory } from "vue-router";

import PublicPage from "@/public/PublicPage.vue";
import { wearSize } from "@/public/largeText";
import WritePage from "@/public/WritePage.vue";
import { focusAfterChange } from "@/shell/focus";
import { startEnd } from "@/shell/start";

const router = createRouter({
  history: createWebHistory("/public"),
  routes: [
    { path: "/", name: "write", component: WritePage },
    { path: "/sent", name: "sent", component: () => import("@/public/SentPage.vue") },
    { path: "/follow", name: "follow", component: () => import("@/public/FollowPage.vue") },
    { path: "/rate", name: "rate", component: () => import("@/public/RatePage.vue") },
    { path: "/:other(.*)*", redirect: "/" },
  ],
  scrollBehavior: () => ({ top: 0 }),
});

wearSize();
startEnd({ end: "public", density: "touch", theme: "paper", isOpen: true, router: focusAfterChange(router) }, PublicPage);
