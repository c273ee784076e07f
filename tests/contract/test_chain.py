"""The chain of the audit: gapless, linked, and refused by the store itself to whoever would change it."""

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from huitian.audit import Audit
from huitian.audit.reading import AuditFilter, AuditViews
from huitian.base.planner import Planner
from huitian.clock import FixedClock
from huitian.engine.chain import FIRST_HASH, row_hash_of, subject_hash_of
from huitian.engine.copying import AnyEngine, Shape, reading, shapes
from huitian.model.audit import Entry, Subject
from huitian.model.query import Query
from huitian.model.scope import Scope

pytestmark = pytest.mark.contract
NOW = datetime(2026, 11, 21, 4, tzinfo=UTC)


def look(user_id: str, *subject_ids: str) -> Entry:
    subjects = tuple(Subject("household", one, "admin:1") for one in subject_ids)
    return Entry("look", user_id, entity="household", fields=("kind",), subjects=subjects, at=NOW)


def rows_in(engine: AnyEngine) -> list[dict[str, Any]]:
    shape: Shape = next(one for one in shapes() if one.name == "audit_row")
    names = [name for name, _ in shape.columns]
    with reading(engine) as snapshot:
        return [dict(zip(names, row, strict=True)) for rows in snapshot.chunks(shape) for row in rows]


def test_every_row_hashes_itself_and_the_one_before(engine: AnyEngine) -> None:
    with engine.records.writing() as writing:
        assert writing.chain([look("u:1", "h1"), look("u:2", "h1", "h2")]) == [1, 2]
        assert writing.chain([Entry("change", "u:3", details={"n": 1, "who": ["甲", None, True]})]) == [3]
    rows = rows_in(engine)
    before = FIRST_HASH
    for row in rows:
        assert row["prev_hash"] == before
        assert row["row_hash"] == row_hash_of(row)
        before = row["row_hash"]
    assert rows[1]["subject_hash"] == subject_hash_of(look("", "h1", "h2").subjects)
    assert rows[0]["done_at"] == 1_795_233_600_000_000


def test_a_transaction_that_fails_leaves_no_entry_and_no_gap(engine: AnyEngine) -> None:
    with pytest.raises(TypeError), engine.records.writing() as writing:
        writing.chain([look("u:1", "h1"), Entry("look", "u:1", details={"at": NOW})])
    with engine.records.writing() as writing:
        assert writing.chain([look("u:2", "h1")]) == [1]


def test_what_has_no_one_form_as_bytes_is_refused(engine: AnyEngine) -> None:
    with pytest.raises(TypeError), engine.records.writing() as writing:
        writing.chain([Entry("change", "u:1", details={"share": 0.1})])


def test_many_at_once_make_one_chain(engine: AnyEngine) -> None:
    audit = Audit(engine.records, FixedClock(NOW))
    seqs: list[int] = []

    def write(number: int) -> None:
        seqs.extend(audit.write(look(f"u:{number}", f"h{one}")) for one in range(10))

    threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    rows = rows_in(engine)
    assert sorted(seqs) == [row["seq"] for row in rows] == list(range(1, 81))
    assert [row["prev_hash"] for row in rows[1:]] == [row["row_hash"] for row in rows[:-1]]


def alarms_in(engine: AnyEngine, planner: Planner) -> list[str]:
    found = engine.records.read(planner.system("finding"), Query("finding", limit=10)).rows
    return [row["object_id"] for row in found if row["rule_id"] == "looks_a_day"]


def test_the_alarm_counts_all_looks_of_a_day_and_a_home_in_parts_once(engine: AnyEngine) -> None:
    planner = Planner(engine.records, FixedClock(NOW), 10, 5)
    audit = Audit(engine.records, FixedClock(NOW), planner, looks_a_day=2_050)
    one_home = replace(look("u:parts", *"abcdefgh"), request_id="r1")
    many = [replace(look("u:many", "h1"), request_id=f"r{number}") for number in range(2_049)]
    old = replace(look("u:old", *(f"h{one}" for one in range(300))), at=NOW - timedelta(days=1))
    with engine.records.writing() as writing:
        writing.chain([*([one_home] * 300), *many, *([old] * 10)])
    for user_id in ("u:parts", "u:many", "u:old"):
        audit.write(replace(look(user_id, "h2"), request_id="last"))
    assert alarms_in(engine, planner) == [], "2050 is no more than the alarm"
    for _ in range(3):
        audit.write(look("u:many", "h3"))
    assert alarms_in(engine, planner) == ["u:many"]


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE audit_row SET user_id = 'x' WHERE seq = 1",
        "DELETE FROM audit_row WHERE seq = 1",
        "UPDATE audit_subject SET subject_id = 'x' WHERE seq = 1",
        "DELETE FROM audit_subject WHERE seq = 1",
    ],
)
def test_the_store_refuses_to_change_the_chain(engine: AnyEngine, attack: str) -> None:
    with engine.records.writing() as writing:
        writing.chain([look("u:1", "h1")])
    before = rows_in(engine)
    with pytest.raises(DatabaseError, match="append-only"), engine.sql.begin() as connection:
        connection.execute(text(attack))
    replaced = (
        "INSERT OR REPLACE INTO audit_subject (seq, subject_no, entity, subject_id) VALUES (1, 0, 'a', 'b')"
    )
    other = replaced if engine.kind == "embedded" else "TRUNCATE audit_row"
    with pytest.raises(DatabaseError, match="append-only"), engine.sql.begin() as connection:
        connection.execute(text(other))
    assert rows_in(engine) == before


def test_the_newest_of_many_entries_about_one_subject_come_first(engine: AnyEngine) -> None:
    planner = Planner(engine.records, FixedClock(NOW), 10, 5)
    views, auditor = AuditViews(planner, FixedClock(NOW)), Scope("u:a", None, "V2", "auditor")
    about = [replace(look(f"u:{number % 2}", "h1", "h1"), at=NOW) for number in range(2_100)]
    with engine.records.writing() as writing:
        writing.chain([*about, look("u:0", "h2")])
    newest = views.rows(auditor, AuditFilter(subject_id="h1", limit=3))
    assert ([row["seq"] for row in newest.rows], newest.n_total) == ([2_100, 2_099, 2_098], 2_100)
    further = views.rows(auditor, AuditFilter(subject_id="h1", user_id="u:0", before=102, limit=60))
    assert ([row["seq"] for row in further.rows], further.n_total) == (list(range(101, 0, -2)), 1_050)
    assert views.rows(auditor, AuditFilter(subject_id="h1", user_id="u:7")).rows == []
    assert views.rows(auditor, AuditFilter(subject_id="h3")).n_total == 0
