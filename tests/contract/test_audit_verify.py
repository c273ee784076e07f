"""The chain is walked after somebody with the file, or with the database, has altered it by SQL."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection, text

from huitian.audit.verify import Broken, head_of, verify
from huitian.engine.chain import row_of
from huitian.engine.columns import EPOCH
from huitian.engine.copying import AnyEngine
from huitian.model.audit import Entry, Head, Subject

pytestmark = pytest.mark.contract
NOW = datetime(2026, 11, 21, 4, tzinfo=UTC)


def written(engine: AnyEngine, n_rows: int = 12) -> Head:
    """Write a chain; return its end."""
    with engine.records.writing() as writing:
        writing.chain([
            Entry("look", f"u:{one % 3}", entity="household", at=NOW,
                  subjects=tuple(Subject("household", f"h{no}", "admin:1") for no in range(one % 4)))
            for one in range(1, n_rows + 1)
        ])  # fmt: skip
    return head_of(engine)


def alter(engine: AnyEngine, attack: Callable[[Connection], None]) -> None:
    """Do what an attacker does who has the store: the guards first, then the rows."""
    with engine.sql.begin() as connection:
        if engine.kind == "scaled":
            for name in ("audit_row", "audit_subject"):
                connection.execute(text(f"ALTER TABLE {name} DISABLE TRIGGER USER"))
        else:
            found = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'audit_%'"
            for (name,) in connection.execute(text(found)).all():
                connection.execute(text(f"DROP TRIGGER {name}"))
        attack(connection)


def sql(*statements: str) -> Callable[[Connection], None]:
    """Return an attack that runs statements."""

    def run(connection: Connection) -> None:
        for one in statements:
            connection.execute(text(one))

    return run


def swap(connection: Connection) -> None:
    for was, now in ((4, -1), (5, 4), (-1, 5)):
        for name in ("audit_row", "audit_subject"):
            connection.execute(text(f"UPDATE {name} SET seq = {now} WHERE seq = {was}"))


def insert_between(connection: Connection) -> None:
    """Move all rows from the sixth on by one, and put a false one, hashed well, into the gap."""
    for name in ("audit_row", "audit_subject"):
        connection.execute(text(f"UPDATE {name} SET seq = -seq - 1 WHERE seq > 5"))
        connection.execute(text(f"UPDATE {name} SET seq = -seq WHERE seq < 0"))
    before = connection.execute(text("SELECT row_hash FROM audit_row WHERE seq = 5")).scalar_one()
    row = row_of(Entry("look", "u:false", at=NOW), Head(5, before))
    for name in ("grant_ids", "fields", "details"):
        row[name] = "{}" if name == "details" else "[]"
    marks = ", ".join(f":{name}" for name in row)
    connection.execute(text(f"INSERT INTO audit_row ({', '.join(row)}) VALUES ({marks})"), row)


ATTACKS: dict[str, tuple[Callable[[Connection], None], set[tuple[int, str]]]] = {
    "a word is changed": (sql("UPDATE audit_row SET user_id = 'u:9' WHERE seq = 3"), {(3, "changed")}),
    "a time is changed": (sql("UPDATE audit_row SET done_at = done_at + 1 WHERE seq = 3"), {(3, "changed")}),
    "a row is removed": (sql("DELETE FROM audit_row WHERE seq = 7"), {(7, "missing")}),
    "the first rows are removed": (sql("DELETE FROM audit_row WHERE seq < 4"), {(1, "missing")}),
    "two rows are swapped": (swap, {(4, "unlinked"), (4, "changed"), (5, "unlinked")}),
    "a row is inserted": (insert_between, {(7, "unlinked"), (7, "changed")}),
    "whose is changed": (
        sql("UPDATE audit_subject SET subject_id = 'h9' WHERE seq = 6 AND subject_no = 1"),
        {(6, "subjects")},
    ),
    "whose is removed": (sql("DELETE FROM audit_subject WHERE seq = 6"), {(6, "subjects")}),
    "whose is added": (
        sql(
            "INSERT INTO audit_subject (seq, subject_no, entity, subject_id) VALUES (4, 0, 'household', 'h9')"
        ),
        {(4, "subjects")},
    ),
}


@pytest.mark.parametrize("name", ATTACKS)
def test_what_was_altered_is_found_and_its_row_is_told(engine: AnyEngine, name: str) -> None:
    attack, wanted = ATTACKS[name]
    written(engine)
    assert verify(engine).broken == ()
    alter(engine, attack)
    assert wanted <= {(one.seq, one.fault) for one in verify(engine).broken}


def test_a_cut_end_is_found_with_a_head_that_was_kept(engine: AnyEngine) -> None:
    kept = written(engine)
    alter(engine, sql("DELETE FROM audit_subject WHERE seq > 9", "DELETE FROM audit_row WHERE seq > 9"))
    assert verify(engine).broken == ()
    assert verify(engine, kept).broken == (Broken(10, "cut", 12),)


def test_a_chain_that_was_made_anew_differs_from_the_head_that_was_kept(engine: AnyEngine) -> None:
    kept = written(engine)
    alter(engine, sql("DELETE FROM audit_subject", "DELETE FROM audit_row"))
    with engine.records.writing() as writing:
        writing.chain([Entry("look", "u:false", at=EPOCH) for _ in range(12)])
    assert verify(engine).broken == ()
    assert verify(engine, kept).broken == (Broken(12, "other_head"),)
    assert verify(engine, Head(5, verify(engine).head.row_hash)).broken == (Broken(5, "other_head"),)


def test_it_is_walked_in_parts(engine: AnyEngine) -> None:
    written(engine, 4_500)
    told: list[tuple[str, int, int]] = []
    found = verify(engine, watch=lambda *how_far: told.append(how_far))
    assert (found.n_rows, found.n_broken, found.head.seq) == (4_500, 0, 4_500)
    assert told == [("audit_row", 2_000, 4_500), ("audit_row", 4_000, 4_500)]
