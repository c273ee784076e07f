"""Homes: the dwelling that a case is about.

It tells who wrote, so it lies among the words of its step: sealed, masked and erased as they are, and in no fact, event
or column.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from huitian.base.planner import Planner
from huitian.cases.fold import effective
from huitian.cases.history import EVERY_ROW, batches, logs_of
from huitian.cases.parts import CaseParts, Reads
from huitian.errors import InvalidInput, NotAllowed
from huitian.model.case import HOME, Step
from huitian.model.query import AnyOf, Condition, Query, Row
from huitian.model.scope import Allowed, Scope

MOST_CASES = 2_000
"""Of one building, the newest: more than any has within days."""
ROOM = re.compile(
    r"(?:(?P<unit>\d{1,2})\s*(?:单元|门)\s*|(?<![\d-])(?:\d{1,3}\s*[-－—]\s*)?(?P<dashed>\d{1,2})\s*[-－—]\s*)?"
    r"(?<!\d)(?P<room>\d{3,4})(?!\d|\s*号?[院楼])(?P<is_room>\s*(?:室|号房|房|户))?"
)
"""``3单元402``, ``2-1-402``, ``402室``; a bare number is no room, nor is that of a yard or a house, ``101号院``."""


@dataclass(frozen=True, slots=True)
class CasesOfHomes:
    """The cases of a building by home, as counts.

    Attributes:
        n_open: Home → cases that are open.
        recent_ids: Home → category → cases reported in the last ``riser_hours``; those without a category are under "".
        newest: All cases of the building that are open or recent, the newest first.
    """

    n_open: Mapping[str, int]
    recent_ids: Mapping[str, Mapping[str, Sequence[str]]]
    newest: Sequence[str]

    @property
    def recent(self) -> dict[str, dict[str, int]]:
        """How many they are: home → category → cases."""
        return {home: {code: len(ids) for code, ids in of.items()} for home, of in self.recent_ids.items()}


def building_of_home(parts: CaseParts, reads: Reads, dwelling_id: str, building_id: str | None) -> str:
    """Return the building of a home.

    Raises:
        InvalidInput: There is no such home, or it lies in another building than the one that is named.
    """
    query = Query(
        "dwelling", (Condition("dwelling_id", "eq", dwelling_id),), columns=("building_id",), limit=1
    )
    rows = reads.read(parts.planner.system("dwelling"), query).rows
    if not rows:
        raise unfit("没有这套房屋", "there is no such home")
    if building_id not in {None, rows[0]["building_id"]}:
        raise unfit("这套房屋不在所填的楼栋里", "the home does not lie in the building that is named")
    return str(rows[0]["building_id"])


def unfit(why_zh: str, why_en: str) -> InvalidInput:
    """Return the error about a home, in both languages."""
    return InvalidInput(field=HOME, why=why_en, why_zh=why_zh, why_en=why_en)


def home_in_note(parts: CaseParts, reads: Reads, building_id: str | None, note: str) -> str:
    """Return the one home of a building that a note names, such as ``3单元402``; empty where none or several fit."""
    return homes_in_notes(parts, reads, [(building_id, note)])[0]


def homes_in_notes(parts: CaseParts, reads: Reads, told: Sequence[tuple[str | None, str]]) -> list[str]:
    """Return the home that each note names, as ``home_in_note`` does, with a read for many.

    Args:
        parts: What the engine works with.
        reads: Where to read.
        told: Building, None where not known, and note.
    """
    wanted = {
        (building_id, note): spoken
        for building_id, note in told
        if building_id and (spoken := room_said(note))
    }
    homes: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for part in batches(sorted({building_id for building_id, _ in wanted})):
        rooms = sorted({room for (building_id, _), (_, room) in wanted.items() if building_id in part})
        where = (Condition("building_id", "in", part), Condition("room_no", "in", rooms))
        columns = (HOME, "building_id", "unit_no", "room_no")
        query = Query("dwelling", where, columns=columns, limit=EVERY_ROW)
        for row in reads.read(parts.planner.system("dwelling"), query).rows:
            homes[row["building_id"], row["room_no"]].append(row)
    found = []
    for building_id, note in told:
        unit_no, room = wanted.get((building_id or "", note), (None, ""))
        fit = [
            row[HOME] for row in homes.get((building_id or "", room), ())
            if unit_no is None or (row["unit_no"] or "").lstrip("0") == unit_no.lstrip("0")
        ]  # fmt: skip
        found.append(str(fit[0]) if len(fit) == 1 else "")
    return found


def room_said(note: str) -> tuple[str | None, str] | None:
    """Return the unit, None where not said, and the room of the one home that a note speaks of; else None."""
    said = list(ROOM.finditer(note))
    if len(said) != 1 or not (said[0]["unit"] or said[0]["dashed"] or said[0]["is_room"]):
        return None
    return said[0]["unit"] or said[0]["dashed"], said[0]["room"]


def home_step(steps: Sequence[Step], telling: Collection[int]) -> int | None:
    """Return the step whose home holds: the newest that says where the case is, or one before in the same building.

    Args:
        steps: The log.
        telling: Numbers of the steps that name a home.
    """
    building_id = None
    for n, step in enumerate(one for one in reversed(effective(steps)) if "located_by" in one.facts):
        if n and step.facts.get("building_id") != building_id:
            return None
        building_id = step.facts.get("building_id")
        if step.step_no in telling:
            return step.step_no
        if building_id is None:
            return None
    return None


def homes_of(parts: CaseParts, reads: Reads, case_ids: Sequence[str]) -> dict[str, str]:
    """Return the home that each case is about, for the product's own work; of the others nothing is known."""
    told: dict[str, dict[int, str]] = defaultdict(dict)
    allowed = parts.planner.system("case_words")
    for part in batches(case_ids):
        where = (Condition("case_id", "in", part), Condition("field", "eq", HOME))
        for row in reads.read(allowed, Query("case_words", where, limit=EVERY_ROW)).rows:
            if row["words"]:
                told[row["case_id"]][row["step_no"]] = row["words"]
    logs = logs_of(reads, parts.planner, list(told))
    held = {case_id: home_step(logs.get(case_id, ()), homes) for case_id, homes in told.items()}
    return {case_id: told[case_id][no] for case_id, no in held.items() if no is not None}


def by_building(planner: Planner, scope: Scope) -> Allowed | None:
    """Return permission to ask cases by their building; None for a reader who may not tie one to the other."""
    try:
        allowed = planner.allow(scope, "case")
    except NotAllowed:
        return None
    return None if "building_id" in allowed.masks else allowed


def cases_of_homes(parts: CaseParts, scope: Scope, building_id: str) -> CasesOfHomes | None:
    """Count the cases of a building by home; None for a reader who may not tie a case to a building.

    Counts of cases are exact, and a home of the 爬楼图 shows state and counts without a purpose (domain 06 §3). Who may
    read the cases of the building too can often tell from both which case is about which home; ``home_of`` tells it as
    a fact, for a purpose.
    """
    planner = parts.planner
    allowed = by_building(planner, scope)
    if allowed is None:
        return None
    since = allowed.as_of - timedelta(hours=parts.settings.riser_hours)
    where = (
        Condition("building_id", "eq", building_id),
        AnyOf((Condition("closed_at", "is_null"), Condition("reported_at", "ge", since))),
    )
    columns = ("case_id", "category_code", "reported_at", "closed_at")
    query = Query("case", where, columns, sort=("-reported_at",), limit=MOST_CASES)
    rows = {row["case_id"]: row for row in planner.read(allowed, query).rows}
    n_open: Counter[str] = Counter()
    recent: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for case_id, home in homes_of(parts, parts.records, list(rows)).items():
        row = rows[case_id]
        n_open[home] += row["closed_at"] is None
        if row["reported_at"] >= since:
            recent[home][row["category_code"] or ""].append(case_id)
    return CasesOfHomes(n_open, recent, list(rows))


def home_of(
    parts: CaseParts, scope: Scope, steps: Sequence[Step], words: Mapping[int, Mapping[str, str]]
) -> Row:
    """Return ``has_home`` and ``home`` of a case: ``dwelling_id, unit_no, floor_no, room_no`` as far as the reader may.

    Only who stated a purpose about the case sees which home; others of the working staff, that it is known.

    Args:
        parts: What the engine works with.
        scope: The reader.
        steps: The log.
        words: Step → field → words, as this reader may see them.
    """
    case_id = steps[0].case_id
    if scope.lens == "V1" or case_id not in homes_of(parts, parts.records, [case_id]):
        return {"has_home": False, "home": None}
    told = {step_no: fields[HOME] for step_no, fields in words.items() if fields.get(HOME)}
    holds = home_step(steps, told)
    columns = (HOME, "unit_no", "floor_no", "room_no")
    where = (Condition(HOME, "eq", told.get(holds or 0, "")),)
    found = parts.records.read(
        parts.planner.system("dwelling"), Query("dwelling", where, columns, limit=1)
    ).rows
    return {"has_home": True, "home": dict(found[0]) if found else None}
