/** The pages of the desk that somebody may open: for the rail and for the palette. */
import { Activity, Blocks, Database, Eye, Inbox, Mails, MapPinned, PanelsTopLeft, ScrollText, UserKey } from "@lucide/vue";
import { computed, type Component } from "vue";

import { usePanels } from "@/api/reads";
import { useSession } from "@/api/session";
import { lookers } from "@/desk/health/reads";
import { said, t } from "@/words";

/** Icons of known packs; any other pack gets the plain one. */
const icons: Record<string, Component> = { mailbox: Mails };

/** Who may see where packs are on; held by the server too. */
const switchers = ["leader", "data_admin", "street_dispatcher", "auditor"];

/** Who sees who looked at households of their place; held by the server too. */
const watched = ["committee", "street_dispatcher", "auditor"];

export interface DeskEntry {
  to: string;
  title: string;
  icon: Component;
  names: string[];
}

export function useEntries() {
  const panels = usePanels("desk");
  const { user } = useSession();
  const packs = computed<DeskEntry[]>(() => {
    const ids = new Set(panels.data.value?.panels.filter((panel) => panel.slot === "page").map((panel) => panel.pack_id));
    return (panels.data.value?.packs ?? []).filter((pack) => ids.has(pack.pack_id)).map((pack) => ({
      to: `/packs/${pack.pack_id}`, title: pack.pack_id === "mailbox" ? t("desk.rail.mailbox") : said(pack, "title"),
      icon: icons[pack.pack_id] ?? PanelsTopLeft, names: [`pack:${pack.pack_id}`],
    }));
  });
  return computed<DeskEntry[]>(() => [
    { to: "/", title: t("desk.rail.queue"), icon: Inbox, names: ["queue", "case"] },
    { to: "/places", title: t("desk.rail.places"), icon: MapPinned, names: ["places", "place", "building"] },
    ...packs.value,
    { to: "/loads", title: t("desk.rail.sources"), icon: Database, names: ["loads", "load", "findings"] },
    ...(switchers.includes(user.value?.role ?? "") ? [{ to: "/packs", title: t("panels.packs.nav"), icon: Blocks, names: ["packs", "pack-feedback"] }] : []),
    { to: "/people", title: t("desk.people.nav"), icon: UserKey, names: ["people"] },
    ...(watched.includes(user.value?.role ?? "") ? [{ to: "/looks", title: t("privacy.looks.nav"), icon: Eye, names: ["looks"] }] : []),
    ...(user.value?.role === "auditor" ? [{ to: "/audit", title: t("privacy.audit.nav"), icon: ScrollText, names: ["audit"] }] : []),
    ...(lookers.includes(user.value?.role ?? "") ? [{ to: "/health", title: t("desk.rail.health"), icon: Activity, names: ["health"] }] : []),
  ]);
}
