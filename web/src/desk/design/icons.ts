/** The icons in use, all of one set: Lucide (ISC licence), 1.5 px strokes, bundled. A new one is added here too. */
import { Activity, Blocks, CalendarDays, ChevronDown, ChevronLeft, ChevronRight, CircleHelp, Database, Inbox, Mails, MapPinned, MessageSquareText, PanelsTopLeft, Pause, Play } from "@lucide/vue";

export const usedIcons = Object.entries({
  Activity, Blocks, CalendarDays, ChevronDown, ChevronLeft, ChevronRight, CircleHelp, Database, Inbox, Mails, MapPinned, MessageSquareText, PanelsTopLeft, Pause, Play,
}).map(([name, icon]) => ({ name, icon }));
