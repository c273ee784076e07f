"""A damaged archive is refused before anything is written, whatever the damage; a whole one tells what it holds."""

import json
import random
import resource
import stat
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from huitian.app.keeping import back_up_city, restore_city
from huitian.care.archive import MANIFEST, is_safe
from huitian.care.archive_reading import Archive, peek_manifest, read_archive
from huitian.errors import ArchiveDamaged, ArchiveTooNew, FileUnreadable, HuitianError
from huitian.settings import read_settings
from tests.care.archives import TAIL, Member, changed, members_of, plain, sealed
from tests.care.conftest import PHOTO

Change = Callable[[list[Member]], list[Member]]


def quiet(_what: str, _done: int, _all: int) -> None:
    """Say nothing."""


@pytest.fixture(scope="module")
def archive(made_city: Path, tmp_path_factory: pytest.TempPathFactory) -> Archive:
    """Return an archive of the small city."""
    folder = tmp_path_factory.mktemp("archives")
    made, _ = back_up_city(made_city, read_settings(made_city), folder / "city.tar", quiet)
    return made


def refused(path: Path, folder: Path) -> HuitianError:
    """Return the error of restoring an archive, which must leave the folder as it was."""
    with pytest.raises((ArchiveDamaged, ArchiveTooNew)) as told:
        restore_city(path, folder, "", quiet)
    assert not folder.exists()
    return told.value


def test_an_archive_holds_the_whole_city(archive: Archive, made_city: Path) -> None:
    manifest = archive.manifest
    rows = {table.name: table.n_rows for table in manifest.tables}
    assert rows["case_step"] == 6
    assert rows["place"] == 6
    names = [member.name for member in manifest.members]
    assert {"city.toml", "keys/ferry.key", "calendar/说明.txt"} < set(names)
    assert [name for name in names if name.startswith("files/")] == [
        f"files/{n[:2]}/{n}" for n in photos(made_city)
    ]
    assert manifest.has_keys
    assert manifest.missing_files == ()
    assert manifest.newest_seq == rows["outbox"]
    assert (manifest.name_en, manifest.engine, manifest.schema) == ("Hai'an", "embedded", manifest.schema)
    assert stat.S_IMODE(archive.path.stat().st_mode) == 0o600
    with tarfile.open(archive.path) as tar:
        assert tar.getnames() == [*names, MANIFEST, "seal"], "any tar program can read it"
    assert peek_manifest(archive.path) == manifest


def photos(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "files").glob("??/*"))


def test_nothing_is_left_beside_it(archive: Archive) -> None:
    assert [path.name for path in archive.path.parent.iterdir()] == ["city.tar"]


def test_keys_can_be_left_out(city: Path, tmp_path: Path) -> None:
    made, _ = back_up_city(city, read_settings(city), tmp_path / "a.tar", quiet, with_keys=False)
    assert not made.manifest.has_keys
    assert not [m for m in made.manifest.members if m.name.startswith("keys/")]


def test_a_photo_that_is_gone_is_told(city: Path, tmp_path: Path) -> None:
    (name,) = photos(city)
    (city / "files" / name[:2] / name).unlink()
    made, _ = back_up_city(city, read_settings(city), tmp_path / "a.tar", quiet)
    assert made.manifest.missing_files == (name,)


def test_only_so_many_stay_and_those_of_others_all(city: Path, tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    folder.mkdir()
    (folder / "notes.tar").write_bytes(b"not ours")
    (folder / "huitian-00000000-20200101T000000Z.tar").write_bytes(b"not ours either")
    made = []
    for _ in range(3):
        one, removed = back_up_city(city, read_settings(city), folder, quiet, n_kept=2)
        # Their names tell the second: what was made before stands for yesterday's.
        aged = one.path.with_name(one.path.name.replace("Z.tar", f"{len(made)}Z.tar"))
        one.path.rename(aged)
        made.append(aged)
    assert removed == made[:1]
    left = {path.name for path in folder.iterdir()}
    assert left == {"notes.tar", "huitian-00000000-20200101T000000Z.tar", *(path.name for path in made[1:])}


def test_every_flipped_byte_is_noticed(archive: Archive, tmp_path: Path) -> None:
    whole = archive.path.read_bytes()
    draw, path = random.Random(7), tmp_path / "flipped.tar"
    places = [archive.places[m.name] for m in archive.manifest.members]
    spots = {
        0,
        5,
        100,
        148,
        156,
        257,
        len(whole) - TAIL,
        len(whole) - TAIL + 512,
        len(whole) - 1,
        len(whole) - 1024,
    }
    spots |= {place + offset for place in places for offset in (-1, -512 + 124, 0)}
    spots |= {draw.randrange(len(whole)) for _ in range(60)}
    for spot in sorted(spots):
        path.write_bytes(whole[:spot] + bytes([whole[spot] ^ 1 << draw.randrange(8)]) + whole[spot + 1 :])
        with pytest.raises(ArchiveDamaged):
            read_archive(path, quiet)
    refused(path, tmp_path / "new")


def test_a_flipped_byte_is_told_with_its_member(archive: Archive, tmp_path: Path) -> None:
    whole, place = archive.path.read_bytes(), archive.places["city.toml"]
    path = tmp_path / "flipped.tar"
    path.write_bytes(whole[:place] + b"X" + whole[place + 1 :])
    assert refused(path, tmp_path / "new").facts["member"] == "city.toml"


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.9, 0.999])
def test_a_truncated_archive_is_refused(archive: Archive, tmp_path: Path, share: float) -> None:
    whole = archive.path.read_bytes()
    path = tmp_path / "short.tar"
    path.write_bytes(whole[: int(len(whole) * share)])
    refused(path, tmp_path / "new")
    path.write_bytes(whole[: int(len(whole) * share) // 512 * 512])
    refused(path, tmp_path / "new")
    path.write_bytes(whole + whole[-512:])
    refused(path, tmp_path / "new")


def test_another_tar_and_no_file_at_all_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.tar"
    with tarfile.open(path, "w") as tar:
        tar.addfile(tarfile.TarInfo("city.toml"))
    assert "封记" in refused(path, tmp_path / "new").words("zh")
    with pytest.raises(FileUnreadable):
        restore_city(tmp_path / "none.tar", tmp_path / "new", "", quiet)


def link(name: str, to: str, kind: bytes) -> Member:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, to
    return info, b""


def renamed(name: str) -> Change:
    return lambda members: [plain(name, content) if info.name == "city.toml" else (info, content)
                            for info, content in members]  # fmt: skip


def instead_of_the_photo(make: Callable[[str, bytes], Member]) -> Change:
    return lambda members: [make(info.name, content) if content == PHOTO else (info, content)
                            for info, content in members]  # fmt: skip


REBUILT: dict[str, Change] = {
    "missing": lambda members: members[1:],
    "missing photo": lambda members: [one for one in members if one[1] != PHOTO],
    "extra": lambda members: [*members[:-1], plain("ladders/evil.toml", b"x"), members[-1]],
    "extra behind": lambda members: [*members, plain("ladders/evil.toml", b"x")],
    "order": lambda members: [members[1], members[0], *members[2:]],
    "link": instead_of_the_photo(lambda name, _: link(name, "/etc/passwd", tarfile.SYMTYPE)),
    "hard link": instead_of_the_photo(lambda name, _: link(name, "city.toml", tarfile.LNKTYPE)),
    "device": instead_of_the_photo(lambda name, _: link(name, "", tarfile.FIFOTYPE)),
    "other photo": instead_of_the_photo(lambda name, content: plain(name, b"other" + content[5:])),
    "no manifest": lambda members: members[:-1],
}


@pytest.mark.parametrize("name", REBUILT)
def test_a_set_that_is_not_that_of_the_manifest_is_refused_even_when_sealed(
    archive: Archive, tmp_path: Path, name: str
) -> None:
    path = sealed(tmp_path / "rebuilt.tar", REBUILT[name](members_of(archive.path)))
    refused(path, tmp_path / "new")


@pytest.mark.parametrize("name", ["../evil", "/etc/evil", "files/../../evil", "store/huitian.sqlite", "evil", "keys//a",
                                  "keys/./a", "keys\\..\\a", "lake/", "restore.unfinished"])  # fmt: skip
def test_a_path_that_leaves_the_folder_is_refused(archive: Archive, tmp_path: Path, name: str) -> None:
    assert not is_safe(name)
    members = members_of(archive.path)
    manifest = json.loads(members[-1][1])
    for member in manifest["members"]:
        member["name"] = name if member["name"] == "city.toml" else member["name"]
    path = sealed(
        tmp_path / "evil.tar", [*renamed(name)(members[:-1]), plain(MANIFEST, json.dumps(manifest).encode())]
    )
    refused(path, tmp_path / "new")
    assert {one.name for one in tmp_path.iterdir()} == {"evil.tar"}


def setting(name: str, value: Any) -> Callable[[dict[str, Any]], None]:
    return lambda manifest: manifest.__setitem__(name, value)


def table(name: str, value: Any) -> Callable[[dict[str, Any]], None]:
    return lambda manifest: manifest["tables"][-1].__setitem__(name, value)


@pytest.mark.parametrize("change", [
    setting("format", "other"), setting("format_version", 0), setting("format_version", "1"), setting("tables", 3),
    setting("made_at", "soon"), setting("members", []), lambda manifest: manifest.pop("city_id"),
    table("n_rows", 10**6), table("sha256", "0" * 64), table("name", "x; DROP TABLE place"), table("parts", []),
    table("columns", [["a\" b", "text"]]), table("key", ["nothing"]), table("parts", ["city.toml"]),
])  # fmt: skip
def test_a_manifest_that_lies_is_refused(
    archive: Archive, tmp_path: Path, change: Callable[[dict[str, Any]], None]
) -> None:
    assert (
        refused(changed(archive.path, tmp_path / "a.tar", change), tmp_path / "new").code == "archive_damaged"
    )


@pytest.mark.parametrize("change", [setting("format_version", 2), setting("schema", "9999")])
def test_a_newer_archive_is_refused(
    archive: Archive, tmp_path: Path, change: Callable[[dict[str, Any]], None]
) -> None:
    assert (
        refused(changed(archive.path, tmp_path / "a.tar", change), tmp_path / "new").code == "archive_too_new"
    )


def test_a_disk_that_is_full_is_told_and_older_archives_stay(
    archive: Archive, city: Path, tmp_path: Path
) -> None:
    kept = tmp_path / "b" / "old.tar"
    kept.parent.mkdir()
    kept.write_bytes(archive.path.read_bytes())
    (city / "lake").mkdir()
    (city / "lake" / "readings").write_bytes(bytes(8 << 20))
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (6 << 20, before[1]))
    try:
        with pytest.raises(HuitianError) as told:
            back_up_city(city, read_settings(city), kept, quiet)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert told.value.code == "store_full"
    assert kept.read_bytes() == archive.path.read_bytes()
    assert [path.name for path in kept.parent.iterdir()] == ["old.tar"]
