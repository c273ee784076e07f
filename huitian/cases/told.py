"""Facts of a step made whole: what they name must exist, and what follows from them is written down.

A log is folded long after, when a category may have another grade and a place another outline; so whatever the
projection needs is in the facts of the step.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from huitian.cases.fold import effective
from huitian.cases.homes import building_of_home
from huitian.cases.parts import CaseParts, Reads
from huitian.errors import InvalidInput
from huitian.model.case import HOME, ActionRule, Step
from huitian.model.query import Condition, Query, Row

NAMED = {
    "org_id": ("organisation", "没有这个单位", "there is no such body"),
    "building_id": ("building", "没有这栋楼", "there is no such building"),
}


class Spot(NamedTuple):
    """Where a case is.

    Attributes:
        lon: Degrees; None where there is no point.
        lat: Degrees; None where there is no point.
        place_id: Place that was named; None where only a point was.
    """

    lon: float | None
    lat: float | None
    place_id: str | None


def whole_facts(
    parts: CaseParts,
    reads: Reads,
    rule: ActionRule,
    facts: Mapping[str, Any],
    words: Mapping[str, str],
    row: Row,
) -> dict[str, Any]:
    """Return the facts of a step, checked against the city and completed.

    Args:
        parts: What the engine works with.
        reads: Where to look things up.
        rule: The action.
        facts: As the form gave them; they fit its schema.
        words: The same of its words; a home among them gives its building.
        row: The projection before the step.

    Raises:
        InvalidInput: A body, place, building, home or category that does not exist; a place that is neither.
    """
    told = {name: fact for name, fact in facts.items() if fact is not None}
    forms: Mapping[str, Any] = rule.schema.get("properties", {}).get("facts", {}).get("properties", {})
    for name, fact in told.items():
        kind = forms.get(name, {}).get("format")
        if kind in NAMED and found(reads, parts, NAMED[kind][0], kind, fact) is None:
            raise refused(name, *NAMED[kind][1:])
        if kind == "category_code" and fact not in parts.categories.by_code:
            raise refused(name, "没有这个类别", "there is no such category")
    code = told.get("category_code")
    if code is not None and "grade" in rule.sets and "grade" not in told:
        told["grade"] = parts.categories.by_code[code].grade
    if {"lon", "lat", "place_id", "building_id"} & set(forms):
        if words.get(HOME):
            told["building_id"] = building_of_home(parts, reads, words[HOME], told.get("building_id"))
        told |= placed(parts, reads, told)
        if told["located_by"] is None:
            raise refused(
                "lon", "请在本城范围内选点、选地方或选楼栋", "name a point in the city, a place or a building"
            )
    if rule.climbs:
        told |= {"from_level": row["ladder_level"]}
    return told


def placed(parts: CaseParts, reads: Reads, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return the facts of where something is: ``lon lat place_id building_id located_by``.

    A building gives its point where none is named. ``located_by`` is ``point``, ``code`` or None where neither
    an outline holds the point nor a place is named.

    Raises:
        InvalidInput: Half a point, a point that is none, a place or building that does not exist.
    """
    lon: Any = facts.get("lon")
    lat: Any = facts.get("lat")
    place_id, building_id = facts.get("place_id"), facts.get("building_id")
    if (lon is None) != (lat is None):
        raise refused("lon", "经度和纬度要同时填写", "longitude and latitude go together")
    if lon is not None and not (
        math.isfinite(lon) and math.isfinite(lat) and abs(lon) <= 180 and abs(lat) <= 90
    ):
        raise refused("lon", "不是经纬度", "it is not a point in degrees")
    if place_id is not None and place_id not in parts.planner.places.by_id:
        raise refused("place_id", "没有这个地方", "there is no such place")
    if building_id is not None:
        building = found(reads, parts, "building", "building_id", building_id)
        if building is None:
            raise refused("building_id", *NAMED["building_id"][1:])
        if lon is None:
            lon, lat = building["lon"], building["lat"]
    located_by = None
    if lon is not None and place_at(parts, lon, lat) is not None:
        located_by = "point"
    elif place_id is not None:
        located_by = "code"
    return {
        "lon": lon, "lat": lat, "place_id": place_id, "building_id": building_id, "located_by": located_by
    }  # fmt: skip


def place_at(parts: CaseParts, lon: float, lat: float) -> str | None:
    """Return a place that holds a point today, in any tree; None where none does."""
    places = parts.planner.places
    for tree_id in places.trees:
        held_by = places.locate(np.array([lon]), np.array([lat]), tree_id, parts.today())
        if held_by[0] is not None:
            return held_by[0]
    return None


def spot_of(steps: Sequence[Step]) -> Spot:
    """Return where a case is by its log."""
    for step in reversed(effective(steps)):
        if "located_by" in step.facts:
            facts = step.facts
            return Spot(facts.get("lon"), facts.get("lat"), facts.get("place_id"))
    return Spot(None, None, None)


def found(reads: Reads, parts: CaseParts, entity: str, key: str, equals: str) -> Row | None:
    """Return one row of an entity by its key, without regard to a reader's place."""
    columns = {"organisation": ("org_id", "name", "kind"), "building": ("building_id", "lon", "lat")}[entity]
    query = Query(entity, (Condition(key, "eq", equals),), columns=columns, limit=1)
    rows = reads.read(parts.planner.system(entity), query).rows
    return rows[0] if rows else None


def refused(field: str, why_zh: str, why_en: str) -> InvalidInput:
    """Return the error about one field, in both languages."""
    return InvalidInput(field=field, why=why_en, why_zh=why_zh, why_en=why_en)
