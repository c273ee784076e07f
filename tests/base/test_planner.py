"""What a permission lets through, and what it never does."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import shapely

from huitian.base.places import renumber
from huitian.base.planner import Planner, intersect
from huitian.engine.embedded import EmbeddedEngine, create_store
from huitian.errors import NotAllowed
from huitian.model.query import Query, Tally
from huitian.model.scope import Scope
from tests.base.towns import place_row, settle, square

CITY = Scope("u1", None, "V2", "dispatcher")


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[EmbeddedEngine]:
    """Return an empty store."""
    opened = create_store(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def planner(engine: EmbeddedEngine) -> Planner:
    """Return the planner of the small town."""
    return settle(engine)


def add_place(engine: EmbeddedEngine, planner: Planner, code: str, tree: str, outline: shapely.Polygon,
              parent: str | None = None) -> None:  # fmt: skip
    with engine.records.writing() as writing:
        writing.put("tree", [{"tree_id": tree, "title_zh": tree, "title_en": tree, "levels": ["estate"]}])
        writing.put("place", [place_row(code, "estate", parent, outline, tree=tree)])
        renumber(writing, planner.raw, tree)


def n_seen(planner: Planner, scope: Scope) -> int:
    return planner.read(planner.allow(scope, "building"), Query("building")).n_total


def test_the_only_root_of_the_default_tree_is_the_whole_city(planner: Planner) -> None:
    assert n_seen(planner, Scope("u", "admin:99", "V2", "dispatcher")) == 10


def test_a_place_without_a_parent_is_not_the_whole_city(engine: EmbeddedEngine, planner: Planner) -> None:
    add_place(engine, planner, "E1", "property", square(116.0, 40.0, 0.05, 0.4))
    planner.refresh()
    firm = Scope("firm", "property:E1", "V2", "street_dispatcher")
    assert planner.allow(firm, "building", tree_id="property").intervals is not None
    assert n_seen(planner, firm) == 0, "buildings stand in the admin tree of this town only"


def test_with_a_second_root_neither_is_the_whole_city(engine: EmbeddedEngine, planner: Planner) -> None:
    add_place(engine, planner, "98", "admin", square(117.0, 40.0, 0.1, 0.1))
    planner.refresh()
    assert planner.allow(Scope("u", "admin:98", "V2", "dispatcher"), "building").intervals is not None
    assert n_seen(planner, Scope("u", "admin:98", "V2", "dispatcher")) == 0


def test_a_permission_from_before_a_renumbering_matches_nothing(
    engine: EmbeddedEngine, planner: Planner
) -> None:
    street = Scope("u", "admin:9903", "V2", "street_dispatcher")
    stale = planner.allow(street, "building")
    assert planner.tally(stale, Tally("building"))[0]["n"] == 3
    add_place(engine, planner, "9900", "admin", square(116.0, 40.3, 0.01, 0.01), parent="99")
    assert planner.tally(stale, Tally("building"))[0]["n"] == 0, "ranks of another numbering mean nothing"
    planner.refresh()
    assert planner.tally(planner.allow(street, "building"), Tally("building"))[0]["n"] == 3


def test_places_read_while_they_change_are_not_kept(
    planner: Planner, monkeypatch: pytest.MonkeyPatch
) -> None:
    load, n_loads = type(planner.places).load, []
    planner.refresh()

    def slowly(*words: object) -> object:
        n_loads.append(1)
        found = load(*words)  # type: ignore[arg-type]
        if len(n_loads) == 1:
            planner.refresh()
        return found

    monkeypatch.setattr("huitian.base.planner.Places.load", slowly)
    assert planner.places is planner.places
    assert len(n_loads) == 2


def test_a_register_is_asked_for_a_day(engine: EmbeddedEngine, planner: Planner) -> None:
    with engine.records.writing() as writing:
        writing.change("building", {"building_id": "b0"}, {"valid_from": date(2025, 6, 1)})
        writing.change("building", {"building_id": "b1"}, {"valid_to": date(2025, 6, 1)})

    def ids(at: date | None) -> set[str]:
        page = planner.read(planner.allow(CITY, "building", at=at), Query("building"))
        return {row["building_id"] for row in page.rows}

    assert "b0" not in ids(date(2025, 5, 31))
    assert "b1" in ids(date(2025, 5, 31))
    assert "b0" in ids(None)
    assert "b1" not in ids(None)


def test_roles_that_may_not_read_are_refused(planner: Planner) -> None:
    with pytest.raises(NotAllowed):
        planner.allow(Scope("u", None, "V1", "leader"), "person")
    with pytest.raises(NotAllowed):
        planner.allow(CITY, "user_account")


def test_ranks_in_both() -> None:
    assert intersect(None, ((1, 3),)) == ((1, 3),)
    assert intersect(((1, 5), (8, 9)), ((3, 8),)) == ((3, 5), (8, 8))
    assert intersect(((1, 2),), ((3, 4),)) == ()
