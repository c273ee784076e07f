"""Places: trees, their editions, their nodes, and the lineage between editions."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

Level = Literal["city", "district", "street", "community", "grid", "estate"]
LEVELS: tuple[Level, ...] = ("city", "district", "street", "community", "grid", "estate")
FIRST_DAY = date(2000, 1, 1)
"""From when a place is valid whose source does not say."""
LineageKind = Literal["split", "merge", "rename", "recode"]


@dataclass(frozen=True, slots=True)
class Tree:
    """One way of dividing the city; several stand side by side.

    Attributes:
        tree_id: ``admin``, ``property``, ``police``, ….
        title_zh: Chinese name.
        title_en: English name.
        levels: Levels from the root down.
    """

    tree_id: str
    title_zh: str
    title_en: str
    levels: tuple[Level, ...]


@dataclass(frozen=True, slots=True)
class Edition:
    """A tree as it was in force from one day to another.

    Attributes:
        edition_id: ``admin/3-<mark of its numbering>``.
        tree_id: Its tree.
        edition_no: 1, 2, ….
        valid_from: First day in force.
        valid_to: First day no longer in force; None while it is.
    """

    edition_id: str
    tree_id: str
    edition_no: int
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class Place:
    """An area of one tree, for as long as it kept its code.

    Attributes:
        place_id: ``<tree>:<code>``.
        tree_id: Its tree.
        code: Official code (domain 03 §1), never reused.
        level: Its level.
        name: Chinese name.
        parent_id: Place above; None for the root.
        valid_from: First day.
        valid_to: First day no longer; None while valid.
        name_en: English name or pinyin; None where not given.
        geometry: WKB polygon in lon-lat degrees, CGCS2000/WGS-84; None where the outline is not known.
        label: ``(lon, lat)`` of the label; None where there is no geometry.
        area_m2: Area in square metres; None where there is no geometry.
        attributes: Whatever else the source said.
    """

    place_id: str
    tree_id: str
    code: str
    level: Level
    name: str
    parent_id: str | None
    valid_from: date
    valid_to: date | None = None
    name_en: str | None = None
    geometry: bytes | None = None
    label: tuple[float, float] | None = None
    area_m2: float | None = None
    attributes: Mapping[str, Any] = field(default_factory=dict)

    def called(self, lang: str) -> str:
        """Return its name in ``lang``, ``zh`` or ``en``; the Chinese one where it has no other."""
        return (self.name_en if lang == "en" else None) or self.name


@dataclass(frozen=True, slots=True)
class PlaceNode:
    """A place inside one edition, numbered depth-first: all below it have ``rank`` … ``rank_last``.

    Attributes:
        place_id: The place.
        parent_id: The place above in this edition.
        depth: 0 for the root.
        rank: Its own number.
        rank_last: Number of the last place below it; equal to ``rank`` for a leaf.
    """

    place_id: str
    parent_id: str | None
    depth: int
    rank: int
    rank_last: int


@dataclass(frozen=True, slots=True)
class Lineage:
    """What became of a place on one day.

    Attributes:
        from_id: Place before.
        to_id: Place after.
        kind: Split, merge, rename or recode.
        changed_on: First day of the new state.
        share_ratio: Part of the old place (0–1, by area) that went to the new one.
    """

    from_id: str
    to_id: str
    kind: LineageKind
    changed_on: date
    share_ratio: float
