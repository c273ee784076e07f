import { createRouter, createWebHistory } from "vue-router";

import { useInstalled } from "@/mobile/offline/installed";
import { prepare } from "@/mobile/offline/kept";
import MobilePage from "@/mobile/MobilePage.vue";
import TasksPage from "@/mobile/TasksPage.vue";
import { focusAfterChange } from "@/shell/focus";
import { startEnd } from "@/shell/start";

const router = createRouter({
  history: createWebHistory("/mobile"),
  routes: [
    { path: "/", name: "tasks", component: TasksPage, meta: { hasTabs: true } },
    { path: "/cases/:case_id", name: "case", component: () => import("@/mobile/CasePage.vue"), props: true },
    { path: "/cases/:case_id/:action", name: "step", component: () => import("@/mobile/StepPage.vue"), props: true },
    { path: "/buildings", name: "buildings", component: () => import("@/mobile/building/BuildingsPage.vue"), meta: { hasTabs: true } },
    { path: "/buildings/:building_id", name: "building", component: () => import("@/mobile/building/BuildingPage.vue"), props: true },
    { path: "/report", name: "report", component: () => import("@/mobile/ReportPage.vue"), meta: { hasTabs: true } },
    { path: "/mine", name: "mine", component: () => import("@/mobile/MinePage.vue"), meta: { hasTabs: true } },
    { path: "/:other(.*)*", redirect: "/" },
  ],
  scrollBehavior: (_to, _from, before) => before ?? { top: 0 },
});

startEnd({ end: "mobile", density: "touch", theme: "paper", isOpen: false, router: focusAfterChange(router), prepare }, MobilePage);
useInstalled().register();
