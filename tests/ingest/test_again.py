"""Loads that are run again: nothing twice, changes taken, what was stopped goes on where it stopped."""

import pytest

from huitian.errors import LoadRunning
from huitian.ingest import chunk
from huitian.ingest import load as load_module
from huitian.model.query import Condition
from tests.ingest.towns import (
    BUILDING_MAP,
    BUILDINGS,
    LETTER_HEAD,
    LETTER_MAP,
    STREET_MAP,
    STREETS,
    Town,
    features,
)
from tests.ingest.towns import square as box


def many(n: int, name: str = "楼") -> str:
    rows = [f"b{i},{name}{i},6,1998,{116.1 + i % 20 / 100:.3f},40.05" for i in range(n)]
    return "\n".join(["编号,名称,层数,年份,经度,纬度", *rows, ""])


def contents(town: Town) -> dict[str, list[dict[str, object]]]:
    """Return the tables that a load writes, without instants."""
    names = ("place", "edition_place", "building", "anchor", "source_row", "reject", "finding", "load")
    instants = {"started_at", "finished_at", "found_at"}
    return {
        name: [{k: v for k, v in row.items() if k not in instants} for row in town.rows(name)]
        for name in names
    }


def test_the_same_file_again_changes_nothing(streets: Town) -> None:
    first = streets.load("csv", BUILDINGS, BUILDING_MAP)
    before, last = contents(streets), streets.city.engine.events.last_seq()
    again = streets.load("csv", BUILDINGS, BUILDING_MAP)
    assert (again.n_read, again.n_written, again.n_unchanged) == (2, 0, 2)
    assert again.load_id == first.load_id
    assert contents(streets) == before
    assert streets.city.engine.events.last_seq() == last, "and says nothing"


def test_a_changed_file_writes_what_changed(streets: Town) -> None:
    streets.load("csv", BUILDINGS, BUILDING_MAP)
    report = streets.load("csv", BUILDINGS.replace("乙楼,18", "乙楼,19"), BUILDING_MAP)
    assert (report.n_written, report.n_unchanged) == (1, 1)
    rows = {row["building_id"]: row for row in streets.rows("building")}
    assert rows["b2"]["n_floors_above"] == 19
    assert rows["b2"]["load_id"] == report.load_id != rows["b1"]["load_id"]


def test_an_old_file_again_does_not_take_newer_content_back(streets: Town) -> None:
    first = streets.load("csv", BUILDINGS, BUILDING_MAP)
    second = streets.load("csv", BUILDINGS.replace("乙楼,18", "乙楼,19"), BUILDING_MAP)
    before = contents(streets)
    again = streets.load("csv", BUILDINGS, BUILDING_MAP)
    assert again.load_id == first.load_id
    assert (again.n_written, again.n_unchanged, again.notes) == (0, 2, {"newer_load:编号": 1})
    assert contents(streets) == before
    rows = {row["building_id"]: row for row in streets.rows("building")}
    assert (rows["b2"]["n_floors_above"], rows["b2"]["load_id"]) == (19, second.load_id)
    third = streets.load("csv", BUILDINGS.replace("乙楼,18", "乙楼,20"), BUILDING_MAP, is_dry=True)
    assert (third.n_written, third.notes) == (1, {}), "a file that was never loaded is the newest"


def test_another_source_may_have_the_same_keys(streets: Town) -> None:
    streets.load("csv", BUILDINGS, BUILDING_MAP)
    told = BUILDING_MAP.replace('"buildings"', '"elsewhere"')
    assert streets.load("csv", BUILDINGS, told).n_written == 2
    assert {row["source_id"] for row in streets.rows("source_row")} == {"streets", "buildings", "elsewhere"}


def test_a_rejected_row_is_taken_once_the_city_has_what_it_names(town: Town) -> None:
    told = STREET_MAP.replace("street", "community") + 'parent_code = "街道"\n'
    content = features(
        ({"编码": "990101001001", "名称": "甲社区", "街道": "990101001"}, box(116.11, 40.01, 0.02))
    )
    first = town.load("geojson", content, told, name="communities")
    assert first.reasons == {"unknown_code": 1}
    town.load("geojson", STREETS, STREET_MAP, name="streets")
    again = town.load("geojson", content, told, name="communities")
    assert (again.n_written, again.n_rejected) == (1, 0)
    assert town.rows("reject") == []
    (load,) = town.rows("load", Condition("load_id", "eq", first.load_id))
    assert (load["n_read"], load["n_written"], load["n_unchanged"], load["n_rejected"]) == (1, 1, 0, 0)


def test_a_dry_run_says_the_same_and_writes_nothing(streets: Town) -> None:
    content = many(30) + "b0,again,6,1998,116.1,40.05\n"
    before = contents(streets)
    dry = streets.load("csv", content, BUILDING_MAP, is_dry=True)
    assert contents(streets) == before
    wet = streets.load("csv", content, BUILDING_MAP)
    assert (dry.outcome, wet.outcome) == ("dry_run", "done")
    assert (dry.n_written, dry.n_rejected, dry.reasons) == (wet.n_written, wet.n_rejected, wet.reasons)


@pytest.fixture
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    def chunks_of_ten(rows: object) -> object:
        return chunk.chunks_of(rows, 10)  # type: ignore[arg-type]

    monkeypatch.setattr(load_module, "chunks_of", chunks_of_ten)


@pytest.mark.usefixtures("small_chunks")
def test_a_stopped_load_goes_on_where_it_stopped(streets: Town) -> None:
    content = many(45) + "b3,again,6,1998,116.1,40.05\n"
    asked = iter([False, True])
    stopped = streets.load("csv", content, BUILDING_MAP, should_stop=lambda: next(asked))
    assert (stopped.outcome, stopped.n_read) == ("stopped", 20)
    (load,) = streets.rows("load", Condition("load_id", "eq", stopped.load_id))
    assert (load["state"], load["n_done_rows"]) == ("running", 20)
    resumed = streets.load("csv", content, BUILDING_MAP)
    assert (resumed.outcome, resumed.n_done_before, resumed.n_read) == ("done", 20, 26)
    assert resumed.reasons == {"duplicate_key": 1}, "keys of the first run are known to the second"
    (load,) = streets.rows("load", Condition("load_id", "eq", stopped.load_id))
    assert (load["n_read"], load["n_written"], load["n_rejected"], load["state"]) == (46, 45, 1, "done")


def test_rejects_recount_to_the_load(streets: Town) -> None:
    content = many(40) + "b1,x,6,1998,0,0\n,x,6,1998,116.1,40.05\nb99,x,z,1998,116.1,40.05\n"
    report = streets.load("csv", content, BUILDING_MAP)
    assert report.n_read == report.n_written + report.n_unchanged + report.n_rejected
    assert len(streets.rows("reject", Condition("load_id", "eq", report.load_id))) == report.n_rejected == 3


def test_letters_again(town: Town) -> None:
    content = f"{LETTER_HEAD}L1,2026-01-05,灯不亮,,,物业,2026-01-06\n"
    town.load("letters", content, LETTER_MAP)
    again = town.load("letters", content, LETTER_MAP)
    assert (again.n_written, again.n_unchanged) == (0, 1)
    more = town.load("letters", content + "L2,2026-01-07,没水,,,,\n", LETTER_MAP)
    assert (more.n_written, more.n_unchanged) == (1, 1)
    assert len(town.rows("case")) == 2


@pytest.mark.usefixtures("small_chunks")
def test_two_processes_do_not_load_the_same_file_twice(streets: Town) -> None:
    content = many(45)

    def another_runs_ahead() -> bool:
        with streets.city.engine.records.writing() as writing:
            (row,) = streets.rows("load", Condition("state", "eq", "running"))
            writing.change("load", {"load_id": row["load_id"]}, {"n_done_rows": 40})
        return False

    with pytest.raises(LoadRunning) as caught:
        streets.load("csv", content, BUILDING_MAP, should_stop=another_runs_ahead)
    assert caught.value.facts["n_done_rows"] == 10
    assert len(streets.rows("building")) == 10
