"""Each kind of personal values goes at its own term, and nothing else does; counts and the log stay as they are."""

import os
import shutil
import signal
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest

from huitian.app.city import OpenCity, make_city, open_city
from huitian.app.keeping import back_up_city, restore_city
from huitian.app.moving import move_city
from huitian.cases.erasing import Erasing
from huitian.cases.log import check_can_be_kept
from huitian.cases.rebuild import check
from huitian.cases.retention import SYSTEM, Retention
from huitian.cases.terms import TERMS
from huitian.errors import InvalidInput
from huitian.model.case import Letter
from huitian.model.place import Place, Tree
from huitian.model.query import Query, Tally
from huitian.settings import read_settings

pytestmark = pytest.mark.contract
NAMES = {"name_zh": "星澜", "name_en": "Xinglan", "root_place": "admin:990114"}
ROOT = Place("admin:990114", "admin", "990114", "district", "星澜", None, date(2020, 1, 1))
TREE = Tree("admin", "行政", "Administrative", ("district",))
OLD, NEW = date(2015, 6, 1), date(2026, 1, 1)
DAYS_OLD = 1500
KINDS = {
    "case": ("case_words", "words"), "contact": ("case_contact", "phone"), "feedback": ("pack_feedback", "words"),
    "load": ("reject", "raw"), "person": ("person_identity", "phone"),
}  # fmt: skip
"""Kind → where one of its values lies; photos are files."""
ENTITIES = (
    "case",
    "case_step",
    "case_file",
    "load",
    "person",
    "occupancy",
    *(entity for entity, _ in KINDS.values()),
)


def quiet(*_: object) -> None:
    """Say nothing."""


@dataclass
class Town:
    """A city in which of every kind one thing is old and one is not, on either store.

    Attributes:
        home: Its folder.
        old: Ids of what is old, by kind.
        new: Ids of what is not.
        photos: The photo of the old case, that of the new one, and one of both.
    """

    home: Path
    old: dict[str, str]
    new: dict[str, str]
    photos: tuple[str, str, str]


def fill(city: OpenCity) -> Town:
    """Write one old and one new thing of every kind."""
    photos = tuple(city.engine.files.keep(b"\xff\xd8\xff\xe0 photo %d" % n) for n in range(3))
    opened = [
        city.letters.open_case(Letter(f"测试信{n}", f"letter-{n:05}", name="测试甲", phone=f"1200000000{n}",
                                      place_id="admin:990114", file_ids=(photos[n], photos[2])))
        for n in range(2)
    ]  # fmt: skip
    now = city.clock.now()
    with city.engine.records.writing() as writing:
        for n, (one, days, day) in enumerate(zip(opened, (DAYS_OLD, 1), (OLD, NEW), strict=True)):
            at = now - timedelta(days=days)
            writing.change("case", {"case_id": one.case_id}, {"closed_at": at})
            writing.add("load", [{"load_id": f"l{n}", "started_at": at, "n_rejected": 1, "state": "done"}])
            writing.add(
                "reject",
                [
                    {
                        "load_id": f"l{n}",
                        "row_no": 1,
                        "reason_code": "x",
                        "source_key": "k",
                        "reason_zh": "电话不对",
                        "reason_en": "no phone",
                        "raw": {"phone": "1"},
                    }
                ],
            )
            writing.add(
                "pack_feedback",
                [
                    {
                        "feedback_id": f"f{n}",
                        "pack_id": "p",
                        "panel_id": "q",
                        "verdict": "good",
                        "words": "测试",
                        "given_on": at.date(),
                    }
                ],
            )
            writing.add("person", [{"person_id": f"p{n}", "household_id": f"h{n}", "cell_key": n}])
            writing.add(
                "person_identity", [{"person_id": f"p{n}", "name": "测试", "phone": f"1201111111{n}"}]
            )
            writing.add(
                "occupancy",
                [
                    {
                        "household_id": f"h{n}",
                        "dwelling_id": "d0",
                        "valid_from": date(2010, 1, 1),
                        "valid_to": day,
                        "building_id": None,
                    }
                ],
            )
        # Whose end is not known, and who moved within the city.
        writing.add(
            "person",
            [
                {"person_id": "p2", "household_id": "h2", "cell_key": 2},
                {"person_id": "p3", "household_id": None, "cell_key": 3},
            ],
        )
        writing.add(
            "person_identity",
            [{"person_id": f"p{n}", "name": "测试", "phone": f"1201111111{n}"} for n in (2, 3)],
        )
        writing.add("occupancy", [
            {"household_id": "h2", "dwelling_id": f"d{n}", "valid_from": since, "valid_to": until, "building_id": None}
            for n, (since, until) in enumerate(((date(2009, 1, 1), OLD), (OLD, None)))])  # fmt: skip
    old, new = (
        {"case": one.case_id, "contact": one.case_id, "photos": one.case_id, "feedback": f"f{n}", "load": f"l{n}",
         "person": f"p{n}"}
        for n, one in enumerate(opened)
    )  # fmt: skip
    return Town(city.folder, old, new, photos)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Town:
    """Make the city once."""
    city = make_city(tmp_path_factory.mktemp("made") / "city", NAMES, ROOT, TREE)
    town = fill(city)
    city.close()
    return town


@pytest.fixture
def town(made: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Town:
    """Return a copy of it in which nothing has a term."""
    for term in TERMS:
        monkeypatch.setenv(f"HUITIAN_{term.setting.upper()}", "0")
    return Town(shutil.copytree(made.home, tmp_path / "city"), made.old, made.new, made.photos)


@pytest.fixture(params=["embedded", "scaled"])
def stored(request: pytest.FixtureRequest, town: Town) -> Town:
    """Return it on either store."""
    if request.param == "scaled":
        address = request.getfixturevalue("postgres_server").database()
        move_city(town.home, read_settings(town.home), address, quiet)
    return town


def set_term(monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    """Give one kind a term of three years."""
    (setting,) = (term.setting for term in TERMS if term.kind == kind)
    monkeypatch.setenv(f"HUITIAN_{setting.upper()}", "3" if setting.endswith("_years") else "1000")


def counts_of(city: OpenCity) -> dict[str, int]:
    return {
        name: sum(row["n"] for row in city.engine.records.tally(city.planner.system(name), Tally(name)))
        for name in ENTITIES
    }


def there(city: OpenCity, town: Town) -> set[str]:
    """Return what is still there, as ``kind:id``."""
    found = set()
    for kind, (entity, column) in KINDS.items():
        id_column = {"case_words": "case_id", "case_contact": "case_id", "pack_feedback": "feedback_id",
                     "reject": "load_id", "person_identity": "person_id"}[entity]  # fmt: skip
        rows = city.engine.records.read(
            city.planner.system(entity), Query(entity, columns=(id_column, column))
        ).rows
        found |= {f"{kind}:{row[id_column]}" for row in rows if row[column] is not None}
    return found | {f"file:{town.photos.index(one)}" for one in city.engine.files.list_ids()}


def erasures_of(city: OpenCity) -> dict[str, str]:
    rows = city.engine.records.read(city.planner.system("erasure"), Query("erasure")).rows
    return {row["subject_id"]: row["cause"] for row in rows}


@pytest.mark.parametrize("kind", [term.kind for term in TERMS])
def test_each_term_takes_its_own_and_nothing_else(
    stored: Town, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    city = open_city(stored.home)
    before, counts, projected = there(city, stored), counts_of(city), check(city.parts)
    assert len(before) == 15
    assert [kept.n_over for kept in Retention(city.parts, city.engine).table()] == [0] * len(TERMS)
    city.close()
    set_term(monkeypatch, kind)
    city = open_city(stored.home)
    retention = Retention(city.parts, city.engine)
    assert {kept.term.kind: kept.n_over for kept in retention.table() if kept.n_over} == {kind: 1}
    assert {kept.term.kind: kept.n_over for kept in retention.run() if kept.n_over} == {kind: 1}
    subject = f"{kind}:{stored.old[kind]}"
    # A photo of both cases stays for the one whose term is not over.
    assert before - there(city, stored) == {"file:0" if kind == "photos" else subject}
    assert counts_of(city) == counts
    assert erasures_of(city) == {subject: "retention"}
    audited = city.engine.records.read(city.planner.system("audit_row"), Query("audit_row")).rows
    assert [(row["act"], row["details"]["cause"]) for row in audited] == [("erase", "retention")]
    assert [kept.n_over for kept in retention.run()] == [0] * len(TERMS)
    assert retention.finish() == 0
    assert len(city.engine.records.read(city.planner.system("audit_row"), Query("audit_row")).rows) == 1
    assert check(city.parts) == projected, "the projection is as it was"
    city.close()


def test_a_case_tells_what_of_it_is_over_and_what_was_asked_for(
    stored: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_term(monkeypatch, "contact")
    city = open_city(stored.home)
    list(Retention(city.parts, city.engine).run())
    page = city.cases.page(SYSTEM, stored.old["case"])
    assert (page["contact"], page["gone"]["words"], page["gone"]["photos"]) == (None, None, None)
    assert page["gone"]["contact"]["cause"] == "retention"
    assert page["words"]["body"] == "测试信0"
    assert len(page["steps"][0]["files"]) == 2
    check_can_be_kept(city.parts, city.engine.records, stored.old["case"], has_photos=True)
    Erasing(city.parts, city.engine).erase_case(SYSTEM, page["case_no"], "本人申请")
    page = city.cases.page(SYSTEM, stored.old["case"])
    causes = {part: gone["cause"] for part, gone in page["gone"].items()}
    assert causes == {"words": "request", "contact": "retention", "photos": "request"}
    assert page["steps"][0]["files"] == []
    with pytest.raises(InvalidInput, match="on request"):
        check_can_be_kept(city.parts, city.engine.records, stored.old["case"], has_photos=False)
    city.close()


def test_no_photo_comes_to_a_case_whose_photos_are_over(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    set_term(monkeypatch, "photos")
    city = open_city(town.home)
    list(Retention(city.parts, city.engine).run())
    # The photo of both is given out for the sake of the one that keeps it.
    assert city.cases.keeping_photos({town.old["case"], town.new["case"]}) == {town.new["case"]}
    check_can_be_kept(city.parts, city.engine.records, town.old["case"], has_photos=False)
    with pytest.raises(InvalidInput, match="time to be kept was over"):
        check_can_be_kept(city.parts, city.engine.records, town.old["case"], has_photos=True)
    city.close()


def test_a_photo_of_two_cases_goes_when_both_are_over(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    set_term(monkeypatch, "photos")
    city = open_city(town.home)
    retention = Retention(city.parts, city.engine)
    list(retention.run())
    assert {"file:1", "file:2"} <= there(city, town)
    with city.engine.records.writing() as writing:
        ended_at = city.clock.now() - timedelta(days=DAYS_OLD)
        writing.change("case", {"case_id": town.new["case"]}, {"closed_at": ended_at})
    assert [kept.n_over for kept in retention.run() if kept.term.kind == "photos"] == [1]
    assert not {one for one in there(city, town) if one.startswith("file:")}
    city.close()


@pytest.mark.parametrize("kind", ["contact", "photos", "load", "person"])
@pytest.mark.parametrize("point", ["destroy_keys", "erase", "remove", "empty_log"])
def test_a_run_that_was_killed_is_finished_by_the_next_one(
    town: Town, monkeypatch: pytest.MonkeyPatch, kind: str, point: str
) -> None:
    if point == "remove" and kind != "photos":
        pytest.skip("only photos are files")
    set_term(monkeypatch, kind)
    code = (
        "import os, signal, sys; from pathlib import Path; from huitian.app.city import open_city\n"
        "from huitian.cases.retention import Retention; from huitian.engine.store import SqlEngine\n"
        "from huitian.engine.embedded import EmbeddedEngine; from huitian.engine.writing import SqlWriting\n"
        "from huitian.engine.files import FolderFiles\n"
        "die = lambda *_: os.kill(os.getpid(), signal.SIGKILL)\n"
        "owner = {'destroy_keys': SqlEngine, 'erase': SqlWriting, 'remove': FolderFiles,"
        " 'empty_log': EmbeddedEngine}[sys.argv[2]]\n"
        "setattr(owner, sys.argv[2], die); city = open_city(Path(sys.argv[1]))\n"
        "list(Retention(city.parts, city.engine).run())\n"
    )
    ended = subprocess.run([sys.executable, "-c", code, str(town.home), point], check=False, env=os.environ)
    assert ended.returncode == -signal.SIGKILL
    city = open_city(town.home)
    retention = Retention(city.parts, city.engine)
    retention.finish()
    assert [kept.n_over for kept in retention.run()] == [0] * len(TERMS), "finish leaves nothing to a run"
    subject = f"{kind}:{town.old[kind]}"
    left = there(city, town)
    assert ("file:0" if kind == "photos" else subject) not in left
    assert len(left) == 14
    assert erasures_of(city) == {subject: "retention"}
    assert retention.finish() == 0
    city.close()


def test_an_archive_from_before_brings_back_nothing_that_is_over(
    stored: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive, _ = back_up_city(stored.home, read_settings(stored.home), tmp_path / "kept", quiet)
    for kind in ("contact", "photos", "load"):
        set_term(monkeypatch, kind)
    city = open_city(stored.home)
    list(Retention(city.parts, city.engine).run())
    left, noted = there(city, stored), erasures_of(city)
    assert set(noted.values()) == {"retention"}
    city.close()
    new = tmp_path / "new"
    restore_city(archive.path, new, "sqlite", quiet)
    again = open_city(new)
    assert there(again, stored) == left
    assert erasures_of(again) == noted
    gone = again.cases.page(SYSTEM, stored.old["case"])["gone"]
    assert [gone[part] and gone[part]["cause"] for part in ("words", "contact", "photos")] == [
        None, "retention", "retention",
    ]  # fmt: skip
    again.close()


def test_many_go_together(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    set_term(monkeypatch, "case")
    city = open_city(town.home)
    for n in range(5):
        one = city.letters.open_case(Letter("测试", f"letter-more-{n}", place_id="admin:990114"))
        with city.engine.records.writing() as writing:
            ended_at = city.clock.now() - timedelta(days=DAYS_OLD)
            writing.change("case", {"case_id": one.case_id}, {"closed_at": ended_at})
    retention, calls = Retention(city.parts, city.engine), Counter[str]()

    def counted(owner: object, name: str) -> None:
        was = getattr(owner, name)
        monkeypatch.setattr(owner, name, lambda *told, **more: calls.update([name]) or was(*told, **more))

    counted(city.engine, "destroy_keys")
    counted(city.engine, "empty_log")
    counted(city.engine.records, "tally")
    assert [kept.n_over for kept in retention.run() if kept.n_over] == [6]
    assert (calls["destroy_keys"], calls["empty_log"], calls["tally"]) == (1, 1, 1), (
        "cases are asked about together"
    )
    city.close()


def test_a_city_that_is_not_sealed_keeps_its_terms_as_well(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    for kind in ("contact", "photos"):
        set_term(monkeypatch, kind)
    city = open_city(town.home)
    vault = city.engine.records.vault  # type: ignore[attr-defined]
    try:
        # As a city that was made before there were keys.
        city.engine.records.vault = city.engine.files.vault = None  # type: ignore[attr-defined]
        with city.engine.records.writing() as writing:
            writing.change("case_contact", {"case_id": town.old["case"]}, {"phone": "12099998888"})
        retention = Retention(city.parts, city.engine)
        assert {kept.term.kind: kept.n_over for kept in retention.run() if kept.n_over} == {
            "contact": 1,
            "photos": 1,
        }
        assert retention.finish() == 0
        left = there(city, town)
        assert "file:0" not in left
        with city.engine.records.writing() as writing:
            writing.change("case_contact", {"case_id": town.old["case"]}, {"phone": "12099998888"})
        assert f"contact:{town.old['case']}" not in there(city, town)
    finally:
        city.engine.records.vault = city.engine.files.vault = vault  # type: ignore[attr-defined]
        city.close()
