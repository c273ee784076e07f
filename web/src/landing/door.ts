/** Which door a sign-in opens: what the role may do decides, so roles of the city's own have one as well. */
import type { User } from "@/api/wire";

export const doors = ["cockpit", "desk", "mobile", "public"] as const;
export type Door = (typeof doors)[number];

/** Parts in the ladders of cases that are played out of doors. */
const walking = ["grid_worker", "committee"];
const watching = "leader";

/** The end where somebody works; null for a role to which none belongs. */
export function doorOf(user: Pick<User, "lens" | "reads" | "acts_as" | "administers"> | null | undefined): Door | null {
  if (!user) return null;
  const plays = (part: string) => user.acts_as.includes(part);
  if (plays(watching)) return "cockpit";
  if (user.administers.length) return "desk";
  if (walking.some(plays)) return "mobile";
  // Who handles cases, or sees data, findings or the audit, does so at the desk; who only sees what goes on, on the wall.
  if (user.reads.some((group) => !["open", "work", "people", "packs"].includes(group))) return "desk";
  if (user.reads.includes("work")) return user.lens === "V1" ? "cockpit" : "desk";
  return plays("resident") ? "public" : null;
}
