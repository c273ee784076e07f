/** The worker that keeps the shell. A new version waits until the person takes it. */
import { ref, watch } from "vue";

import { language } from "@/words";

const waiting = ref<ServiceWorker | null>(null);

function watchWorker(registration: ServiceWorkerRegistration): void {
  const tell = () => {
    // Without a worker in charge this is the first one: nothing to tell.
    if (registration.waiting && navigator.serviceWorker.controller) waiting.value = registration.waiting;
  };
  tell();
  registration.addEventListener("updatefound", () => registration.installing?.addEventListener("statechange", tell));
}

/** The name under the icon is that of the reader's language. */
function nameByLanguage(): void {
  const link = document.querySelector<HTMLLinkElement>("link[rel='manifest']");
  watch(language, (now) => link?.setAttribute("href", now === "en" ? "/mobile-en.webmanifest" : "/mobile-zh.webmanifest"), { immediate: true });
}

export function useInstalled() {
  return {
    hasUpdate: waiting,
    register(): void {
      nameByLanguage();
      // Browsers give a worker only to https and localhost; elsewhere the page works, but not without a network.
      if (!import.meta.env.PROD || !window.isSecureContext || !("serviceWorker" in navigator)) return;
      void navigator.serviceWorker.register("/mobile-worker.js", { scope: "/mobile" }).then((found?: ServiceWorkerRegistration) => found && watchWorker(found), () => undefined);
    },
    takeUpdate(): void {
      navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
      waiting.value?.postMessage("take over");
    },
  };
}
