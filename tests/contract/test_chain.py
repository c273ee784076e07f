"""The chain of the audit: gapless, linked, and refused by the store itself to whoever would change it."""

import threading
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from huitian.audit import Audit
from huitian.clock import FixedClock
from huitian.engine.chain import FIRST_HASH, row_hash_of, subject_hash_of
from huitian.engine.copying import AnyEngine, Shape, reading, shapes
from huitian.model.audit import Entry, Subject

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
