"""Pages and their totals, also of rows that stand nowhere: nothing is counted twice, missing values come last."""

import pytest
from sqlalchemy import event

from huitian.engine.copying import AnyEngine
from huitian.model.query import Condition, Query
from huitian.model.scope import Scope
from tests.base.towns import building_row, settle

pytestmark = pytest.mark.contract

CITY = Scope("u1", None, "V2", "dispatcher")


@pytest.mark.parametrize("sign", ["", "-"])
def test_rows_that_stand_nowhere_come_last_and_count(engine: AnyEngine, sign: str) -> None:
    planner = settle(engine)
    with engine.records.writing() as writing:
        writing.add("building", [building_row(50) | {"name": None}])
    allowed = planner.allow(CITY, "building")
    for column in ("place_id", "name"):
        query = Query(
            "building", columns=("building_id", column), sort=(f"{sign}{column}",), limit=4, offset=8
        )
        page = planner.read(allowed, query)
        assert (page.rows[-1]["building_id"], page.rows[-1][column]) == ("b50", None)
        assert (len(page.rows), page.n_total) == (3, 11)


def test_a_total_joins_only_what_the_question_needs(engine: AnyEngine) -> None:
    """A page of the newest of ten million cases must not look up where each of them stands."""
    planner = settle(engine)
    asked: list[str] = []

    @event.listens_for(engine.sql, "before_cursor_execute")
    def note(_connection, _cursor, statement, *_) -> None:  # type: ignore[no-untyped-def]
        asked.append(statement)

    query = Query("building", columns=("building_id", "place_id"), limit=3)
    assert planner.read(planner.allow(CITY, "building"), query).n_total == 10
    rows, total = (one for one in asked if one.startswith("SELECT building") or "count(*)" in one)
    assert "anchor" in rows
    assert "anchor" not in total
    asked.clear()
    narrow = Query(
        "building", (Condition("place_id", "eq", "admin:9903"),), columns=("building_id",), limit=1
    )
    assert planner.read(planner.allow(CITY, "building"), narrow).n_total == 3
    street = planner.allow(CITY, "building", place_id="admin:9903")
    assert planner.read(street, Query("building", columns=("building_id",), limit=1)).n_total == 3
