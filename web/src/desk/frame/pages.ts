/** The pages of the desk that somebody may open: for the rail and for the palette. */
import { Activity, Blocks, Database, Eye, Inbox, Mails, MapPinned, PanelsTopLeft, ScrollText, UserKey } from "@lucide/vue";
import { computed, type Component } from "vue";

import { usePanels } from "@/api/reads";
import { useSession } from "@/api/session";
import { said, t } from "@/words";

/** Icons of known packs; any other pack gets the plain one. */
const icons: Record<string, Component> = { mailbox: Mails };

export interface DeskEntry {
  to: string;
  title: string;
  icon: Component;
  names: string[];
}

export function useEntries() {
  const panels = usePanels("desk");
  const { user } = useSession();
  /** What a role of this city reads decides what stands here, as it decides what the server gives. */
  const reads = (group: string) => user.value?.reads.includes(group) ?? false;
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
    ...(reads("packs") ? [{ to: "/packs", title: t("panels.packs.nav"), icon: Blocks, names: ["packs", "pack-feedback"] }] : []),
    { to: "/people", title: t("desk.people.nav"), icon: UserKey, names: ["people"] },
    ...(reads("looks") ? [{ to: "/looks", title: t("privacy.looks.nav"), icon: Eye, names: ["looks"] }] : []),
    ...(reads("audit") ? [{ to: "/audit", title: t("privacy.audit.nav"), icon: ScrollText, names: ["audit"] }] : []),
    ...(reads("data") ? [{ to: "/health", title: t("desk.rail.health"), icon: Activity, names: ["health"] }] : []),
  ]);
}
