/** Every page of the desk has an address; the queue and the place tree keep theirs while something beside them changes. */
import { createRouter, createWebHistory } from "vue-router";

const QueuePage = () => import("@/desk/queue/QueuePage.vue");
const PlacesPage = () => import("@/desk/place/PlacesPage.vue");

export const router = createRouter({
  history: createWebHistory("/desk"),
  routes: [
    { path: "/", name: "queue", component: QueuePage },
    { path: "/cases", redirect: (to) => ({ name: "queue", query: to.query }) },
    { path: "/cases/:case_id", name: "case", component: QueuePage },
    { path: "/places", name: "places", component: PlacesPage },
    { path: "/places/:place_id", name: "place", component: PlacesPage },
    { path: "/buildings/:building_id", name: "building", component: PlacesPage },
    { path: "/people/:user_id?", name: "people", component: () => import("@/desk/people/PeoplePage.vue") },
    { path: "/packs", name: "packs", component: () => import("@/desk/packs/PacksPage.vue") },
    { path: "/packs/:pack_id/feedback", name: "pack-feedback", component: () => import("@/desk/packs/FeedbackPage.vue") },
    { path: "/packs/:pack_id", name: "pack", component: () => import("@/desk/frame/PackPage.vue") },
    { path: "/loads", name: "loads", component: () => import("@/desk/loads/LoadsPage.vue") },
    { path: "/loads/:load_id", name: "load", component: () => import("@/desk/loads/LoadPage.vue") },
    { path: "/findings", name: "findings", component: () => import("@/desk/loads/FindingsPage.vue") },
    { path: "/health", name: "health", component: () => import("@/desk/health/HealthPage.vue") },
    { path: "/account", name: "account", component: () => import("@/desk/account/AccountPage.vue") },
    { path: "/audit", name: "audit", component: () => import("@/desk/audit/AuditPage.vue") },
    { path: "/looks", name: "looks", component: () => import("@/desk/audit/LooksPage.vue") },
    // For whoever builds screens and packs: reached by its address.
    { path: "/design", name: "design", component: () => import("@/desk/design/DesignPage.vue") },
    { path: "/:rest(.*)*", name: "nowhere", component: () => import("@/desk/frame/NoPage.vue") },
  ],
});
