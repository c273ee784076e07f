"""What every record store must do."""

import threading
from datetime import UTC, date, datetime

import pytest

from huitian.base.planner import Planner
from huitian.engine.ports import Engine
from huitian.errors import UnknownEntity, UnknownField
from huitian.model.query import AnyOf, Condition, Event, Query, Tally, Written
from huitian.model.scope import Scope
from tests.base.towns import SPLIT_ON, building_row, settle

pytestmark = pytest.mark.contract

CITY = Scope("u1", None, "V2", "dispatcher")
STREET = Scope("u2", "admin:9903", "V2", "street_dispatcher")


@pytest.fixture
def planner(engine: Engine) -> Planner:
    """Return the planner of the small town."""
    return settle(engine)


def ids(planner: Planner, scope: Scope, *where: Condition | AnyOf, **narrow: object) -> list[str]:
    allowed = planner.allow(scope, "building", **narrow)  # type: ignore[arg-type]
    return [row["building_id"] for row in planner.read(allowed, Query("building", tuple(where))).rows]


def test_a_reader_of_a_street_sees_that_street_only(planner: Planner) -> None:
    assert ids(planner, STREET) == ["b5", "b6", "b7"]
    assert len(ids(planner, CITY)) == 10
    assert ids(planner, STREET, place_id="admin:9901") == []


def test_an_unknown_reader_place_sees_nothing_even_in_a_tally(planner: Planner) -> None:
    gone = Scope("u3", "admin:9902", "V2", "street_dispatcher")
    allowed = planner.allow(gone, "building")
    assert allowed.intervals == ()
    assert planner.tally(allowed, Tally("building"))[0]["n"] == 0


def test_before_the_split_the_old_street_holds_its_buildings(planner: Planner) -> None:
    before = date(2024, 6, 1)
    assert ids(planner, CITY, place_id="admin:9902", at=before) == ["b5", "b6", "b7", "b8", "b9"]
    assert ids(planner, CITY, place_id="admin:9903", at=before) == []
    assert ids(planner, CITY, place_id="admin:9903", at=SPLIT_ON) == ["b5", "b6", "b7"]


def test_boxes_are_exact_beyond_the_precision_of_the_index(planner: Planner) -> None:
    found = ids(planner, CITY, Condition("box", "overlaps", (116.2200001, 40.0, 116.25, 40.2)))
    assert found == ["b6"]
    assert ids(planner, CITY, Condition("box", "overlaps", (116.22, 40.0, 116.25, 40.2))) == ["b5", "b6"]


def test_groups_and_sums(planner: Planner) -> None:
    rows = planner.tally(
        planner.allow(CITY, "building"), Tally("building", group_by=("place_id",), sums=("n_dwellings",))
    )
    assert {r["place_id"]: (r["n"], r["sum_n_dwellings"]) for r in rows} == {
        "admin:9901": (5, 10),
        "admin:9903": (3, 18),
        "admin:9904": (2, 17),
    }


def test_conditions(planner: Planner) -> None:
    dwellings = Condition("n_dwellings", "ge", 8)
    assert ids(planner, CITY, dwellings) == ["b8", "b9"]
    assert ids(planner, CITY, AnyOf((dwellings, Condition("name", "starts", "0")))) == ["b0", "b8", "b9"]
    assert ids(planner, CITY, Condition("building_id", "in", ("b1", "b2"))) == ["b1", "b2"]
    assert ids(planner, CITY, Condition("use", "is_null"), Condition("name", "contains", "3号")) == ["b3"]
    assert ids(planner, CITY, Condition("name", "contains", "%")) == []
    assert len(ids(planner, CITY, Condition("use", "ne", "住宅"))) == 10, "missing is not equal to anything"


def test_pages_are_stable_and_total(planner: Planner) -> None:
    allowed = planner.allow(CITY, "building")
    pages = [
        planner.read(allowed, Query("building", limit=3, offset=o, columns=("building_id",)))
        for o in (0, 3, 6, 9)
    ]
    assert [r["building_id"] for page in pages for r in page.rows] == [f"b{n}" for n in range(10)]
    assert {page.n_total for page in pages} == {10}


def test_missing_values_sort_last_in_both_directions(planner: Planner, engine: Engine) -> None:
    with engine.records.writing() as writing:
        writing.change("building", {"building_id": "b0"}, {"n_dwellings": None})
    allowed = planner.allow(CITY, "building")
    for sort in ("n_dwellings", "-n_dwellings"):
        assert planner.read(allowed, Query("building", sort=(sort,))).rows[-1]["building_id"] == "b0"


def test_columns_outside_the_permission_are_refused(planner: Planner) -> None:
    allowed = planner.allow(CITY, "building")
    with pytest.raises(UnknownField):
        planner.read(allowed, Query("building", (Condition("password_hash", "eq", "x"),)))
    with pytest.raises(UnknownEntity):
        planner.read(allowed, Query("case"))
    with pytest.raises(UnknownEntity):
        planner.allow(CITY, "sqlite_master")


def test_add_and_put_are_idempotent(engine: Engine) -> None:
    rows = [building_row(n) for n in range(3)]
    with engine.records.writing() as writing:
        assert writing.add("building", rows) == Written(3, 0)
        assert writing.add("building", rows) == Written(0, 3)
        assert writing.put("building", rows) == Written(0, 3)
        changed = [rows[0] | {"name": "改"}, *rows[1:]]
        assert writing.put("building", changed) == Written(1, 2)
        assert writing.add("building", [rows[0]]) == Written(0, 1)
    with engine.records.writing() as writing, pytest.raises(UnknownField):
        writing.add("building", [{"building_id": "x", "nonsense": 1}])


def test_a_failed_transaction_leaves_nothing(engine: Engine, planner: Planner) -> None:
    def fail() -> None:
        with engine.records.writing() as writing:
            writing.add("building", [building_row(77)])
            writing.emit(Event("load", "load_finished"))
            raise RuntimeError("power cut")

    with pytest.raises(RuntimeError):
        fail()
    assert ids(planner, CITY, Condition("building_id", "eq", "b77")) == []
    assert engine.events.last_seq() == 0


def test_change_with_a_version_is_taken_once(engine: Engine) -> None:
    state = {"case_id": "c1", "case_no": "HT1", "kind": "letter", "ladder_id": "letter", "rule_set": "r",
             "state": "pending_dispatch", "version": 1, "reported_at": datetime(2026, 1, 1, tzinfo=UTC)}  # fmt: skip
    with engine.records.writing() as writing:
        writing.add("case", [state])
        assert writing.change("case", {"case_id": "c1"}, {"version": 2, "state": "dispatched"}, 1)
        assert not writing.change("case", {"case_id": "c1"}, {"version": 2, "state": "signed"}, 1)


def test_writers_queue_and_numbers_have_no_gap(engine: Engine) -> None:
    taken: list[int] = []

    def take() -> None:
        for _ in range(10):
            with engine.records.writing() as writing:
                taken.append(writing.next_number("XX20260302"))

    threads = [threading.Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == list(range(1, 41))


def test_buckets_follow_shanghai_days_and_weeks(engine: Engine, planner: Planner) -> None:
    late_evening = datetime(2026, 2, 28, 15, 59, tzinfo=UTC)  # 23:59 in Shanghai
    next_day = datetime(2026, 2, 28, 16, 0, tzinfo=UTC)  # 00:00 on Sunday 1 March
    with engine.records.writing() as writing:
        writing.add("case", [
            {"case_id": f"c{i}", "case_no": f"HT{i}", "kind": "letter", "ladder_id": "letter", "rule_set": "r",
             "state": "closed", "version": 1, "reported_at": at}
            for i, at in enumerate((late_evening, next_day))])  # fmt: skip
    allowed = planner.allow(CITY, "case")
    by_day = planner.tally(allowed, Tally("case", bucket=("reported_at", "day")))
    assert [(r["bucket_at"], r["n"]) for r in by_day] == [
        (datetime(2026, 2, 27, 16, tzinfo=UTC), 1),
        (datetime(2026, 2, 28, 16, tzinfo=UTC), 1),
    ]
    by_week = planner.tally(allowed, Tally("case", bucket=("reported_at", "week")))
    assert [(r["bucket_at"], r["n"]) for r in by_week] == [(datetime(2026, 2, 22, 16, tzinfo=UTC), 2)]
    by_month = planner.tally(allowed, Tally("case", bucket=("reported_at", "month")))
    assert [r["n"] for r in by_month] == [1, 1]


def test_the_store_says_it_is_well(engine: Engine) -> None:
    assert engine.records.check() == {"state": "ok"}


def test_rows_are_removed_by_one_value_or_any_of_several(engine: Engine, planner: Planner) -> None:
    with engine.records.writing() as writing:
        assert writing.remove("building", {"building_id": ["b1", "b2", "nobody"]}) == 2
        assert writing.remove("building", {"building_id": "b3", "name": "3号楼"}) == 1
        assert writing.remove("building", {"building_id": []}) == 0
    assert len(ids(planner, CITY)) == 7


def test_learning_how_rows_are_spread_changes_none(planner: Planner, engine: Engine) -> None:
    before = ids(planner, STREET)
    with engine.records.writing() as writing:
        writing.learn("building")
    assert ids(planner, STREET) == before
    with engine.records.reading() as connection:  # type: ignore[attr-defined]
        table, column = (
            ("sqlite_stat1", "tbl") if connection.dialect.name == "sqlite" else ("pg_stats", "tablename")
        )
        known = set(connection.exec_driver_sql(f"SELECT {column} FROM {table}").scalars())
    assert {"building", "anchor", "edition_place"} <= known
