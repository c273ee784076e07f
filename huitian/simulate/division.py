"""The two place trees of the demo city and their history: three editions of ``admin``, one of ``property``.

Edition 2 splits the area 云溪地区 into two streets: their communities and grids get new codes by prefix. Edition 3
merges two communities of 柳浦街道. Codes follow domain 03 §1 without the padding zeros (the parent is the prefix);
99 is the province, which no real code has.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from huitian.model.place import Edition, Level, Lineage, LineageKind, Place, Tree
from huitian.simulate.estates import Community, Estate
from huitian.simulate.names import Name
from huitian.simulate.plane import area_m2, to_degrees
from huitian.simulate.subdivision import Subdivision

DISTRICT_CODE = "990114"
DISTRICT = Name("星澜区", "Xinglan District")
STREETS: tuple[tuple[str, Name], ...] = (
    ("990114001", Name("鹿鸣街道", "Luming Subdistrict")),
    ("990114002", Name("望榆街道", "Wangyu Subdistrict")),
    ("990114003", Name("柳浦街道", "Liupu Subdistrict")),
    ("990114005", Name("澄湾街道", "Chengwan Subdistrict")),
    ("990114006", Name("云溪街道", "Yunxi Subdistrict")),
    ("990114007", Name("松岚街道", "Songlan Subdistrict")),
    ("990114101", Name("禾塘镇", "Hetang Town")),
)
SPLIT_STREET = ("990114004", Name("云溪地区", "Yunxi Area"))
SPLIT_INTO = (4, 5)
MERGE_IN = 2

ADMIN = Tree("admin", "行政区划", "Administrative division", ("district", "street", "community", "grid"))
PROPERTY = Tree("property", "物业小区", "Estates and property", ("district", "estate"))


@dataclass(frozen=True, slots=True)
class Division:
    """The place trees.

    Attributes:
        trees: ``admin`` and ``property``.
        editions: Three of ``admin``, one of ``property``.
        places: Every place of every edition.
        lineages: What became of what.
        street_code: Code of each street today, by index.
        community_code: Code of each community today, by index; the merged two share one.
        unmerged_code: Code of each community from edition 2 until the merger, by index.
        first_community_code: Code of each community when the buildings were registered (edition 1).
        grid_code: Code of each grid today, by index.
        estate_code: Code of each estate, by index.
        split_on: First day of edition 2.
        merged_on: First day of edition 3.
    """

    trees: tuple[Tree, ...]
    editions: tuple[Edition, ...]
    places: tuple[Place, ...]
    lineages: tuple[Lineage, ...]
    street_code: tuple[str, ...]
    community_code: tuple[str, ...]
    unmerged_code: tuple[str, ...]
    first_community_code: tuple[str, ...]
    grid_code: tuple[str, ...]
    estate_code: tuple[str, ...]
    split_on: date
    merged_on: date


def month_start(day: date, n_before: int) -> date:
    """Return the first day of the month n months before the month of a day."""
    months = day.year * 12 + day.month - 1 - n_before
    return date(months // 12, months % 12 + 1, 1)


def reading_order(polygons: npt.NDArray[np.object_], band_n: int) -> list[int]:
    """Return indexes from north to south in bands, from west to east within a band (domain 02 §2).

    ``band_n`` is the height of a band in micro-degrees.
    """
    points = shapely.get_coordinates(shapely.point_on_surface(polygons))
    return [int(i) for i in np.lexsort((points[:, 0], -np.floor(points[:, 1] / band_n)))]


@dataclass(slots=True)
class _Book:
    """Places and lineages as they are entered."""

    places: list[Place] = field(default_factory=list)
    lineages: list[Lineage] = field(default_factory=list)

    def enter(
        self, tree_id: str, code: str, level: Level, name: Name, parent: str | None, shape: Any,
        valid: tuple[date, date | None], facts: dict[str, Any] | None = None,
    ) -> None:  # fmt: skip
        """Enter one place; ``shape`` is a polygon in micro-degrees."""
        outline = shapely.orient_polygons(to_degrees(shape))
        label = shapely.get_coordinates(shapely.point_on_surface(shape))[0]
        self.places.append(
            Place(
                f"{tree_id}:{code}", tree_id, code, level, name.zh, f"{tree_id}:{parent}" if parent else None, *valid,
                name_en=name.en, geometry=shapely.to_wkb(outline), area_m2=round(float(area_m2(shape)), 2),
                label=(round(float(label[0]) / 1e6, 6), round(float(label[1]) / 1e6, 6)), attributes=facts or {},
            )
        )  # fmt: skip

    def became(self, old: str, new: str, kind: LineageKind, on: date, share: float = 1.0) -> None:
        """Enter what became of a place."""
        self.lineages.append(Lineage(f"admin:{old}", f"admin:{new}", kind, on, round(share, 6)))


def _numbers(members: Iterable[Community], order: Sequence[int]) -> dict[int, int]:
    """Return the number of each community in its street: 001 … for committees, 201 … for villages."""
    place_in_order = {at: n for n, at in enumerate(order)}
    n_used = {False: 0, True: 200}
    numbers = {}
    for community in sorted(members, key=lambda one: place_in_order[one.at]):
        n_used[community.is_village] += 1
        numbers[community.at] = n_used[community.is_village]
    return numbers


def _merged_pair(shapes: npt.NDArray[np.object_], communities: Sequence[Community]) -> tuple[int, int]:
    """Return the two committees of the merging street that are smallest together and share a long border."""
    members = [c.at for c in communities if c.street == MERGE_IN and not c.is_village]
    pairs = [
        (float(area_m2(shapes[a]) + area_m2(shapes[b])), a, b)
        for n, a in enumerate(members)
        for b in members[n + 1 :]
        if shapely.length(shapely.intersection(shapes[a], shapes[b])) > 3000
    ]
    _, a, b = min(pairs)
    return a, b


def divide(
    ground: Subdivision, communities: Sequence[Community], estates: Sequence[Estate], today: date
) -> Division:
    """Return trees, editions, places and lineages; the dates of the changes follow from ``today``."""
    first_on = date(today.year - 6, 1, 1)
    split_on, merged_on = date(today.year - 2, 7, 1), month_start(today, 5)
    if split_on >= merged_on:
        split_on = date(today.year - 3, 7, 1)
    book = _Book()
    shapes = ground.merged(ground.community)
    street_shapes = ground.merged(ground.street)
    district = shapely.coverage_union_all(ground.grids)
    order = reading_order(shapes, 6000)
    pair = _merged_pair(shapes, communities)

    padded = {"code12": DISTRICT_CODE.ljust(12, "0")}
    book.enter("admin", DISTRICT_CODE, "district", DISTRICT, None, district, (first_on, None), padded)
    split_code, split_name = SPLIT_STREET
    split_shape = shapely.coverage_union_all(street_shapes[list(SPLIT_INTO)])
    book.enter("admin", split_code, "street", split_name, DISTRICT_CODE, split_shape, (first_on, split_on))
    for at, (code, name) in enumerate(STREETS):
        since = split_on if at in SPLIT_INTO else first_on
        book.enter("admin", code, "street", name, DISTRICT_CODE, street_shapes[at], (since, None))
        if at in SPLIT_INTO:
            share = float(area_m2(street_shapes[at]) / area_m2(split_shape))
            book.became(split_code, code, "split", split_on, share)

    first_code: dict[int, str] = {}
    code_now: dict[int, str] = {}
    in_split = [c for c in communities if c.street in SPLIT_INTO]
    first_code.update({at: f"{split_code}{n:03d}" for at, n in _numbers(in_split, order).items()})
    for at, (street_code, _) in enumerate(STREETS):
        members = [c for c in communities if c.street == at]
        codes = {i: f"{street_code}{n:03d}" for i, n in _numbers(members, order).items()}
        code_now.update(codes)
        first_code.update({i: code for i, code in codes.items() if i not in first_code})
    n_last = max(int(code_now[c.at][9:]) for c in communities if c.street == MERGE_IN and not c.is_village)
    merged_code = f"{STREETS[MERGE_IN][0]}{n_last + 1:03d}"

    spans: list[tuple[int, str, date, date | None]] = []
    for community in communities:
        at = community.at
        spans.append((at, first_code[at], first_on, split_on if community.street in SPLIT_INTO else None))
        if community.street in SPLIT_INTO:
            spans.append((at, code_now[at], split_on, None))
            book.became(first_code[at], code_now[at], "recode", split_on)
        if at in pair:
            spans[-1] = (at, spans[-1][1], spans[-1][2], merged_on)
            book.became(code_now[at], merged_code, "merge", merged_on)
    for at, code, since, until in spans:
        book.enter("admin", code, "community", communities[at].name, code[:9], shapes[at], (since, until),
                   {"urban_rural_code": "220" if communities[at].is_village else "111"})  # fmt: skip
    merged_shape = shapely.coverage_union_all(shapes[list(pair)])
    both = communities[pair[0]].name
    merged_name = Name("新" + both.zh, "New " + both.en)
    book.enter("admin", merged_code, "community", merged_name, merged_code[:9], merged_shape, (merged_on, None),
               {"urban_rural_code": "111"})  # fmt: skip

    grid_code = _enter_grids(book, ground, spans, (merged_code, merged_name, merged_on, pair), communities)
    unmerged = dict(code_now)
    code_now.update(dict.fromkeys(pair, merged_code))
    estate_code = _enter_estates(book, ground, estates, first_code, district, first_on)
    editions = (
        Edition("admin/1", "admin", 1, first_on, split_on), Edition("admin/2", "admin", 2, split_on, merged_on),
        Edition("admin/3", "admin", 3, merged_on, None), Edition("property/1", "property", 1, first_on, None),
    )  # fmt: skip
    n = range(len(communities))
    return Division(
        (ADMIN, PROPERTY), editions, tuple(book.places), tuple(book.lineages), tuple(c for c, _ in STREETS),
        tuple(code_now[i] for i in n), tuple(unmerged[i] for i in n),
        tuple(first_code[i] for i in n), grid_code, estate_code, split_on, merged_on,
    )  # fmt: skip


def _enter_grids(
    book: _Book, ground: Subdivision, spans: Sequence[tuple[int, str, date, date | None]],
    merger: tuple[str, Name, date, tuple[int, int]], communities: Sequence[Community],
) -> tuple[str, ...]:  # fmt: skip
    """Enter the grids of every community of every edition, with what became of them; return the codes of today."""
    order = reading_order(ground.grids, 1500)
    code_now: dict[int, str] = {}
    merged_code, merged_name, merged_on, pair = merger
    rows: list[tuple[tuple[int, ...], str, Name, date, date | None]] = [
        ((at,), code, communities[at].name, since, until) for at, code, since, until in spans
    ]
    rows.append((pair, merged_code, merged_name, merged_on, None))
    for members, code, name, since, until in rows:
        for n, grid in enumerate((g for g in order if int(ground.community[g]) in members), start=1):
            grid_code = f"{code}{n:03d}"
            if grid in code_now:
                book.became(code_now[grid], grid_code, "recode", since)
            code_now[grid] = grid_code
            label = Name(f"{name.zh}第{n}网格", f"{name.en} Grid {n}")
            book.enter("admin", grid_code, "grid", label, code, ground.grids[grid], (since, until))
    return tuple(code_now[i] for i in range(len(ground.grids)))


def _enter_estates(
    book: _Book, ground: Subdivision, estates: Sequence[Estate], community_code: dict[int, str], district: Any,
    since: date,
) -> tuple[str, ...]:  # fmt: skip
    """Enter the tree of estates; their codes carry the community of the day of registration and never change."""
    book.enter("property", DISTRICT_CODE, "district", DISTRICT, None, district, (since, None))
    shapes = ground.merged(ground.estate)
    codes: dict[int, str] = {}
    n_used: dict[str, int] = {}
    for at in reading_order(shapes, 3000):
        estate = estates[at]
        community = community_code[estate.community]
        n_used[community] = n_used.get(community, 0) + 1
        codes[at] = f"EST{community}{n_used[community]:03d}"
        facts = {"kind": estate.kind, "built_year": estate.built_year, "community_code": community}
        book.enter(
            "property", codes[at], "estate", estate.name, DISTRICT_CODE, shapes[at], (since, None), facts
        )
    return tuple(codes[i] for i in range(len(estates)))
