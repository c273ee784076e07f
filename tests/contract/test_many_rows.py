"""Many rows at once are stored as the same rows one by one are, whatever is in them."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from huitian.base.planner import Planner
from huitian.engine.ports import Engine
from huitian.model.query import Query
from tests.base.towns import settle

pytestmark = pytest.mark.contract

ATTRIBUTES = ({"词": "灯", "n": [1, None, 0.1]}, {}, [], None, "text", 0, True, {"a\\b\n\"'": "\u2028%s"})
NAMES = ("三号楼", "", "O'Brien \\N \\x41", "换\n行\t\r", "%s %% {}", "𠮷", None, '"quoted"')
PAGES = ((1, 0, 1), (9, 0, 9), (10, 0, 10), (11, 0, 10), (4, 8, 2), (5, 5, 5), (5, 10, 0), (3, 99, 0))
"""Limit, offset, rows that come, of ten."""


def rows(prefix: str) -> list[dict[str, Any]]:
    return [
        {
            "building_id": f"{prefix}{n}", "name": NAMES[n], "attributes": ATTRIBUTES[n], "height_m": real,
            "n_floors_above": n - 3, "geometry": bytes(range(256)) if n % 2 else b"",
            "valid_from": date(1900 + n, 2, 28) if n % 3 else None, "load_seq": 2**40 + n,
        }
        for n, real in enumerate((0.1, -0.0, 1e300, 5e-324, 116.39123456789012, None, 1 / 3, 2.0))
    ]  # fmt: skip


def cases(prefix: str) -> list[dict[str, Any]]:
    return [
        {"case_id": f"{prefix}{n}", "case_no": f"{prefix}{n}", "kind": "letter", "ladder_id": "l", "rule_set": "r",
         "state": "closed", "version": 1, "reported_at": datetime(2026, 1, 1, 23, 59, 59, n, tzinfo=UTC),
         "is_contacted": (True, False, None)[n % 3]}
        for n in range(8)
    ]  # fmt: skip


def stored(engine: Engine, planner: Planner, entity: str, key: str, prefix: str) -> list[dict[str, Any]]:
    found = engine.records.read(planner.raw(entity), Query(entity, sort=(key,), limit=1000)).rows
    return [
        {
            name: str(value).replace(prefix, "") if name in {key, "case_no"} else value
            for name, value in row.items()
        }
        for row in found
        if str(row[key]).startswith(prefix)
    ]


@pytest.mark.parametrize(
    ("entity", "key", "make"), [("building", "building_id", rows), ("case", "case_id", cases)]
)
def test_at_once_or_one_by_one(engine: Engine, entity: str, key: str, make: Any) -> None:
    planner = settle(engine)
    with engine.records.writing() as writing:
        assert writing.add(entity, make("many-")).n_written == 8
        assert writing.add(entity, make("many-")).n_unchanged == 8
        assert writing.put(entity, make("many-")).n_unchanged == 8
    with engine.records.writing() as writing:
        for row in make("one-"):
            assert writing.add(entity, [row]).n_written == 1
    many, one = (stored(engine, planner, entity, key, prefix) for prefix in ("many-", "one-"))
    assert len(many) == 8
    assert repr(many) == repr(one)


def test_a_page_tells_how_many_rows_there_are(engine: Engine) -> None:
    planner = settle(engine)
    for limit, offset, n_rows in PAGES:
        page = engine.records.read(planner.raw("building"), Query("building", limit=limit, offset=offset))
        assert (len(page.rows), page.n_total) == (n_rows, 10), (limit, offset)
