"""Whole tables are the same bytes and the same hash on every engine, and are read as they stood at one instant."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from sqlalchemy import insert, select

from huitian.engine.columns import EPOCH
from huitian.engine.copying import AnyEngine, filling, lines, reading, shapes
from huitian.engine.embedded import create_store
from huitian.engine.marks import change_marks, marks_of
from huitian.engine.ports import Engine
from huitian.engine.scaled import create_scaled
from huitian.engine.shapes import Shape
from huitian.engine.tables import METADATA
from huitian.errors import RowUnfit
from huitian.model.query import Event

pytestmark = pytest.mark.contract

SHAPES = {shape.name: shape for shape in shapes()}
WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
ODD = st.sampled_from(
    [
        "",
        "\\N",
        "\\",
        "a\tb",
        "a\nb",
        "\r",
        "'",
        '"',
        "%s",
        "%",
        ":x",
        "\\.",
        "é",
        "é",
        "一",
        "\U00020000",
        "�",
    ]
)
TEXT = WORDS | ODD
FLOAT = st.floats(allow_nan=False, allow_infinity=False) | st.sampled_from([-0.0, 5e-324, 1e308, 0.1, 116.05])
INNER = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)
JSON = st.lists(INNER, max_size=3) | st.dictionaries(TEXT, INNER, max_size=3)
INSTANT = st.integers(-(2**52), 2**52).map(lambda n: EPOCH + timedelta(microseconds=n))
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "text": TEXT, "whole": st.integers(-(2**31), 2**31 - 1), "real": FLOAT, "flag": st.booleans(), "instant": INSTANT,
    "day": st.dates(date(1, 1, 1)), "plain": JSON, "bytes": st.binary(max_size=40),
}  # fmt: skip
TABLES = ("feature", "anchor", "case_step", "person", "load", "outbox", "reject", "city_fact", "dwelling")
"""Between them every kind of value, keys of one to four columns, of text, number and day."""


@pytest.fixture(scope="module")
def both(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[AnyEngine, AnyEngine]]:
    """Return an empty store of each engine."""
    folder = tmp_path_factory.mktemp("both")
    address = request.getfixturevalue("postgres_server").database()
    first, second = create_store(folder), create_scaled(address, folder)
    yield first, second
    first.close()
    second.close()


def rows_of(shape: Shape) -> st.SearchStrategy[list[dict[str, Any]]]:
    """Return rows of a table: any value its columns may hold, and none where they may be empty."""
    table = METADATA.tables[shape.name]
    columns = {}
    for name, kind in shape.columns:
        strategy = st.integers(-(2**63), 2**63 - 1) if name == "load_seq" else VALUES[kind]
        columns[name] = strategy | st.none() if table.c[name].nullable else strategy
    unique = [lambda row: tuple(row[name] for name in shape.key)]
    unique += [lambda row, n=c.name: row[n] for c in table.columns if c.unique]  # type: ignore[misc]
    return st.lists(st.fixed_dictionaries(columns).map(with_box), max_size=8, unique_by=tuple(unique))


def with_box(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row whose box, where it has one, is a box: SQLite takes no other."""
    if "west" not in row:
        return row
    sides = [row[name] for name in ("west", "south", "east", "north")]
    west, south, east, north = (
        [None] * 4 if None in sides else [max(-180.0, min(180.0, side)) for side in sides]
    )
    if west is not None and south is not None and east is not None and north is not None:
        west, east, south, north = min(west, east), max(west, east), min(south, north), max(south, north)
    return row | {"west": west, "south": south, "east": east, "north": north}


def empty(engine: AnyEngine, shape: Shape) -> None:
    with filling(engine) as rows:
        rows.remove(shape, None, None)


@pytest.mark.parametrize("name", TABLES)
@examples(max_examples=40)
@given(data=st.data())
def test_equal_rows_have_equal_hashes_and_survive_a_copy(
    both: tuple[AnyEngine, AnyEngine], name: str, data: st.DataObject
) -> None:
    shape, table = SHAPES[name], METADATA.tables[name]
    written = data.draw(rows_of(shape))
    for engine in both:
        empty(engine, shape)
        if written:
            with engine.sql.begin() as connection:
                connection.execute(insert(table), written)
    sums, seen = [], []
    for engine in both:
        with reading(engine) as rows:
            sums.append(rows.table_sum(shape))
            seen.append(b"".join(lines(chunk) for chunk in rows.chunks(shape)))
            assert rows.count(shape) == len(written)
    assert seen[0] == seen[1]
    assert sums[0] == sums[1]
    for source, target in (both, both[::-1]):
        empty(target, shape)
        with reading(source) as there, filling(target) as here:
            for chunk in there.chunks(shape):
                here.write(shape, chunk)
            assert here.table_sum(shape) == sums[0]
        with target.sql.connect() as connection:
            found = [dict(row) for row in connection.execute(select(table)).mappings()]
        key = lambda row: repr([row[k] for k in shape.key])  # noqa: E731
        assert sorted(found, key=key) == sorted(written, key=key)


def test_every_table_of_a_city_is_copied_parents_first() -> None:
    names = list(SHAPES)
    # What the exact values are found by is made anew by whoever restores: it is keyed with the keys that are there.
    own = {"store_mark", "sealed_index", "whole_standing", "standing_change"}
    assert set(names) == set(METADATA.tables) - own
    for name, table in METADATA.tables.items():
        for key in table.foreign_keys:
            assert names.index(key.column.table.name) < names.index(name)
    assert SHAPES["tree"].children == ("edition", "place")


@pytest.mark.parametrize("changed", [{"name": "二"}, {"west": 116.0000001}, {"attributes": {"a": [1, 3]}},
                                     {"geometry": b"\1\2\4"}, {"load_seq": 2}])  # fmt: skip
def test_a_row_that_differs_anywhere_has_another_hash(
    both: tuple[AnyEngine, AnyEngine], changed: dict[str, Any]
) -> None:
    shape, table = SHAPES["feature"], METADATA.tables["feature"]
    row = {
        "feature_id": "f",
        "name": "一",
        "west": 116.0,
        "south": 40.0,
        "east": 117.0,
        "north": 40.5,
        "attributes": {"a": [1, 2]},
        "geometry": b"\1\2\3",
        "load_seq": 1,
    }
    found = []
    for one in (row, row | changed):
        for engine in both:
            empty(engine, shape)
            with engine.sql.begin() as connection:
                connection.execute(insert(table), [one])
            with reading(engine) as rows:
                found.append(rows.table_sum(shape).sha256)
    assert found[0] == found[1] != found[2] == found[3]


def test_ranges_of_keys_are_by_code_point_on_both(both: tuple[AnyEngine, AnyEngine]) -> None:
    shape = SHAPES["city_fact"]
    keys = ["", "A", "Z", "a", "b", "é", "一", "丁", "﷐", "\U00020000"]
    for engine in both:
        empty(engine, shape)
        with filling(engine) as rows:
            rows.write(shape, [[key, None] for key in reversed(keys)])
            assert [row[0] for row in rows.rows(shape, None, None, 99)] == keys
            assert [row[0] for row in rows.rows(shape, ("Z",), ("一",), 99)] == ["a", "b", "é", "一"]
            assert rows.remove(shape, ("a",), ("丁",)) == 4
            assert [row[0] for row in rows.rows(shape, None, None, 99)] == [
                "",
                "A",
                "Z",
                "a",
                "﷐",
                "\U00020000",
            ]


def test_replacing_a_range_heals_what_is_unique_further_on(both: tuple[AnyEngine, AnyEngine]) -> None:
    shape = SHAPES["user_account"]
    blank = [None] * (len(shape.columns) - 5)
    old = [["z", "wang", None, "leader", "V1", *blank]]
    new = [["a", "wang", None, "leader", "V1", *blank]]
    for engine in both:
        empty(engine, shape)
        with filling(engine) as rows:
            rows.write(shape, old)
        with filling(engine) as rows:
            assert rows.replace(shape, None, ("a",), new) == 1
            assert rows.replace(shape, None, ("a",), new) == 0
            assert rows.rows(shape, None, None, 9) == new


def test_a_value_that_postgresql_cannot_hold_is_told_with_its_row(both: tuple[AnyEngine, AnyEngine]) -> None:
    shape = SHAPES["unit"]
    rows = [["u1", "b", "1", 3, None, None], ["u2", "b", "1", 2**40, None, None]]
    with filling(both[0]) as sqlite:
        sqlite.write(shape, rows)
        sqlite.remove(shape, None, None)
    with pytest.raises(RowUnfit) as told, filling(both[1]) as there:
        there.write(shape, rows)
    assert told.value.facts["table"] == "unit"
    assert told.value.facts["key"] == "u2"


def test_what_is_read_stands_at_one_instant(engine: Engine) -> None:
    own: Any = engine
    outbox, facts = SHAPES["outbox"], SHAPES["city_fact"]
    with engine.records.writing() as writing:
        writing.emit(Event("t", "k", {}))
    with reading(own) as rows:
        before = rows.table_sum(outbox)
        with engine.records.writing() as writing:
            writing.emit(Event("t", "k", {}))
            writing.add("city_fact", [{"fact": "later", "told": "x"}])
        assert rows.table_sum(outbox) == before
        assert not rows.holds(facts), "a table that was not read before stands at the same instant"
    with reading(own) as rows:
        assert rows.table_sum(outbox).n_rows == 2
        assert rows.holds(facts)


def test_numbers_go_on_after_the_greatest(engine: Engine) -> None:
    own: Any = engine
    shape = SHAPES["outbox"]
    with filling(own) as rows:
        rows.write(shape, [[41, "t", "k", None, None, 0]])
        rows.number_on()
    with engine.records.writing() as writing:
        assert writing.emit(Event("t", "k", {})) == 42
    with filling(own) as rows:
        rows.remove(shape, None, None)
        rows.number_on()
    with engine.records.writing() as writing:
        assert writing.emit(Event("t", "k", {}, recorded_at=datetime.now(UTC) - timedelta(days=1))) == 1


def test_a_store_that_was_filled_knows_how_its_rows_are_spread(engine: Engine) -> None:
    own: Any = engine
    with engine.records.writing() as writing:
        writing.add("building", [{"building_id": f"b{n}", "name": f"b{n}"} for n in range(20)])
    with filling(own) as rows:
        rows.learn()
    with own.sql.connect() as connection:
        table, column = (
            ("sqlite_stat1", "tbl") if connection.dialect.name == "sqlite" else ("pg_stats", "tablename")
        )
        told = connection.exec_driver_sql(f"SELECT DISTINCT {column} FROM {table}")
        assert "building" in {row[0] for row in told}


def test_marks_are_set_and_taken(engine: Engine, tmp_path: Path) -> None:
    own: Any = engine
    with filling(own) as rows:
        change_marks(rows.connection, told={"half_made": "x"})
    with filling(own) as rows:
        change_marks(rows.connection, gone=("half_made",), told={"moved_to": "y"})
    with own.sql.connect() as connection:
        assert marks_of(connection) == {"moved_to": "y"}
