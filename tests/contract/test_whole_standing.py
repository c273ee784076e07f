"""A reader whose grants are as wide as the city is answered without the anchors, and never differently."""

import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from typing import Any
from unittest.mock import patch

import pytest
from sqlalchemy import event

from huitian.base.places import Places, renumber
from huitian.base.planner import Planner
from huitian.engine.copying import AnyEngine, filling, reading, shapes
from huitian.engine.ports import Engine, Writing
from huitian.engine.standing import SETTLED
from huitian.engine.survey import keep, look
from huitian.model.query import Condition, Query, Row, Tally
from huitian.model.scope import Allowed, Scope
from tests.base.towns import PLACES, SPLIT_ON, building_row, place_row, settle, square

pytestmark = pytest.mark.contract

WIDE = Scope("u1", "admin:9901", "V2", "dispatcher", other_place_ids=("admin:9903", "admin:9904"))
ROOT = Scope("u2", "admin:99", "V2", "dispatcher")
STREET = Scope("u3", "admin:9903", "V2", "street_dispatcher")
EVEN_WEST = (116.0, 40.0, 116.15, 40.2)
NOWHERE = (10.0, 10.0, 11.0, 11.0)
OPENED_ON = date(2021, 1, 1)


@pytest.fixture
def planner(engine: AnyEngine) -> Planner:
    """Return the planner of the small town, with homes in its buildings."""
    planner = settle(engine)
    with engine.records.writing() as writing:
        writing.add("dwelling", [home(n, f"b{n % 10}") for n in range(20)])
    engine.records.survey()
    return planner


def home(number: int, building_id: str | None) -> Row:
    return {"dwelling_id": f"d{number}", "building_id": building_id, "tenure": ("own", "rent")[number % 2]}


def anchor_row(
    object_id: str, place_id: str, valid_from: date = OPENED_ON, valid_to: date | None = None
) -> Row:
    return {"entity": "building", "object_id": object_id, "tree_id": "admin", "valid_from": valid_from,
            "valid_to": valid_to, "place_id": place_id, "located_by": "point"}  # fmt: skip


@contextmanager
def statements(engine: AnyEngine) -> Iterator[list[str]]:
    """Yield what goes to the store until the block is left."""
    sent: list[str] = []

    def hear(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        sent.append(statement)

    event.listen(engine.sql, "before_cursor_execute", hear)
    try:
        yield sent
    finally:
        event.remove(engine.sql, "before_cursor_execute", hear)


def answers(engine: AnyEngine, allowed: Allowed) -> list[Any]:
    """Return rows, pages, totals and counts of an entity under a permission."""
    entity, records = allowed.entity, engine.records
    key = f"{entity}_id"
    where = (Condition(key, "ne", f"{entity[0]}3"),)
    queries = [
        Query(entity), Query(entity, columns=(key,)), Query(entity, where, limit=4), Query(entity, limit=3, offset=2),
        Query(entity, sort=("place_id", f"-{key}")), Query(entity, limit=3, offset=99),
        Query(entity, (Condition(key, "eq", "nobody"),)), Query(entity, (Condition("place_id", "eq", "admin:9903"),)),
    ]  # fmt: skip
    by = "tenure" if entity == "dwelling" else "name"
    tallies = [
        Tally(entity), Tally(entity, where, (by,)), Tally(entity, group_by=("place_id",)),
        Tally(entity, (Condition(key, "eq", "nobody"),)),
        Tally(entity, (Condition(key, "eq", "nobody"),), group_by=(by,)),
    ]  # fmt: skip
    if entity == "building":
        boxes = [(Condition("box", "overlaps", box),) for box in (EVEN_WEST, NOWHERE)]
        queries += [Query(entity, box) for box in boxes]
        tallies.append(Tally(entity, group_by=("name",), sums=("n_dwellings",)))
    pages = [records.read(allowed, query) for query in queries]
    counted = [sorted(map(repr, records.tally(allowed, tally))) for tally in tallies]
    return [([dict(row) for row in page.rows], page.n_total) for page in pages] + counted


def is_quick(engine: AnyEngine, planner: Planner, scope: Scope = WIDE, entity: str = "building") -> bool:
    """Return whether a question is answered without asking of each object where it stands; the answer is the same."""
    return all(same(engine, both(planner, scope, entity)))


def both(
    planner: Planner, scope: Scope, entity: str = "building", at: date | None = None
) -> Sequence[Allowed]:
    """Return the permission, and the same one to which nobody says that it may be wide."""
    with patch.object(Places, "is_wide", return_value=False):
        exact = planner.allow(scope, entity, at=at)
    return planner.allow(scope, entity, at=at), exact


def same(engine: AnyEngine, permissions: Sequence[Allowed]) -> list[bool]:
    """Return of each statement whether it needed no ranks, having compared all answers with those by the anchors."""
    allowed, exact = permissions
    assert not exact.is_wide
    with statements(engine) as sent:
        found = answers(engine, allowed)
    assert found == answers(engine, exact)
    return ["edition_place" not in statement for statement in sent if "FROM" in statement]


def test_all_streets_are_asked_as_no_scope_is(engine: AnyEngine, planner: Planner) -> None:
    assert is_quick(engine, planner)
    assert is_quick(engine, planner, entity="dwelling")
    by_grants = answers(engine, planner.allow(WIDE, "building"))
    assert by_grants == answers(engine, planner.allow(ROOT, "building"))
    assert len(by_grants[0][0]) == 10


def test_one_street_is_asked_by_its_anchors_at_once(engine: AnyEngine, planner: Planner) -> None:
    allowed = planner.allow(STREET, "building")
    assert not allowed.is_wide
    with statements(engine) as sent:
        assert len(engine.records.read(allowed, Query("building")).rows) == 3
    assert not any("whole_standing" in statement for statement in sent)
    # The hint permits nothing: who gives it in vain is told the same.
    with patch.object(Places, "is_wide", return_value=True):
        hinted = planner.allow(STREET, "building")
    assert not all(same(engine, (hinted, allowed)))


def test_a_gap_between_grants_is_asked_by_the_anchors(engine: AnyEngine, planner: Planner) -> None:
    two = Scope("u4", "admin:9901", "V2", "dispatcher", other_place_ids=("admin:9904",))
    assert not is_quick(engine, planner, two)
    assert len(engine.records.read(planner.allow(two, "building"), Query("building")).rows) == 7


def add_without_place(writing: Writing) -> None:
    writing.add("building", [building_row(50)])


def put_without_place(writing: Writing) -> None:
    writing.put("building", [building_row(n) for n in (1, 51)])


def lose_an_anchor(writing: Writing) -> None:
    assert writing.remove("anchor", {"entity": "building", "object_id": ["b3"]}) == 1


def lose_anchors_of_anything(writing: Writing) -> None:
    assert writing.remove("anchor", {"object_id": "b3"}) == 1


def move_up(writing: Writing) -> None:
    assert writing.put("anchor", [anchor_row("b3", "admin:99")]).n_written == 1


def move_by_change(writing: Writing) -> None:
    key = {"entity": "building", "object_id": "b3", "tree_id": "admin", "valid_from": OPENED_ON}
    assert writing.change("anchor", key, {"place_id": "admin:99"})


def end_an_anchor(writing: Writing) -> None:
    assert writing.put("anchor", [anchor_row("b3", "admin:9901", valid_to=date(2025, 6, 1))]).n_written == 1


def stand_twice(writing: Writing) -> None:
    writing.add("anchor", [anchor_row("b3", "admin:9903", date(2025, 6, 1))])


def stand_twice_for_another(writing: Writing) -> None:
    stand_twice(writing)
    writing.remove("anchor", {"entity": "building", "object_id": "b4"})


def stand_twice_for_a_while(writing: Writing) -> None:
    writing.put("anchor", [anchor_row("b3", "admin:9901", valid_to=date(2030, 1, 1))])
    stand_twice(writing)


def stand_later(writing: Writing) -> None:
    end = date(2030, 1, 1)
    writing.put("anchor", [anchor_row("b3", "admin:9901", valid_to=end), anchor_row("b3", "admin:9903", end)])


def stand_outside(writing: Writing) -> None:
    writing.put("anchor", [anchor_row("b3", "admin:9902")])


LOSSES = (add_without_place, put_without_place, lose_an_anchor, lose_anchors_of_anything, move_up, move_by_change,
          end_an_anchor, stand_twice, stand_twice_for_another, stand_twice_for_a_while, stand_later,
          stand_outside)  # fmt: skip


@pytest.mark.parametrize("lose", LOSSES)
def test_who_stands_nowhere_or_elsewhere_is_seen_as_before(
    engine: AnyEngine, planner: Planner, lose: Callable[[Writing], None]
) -> None:
    with engine.records.writing() as writing:
        lose(writing)
        inside = writing.read(planner.allow(WIDE, "building"), Query("building"))
    assert list(engine.records.read(planner.allow(WIDE, "building"), Query("building")).rows) == list(
        inside.rows
    )
    for _ in range(2):
        assert not is_quick(engine, planner)
        same(engine, both(planner, WIDE, "dwelling"))
        engine.records.survey()
    assert engine.records.survey() == 0


def test_a_home_in_a_building_that_is_nowhere(engine: AnyEngine, planner: Planner) -> None:
    with engine.records.writing() as writing:
        writing.change("dwelling", {"dwelling_id": "d1"}, {"building_id": "gone"})
    assert not is_quick(engine, planner, entity="dwelling")
    assert is_quick(engine, planner), "of the buildings all is as it was"
    with engine.records.writing() as writing:
        writing.put("dwelling", [home(1, "b4")])
    engine.records.survey()
    assert is_quick(engine, planner, entity="dwelling")
    with engine.records.writing() as writing:
        writing.add("dwelling", [home(99, None)])
    engine.records.survey()
    assert not is_quick(engine, planner, entity="dwelling")


def test_what_moves_nobody_is_not_looked_at_again(engine: AnyEngine, planner: Planner) -> None:
    with engine.records.writing() as writing:
        writing.put("building", [building_row(1) | {"name": "new"}])
        writing.add("building", [building_row(2)])
        writing.change("building", {"building_id": "b2"}, {"name": "newer"})
        writing.add("anchor", [anchor_row("c1", "admin:9901") | {"entity": "case"}])
        writing.remove("anchor", {"entity": "case", "object_id": "c1"})
        writing.put("dwelling", [home(1, "b1") | {"tenure": "lent"}])
    assert engine.records.survey() == 0
    assert is_quick(engine, planner)


def test_a_new_edition_and_a_past_day(engine: AnyEngine, planner: Planner) -> None:
    before = planner.allow(ROOT, "building", "admin:9902", at=date(2024, 6, 1))
    assert len(engine.records.read(before, Query("building")).rows) == 5
    old = Scope("u5", "admin:9901", "V2", "dispatcher", other_place_ids=("admin:9902",))
    for day in (date(2019, 1, 1), date(2020, 6, 1), date(2024, 6, 1), SPLIT_ON):
        for scope in (old, WIDE, STREET, ROOT):
            same(engine, both(planner, scope, "building", at=day))
    assert planner.allow(old, "building", at=date(2024, 6, 1)).is_wide
    assert not all(same(engine, both(planner, old, "building", at=date(2024, 6, 1))))
    begun = date(2026, 1, 1)
    new = place_row("9905", "street", "99", square(116.0, 40.2, 0.1, 0.1), begin=begun)
    with engine.records.writing() as writing:
        writing.put("place", [*PLACES, new])
        renumber(writing, planner.raw, "admin")
    stale = both(planner, WIDE)
    assert not all(same(engine, stale)), "its edition goes on, but what is known of it is from before"
    planner.refresh()
    wider = replace(WIDE, other_place_ids=(*WIDE.other_place_ids, "admin:9905"))
    assert not is_quick(engine, planner, wider)
    engine.records.survey()
    assert is_quick(engine, planner, wider)
    assert not planner.allow(WIDE, "building").is_wide


def test_rows_that_are_copied_in_bulk(engine: AnyEngine, planner: Planner) -> None:
    shape = next(one for one in shapes() if one.name == "building")
    with reading(engine) as there:
        row = list(there.rows(shape, None, None, 1)[0])
    row[0] = "b-copied"
    with filling(engine) as rows:
        rows.write(shape, [row])
    assert not is_quick(engine, planner)
    with filling(engine) as rows:
        rows.remove(next(one for one in shapes() if one.name == "anchor"), None, None)
    engine.records.survey()
    assert not is_quick(engine, planner)
    assert engine.records.read(planner.allow(WIDE, "building"), Query("building")).n_total == 0


def test_what_is_committed_while_it_is_found_out(engine: AnyEngine, planner: Planner) -> None:
    with engine.records.writing() as writing:
        writing.remove("anchor", {"entity": "building", "object_id": "b9"})
        writing.add("anchor", [anchor_row("b9", "admin:9904")])
    with engine.records.writing() as writing:
        writing.add("building", [building_row(60)])
        found = look(engine.sql)
        if engine.kind == "scaled":
            engine.records.survey()
            found = []
    with engine.records.writing() as writing:
        for one in found:
            assert keep(writing.connection, one)  # type: ignore[attr-defined]
    assert not is_quick(engine, planner)
    assert engine.records.survey() == 1


def test_of_two_looks_the_one_that_saw_less_keeps_nothing(engine: AnyEngine, planner: Planner) -> None:
    with engine.records.writing() as writing:
        lose_an_anchor(writing)
        writing.add("anchor", [anchor_row("b3", "admin:9901")])
    first = look(engine.sql)
    with engine.records.writing() as writing:
        lose_an_anchor(writing)
    assert engine.records.survey() > 0
    with engine.records.writing() as writing:
        assert not any(keep(writing.connection, one) for one in first)  # type: ignore[attr-defined]
    assert not is_quick(engine, planner)


def test_a_kill_between_leaves_it_to_the_next_time(engine: AnyEngine, planner: Planner) -> None:
    with engine.records.writing() as writing:
        lose_an_anchor(writing)
    found = look(engine.sql)

    def killed() -> None:
        with engine.records.writing() as writing:
            for one in found:
                keep(writing.connection, one)  # type: ignore[attr-defined]
            raise RuntimeError("power cut")

    with pytest.raises(RuntimeError):
        killed()
    assert not is_quick(engine, planner)
    assert engine.records.survey() == len(found)


@pytest.mark.parametrize("seed", range(3))
def test_whatever_is_written_all_are_told_the_same(engine: AnyEngine, planner: Planner, seed: int) -> None:
    draw = random.Random(seed)
    streets = ("admin:9901", "admin:9903", "admin:9904")
    n_quick = 0
    for step in range(25):
        one = f"b{draw.randrange(10)}"
        with engine.records.writing() as writing:
            match draw.randrange(6):
                case 0:
                    writing.put("building", [building_row(draw.randrange(12))])
                case 1:
                    writing.remove("anchor", {"entity": "building", "object_id": [one]})
                case 2:
                    writing.remove("anchor", {"entity": "building", "object_id": [one]})
                    writing.add("anchor", [anchor_row(one, draw.choice(streets))])
                case 3:
                    writing.put("dwelling", [home(draw.randrange(22), draw.choice((one, one, "gone")))])
                case 4:
                    writing.remove("building", {"building_id": ["b10", "b11"]})
                    writing.add("anchor", [anchor_row(f"b{n}", streets[n % 3]) for n in range(10)])
                case _:
                    writing.remove("dwelling", {"dwelling_id": [f"d{step}"]})
        if draw.random() < 0.6:
            engine.records.survey()
        n_quick += is_quick(engine, planner)
        for scope in (WIDE, STREET):
            same(engine, both(planner, scope, "dwelling"))
        same(engine, both(planner, WIDE, "building", at=date(2024, 6, 1)))
    assert n_quick


def test_an_older_store_is_looked_at_as_a_whole(engine: Engine) -> None:
    from importlib import import_module

    assert set(import_module("huitian.engine.migrations.versions.0008_whole_standing").ENTITIES) == set(
        SETTLED
    )
