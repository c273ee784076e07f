"""Where a story is about: what its home, its address note, its building and its point tell of one another."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from huitian.cases.history import EVERY_ROW, batches
from huitian.cases.homes import homes_in_notes
from huitian.cases.parts import CaseParts, Reads
from huitian.model.case import HOME, CaseStory
from huitian.model.query import Condition, Query, Row


def at_home(
    parts: CaseParts, reads: Reads, stories: Sequence[CaseStory]
) -> tuple[list[CaseStory], frozenset[str]]:
    """Return stories with what they leave to be found out, and the source keys of those whose home does not fit.

    A home gives the building where none is named; the note may name the home, as that of a letter does; a building
    gives the point of what has none. A home that is not in the city, or lies in another building
    than the one that is named, is left out.
    """
    named = rows_of(parts, reads, "dwelling", HOME, {s.dwelling_id for s in stories if s.dwelling_id})
    placed, elsewhere = [], set[str]()
    for story in stories:
        told = named.get(story.dwelling_id or "", {}).get("building_id")
        if story.dwelling_id and (told is None or story.building_id not in {None, told}):
            elsewhere.add(story.source_key)
            placed.append(replace(story, dwelling_id=None))
        else:
            placed.append(replace(story, building_id=story.building_id or told))
    notes = [(None if s.dwelling_id else s.building_id, s.address_note) for s in placed]
    homes = homes_in_notes(parts, reads, notes)
    without = {s.building_id for s in placed if s.building_id and s.lon is None}
    points = rows_of(parts, reads, "building", "building_id", without)
    done = []
    for story, home in zip(placed, homes, strict=True):
        point = points.get(story.building_id or "", {}) if story.lon is None else {}
        lon, lat = point.get("lon", story.lon), point.get("lat", story.lat)
        done.append(replace(story, dwelling_id=home or story.dwelling_id, lon=lon, lat=lat))
    return done, frozenset(elsewhere)


def rows_of(parts: CaseParts, reads: Reads, entity: str, key: str, ids: Collection[str]) -> Mapping[str, Row]:
    """Return rows by their id; what is not in the city is not among them."""
    found: dict[str, Any] = {}
    for part in batches(sorted(ids)):
        query = Query(entity, (Condition(key, "in", part),), limit=EVERY_ROW)
        found |= {row[key]: row for row in reads.read(parts.planner.system(entity), query).rows}
    return found
