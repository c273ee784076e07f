/** Cases in which somebody has to act: their main clock runs. */
export const runs = ["pending_dispatch", "dispatched", "signed", "in_progress", "rework"];
/** Cases of which somebody has to decide who has them. */
export const undecided = ["pending_dispatch"];
