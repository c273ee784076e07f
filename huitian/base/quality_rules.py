"""The rules that every city's data is held against after a load."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

import numpy as np
import shapely

from huitian.base.quality import Finding, Ground, Rule
from huitian.model.place import Level, Place
from huitian.model.query import Condition, Row

POINTED = {"building": "楼栋", "component": "部件", "organisation": "组织", "case": "案件"}
"""Entities with a point of their own, and their Chinese names."""
KEYS = {"building": "building_id", "component": "component_id", "organisation": "org_id", "case": "case_id"}
NUMBERS = {"case": "case_no"}
"""Column by which people call an object, where that is not its key."""
TITLES: Mapping[str, tuple[str, str]] = {
    "city": ("城市", "city"), "district": ("区县", "district"), "street": ("街道", "street"),
    "community": ("社区", "community"), "grid": ("网格", "grid"), "estate": ("小区", "estate"),
}  # fmt: skip
STICKS_OUT_RATIO = 0.01
SUM_RATIO = 0.01
"""Sums that differ by less than this part are rounding."""
COUNTS = ("n_",)
"""Attributes of places and buildings that begin so are counts, and have to add up."""
COUNT_TITLES = {
    "n_residents": ("居住人口", "residents"), "n_workers": ("工作人口", "workers"),
    "n_households": ("户数", "households"), "n_persons": ("人口", "persons"), "n_dwellings": ("房屋数", "dwellings"),
}  # fmt: skip


def object_outside_level(ground: Ground) -> Iterator[Finding]:
    """Yield objects that lie inside a place of a lower level but outside every place of a level above it.

    Seen in real sets: a building inside the outline of its community, which reaches beyond the outline of its
    street. Levels without any outline are passed over.
    """
    tree_id = ground.places.default_tree
    if tree_id is None:
        return
    levels = _outlined_levels(ground, tree_id)
    if len(levels) < 2:
        return
    for entity in KEYS:
        rows = list(_pointed(ground, entity))
        lon = np.array([row["lon"] for row in rows], dtype=np.float64)
        lat = np.array([row["lat"] for row in rows], dtype=np.float64)
        held = {level: ground.places.locate(lon, lat, tree_id, ground.today_on, level) for level in levels}
        for i, row in enumerate(rows):
            inside = [n for n, level in enumerate(levels) if held[level][i] is not None]
            for n in range(max(inside, default=0)):
                if n not in inside:
                    yield _outside(ground, entity, row, levels[n], held[levels[max(inside)]][i])


def _called(entity: str, row: Row) -> str:
    return str(row[NUMBERS.get(entity, KEYS[entity])])


def _outside(ground: Ground, entity: str, row: Row, level: Level, place_id: str | None) -> Finding:
    object_id, called = row[KEYS[entity]], _called(entity, row)
    place = ground.places.by_id[place_id or ""]
    zh, en = TITLES[level]
    return Finding(
        "object_outside_level", entity, object_id, place_id, "warning",
        f"{POINTED[entity]} {called} 在“{place.name}”之内，却在所有{zh}的边界之外；请核对{zh}边界。",
        f"The {entity} {called} lies in {place.name} but outside the outline of every {en}; "
        f"check the outlines.",
        {"level": level, "inside_place_id": place_id, "inside_name": place.name}, about=level,
    )  # fmt: skip


def object_unlocated(ground: Ground) -> Iterator[Finding]:
    """Yield objects that stand nowhere: no outline holds them, and their source names no place."""
    for entity, key in KEYS.items():
        where = (Condition("place_id", "is_null"),)
        columns = (
            "place_id",
            "lon",
            "lat",
            NUMBERS.get(entity, key),
            *(("kind",) if entity == "organisation" else ()),
        )
        for row in ground.rows(entity, key, columns, where):
            # A department works for the whole city: it stands nowhere and need not.
            if row.get("kind") in {"department", "centre"} and row["lon"] is None:
                continue
            why_zh, why_en = (
                "没有坐标，来源也没有写明地方",
                "it has no coordinates and its source names no place",
            )
            if row["lon"] is not None:
                why_zh, why_en = ("坐标在所有边界之外", "its coordinates lie outside every outline")
            yield Finding(
                "object_unlocated", entity, row[key], None, "warning",
                f"{POINTED[entity]} {_called(entity, row)} 无法归属：{why_zh}。",
                f"The {entity} {_called(entity, row)} belongs to no place: {why_en}.",
                {"lon": row["lon"], "lat": row["lat"]},
            )  # fmt: skip


def place_sticks_out(ground: Ground) -> Iterator[Finding]:
    """Yield places of which more than 1 % lies outside their parent."""
    for place, parent in _pairs(ground):
        if place.geometry is None or parent.geometry is None or not place.area_m2:
            continue
        a, b = shapely.from_wkb(place.geometry), shapely.from_wkb(parent.geometry)
        out_ratio = float(shapely.area(shapely.difference(a, b)) / shapely.area(a))
        if out_ratio > STICKS_OUT_RATIO:
            yield Finding(
                "place_sticks_out", "place", place.place_id, place.place_id,
                "warning" if out_ratio > 0.1 else "notice",
                f"“{place.name}”有 {out_ratio:.1%} 的面积在上级“{parent.name}”的边界之外。",
                f"{out_ratio:.1%} of {place.name} lies outside the outline of {parent.name} above it.",
                {"parent_id": parent.place_id, "out_ratio": round(out_ratio, 4),
                 "out_m2": round(out_ratio * place.area_m2)},
            )  # fmt: skip


def children_do_not_add_up(ground: Ground) -> Iterator[Finding]:
    """Yield places whose counts differ from the sum of the places, or of the buildings, below them.

    Counts are attributes that begin with ``n_``. Places are compared with their children where every child has
    the count, and with the buildings below where every lowest place below has buildings with it.
    """
    below: dict[str, list[Place]] = defaultdict(list)
    for place, parent in _pairs(ground):
        below[parent.place_id].append(place)
    sums = _sums_of_buildings(ground)
    for place in sorted(_in_force(ground), key=lambda p: p.place_id):
        for name, said in sorted(_counts(place.attributes).items()):
            children = [_counts(child.attributes).get(name) for child in below[place.place_id]]
            if children and all(n is not None for n in children):
                total = sum(n for n in children if n is not None)
                yield from _sum(place, name, said, total, len(children), "place")
            leaves = _leaves(place, below)
            built = [sums[leaf.place_id][name] for leaf in leaves if name in sums.get(leaf.place_id, {})]
            if built and len(built) == len(leaves):
                yield from _sum(
                    place, name, said, sum(n for n, _ in built), sum(k for _, k in built), "building"
                )


def _sum(place: Place, name: str, said: float, total: float, n_parts: int, of: str) -> Iterator[Finding]:
    if abs(said - total) <= SUM_RATIO * max(abs(said), 1.0):
        return
    gap_ratio = None if not said else round((total - said) / said, 4)
    count_zh, count_en = COUNT_TITLES.get(name, (name, name))
    what_zh, what_en = ("下级", "places below") if of == "place" else ("楼栋", "buildings below")
    yield Finding(
        "children_do_not_add_up", "place", place.place_id, place.place_id,
        "error" if gap_ratio is None or abs(gap_ratio) > 0.5 else "warning",
        f"“{place.name}”的{count_zh}为 {said:,.0f}，{what_zh} {n_parts} 个合计 {total:,.0f}，对不上。",
        f"{place.name} has {said:,.0f} {count_en}, its {n_parts} {what_en} add up to {total:,.0f}.",
        {"attribute": name, "said": said, "sum": total, "n_parts": n_parts, "parts": of, "gap_ratio": gap_ratio},
        about=f"{name}:{of}",
    )  # fmt: skip


def _sums_of_buildings(ground: Ground) -> dict[str, dict[str, tuple[float, int]]]:
    found: dict[str, dict[str, tuple[float, int]]] = defaultdict(dict)
    where = (Condition("attributes", "not_null"),)
    for row in ground.rows("building", "building_id", ("place_id", "attributes"), where):
        if row["place_id"] is not None:
            for name, n in _counts(row["attributes"]).items():
                total, k = found[row["place_id"]].get(name, (0.0, 0))
                found[row["place_id"]][name] = (total + n, k + 1)
    return found


def _counts(attributes: Mapping[str, object] | None) -> dict[str, float]:
    return {
        name: float(n)
        for name, n in (attributes or {}).items()
        if name.startswith(COUNTS) and isinstance(n, int | float) and not isinstance(n, bool)
    }


def _leaves(place: Place, below: Mapping[str, list[Place]]) -> list[Place]:
    children = below.get(place.place_id)
    return [leaf for child in children for leaf in _leaves(child, below)] if children else [place]


def _in_force(ground: Ground) -> list[Place]:
    found = []
    for tree_id in ground.places.trees:
        edition = ground.places.edition(tree_id, ground.today_on)
        nodes = ground.places.nodes_of(edition.edition_id) if edition else []
        found += [ground.places.by_id[node.place_id] for node in nodes]
    return found


def _pairs(ground: Ground) -> Iterator[tuple[Place, Place]]:
    """Yield every place in force with the one above it."""
    for place in _in_force(ground):
        node = ground.places.node(place.place_id, ground.today_on)
        if node is not None and node.parent_id is not None:
            yield place, ground.places.by_id[node.parent_id]


def _outlined_levels(ground: Ground, tree_id: str) -> list[Level]:
    """Return the levels of a tree that have outlines, from the top down."""
    found = {p.level for p in _in_force(ground) if p.tree_id == tree_id and p.geometry is not None}
    levels: list[Level] = ["city", "district", "street", "community", "grid", "estate"]
    return [level for level in levels if level in found]


def _pointed(ground: Ground, entity: str) -> Iterator[Row]:
    where = (Condition("lon", "not_null"), Condition("lat", "not_null"))
    yield from ground.rows(entity, KEYS[entity], ("lon", "lat", NUMBERS.get(entity, KEYS[entity])), where)


def several_roots(ground: Ground) -> Iterator[Finding]:
    """Yield the roots of a tree that has more than one: the first load may not have met the root that was made."""
    for tree_id, tree in sorted(ground.places.trees.items()):
        roots = ground.places.children(None, tree_id, ground.today_on)
        if len(roots) > 1:
            names = "、".join(f"{root.name}（{root.code}）" for root in roots)
            names_en = ", ".join(f"{root.name} ({root.code})" for root in roots)
            yield Finding(
                "several_roots", "tree", tree_id, None, "error",
                f"“{tree.title_zh}”有 {len(roots)} 个根：{names}；只应有一个，请核对编码。",
                f"The tree {tree.title_en} has {len(roots)} roots: {names_en}; it should have one, check the codes.",
                {"place_ids": [root.place_id for root in roots]},
            )  # fmt: skip


RULES: dict[str, Rule] = {
    "several_roots": several_roots,
    "object_outside_level": object_outside_level,
    "object_unlocated": object_unlocated,
    "place_sticks_out": place_sticks_out,
    "children_do_not_add_up": children_do_not_add_up,
}
