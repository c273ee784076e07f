"""Who is on duty: shifts of organisations, with the place that they are for and what a person can do."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from huitian.base.account_names import called
from huitian.base.masks import shown
from huitian.base.planner import Planner, declared_entity, masks_of
from huitian.model.query import Condition, Query, Row
from huitian.model.scope import Allowed, Lens

MOST_SHIFTS = 5_000
KEPT = ("phone", "can_do", "instead_of", "ends_at")


def on_duty(planner: Planner, allowed: Allowed, at: datetime) -> list[Row]:
    """Return the shifts that hold at an instant, by organisation; masked as the permission says."""
    where = (Condition("starts_at", "le", at), Condition("ends_at", "gt", at))
    query = Query("duty", where, sort=("org_id", "starts_at", "duty_id"), limit=MOST_SHIFTS)
    return list(planner.read(allowed, query).rows)


def duty_of(
    planner: Planner, lens: Lens, org_ids: Sequence[str], at: datetime, lang: str = "zh"
) -> dict[str, list[Row]]:
    """Return who of some bodies is on duty, for whoever may be told of these bodies at all.

    A dispatcher asks a body far away for help and must know whom to call; the lens masks names and phones. Names of
    persons are in ``lang``; ``person_name_zh`` is the written one where that is another.
    """
    where = (
        Condition("org_id", "in", list(org_ids)),
        Condition("starts_at", "le", at),
        Condition("ends_at", "gt", at),
    )
    columns = ("org_id", "person_name", "person_name_en", *KEPT)
    query = Query("duty", where, columns, sort=("org_id", "starts_at", "duty_id"), limit=MOST_SHIFTS)
    rows = planner.read(planner.system("duty"), query).rows
    masked = shown("duty", masks_of(declared_entity("duty"), lens), rows)
    found: dict[str, list[Row]] = defaultdict(list)
    for row, told in zip(rows, masked, strict=True):
        who = called(told["person_name"], told["person_name_en"], lang)
        found[row["org_id"]].append(
            {name: told[name] for name in KEPT} | {"person_name": who.name, "person_name_zh": who.name_zh}
        )
    return found
