"""Personal values lie sealed on every store, open where they are asked for, and are gone with their key."""

import base64
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text, update

from huitian.base.planner import Planner
from huitian.clock import SystemClock
from huitian.engine.copying import shapes
from huitian.engine.embedded import create_store
from huitian.engine.scaled import create_scaled
from huitian.engine.sealing import MasterSource, Vault
from huitian.engine.sealing.ciphers import opened, sealed
from huitian.engine.sealing.guarding import Sealable, begin, guard
from huitian.engine.sealing.restoring import copy_store, index_anew
from huitian.engine.sealing.vault import name_store
from huitian.engine.sealing.walk import seal_all
from huitian.engine.tables import case_words, sealed_index
from huitian.engine.writing import SqlWriting
from huitian.errors import (
    KeysMissing,
    KeysOpen,
    KeysUnusable,
    KeysWrong,
    NotFound,
    StoreFull,
    StoreReadOnly,
    UnknownField,
)
from huitian.model.query import Condition, Query, Row
from huitian.model.scope import Allowed

pytestmark = pytest.mark.contract
WORDS = "测试甲家的暖气不热，电话 12011112222"
PHONE = "12011112222"


def vault_in(folder: Path, cipher: str = "aes-256-gcm") -> Vault:
    return Vault(folder / "keys", MasterSource(folder / "keys"), cipher)


@pytest.fixture(params=["embedded", "scaled"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Sealable]:
    """Yield an empty store of each engine, with keys."""
    if request.param == "embedded":
        engine: Sealable = create_store(tmp_path)
    else:
        engine = create_scaled(request.getfixturevalue("postgres_server").database(), tmp_path)
    vault = vault_in(tmp_path)
    guard(engine, vault)
    begin(engine, vault)
    yield engine
    engine.close()


def write(store: Sealable, case_id: str = "c1", words: str = WORDS) -> None:
    with store.records.writing() as writing:
        writing.add("case_words", [{"case_id": case_id, "step_no": 1, "field": "body", "words": words}])
        writing.add(
            "case_contact", [{"case_id": case_id, "name": "测试甲", "phone": PHONE, "is_anonymous": False}]
        )


def everything(store: Sealable, entity: str) -> Allowed:
    return Planner(store.records, SystemClock(), 10, 5).raw(entity)


def rows(store: Sealable, entity: str, *where: Condition, columns: tuple[str, ...] = ()) -> list[Row]:
    asked = Query(entity, where, columns=columns, limit=1000)
    return list(store.records.read(everything(store, entity), asked).rows)


def raw(store: Sealable, sql: str) -> list[tuple[object, ...]]:
    with store.sql.connect() as connection:
        return [tuple(row) for row in connection.execute(text(sql))]


def test_what_is_written_lies_sealed_and_is_read_as_it_was(store: Sealable) -> None:
    write(store)
    with store.records.writing() as writing:
        many = [{"person_id": f"p{n}", "name": f"测试{n}", "phone": None, "id_number": "99000019900101123" + "X"}
                for n in range(9)]  # fmt: skip
        writing.put("person_identity", many)
        writing.add("reject", [{"load_id": "l", "row_no": 1, "reason_code": "no_key", "source_key": PHONE,
                                "raw": {"电话": PHONE, "n": 1.5}}])  # fmt: skip
    assert [r["words"] for r in rows(store, "case_words", columns=("words",))] == [WORDS]
    assert rows(store, "case_words", columns=("words",))[0].keys() == {"words"}
    assert rows(store, "person_identity")[3] == many[3]
    assert rows(store, "reject")[0]["raw"] == {"电话": PHONE, "n": 1.5}
    columns = (("case_words", "words"), ("case_contact", "name"), ("case_contact", "phone"), ("reject", "raw"),
               ("person_identity", "id_number"), ("reject", "source_key"))  # fmt: skip
    lying = raw(
        store, " UNION ALL ".join(f"SELECT CAST({column} AS TEXT) FROM {table}" for table, column in columns)
    )
    assert len(lying) == 14
    assert all("s1:" in str(value) and PHONE not in str(value) for (value,) in lying)
    with store.records.writing() as writing:
        assert writing.put("person_identity", many).n_written == 0
        assert writing.put("person_identity", [many[0] | {"name": "测试乙"}]).n_written == 1
        assert writing.change("case_contact", {"case_id": "c1"}, {"name": "测试丙"})
    assert {r["name"] for r in rows(store, "person_identity")} == {f"测试{n}" for n in range(1, 9)} | {
        "测试乙"
    }
    assert rows(store, "case_contact")[0]["name"] == "测试丙"
    for where in (Condition("words", "contains", "暖"), Condition("words", "eq", WORDS)):
        with pytest.raises(UnknownField):
            rows(store, "case_words", where)


def test_a_sealed_value_opens_nowhere_else(store: Sealable) -> None:
    write(store, "c1", WORDS)
    write(store, "c2", "另一封")
    with store.records.writing() as writing:
        assert isinstance(writing, SqlWriting)
        of_first = raw(store, "SELECT words FROM case_words WHERE case_id = 'c1'")[0][0]
        writing.connection.execute(
            update(case_words).where(case_words.c.case_id == "c2").values(words=of_first)
        )
    assert {r["case_id"]: r["words"] for r in rows(store, "case_words")} == {"c1": WORDS, "c2": None}


def test_an_exact_phone_is_found_and_cannot_be_read_back(store: Sealable) -> None:
    write(store)
    assert store.records.found_exactly(
        everything(store, "case_contact"), "phone", "+86 120 1111-2222", 9
    ) == ["c1"]
    assert store.records.found_exactly(everything(store, "case_contact"), "phone", "12011112223", 9) == []
    ((told,),) = raw(store, "SELECT value_hash FROM sealed_index")
    assert len(str(told)) == 64
    assert sealed_index.name not in {shape.name for shape in shapes()}


def test_what_was_there_before_is_sealed_while_it_is_read(store: Sealable, tmp_path: Path) -> None:
    vault = store.records.vault  # type: ignore[attr-defined]
    store.records.vault = store.files.vault = None  # type: ignore[attr-defined]
    for n in range(3):
        write(store, f"c{n}")
    file_id = store.files.keep(b"a photo from before")
    store.attach(vault)
    assert rows(store, "case_words")[0]["words"] == WORDS
    first = seal_all(store, vault, lambda *_: None)
    assert (first.n_sealed, first.n_files) == (6, 1)
    assert all(
        "s1:" in str(v)
        for (v,) in raw(store, "SELECT words FROM case_words UNION SELECT name FROM case_contact")
    )
    assert rows(store, "case_words")[2]["words"] == WORDS
    with store.files.open_file(everything(store, "case_file"), file_id) as file:
        assert file.read() == b"a photo from before"
    assert store.records.found_exactly(everything(store, "case_contact"), "phone", PHONE, 9) == [
        "c0",
        "c1",
        "c2",
    ]
    assert seal_all(store, vault, lambda *_: None).n_sealed == 0


def test_a_destroyed_key_takes_the_words_with_it_and_none_come_after(store: Sealable, tmp_path: Path) -> None:
    write(store, "c1")
    write(store, "c2")
    other = vault_in(tmp_path)
    assert other.known(["case:c1"])["case:c1"] is not None
    before = {bytes(r[0]) for r in sqlite3.connect(other.path).execute("SELECT wrapped FROM subject_key")}
    vault: Vault = store.records.vault  # type: ignore[attr-defined]
    assert vault.destroy(["case:c1"]) == 1
    assert other.known(["case:c1"])["case:c1"] is None
    assert [r["words"] for r in rows(store, "case_words")] == [None, WORDS]
    assert vault.destroy(["case:c1"]) == 0
    write(store, "c1", "后来写的")
    with store.records.writing() as writing:
        writing.put("case_words", [{"case_id": "c1", "step_no": 2, "field": "body", "words": "又写"}])
    assert [r["words"] for r in rows(store, "case_words")] == [None, None, WORDS]
    after = {
        bytes(r[0])
        for r in sqlite3.connect(other.path).execute(
            "SELECT wrapped FROM subject_key WHERE wrapped IS NOT NULL"
        )
    }
    (gone,) = before - after
    files = b"".join(path.read_bytes() for path in (tmp_path / "keys").iterdir())
    assert gone not in files
    assert all(wrapped in files for wrapped in after)
    other.close()


def test_keys_are_rotated_under_a_vault_that_writes(store: Sealable, tmp_path: Path) -> None:
    for n in range(5):
        write(store, f"c{n}")
    other = vault_in(tmp_path)
    number = other.rotate()
    assert number == 2
    write(store, "c5")
    assert other.rewrap() > 0
    assert other.rewrap() == 0
    assert not other.retire(2)
    assert other.retire(1)
    assert not (tmp_path / "keys" / "master-1.key").exists()
    write(store, "c6")
    assert [r["words"] for r in rows(store, "case_words")] == [WORDS] * 7
    store.records.vault.close()  # type: ignore[attr-defined]
    assert [r["words"] for r in rows(store, "case_words")] == [WORDS] * 7
    assert other.states()[2] == (15, False)
    other.close()


def test_a_store_does_not_open_without_its_keys(store: Sealable, tmp_path: Path) -> None:
    write(store)
    master, away = tmp_path / "keys" / "master-1.key", tmp_path / "away"
    key = master.read_bytes()
    store.records.vault.close()  # type: ignore[attr-defined]
    master.chmod(0o640)
    with pytest.raises(KeysOpen):
        guard(store, vault_in(tmp_path))
    master.unlink()
    with pytest.raises(KeysMissing, match="master-1"):
        guard(store, vault_in(tmp_path))
    other = base64.b64encode(bytes(32)).decode()
    with pytest.raises(KeysWrong):
        guard(store, Vault(tmp_path / "keys", MasterSource(tmp_path / "keys", f"1:{other}")))
    (tmp_path / "keys").rename(away)
    with pytest.raises(KeysMissing):
        guard(store, vault_in(tmp_path))
    assert not (tmp_path / "keys").exists()
    away.rename(tmp_path / "keys")
    told = f"1:{key.decode().strip()}"
    guard(store, Vault(tmp_path / "keys", MasterSource(tmp_path / "keys", told)))
    assert rows(store, "case_words")[0]["words"] == WORDS
    guard(store, Vault(tmp_path / "keys", MasterSource(tmp_path / "keys", command=f"echo {told}")))
    assert rows(store, "case_words")[0]["words"] == WORDS


def test_photos_lie_sealed_and_one_that_was_erased_can_come_again(store: Sealable, tmp_path: Path) -> None:
    vault: Vault = store.records.vault  # type: ignore[attr-defined]
    file_id = store.files.keep(b"a face")
    (path,) = (tmp_path / "files").glob("??/*")
    old = path.read_bytes()
    assert b"a face" not in old
    vault.destroy([f"file:{file_id}"])
    assert store.files.keep(b"a face") == file_id
    with store.files.open_file(everything(store, "case_file"), file_id) as file:
        assert file.read() == b"a face"
    path.write_bytes(old)
    with pytest.raises(NotFound):
        store.files.open_file(everything(store, "case_file"), file_id)


@pytest.mark.parametrize("mark", [b"\x01", b"\x02"])
def test_ciphers_open_only_what_they_sealed(mark: bytes) -> None:
    key, told = bytes(range(32)), sealed(bytes(range(32)), WORDS.encode(), b"here", mark)
    assert opened(key, told, b"here") == WORDS.encode()
    assert opened(key, told, b"there") is None
    assert opened(bytes(32), told, b"here") is None
    assert opened(key, told[:-1] + bytes([told[-1] ^ 1]), b"here") is None
    assert opened(key, told[:20], b"here") is None


def test_a_key_store_without_room_is_told_and_keeps_what_it_has(tmp_path: Path) -> None:
    vault = vault_in(tmp_path)
    sql = vault.make()._sql
    assert vault.keys(["case:1"])["case:1"]
    sql.execute(f"PRAGMA max_page_count = {sql.execute('PRAGMA page_count').fetchone()[0]}")
    with pytest.raises(StoreFull, match="subjects"):
        vault.keys([f"case:{n}" for n in range(9_999)])
    assert vault.known(["case:1"])["case:1"]
    sql.execute("PRAGMA query_only = ON")
    with pytest.raises(StoreReadOnly):
        vault.store.copy_to(tmp_path / "huitian.keys")
    with pytest.raises(StoreReadOnly):
        vault.destroy(["case:1"])
    vault.close()
    vault.path.write_bytes(b"no data base at all" * 99)
    with pytest.raises(KeysUnusable):
        vault.known(["case:1"])


def test_keys_that_are_only_in_the_log_are_copied_from_a_folder_that_is_read_only_too(tmp_path: Path) -> None:
    vault = vault_in(tmp_path)
    vault.make()
    key = vault.keys(["case:1"])["case:1"]
    assert (tmp_path / "keys" / "subjects.sqlite-wal").stat().st_size > 0
    still = shutil.copytree(tmp_path / "keys", tmp_path / "still")
    (still / "subjects.sqlite-shm").unlink()
    for n, source in enumerate((tmp_path / "keys", still)):
        other = vault_in(tmp_path / f"new{n}")
        shutil.copytree(tmp_path / "keys", other.folder, ignore=shutil.ignore_patterns("subjects*"))
        if source == still:
            # As SQLite is told where it may not make its own files beside the store.
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr("huitian.engine.sealing.restoring.sqlite3.connect", refusing)
                copy_store(source / "subjects.sqlite", other.path)
        else:
            copy_store(source / "subjects.sqlite", other.path)
        assert other.known(["case:1"])["case:1"] == key
        other.close()
    vault.close()


def refusing(*_: object) -> None:
    raise sqlite3.OperationalError("unable to open database file")


@pytest.mark.parametrize("point", ["add_master", "add", "empty_log"])
def test_keys_whose_making_was_cut_short_are_made_anew(tmp_path: Path, point: str) -> None:
    code = (
        "import os, signal, sys; from pathlib import Path\n"
        "from huitian.engine.sealing import MasterSource, Vault\n"
        "from huitian.engine.sealing.key_store import KeyStore\n"
        "setattr(KeyStore, sys.argv[2], lambda *_: os.kill(os.getpid(), signal.SIGKILL))\n"
        "keys = Path(sys.argv[1]) / 'keys'; Vault(keys, MasterSource(keys)).make()\n"
    )
    ended = subprocess.run([sys.executable, "-c", code, str(tmp_path), point], check=False, env=os.environ)
    assert ended.returncode == -signal.SIGKILL
    vault = vault_in(tmp_path)
    assert not vault.is_on
    vault.make()
    assert vault.keys(["case:1"])["case:1"]
    assert not list((tmp_path / "keys").glob(f".*.new-{os.getpid()}*"))
    vault.close()


def test_who_makes_keys_second_takes_those_of_the_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = vault_in(tmp_path), vault_in(tmp_path)

    def meanwhile(new: Path, path: Path) -> None:
        monkeypatch.undo()
        first.make()
        name_store(new, path)

    monkeypatch.setattr("huitian.engine.sealing.vault.name_store", meanwhile)
    # A process of its own has its own temporary name.
    monkeypatch.setattr("huitian.engine.sealing.vault.os.getpid", lambda: 1)
    assert second.make().store_id == first.store.store_id
    assert second.search_hash("phone", PHONE) == first.search_hash("phone", PHONE)
    first.close()
    second.close()


def test_a_copy_that_an_erasure_overtook_is_written_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault, other, copy = vault_in(tmp_path), vault_in(tmp_path), tmp_path / "huitian.keys"
    vault.make()
    vault.keys(["case:1"])
    replace = Path.replace

    def overtaken(new: Path, path: Path) -> Path:
        monkeypatch.undo()
        other.destroy(["case:1"])
        return replace(new, path)

    monkeypatch.setattr(Path, "replace", overtaken)
    vault.store.copy_to(copy)
    told = sqlite3.connect(copy)
    assert told.execute("SELECT count(*) FROM subject_key WHERE destroyed_at IS NOT NULL").fetchone() == (1,)
    told.close()
    other.close()
    vault.close()


def test_an_index_from_an_earlier_stay_goes(store: Sealable) -> None:
    write(store)
    with store.records.writing() as writing:
        stale = {"kind": "phone", "value_hash": "0" * 64, "subject_id": "contact:gone"}
        writing.insert_new(sealed_index, tuple(stale), [stale])  # type: ignore[attr-defined]
    index_anew(store, store.records.vault, lambda *_: None)  # type: ignore[attr-defined]
    assert raw(store, "SELECT subject_id FROM sealed_index") == [("contact:c1",)]
