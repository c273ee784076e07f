"""What was erased is in no file any more, an older archive included; the log, every count and the rest stay."""

import base64
import gzip
import os
import re
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from huitian.app import keeping
from huitian.app.city import OpenCity, open_city
from huitian.app.keeping import back_up_city, keys_beside, restore_city
from huitian.app.moving import move_city
from huitian.care.archive_reading import read_archive
from huitian.cases.erasing import Erasing
from huitian.cases.homes import homes_of
from huitian.cases.rebuild import check
from huitian.engine.sealing.ciphers import opened
from huitian.engine.sealing.fields import SEALED
from huitian.engine.sealing.key_store import KeyStore
from huitian.engine.tables import sealed_index
from huitian.errors import CaseOpen, KeysMissing, StoreReadOnly
from huitian.model.case import Letter, Opened
from huitian.model.query import Condition, Query, Row, Tally
from huitian.model.scope import Scope
from huitian.settings import read_settings
from huitian.simulate.scale import DemoScale
from tests.servers.small_city import make_small_city

pytestmark = pytest.mark.contract
SECRET = "测试寅家住三层东户漏水已经五日"
OTHER = "路灯不亮的另一封信"
PHONE = "12098765432"
PHOTO = b"\xff\xd8\xff\xe0 the face of a person who asked for it to go"
SYSTEM = Scope("system", None, "V3", "system")
TINY = DemoScale(n_buildings=300, person_share=0.005, n_enterprises=10, n_components=5, n_letters=20)
ENTITIES = ("case", "case_step", "case_words", "case_contact", "case_file", "person", "person_identity")


@dataclass
class Town:
    """A small city with one letter that will be erased, one that stays, and an archive of both."""

    home: Path
    archive: Path
    gone: Opened
    stays: Opened
    file_id: str
    counts: dict[str, int]


def quiet(*_: object) -> None:
    """Say nothing."""


def counts_of(city: OpenCity) -> dict[str, int]:
    return {
        name: sum(row["n"] for row in city.planner.tally(city.planner.system(name), Tally(name))) for name in ENTITIES
    }  # fmt: skip


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the city once."""
    folder = tmp_path_factory.mktemp("made") / "city"
    make_small_city(folder, TINY)
    return folder


@pytest.fixture(params=["embedded", "scaled"])
def town(request: pytest.FixtureRequest, made: Path, tmp_path: Path) -> Town:
    home = shutil.copytree(made, tmp_path / "city")
    if request.param == "scaled":
        address = request.getfixturevalue("postgres_server").database()
        move_city(home, read_settings(home), address, quiet)
    city = open_city(home)
    file_id = city.engine.files.keep(PHOTO)
    gone = city.letters.open_case(
        Letter(
            SECRET, "letter-gone-1", name="测试寅丑子", phone=PHONE, file_ids=(file_id,), lon=116.4, lat=40.1
        )
    )
    stays = city.letters.open_case(Letter(OTHER, "letter-stays-1", lon=116.4, lat=40.1))
    counts = counts_of(city)
    city.close()
    archive, _ = back_up_city(home, read_settings(home), tmp_path / "kept", quiet)
    return Town(home, archive.path, gone, stays, file_id, counts)


def erase(town: Town) -> None:
    city = open_city(town.home)
    with pytest.raises(CaseOpen):
        Erasing(city.parts, city.engine).erase_case(SYSTEM, town.gone.case_no, "本人申请")
    done = Erasing(city.parts, city.engine).erase_case(
        SYSTEM, town.gone.case_no, "本人申请", is_even_open=True
    )
    assert (done.n_keys, done.n_files, done.is_sealed, done.left) == (3, 1, True, [])
    city.close()


def words(city: OpenCity, case_id: str) -> list[Row]:
    query = Query("case_words", (Condition("case_id", "eq", case_id),), columns=("words",))
    return list(city.engine.records.read(city.planner.system("case_words"), query).rows)


def every_byte(town: Town) -> bytes:
    """Return every byte there is: the folder with its log, what is beside the archive, and the archive unpacked."""
    told = [path.read_bytes() for path in sorted(town.home.rglob("*")) if path.is_file()]
    told += [path.read_bytes() for path in sorted(town.archive.parent.iterdir())]
    archive = read_archive(town.archive, quiet)
    with town.archive.open("rb") as file:
        for member in archive.manifest.members:
            content = b"".join(archive.content(file, member))
            told.append(gzip.decompress(content) if member.name.endswith(".gz") else content)
    city = open_city(town.home)
    with city.engine.sql.connect() as connection:  # type: ignore[attr-defined]
        for lies in SEALED.values():
            told += [repr(tuple(row)).encode() for row in connection.execute(lies.table.select())]
    city.close()
    return b"\n".join(told)


def forms_of(text: str) -> list[bytes]:
    plain = text.encode()
    at = [base64.b64encode(plain[cut:])[:-4].rstrip(b"=") for cut in range(3)]
    return [
        plain,
        text.encode("utf-16-le"),
        text.encode("utf-16-be"),
        ascii(text)[1:-1].encode(),
        plain.hex().encode(),
        *at,
    ]


def sealed_in(told: bytes) -> set[bytes]:
    """Return every sealed value; one that runs over two pages of the file is in the rows as well."""
    found = re.findall(rb"s1:([A-Za-z0-9+/]{40,}={0,2})", told)
    return {base64.b64decode(one) for one in found if len(one) % 4 == 0}


def test_which_home_a_case_was_about_goes_with_its_words(made: Path, tmp_path: Path) -> None:
    """The building stays, as what is counted does."""
    city = open_city(shutil.copytree(made, tmp_path / "city"))
    records, planner = city.engine.records, city.planner
    (dwelling,) = records.read(planner.system("dwelling"), Query("dwelling", limit=1)).rows
    opened = city.letters.open_case(Letter("没有暖气", "letter-home-1", dwelling_id=dwelling["dwelling_id"]))
    assert homes_of(city.parts, records, [opened.case_id]) == {opened.case_id: dwelling["dwelling_id"]}
    Erasing(city.parts, city.engine).erase_case(SYSTEM, opened.case_no, "本人申请", is_even_open=True)
    assert homes_of(city.parts, records, [opened.case_id]) == {}
    where = (Condition("case_id", "eq", opened.case_id),)
    (row,) = records.read(planner.system("case"), Query("case", where)).rows
    assert row["building_id"] == dwelling["building_id"]
    city.close()


def test_an_erased_case_is_in_no_file_and_opens_with_no_key_that_is_left(town: Town) -> None:
    before = every_byte(town)
    erase(town)
    told = every_byte(town)
    for text in (SECRET, PHONE, "测试寅丑子"):
        for form in forms_of(text):
            assert form not in told
    assert PHOTO not in told
    sealed = sealed_in(told)
    assert len(sealed) > 10
    assert sealed <= sealed_in(before)
    city = open_city(town.home)
    vault = city.engine.records.vault  # type: ignore[attr-defined]
    left = [vault._unwrapped(key) for key in vault.store.behind(99, 1_000_000)]
    assert len(left) > 10
    bound = {
        "\x1f".join(("case_words", "words", town.gone.case_id, "1", field)).encode()
        for field in ("title", "body")
    } | {"\x1f".join(("case_contact", field, town.gone.case_id)).encode() for field in ("name", "phone")}
    assert not any(opened(key, one, at) for key in left for one in sealed for at in bound)
    key = vault.known([f"case:{town.stays.case_id}"])[f"case:{town.stays.case_id}"]
    at = "\x1f".join(("case_words", "words", town.stays.case_id, "1", "body")).encode()
    assert OTHER.encode() in {opened(key, one, at) for one in sealed}
    city.close()


def test_the_log_its_counts_and_the_projection_stay(town: Town) -> None:
    erase(town)
    city = open_city(town.home)
    assert counts_of(city) == town.counts
    assert check(city.parts) == []
    assert [row["words"] for row in words(city, town.gone.case_id)] == [None]
    assert [row["words"] for row in words(city, town.stays.case_id)] == [OTHER]
    page = city.cases.page(SYSTEM, town.gone.case_id)
    assert [page["gone"][part]["cause"] for part in ("words", "contact", "photos")] == ["request"] * 3
    assert (page["words"], page["contact"], page["steps"][0]["files"]) == ({}, None, [])
    followed = city.following.letter(town.gone.case_no, town.gone.follow_code)
    assert (followed["case_no"], followed["gone"]) == (town.gone.case_no, page["gone"])
    stays = city.following.letter(town.stays.case_no, town.stays.follow_code)["gone"]
    assert stays == {"words": None, "contact": None, "photos": None}
    again = Erasing(city.parts, city.engine).erase_case(SYSTEM, town.gone.case_no, "再次", is_even_open=True)
    assert (again.n_keys, again.n_values) == (0, 0)
    city.close()


def test_an_archive_from_before_brings_nothing_back(town: Town, tmp_path: Path) -> None:
    stale = tmp_path / "stale.keys"
    stale.write_bytes(keys_beside(town.archive, read_archive(town.archive, quiet).manifest).read_bytes())
    erase(town)
    new = tmp_path / "new"
    restore_city(town.archive, new, "sqlite", quiet)
    shown_as_erased(new, town)
    # Over the city itself its own erasures hold, whatever copy of the keys is brought.
    if not read_settings(town.home).store_address:
        restore_city(town.archive, town.home, "sqlite", quiet, is_replacing=True, keys=stale)
        shown_as_erased(town.home, town)
    for path in town.archive.parent.glob("*.keys"):
        path.unlink()
    with pytest.raises(KeysMissing):
        restore_city(town.archive, tmp_path / "other", "sqlite", quiet)
    assert not (tmp_path / "other" / "city.toml").exists()


def shown_as_erased(home: Path, town: Town) -> None:
    city = open_city(home)
    assert [row["words"] for row in words(city, town.gone.case_id)] == [None]
    assert [row["words"] for row in words(city, town.stays.case_id)] == [OTHER]
    page = city.cases.page(SYSTEM, town.gone.case_id)
    assert [page["gone"][part]["cause"] for part in ("words", "contact", "photos")] == ["request"] * 3
    assert counts_of(city) == town.counts
    city.close()


@pytest.mark.parametrize(
    ("point", "n_left"),
    [("destroy_keys", None), ("erase", None), ("remove", None), ("empty_log", None),
     ("destroy_keys", 2), ("erase", 2), ("remove", 1)],
)  # fmt: skip
def test_an_erasure_that_was_killed_is_finished_by_the_same_call_and_by_retention(
    made: Path, tmp_path: Path, point: str, n_left: int | None
) -> None:
    home = shutil.copytree(made, tmp_path / "city")
    city = open_city(home)
    file_id = city.engine.files.keep(PHOTO)
    gone = city.letters.open_case(Letter(SECRET, "letter-gone-1", file_ids=(file_id,), lon=116.4, lat=40.1))
    city.close()
    code = (
        "import os, signal, sys; from pathlib import Path; from huitian.app.city import open_city\n"
        "from huitian.cases.erasing import Erasing; from huitian.model.scope import Scope\n"
        "from huitian.engine.store import SqlEngine; from huitian.engine.embedded import EmbeddedEngine\n"
        "from huitian.engine.writing import SqlWriting; from huitian.engine.files import FolderFiles\n"
        "die = lambda *_: os.kill(os.getpid(), signal.SIGKILL)\n"
        "owner = {'destroy_keys': SqlEngine, 'erase': SqlWriting, 'remove': FolderFiles,"
        " 'empty_log': EmbeddedEngine}[sys.argv[3]]\n"
        "setattr(owner, sys.argv[3], die); city = open_city(Path(sys.argv[1]))\n"
        "Erasing(city.parts, city.engine).erase_case(Scope('system', None, 'V3', 'system'), sys.argv[2], 'x',"
        " is_even_open=True)\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code, str(home), gone.case_no, point], check=False, env=os.environ
    )
    assert ended.returncode == -signal.SIGKILL
    city = open_city(home)
    erasing = Erasing(city.parts, city.engine)
    if n_left is None:
        erasing.erase_case(SYSTEM, gone.case_no, "x", is_even_open=True)
    else:
        assert erasing.finish(SYSTEM) == n_left
        assert erasing.finish(SYSTEM) == 0
    assert [row["words"] for row in words(city, gone.case_id)] == [None]
    assert not list((home / "files").glob("??/*"))
    noted = city.engine.records.read(city.planner.system("erasure"), Query("erasure")).rows
    assert {row["subject_id"] for row in noted} == {
        f"{kind}:{gone.case_id}" for kind in ("case", "contact", "photos")
    }
    city.close()


def with_one_photo(city: OpenCity, file_id: str, n: int) -> list[Opened]:
    """Open cases that share a photo."""
    letters = (
        Letter(f"{OTHER}{k}", f"letter-{k}", file_ids=(file_id,), lon=116.4, lat=40.1) for k in range(n)
    )
    return [city.letters.open_case(one) for one in letters]


def test_a_photo_of_two_cases_goes_with_the_second(made: Path, tmp_path: Path) -> None:
    city = open_city(shutil.copytree(made, tmp_path / "city"))
    file_id = city.engine.files.keep(PHOTO)
    both = with_one_photo(city, file_id, 2)
    erasing = Erasing(city.parts, city.engine)
    done = [erasing.erase_case(SYSTEM, one.case_no, "x", is_even_open=True).n_files for one in both]
    assert done == [0, 1]
    assert file_id not in city.engine.files.list_ids()
    city.close()


def test_a_copy_of_the_keys_that_cannot_be_written_is_named_and_the_rest_goes(
    made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = shutil.copytree(made, tmp_path / "city")
    city = open_city(home)
    gone = city.letters.open_case(Letter(SECRET, "letter-gone-1", lon=116.4, lat=40.1))
    copy = tmp_path / "huitian.keys"
    city.engine.records.vault.store.copy_to(copy)  # type: ignore[attr-defined]

    def refused(*_: object) -> None:
        raise StoreReadOnly(where=str(copy))

    monkeypatch.setattr(KeyStore, "copy_to", refused)
    done = Erasing(city.parts, city.engine).erase_case(SYSTEM, gone.case_no, "x", is_even_open=True)
    assert done.left == [str(copy)]
    assert done.n_values > 0
    assert [row["words"] for row in words(city, gone.case_id)] == [None]
    city.close()


@pytest.mark.parametrize("broken", ["restore_rows", "begin_folder"])
def test_a_killed_restore_does_not_forget_what_was_erased_before_it(
    town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    if read_settings(town.home).store_address:
        pytest.skip("the keys of a city lie in its folder, whatever its store")
    stale = tmp_path / "stale.keys"
    stale.write_bytes(keys_beside(town.archive, read_archive(town.archive, quiet).manifest).read_bytes())
    erase(town)

    def killed(*_: object) -> None:
        raise SystemExit

    def again(is_replacing: bool) -> None:
        restore_city(town.archive, town.home, "sqlite", quiet, is_replacing=is_replacing, keys=stale)

    with monkeypatch.context() as patched:
        patched.setattr(keeping, broken, killed)
        # Whoever is killed puts nothing back.
        patched.setattr(keeping, "put_back", lambda *_: None)
        with pytest.raises(SystemExit):
            again(is_replacing=True)
    assert not (town.home / "city.toml").exists()
    again(is_replacing=broken == "begin_folder")
    shown_as_erased(town.home, town)


def person_row(number: int) -> Row:
    return {
        "person_id": "p-gone",
        "name": f"测试{number}",
        "phone": PHONE,
        "id_number": f"99000019500101{number:04}",
    }


@pytest.mark.parametrize("is_sealed", [True, False])
def test_who_was_erased_is_not_brought_back_by_loading_again(
    made: Path, tmp_path: Path, is_sealed: bool
) -> None:
    city = open_city(shutil.copytree(made, tmp_path / "city"))
    vault = city.engine.records.vault  # type: ignore[attr-defined]
    try:
        if not is_sealed:
            # As a city that was made before there were keys.
            city.engine.records.vault = None  # type: ignore[attr-defined]
        with city.engine.records.writing() as writing:
            writing.put("person_identity", [person_row(1)])
            writing.put("person", [{"person_id": "p-gone", "household_id": "h", "cell_key": 1}])
        Erasing(city.parts, city.engine).erase_person(SYSTEM, "p-gone", "x")
        with city.engine.records.writing() as writing:
            writing.put("person_identity", [person_row(2)])
            writing.add("person_identity", [person_row(3)])
            writing.change("person_identity", {"person_id": "p-gone"}, {"phone": PHONE})
        with city.engine.sql.connect() as connection:  # type: ignore[attr-defined]
            identity = SEALED["person_identity"].table
            rows = connection.execute(identity.select().where(identity.c.person_id == "p-gone")).all()
            found = connection.execute(
                sealed_index.select().where(sealed_index.c.subject_id == "person:p-gone")
            ).all()
        assert [tuple(row) for row in rows] == [("p-gone", None, None, None)]
        assert found == [], "nor is anybody found by what was erased"
    finally:
        city.engine.records.vault = vault  # type: ignore[attr-defined]
        city.close()
