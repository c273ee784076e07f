"""The place trees in memory: editions, ranks, paths, and which place a point lies in.

Editions follow from the dates of the places: each day on which a place of a tree begins or ends starts a new
edition. Inside an edition places are numbered depth-first in order of code, so that "all below" is a range.
"""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date

import numpy as np
import shapely
from numpy.typing import NDArray

from huitian.engine.ports import Records, Writing
from huitian.errors import UnknownPlace
from huitian.model.place import Edition, Level, Place, PlaceNode, Tree
from huitian.model.query import Condition, Query, Row
from huitian.model.scope import Allowed

EVERYTHING = 10_000_000


class Places:
    """All trees and editions of a city; immutable once loaded.

    Args:
        trees: The trees.
        places: Every place of every edition.
        nodes: The numbered nodes by edition.
        editions: The editions of all trees.
        preferred_tree: The tree that is meant when none is named, where the city has it.
    """

    def __init__(self, trees: Sequence[Tree], places: Sequence[Place], nodes: dict[str, list[PlaceNode]],
                 editions: Sequence[Edition], preferred_tree: str = "admin") -> None:  # fmt: skip
        self._preferred = preferred_tree
        self.trees = {tree.tree_id: tree for tree in trees}
        self.by_id = {place.place_id: place for place in places}
        self.editions = sorted(editions, key=lambda e: (e.tree_id, e.edition_no))
        self._nodes = {eid: {n.place_id: n for n in found} for eid, found in nodes.items()}
        self._children: dict[tuple[str, str | None], list[str]] = defaultdict(list)
        for edition_id, found in nodes.items():
            for node in sorted(found, key=lambda n: n.rank):
                self._children[(edition_id, node.parent_id)].append(node.place_id)
        self._locators: dict[tuple[str, Level | None], Locator] = {}
        self._roots = [p.place_id for p in places if p.parent_id is None and p.tree_id == self.default_tree]
        # The first and the last place of each edition that has none below: most objects stand in such.
        self._leaves = {
            edition_id: (min(n.rank for n in found if n.rank == n.rank_last), max(n.rank for n in found))
            for edition_id, found in nodes.items() if found
        }  # fmt: skip

    @classmethod
    def load(
        cls, records: Records, everything: Callable[[str], Allowed], preferred_tree: str = "admin"
    ) -> "Places":
        """Read all trees from the store."""

        def rows(entity: str, sort: tuple[str, ...] = ()) -> Sequence[Row]:
            return records.read(everything(entity), Query(entity, sort=sort, limit=EVERYTHING)).rows

        nodes: dict[str, list[PlaceNode]] = defaultdict(list)
        for row in rows("edition_place", ("edition_id", "rank")):
            nodes[row["edition_id"]].append(
                PlaceNode(row["place_id"], row["parent_id"], row["depth"], row["rank"], row["rank_last"])
            )
        return cls(
            [
                Tree(r["tree_id"], r["title_zh"], r["title_en"], tuple(r["levels"] or ()))
                for r in rows("tree")
            ],
            [place_of(r) for r in rows("place")],
            nodes,
            [
                Edition(r["edition_id"], r["tree_id"], r["edition_no"], r["valid_from"], r["valid_to"])
                for r in rows("edition")
            ],
            preferred_tree,
        )

    @property
    def default_tree(self) -> str | None:
        """The preferred tree where there is one, else the first; None in an empty city."""
        return self._preferred if self._preferred in self.trees else next(iter(self.trees), None)

    def edition(self, tree_id: str, day: date) -> Edition | None:
        """Return the edition in force on a day; before the first one the first, None where there is none."""
        own = [e for e in self.editions if e.tree_id == tree_id]
        in_force = [e for e in own if e.valid_from <= day]
        return in_force[-1] if in_force else (own[0] if own else None)

    def node(self, place_id: str, day: date) -> PlaceNode | None:
        """Return the numbered node of a place on a day, None where it is not in that edition."""
        edition = self.edition(place_id.partition(":")[0], day)
        return self._nodes.get(edition.edition_id, {}).get(place_id) if edition else None

    def is_whole_city(self, place_id: str) -> bool:
        """Return whether a place is all there is: the only root that the default tree ever had."""
        return self._roots == [place_id]

    def intervals(self, place_id: str, tree_id: str, day: date) -> tuple[tuple[int, int], ...]:
        """Return the ranks of a place and all below; of another tree, or another edition: nothing.

        Raises:
            UnknownPlace: There never was such a place.
        """
        if place_id not in self.by_id:
            raise UnknownPlace(place_id=place_id, at=day)
        if place_id.partition(":")[0] != tree_id:
            return ()
        node = self.node(place_id, day)
        return ((node.rank, node.rank_last),) if node else ()

    def is_wide(self, edition_id: str, intervals: Sequence[tuple[int, int]] | None) -> bool:
        """Return whether one of some intervals of ranks holds every place of an edition that has none below."""
        if not intervals or edition_id not in self._leaves:
            return False
        first, last = self._leaves[edition_id]
        return any(a <= first and last <= b for a, b in intervals)

    def children(self, place_id: str | None, tree_id: str, day: date) -> list[Place]:
        """Return the places directly below, in order of rank; of None: the roots."""
        edition = self.edition(tree_id, day)
        if edition is None:
            return []
        return [self.by_id[p] for p in self._children.get((edition.edition_id, place_id), ())]

    def nodes_of(self, edition_id: str) -> list[PlaceNode]:
        """Return the nodes of an edition in order of rank."""
        return sorted(self._nodes.get(edition_id, {}).values(), key=lambda n: n.rank)

    def path(self, place_id: str) -> list[Place]:
        """Return the places from the root down to this one."""
        found: list[Place] = []
        at: str | None = place_id
        while at is not None and at in self.by_id and len(found) < 20:
            found.append(self.by_id[at])
            at = self.by_id[at].parent_id
        return found[::-1]

    def locator(self, tree_id: str, day: date, level: Level | None = None) -> "Locator":
        """Return the point locator of an edition, for all levels or one."""
        edition = self.edition(tree_id, day)
        edition_id = edition.edition_id if edition else ""
        key = (edition_id, level)
        if key not in self._locators:
            nodes = self.nodes_of(edition_id)
            self._locators[key] = Locator(
                [
                    (self.by_id[n.place_id], n.depth)
                    for n in nodes
                    if level is None or self.by_id[n.place_id].level == level
                ]
            )
        return self._locators[key]

    def locate(
        self, lon: NDArray[np.float64], lat: NDArray[np.float64], tree_id: str, day: date,
        level: Level | None = None,
    ) -> list[str | None]:  # fmt: skip
        """Return the place of each point; see ``Locator.locate``."""
        return self.locator(tree_id, day, level).locate(lon, lat)


class Locator:
    """Exact point location over the places of one edition."""

    def __init__(self, places: Iterable[tuple[Place, int]]) -> None:
        # The tie rule as one sort: deepest first, then smallest area, then lowest code.
        ordered = sorted(
            ((place, depth) for place, depth in places if place.geometry is not None),
            key=lambda p: (-p[1], p[0].area_m2 or 0.0, p[0].code),
        )
        self._ids = [place.place_id for place, _ in ordered]
        outlines = shapely.from_wkb([place.geometry for place, _ in ordered])
        shapely.prepare(outlines)
        self._tree = shapely.STRtree(outlines)

    def locate(self, lon: NDArray[np.float64], lat: NDArray[np.float64]) -> list[str | None]:
        """Return the place id of each point, None where no place holds it.

        Exact on the outlines as stored: a point on a border belongs to every place it touches, and where
        several hold a point the deepest wins, then the smallest area, then the lowest code. So a point on the
        border of two communities always goes to the smaller one, and an overlap is decided the same way.

        Args:
            lon: Degrees, one a point; NaN is nowhere.
            lat: Degrees, one a point.

        Returns:
            One id or None a point, in order.
        """
        best = np.full(len(lon), len(self._ids), dtype=np.int64)
        good = np.isfinite(lon) & np.isfinite(lat)
        if self._ids and good.any():
            points = shapely.points(np.where(good, lon, 0.0), np.where(good, lat, 0.0))
            which, held_by = self._tree.query(points, predicate="intersects")
            np.minimum.at(best, which, held_by)
        best[~good] = len(self._ids)
        return [self._ids[i] if i < len(self._ids) else None for i in best.tolist()]


def place_of(row: Row) -> Place:
    """Return the place of a stored row."""
    label = None if row["label_lon"] is None else (row["label_lon"], row["label_lat"])
    return Place(
        place_id=row["place_id"], tree_id=row["tree_id"], code=row["code"], level=row["level"],
        name=row["name"], parent_id=row["parent_id"], valid_from=row["valid_from"], valid_to=row["valid_to"],
        name_en=row["name_en"], geometry=row["geometry"], label=label, area_m2=row["area_m2"],
        attributes=row["attributes"] or {},
    )  # fmt: skip


def place_row(place: Place) -> Row:
    """Return the stored row of a place; its box follows from its outline."""
    box: Sequence[float | None] = (None, None, None, None)
    if place.geometry is not None:
        box = shapely.from_wkb(place.geometry).bounds
    return {
        "place_id": place.place_id, "tree_id": place.tree_id, "code": place.code, "level": place.level,
        "name": place.name, "name_en": place.name_en, "parent_id": place.parent_id, "valid_from": place.valid_from,
        "valid_to": place.valid_to, "area_m2": place.area_m2, "label_lon": place.label and place.label[0],
        "label_lat": place.label and place.label[1], "geometry": place.geometry, "west": box[0], "south": box[1],
        "east": box[2], "north": box[3], "attributes": dict(place.attributes),
    }  # fmt: skip


def number(places: Sequence[Place], tree_id: str) -> tuple[list[Edition], dict[str, list[PlaceNode]]]:
    """Derive the editions of a tree from the dates of its places and number each depth-first by code.

    A place whose parent is not valid on that day hangs on the root, so that nothing is lost between two loads.
    """
    starts = sorted({p.valid_from for p in places} | {p.valid_to for p in places if p.valid_to is not None})
    editions: list[Edition] = []
    nodes: dict[str, list[PlaceNode]] = {}
    for start in starts:
        valid = [p for p in places if p.valid_from <= start and (p.valid_to is None or p.valid_to > start)]
        if not valid:
            continue
        numbered = number_edition(valid)
        edition_id = f"{tree_id}/{len(editions) + 1}-{mark_of(numbered)}"
        if editions:
            last = editions[-1]
            editions[-1] = Edition(last.edition_id, tree_id, last.edition_no, last.valid_from, start)
        editions.append(Edition(edition_id, tree_id, len(editions) + 1, start, None))
        nodes[edition_id] = numbered
    return editions, nodes


def mark_of(nodes: Sequence[PlaceNode]) -> str:
    """Return a mark of a numbering, part of its edition's id.

    A permission holds ranks; should the places be numbered anew while it is in use, its edition is no longer
    there and it matches nothing, rather than the ranks of other places.
    """
    told = "\n".join(f"{n.rank} {n.rank_last} {n.place_id}" for n in nodes)
    return hashlib.sha256(told.encode()).hexdigest()[:8]


def number_edition(valid: Sequence[Place]) -> list[PlaceNode]:
    """Number the places of one edition depth-first, children in order of code."""
    by_id = {p.place_id: p for p in valid}
    roots = sorted((p for p in valid if p.parent_id is None), key=lambda p: p.code)
    top = roots[0].place_id if roots else None
    below: dict[str | None, list[Place]] = defaultdict(list)
    for place in sorted(valid, key=lambda p: p.code):
        if place.parent_id is None or place.parent_id in by_id:
            below[place.parent_id].append(place)
        else:
            below[top].append(place)
    found: list[PlaceNode] = []
    stack: list[tuple[Place, str | None, int]] = [(p, None, 0) for p in reversed(below[None])]
    order: list[tuple[Place, str | None, int]] = []
    while stack:
        place, parent_id, depth = stack.pop()
        order.append((place, parent_id, depth))
        stack += [(child, place.place_id, depth + 1) for child in reversed(below[place.place_id])]
    last: dict[str, int] = {}
    for rank in range(len(order), 0, -1):
        place, parent_id, _ = order[rank - 1]
        last[place.place_id] = max(last.get(place.place_id, rank), rank)
        if parent_id is not None:
            last[parent_id] = max(last.get(parent_id, 0), last[place.place_id])
    for rank, (place, parent_id, depth) in enumerate(order, 1):
        found.append(PlaceNode(place.place_id, parent_id, depth, rank, last[place.place_id]))
    return found


def renumber(writing: Writing, everything: Callable[[str], Allowed], tree_id: str) -> list[Edition]:
    """Rebuild the editions of a tree inside a transaction, from the places that are there. Idempotent."""
    query = Query("place", (Condition("tree_id", "eq", tree_id),), limit=EVERYTHING)
    places = [place_of(row) for row in writing.read(everything("place"), query).rows]
    old = writing.read(
        everything("edition"), Query("edition", (Condition("tree_id", "eq", tree_id),), limit=EVERYTHING)
    )
    editions, nodes = number(places, tree_id)
    for row in old.rows:
        writing.remove("edition_place", {"edition_id": row["edition_id"]})
        writing.remove("edition", {"edition_id": row["edition_id"]})
    writing.put("edition", [
        {"edition_id": e.edition_id, "tree_id": e.tree_id, "edition_no": e.edition_no, "valid_from": e.valid_from,
         "valid_to": e.valid_to} for e in editions])  # fmt: skip
    for edition_id, found in nodes.items():
        writing.add("edition_place", [
            {"edition_id": edition_id, "place_id": n.place_id, "parent_id": n.parent_id, "depth": n.depth,
             "rank": n.rank, "rank_last": n.rank_last} for n in found])  # fmt: skip
    return editions
