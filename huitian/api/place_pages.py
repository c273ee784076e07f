"""Places as screens show them."""

from collections.abc import Sequence
from datetime import date, datetime

import shapely

from huitian.api.asking import cursor_of, next_cursor, question_of
from huitian.api.city import City
from huitian.api.wire.places import (
    Box,
    LineageStep,
    Place,
    PlaceList,
    PlacePage,
    PlaceStep,
    PublicPlace,
    PublicPlaceList,
    Tree,
)
from huitian.api.wire.places import City as CityShown
from huitian.base.places import Places
from huitian.base.planner import Planner
from huitian.clock import day_of
from huitian.errors import NotAllowed, UnknownPlace
from huitian.model import place as standing
from huitian.model.query import AnyOf, Condition, Query, Tally, Where
from huitian.model.scope import Scope

COUNTED = ("building", "organisation", "component")
MONDAY = 1
MOST_CHILDREN = 1000
"""So many places directly below are told with a place; all of them are a list of their own."""


def city_shown(city: City) -> CityShown:
    """Return the city with its trees."""
    settings, planner = city.settings, city.planner
    places, root = planner.places, root_of(city)
    trees = [
        Tree(
            t.tree_id,
            t.title_zh,
            t.title_en,
            t.levels,
            [e for e in places.editions if e.tree_id == t.tree_id],
        )
        for t in places.trees.values()
    ]
    other = "en" if settings.language == "zh" else "zh"
    area_m2 = root.area_m2 if root else None
    return CityShown(
        name_zh=settings.name_zh, name_en=settings.name_en, is_demo=city.demo is not None,
        root_place_id=root.place_id if root else None, default_tree=tree_of(city), trees=trees,
        box=(box_of(root) if root else None) or box_of_outlines(places) or settings.box,
        area_km2=None if area_m2 is None else round(area_m2 / 1e6, 2), now=city.clock.now(), week_start=MONDAY,
        languages=[settings.language, other],
    )  # fmt: skip


def tree_of(city: City) -> str | None:
    """Return the default tree: that of the settings where it is loaded."""
    places, wanted = city.planner.places, city.settings.default_tree
    return wanted if wanted in places.trees else places.default_tree


def root_of(city: City) -> standing.Place | None:
    """Return the place at the top of the default tree; None while no place is loaded."""
    places, tree_id = city.planner.places, tree_of(city)
    roots = places.children(None, tree_id, city.planner.today()) if tree_id else []
    return places.by_id.get(city.settings.root_place) or (roots[0] if roots else None)


def box_of(place: standing.Place) -> Box | None:
    """Return the box of a place; None where its outline is not known."""
    if place.geometry is None:
        return None
    return rounded(shapely.from_wkb(place.geometry).bounds)


def box_of_outlines(places: Places) -> Box | None:
    """Return the box of all outlines: what a map shows where the root itself has none.

    The setting ``box`` comes after it: that one says which coordinates can be true and is often far wider.
    """
    outlines = [place.geometry for place in places.by_id.values() if place.geometry is not None]
    return rounded(shapely.total_bounds(shapely.from_wkb(outlines)).tolist()) if outlines else None


def rounded(box: Sequence[float]) -> Box:
    """Return a box to six decimals of a degree, about 0.1 m."""
    west, south, east, north = (round(side, 6) for side in box)
    return west, south, east, north


def step_of(place: standing.Place) -> PlaceStep:
    """Return a place as a step of a path."""
    return PlaceStep(place.place_id, place.name, place.name_en, place.level)


def shown(places: Places, place: standing.Place, node: standing.PlaceNode, day: date) -> Place:
    """Return a place as it stands in one edition."""
    below = places.children(place.place_id, place.tree_id, day)
    return Place(
        place_id=place.place_id, code=place.code, name=place.name, name_en=place.name_en, level=place.level,
        parent_id=node.parent_id, depth=node.depth, rank=node.rank, rank_last=node.rank_last, n_children=len(below),
        area_m2=None if place.area_m2 is None else round(place.area_m2, 1), label=place.label, box=box_of(place),
    )  # fmt: skip


def visible_nodes(planner: Planner, scope: Scope, tree_id: str, day: date) -> list[standing.PlaceNode]:
    """Return the nodes of an edition that a reader may see, in order of rank."""
    places = planner.places
    edition = places.edition(tree_id, day)
    if edition is None:
        return []
    intervals = planner.allow(scope, "place", tree_id=tree_id, at=day).intervals
    nodes = places.nodes_of(edition.edition_id)
    if intervals is None:
        return nodes
    return [n for n in nodes if any(first <= n.rank <= last for first, last in intervals)]


def places_of(
    planner: Planner, scope: Scope, tree: str | None, parent: str | None, level: str | None, words: str | None,
    day: date, cursor: str | None, limit: int,
) -> PlaceList:  # fmt: skip
    """Return a page of the places of an edition that match, how many do, and the edition.

    A cursor holds for one edition: where the places were numbered anew between two pages, the second is refused.

    Raises:
        InvalidInput: The cursor belongs to another question.
        UnknownPlace: There never was such a parent.
    """
    places = planner.places
    if parent is not None and parent not in places.by_id:
        raise UnknownPlace(place_id=parent, at=day)
    tree_id = tree or (parent or "").partition(":")[0] or places.default_tree or ""
    edition = places.edition(tree_id, day)
    nodes = visible_nodes(planner, scope, tree_id, day)
    standing_there = ((places.by_id[node.place_id], node) for node in nodes)
    found = [
        (place, node)
        for place, node in standing_there
        if (parent is None or node.parent_id == parent)
        and (level is None or place.level == level)
        and (not words or matches(place, words))
    ]
    edition_id = edition.edition_id if edition else None
    question = question_of("places", tree_id, parent, level, words, edition_id, limit, scope)
    start = cursor_of(cursor, question)
    items = [shown(places, place, node, day) for place, node in found[start.offset : start.offset + limit]]
    as_of = start.as_of or planner.instant_of(None)
    ahead = next_cursor(question, start.offset, len(items), len(found), as_of)
    return PlaceList(items, len(found), edition_id, ahead)


def matches(place: standing.Place, words: str) -> bool:
    """Return whether a place has these words in its name or code."""
    wanted = words.strip().casefold()
    return any(wanted in text.casefold() for text in (place.name, place.name_en or "", place.code))


def place_page(planner: Planner, scope: Scope, place_id: str, at: date | datetime | None) -> PlacePage:
    """Return a place with what stands around it.

    Raises:
        UnknownPlace: There never was such a place, or it is not the reader's to see.
    """
    places = planner.places
    place = places.by_id.get(place_id)
    as_of = planner.instant_of(at)
    day = day_of(as_of)
    if place is None:
        raise UnknownPlace(place_id=place_id, at=day)
    node = places.node(place_id, day)
    if node is None:
        day = last_day(places, place)
        node = places.node(place_id, day)
    seen = {n.place_id for n in visible_nodes(planner, scope, place.tree_id, day)}
    if node is None or place_id not in seen:
        raise UnknownPlace(place_id=place_id, at=day)
    own = shown(places, place, node, day)
    children = [
        shown(places, child, child_node, day)
        for child in places.children(place_id, place.tree_id, day)[:MOST_CHILDREN]
        if (child_node := places.node(child.place_id, day)) is not None
    ]
    return PlacePage(
        **{name: getattr(own, name) for name in Place.__dataclass_fields__},
        path=[step_of(p) for p in places.path(place_id)],
        children=children,
        lineage=lineage_of(planner, scope, place_id),
        n_objects=objects_in(planner, scope, place_id, at, as_of),
    )


def last_day(places: Places, place: standing.Place) -> date:
    """Return the first day of the newest edition that a place was in."""
    days = [e.valid_from for e in places.editions if e.tree_id == place.tree_id]
    return next((d for d in reversed(days) if places.node(place.place_id, d)), place.valid_from)


def lineage_of(planner: Planner, scope: Scope, place_id: str) -> list[LineageStep]:
    """Return what a place came from and what became of it, oldest first."""
    where: Where = (AnyOf((Condition("from_id", "eq", place_id), Condition("to_id", "eq", place_id))),)
    rows = planner.read(
        planner.allow(scope, "lineage"), Query("lineage", where, sort=("changed_on",), limit=500)
    ).rows
    found = []
    for row in rows:
        is_origin = row["to_id"] == place_id
        other_id = row["from_id"] if is_origin else row["to_id"]
        other = planner.places.by_id.get(other_id)
        found.append(
            LineageStep(row["kind"], row["changed_on"], other_id, other.name if other else other_id,
                        "from" if is_origin else "to", row["share_ratio"])
        )  # fmt: skip
    return found


def open_at(as_of: datetime) -> Where:
    """Return the conditions of cases that were open at an instant."""
    return (
        Condition("reported_at", "le", as_of),
        AnyOf((Condition("closed_at", "is_null"), Condition("closed_at", "gt", as_of))),
    )


def objects_in(
    planner: Planner, scope: Scope, place_id: str, at: date | datetime | None, as_of: datetime
) -> dict[str, int | None]:
    """Return how many objects stand in a place, by entity; None where the reader may not count them."""
    found: dict[str, int | None] = {}
    asked: Sequence[tuple[str, str, Where]] = [(name, name, ()) for name in COUNTED]
    for name, entity, where in [*asked, ("case_open", "case", open_at(as_of))]:
        try:
            allowed = planner.allow(scope, entity, place_id, at=at)
        except NotAllowed:
            found[name] = None
            continue
        rows = planner.tally(allowed, Tally(entity, where))
        found[name] = int(rows[0]["n"]) if rows else 0
    return found


def public_places(planner: Planner, words: str, limit: int) -> PublicPlaceList:
    """Return places that a resident can choose, the best match first."""
    places, day = planner.places, planner.today()
    tree_id = planner.places.default_tree
    edition = places.edition(tree_id, day) if tree_id else None
    wanted = words.strip().casefold()
    levels = {"street", "community", "estate"} if wanted else {"street", "community"}
    hits: list[tuple[bool, int, standing.Place]] = []
    for node in places.nodes_of(edition.edition_id) if edition else []:
        place = places.by_id[node.place_id]
        if place.level in levels and (not wanted or matches(place, wanted)):
            hits.append((not place.name.casefold().startswith(wanted), node.rank, place))
    hits.sort(key=lambda hit: hit[:2])
    items = [
        PublicPlace(
            p.place_id, p.name, p.name_en, p.level, [s.name for s in places.path(p.place_id)][1:], p.label
        )
        for _, _, p in hits[:limit]
    ]
    return PublicPlaceList(items, len(hits))
