"""How the ferry to each host outside stands, for the page of health."""

from datetime import datetime

from huitian.api.city import City
from huitian.care.checks import Check, well
from huitian.model.query import Condition, Query, Row, Tally

HOUR_S = 3600
MOST_PEERS = 100


def ferries_of(city: City) -> list[Check]:
    """Return one part a host outside; none where there is no ferry."""
    planner = city.planner
    # One that is not trusted any more has no key; nothing is expected of it.
    query = Query("ferry_peer", (Condition("public_key", "ne", ""),), sort=("peer_id",), limit=MOST_PEERS)
    peers = planner.read(planner.system("ferry_peer"), query).rows
    return [ferry_of(peer, n_refused(city, peer["peer_id"]), city) for peer in peers]


def n_refused(city: City, peer_id: str) -> int:
    """Return how many letters and ratings of a host could not be taken in."""
    where = (Condition("peer_id", "eq", peer_id), Condition("state", "eq", "refused"))
    counted = (
        city.planner.tally(city.planner.system(entity), Tally(entity, where))
        for entity in ("ferry_letter", "ferry_rating")
    )
    return sum(rows[0]["n"] for rows in counted if rows)


def ferry_of(peer: Row, n_kept: int, city: City) -> Check:
    """Say when something last came from a host, and what of it could not be taken in."""
    name, most_h = peer["peer_id"], city.settings.most_ferry_age_h
    code = f"ferry_{name}"
    age_h = hours_since(peer["taken_at"], city.clock.now())
    if age_h is None:
        return Check("ferry", code, "warn", f"{name}：还没有收到过", f"{name}: nothing has come yet",
                     "请确认两边都在定时摆渡（huitian ferry）。", "See that both sides run huitian ferry.")  # fmt: skip
    zh, en = f"{name}：{age_h} 小时前收到", f"{name}: something came {age_h} h ago"
    if age_h > most_h:
        return Check("ferry", code, "warn", zh, en, "请看运送文件的一段是否中断，再运行 huitian ferry status。",
                     "See whether what carries files stopped; huitian ferry status.", age_h, "h")  # fmt: skip
    if n_kept:
        return Check("ferry", code, "warn", f"{zh}，{n_kept} 件未能转入", f"{en}; {n_kept} could not be taken in",
                     "请运行 huitian ferry status，按原因处理。", "Run huitian ferry status and go by the reasons.",
                     n_kept, "n")  # fmt: skip
    return well("ferry", code, zh, en, age_h, "h")


def hours_since(at: datetime | None, now: datetime) -> int | None:
    """Return whole hours since an instant; None where there is none."""
    return None if at is None else max(0, round((now - at).total_seconds() / HOUR_S))
