"""Places and the city itself, on the wire."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from huitian.api.wire.instant import Instant
from huitian.model.place import Edition, Level, LineageKind

LonLat = tuple[float, float]
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Tree:
    """One way of dividing the city, with its editions.

    Attributes:
        tree_id: ``admin``, ``property``, ….
        title_zh: Chinese name.
        title_en: English name.
        levels: Levels from the root down.
        editions: The tree as it was in force from one day to another, oldest first.
    """

    tree_id: str
    title_zh: str
    title_en: str
    levels: tuple[Level, ...]
    editions: list[Edition]


@dataclass(frozen=True, slots=True)
class City:
    """The city that is served.

    Attributes:
        name_zh: Chinese name.
        name_en: English name.
        is_demo: Whether everything in it is invented (演示数据).
        root_place_id: Place at the top of the default tree; null while no place is loaded.
        default_tree: Tree that is used when none is named; null while there is none.
        trees: All trees.
        box: ``west, south, east, north`` in degrees; null while no outline is loaded.
        area_km2: Area of the root in square kilometres; null where its outline is not known.
        now: Present instant of the city's clock, aware UTC.
        week_start: First day of the week, 1 is Monday.
        languages: Languages of the screens, the default first.
    """

    name_zh: str
    name_en: str
    is_demo: bool
    root_place_id: str | None
    default_tree: str | None
    trees: list[Tree]
    box: Box | None
    area_km2: float | None
    now: Instant
    week_start: int
    languages: list[str]


@dataclass(frozen=True, slots=True)
class Place:
    """A place as it stands in one edition.

    Attributes:
        place_id: ``<tree>:<code>``.
        code: Official code.
        name: Chinese name.
        name_en: English name or pinyin; null where not given.
        level: Its level.
        parent_id: Place above; null for the root.
        depth: 0 for the root.
        rank: Its number, depth-first.
        rank_last: Number of the last place below it.
        n_children: Places directly below.
        area_m2: Area in square metres; null where the outline is not known.
        label: ``lon, lat`` of the label in degrees; null where the outline is not known.
        box: ``west, south, east, north`` in degrees; null where the outline is not known.
    """

    place_id: str
    code: str
    name: str
    name_en: str | None
    level: Level
    parent_id: str | None
    depth: int
    rank: int
    rank_last: int
    n_children: int
    area_m2: float | None
    label: LonLat | None
    box: Box | None


@dataclass(frozen=True, slots=True)
class PlaceList:
    """Places of one edition, in order of rank.

    Attributes:
        items: The places.
        n_total: How many there are in all.
        edition_id: The edition that was read; null where the tree has none.
        next_cursor: Pass it as ``cursor`` for the next page; null on the last.
    """

    items: list[Place]
    n_total: int
    edition_id: str | None
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class PlaceStep:
    """One place of a path from the root down.

    Attributes:
        place_id: The place.
        name: Chinese name.
        name_en: English name; null where not given.
        level: Its level.
    """

    place_id: str
    name: str
    name_en: str | None
    level: Level


@dataclass(frozen=True, slots=True)
class LineageStep:
    """What became of a place, or what it came from.

    Attributes:
        kind: Split, merge, rename or recode.
        changed_on: First day of the new state.
        other_id: The other place.
        other_name: Its name.
        direction: ``from``: this place came from the other; ``to``: it went to the other.
        share_ratio: Part of the earlier place (0–1, by area) that went to the later one; null where not known.
    """

    kind: LineageKind
    changed_on: date
    other_id: str
    other_name: str
    direction: str
    share_ratio: float | None


@dataclass(frozen=True, slots=True)
class PlacePage(Place):
    """A place with what stands around it.

    Attributes:
        path: Places from the root down to this one.
        children: Places directly below, the first 1,000 by rank; ``n_children`` says how many there are, and
            ``GET /v1/places?parent=`` gives all of them by pages.
        lineage: Splits, merges and renames, oldest first.
        n_objects: How many objects stand in it, by entity (``building``, ``organisation``, ``component``,
            ``case_open``); null where the reader may not count them.
    """

    path: list[PlaceStep]
    children: list[Place]
    lineage: list[LineageStep]
    n_objects: Mapping[str, int | None]


@dataclass(frozen=True, slots=True)
class Located:
    """Which place a point lies in.

    Attributes:
        place_id: The deepest place that holds the point; null where none does.
        path: Places from the root down to it.
        rule: How it was decided; ``none`` where no place holds the point.
    """

    place_id: str | None
    path: list[PlaceStep]
    rule: str


@dataclass(frozen=True, slots=True)
class PublicPlace:
    """A place that a resident can choose in a letter.

    Attributes:
        place_id: The place.
        name: Chinese name.
        name_en: English name; null where not given.
        level: Its level.
        path: Names from the root down, without the root.
        label: ``lon, lat`` of the label in degrees; null where the outline is not known.
    """

    place_id: str
    name: str
    name_en: str | None
    level: Level
    path: list[str]
    label: LonLat | None


@dataclass(frozen=True, slots=True)
class PublicPlaceList:
    """Places that a resident can choose.

    Attributes:
        items: The places, best match first.
        n_total: How many match.
    """

    items: list[PublicPlace]
    n_total: int
