"""For any tree and any roots, the ranks of a permission are exactly the places below the roots."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huitian.base.places import Places, number
from huitian.base.planner import Planner
from huitian.clock import FixedClock
from huitian.model.place import Place, Tree
from huitian.model.scope import Scope
from tests.base.towns import NOW

pytestmark = pytest.mark.fuzz

SINCE = date(2020, 1, 1)
Town = tuple[list[Place], list[str]]


@st.composite
def towns(draw: st.DrawFn) -> Town:
    """Draw two trees whose places hang anywhere, and some of the places as roots."""
    places: list[Place] = []
    for tree in ("admin", "grid"):
        for n in range(draw(st.integers(1, 12))):
            # The parent is any place before it; some hang on nothing.
            parent = draw(st.one_of(st.none(), st.integers(0, n - 1))) if n else None
            parent_id = None if parent is None else f"{tree}:{parent}"
            places.append(Place(f"{tree}:{n}", tree, str(n), "community", f"地{n}", parent_id, SINCE, None))
    roots = draw(st.lists(st.sampled_from([p.place_id for p in places]), min_size=1, max_size=5))
    return places, roots


def planner_of(places: list[Place]) -> Planner:
    planner = Planner(None, FixedClock(NOW), 10, 5)  # type: ignore[arg-type]
    editions, nodes = [], {}
    for tree in ("admin", "grid"):
        found, numbered = number([p for p in places if p.tree_id == tree], tree)
        editions += found
        nodes |= numbered
    planner._places = Places([Tree(t, t, t, ()) for t in ("admin", "grid")], places, nodes, editions)
    return planner


def below(places: list[Place], roots: list[str]) -> set[str]:
    """Walk the parents, one place after another."""
    above = {p.place_id: p.parent_id for p in places}
    found = set()
    for place in above:
        at: str | None = place
        while at is not None:
            if at in roots:
                found.add(place)
            at = above[at]
    return found


@given(towns(), st.sampled_from(["admin", "grid"]))
def test_the_ranks_are_the_places_below_the_roots(town: Town, tree: str) -> None:
    places, roots = town
    planner = planner_of(places)
    scope = Scope("u", roots[0], "V2", "committee", other_place_ids=tuple(roots[1:]))
    allowed = planner.allow(scope, "place", tree_id=tree)
    in_tree = [p for p in places if p.tree_id == tree]
    if any(planner.places.is_whole_city(root) for root in roots):
        assert allowed.intervals is None
        return
    assert allowed.intervals is not None
    ranks = allowed.intervals
    assert all(a[1] + 1 < b[0] for a, b in pairwise(ranks)), "as few as can be, in order"
    seen = {n.place_id for n in planner.places.nodes_of(allowed.edition_id or "")
            if any(first <= n.rank <= last for first, last in ranks)}  # fmt: skip
    assert seen == below(places, roots) & {p.place_id for p in in_tree}


@given(towns(), st.data())
def test_inside_means_all_below_is_seen(town: Town, data: st.DataObject) -> None:
    places, roots = town
    planner = planner_of(places)
    place = data.draw(st.sampled_from([p.place_id for p in places]))
    whole = any(planner.places.is_whole_city(root) for root in roots)
    assert planner.is_inside(place, roots) == (whole or below(places, [place]) <= below(places, roots))
