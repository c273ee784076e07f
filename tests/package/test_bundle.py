"""The bundle: installs where there is no network, refuses what was altered, upgrades and goes back."""

import hashlib
import json
import re
import shutil
import subprocess
import tarfile
from pathlib import Path

import pytest

from tests.needs import need
from tests.package.conftest import assert_is_whole
from tests.package.room import Room
from tools import bundle
from tools.places import ROOT

pytestmark = pytest.mark.package


@pytest.fixture(scope="module")
def tar(tmp_path_factory: pytest.TempPathFactory, wheels: Path) -> Path:
    """Return the bundle, as `make bundle` builds it."""
    return bundle.build(tmp_path_factory.mktemp("bundle"))


@pytest.fixture
def unpacked(tar: Path, room: Room) -> Path:
    """Return the unpacked bundle."""
    with tarfile.open(tar) as opened:
        opened.extractall(room.folder, filter="data")
    return room.folder / tar.stem


def sign(folder: Path) -> None:
    """Write the sums anew, as one would who alters a bundle and knows how it is checked."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != "SHA256SUMS")
    sums = (
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(folder)}\n" for path in files
    )
    (folder / "SHA256SUMS").write_text("".join(sums), "utf-8")


def add_a_byte(wheel: Path) -> None:
    """Alter a wheel so that it still opens."""
    with wheel.open("ab") as file:
        file.write(b"\0")


def test_the_room_has_no_network_and_no_checkout(room: Room) -> None:
    need("namespaces")
    look = "import os, socket, sys; print(os.listdir(sys.argv[1])); socket.create_connection(('192.0.2.1', 80), 5)"
    done = room.run("python3", "-I", "-c", look, ROOT)
    assert done.stdout == "[]\n"
    assert "Network is unreachable" in done.stderr


def test_it_installs_without_a_network_and_an_account_without_rights_serves_it(unpacked, room, visit) -> None:
    where = room.folder / "installed here"
    done = room.run("sh", unpacked / "install.sh", "--prefix", where)
    assert done.returncode == 0, done.stderr
    shutil.rmtree(unpacked)
    assert_is_whole(visit(where / "bin" / "huitian", read_only=where, as_nobody=True))
    assert list((room.folder / "home").iterdir()) == []
    for name in ("docs/guides/run-it.md", "deploy/systemd", "sbom.cdx.json"):
        assert (where / "current" / "share" / name).exists(), name


def test_again_is_nothing_new_is_an_upgrade_old_is_the_way_back(unpacked, room, tmp_path) -> None:
    where = tmp_path / "p"
    install = ("--prefix", where)
    assert room.run("sh", unpacked / "install.sh", *install).returncode == 0
    first = str((where / "current").readlink())
    assert "is installed already" in room.run("sh", unpacked / "install.sh", *install).stdout

    newer = tmp_path / "newer"
    shutil.copytree(unpacked, newer)
    (newer / "INSTALL.txt").write_text("newer\n", "utf-8")
    add_a_byte(next((newer / "wheels").glob("typer-*.whl")))
    sign(newer)
    refused = room.run("sh", newer / "install.sh", *install)
    assert refused.returncode == 1
    assert "what ran before is as it was" in refused.stderr
    assert str((where / "current").readlink()) == first
    assert [path.name for path in (where / "releases").iterdir()] == [Path(first).name]

    shutil.copy(next((unpacked / "wheels").glob("typer-*.whl")), newer / "wheels")
    sign(newer)
    upgraded = room.run("sh", newer / "install.sh", *install)
    assert upgraded.returncode == 0, upgraded.stderr
    second = str((where / "current").readlink())
    assert f"upgraded from {first}" in upgraded.stdout
    assert second != first
    back = room.run("sh", unpacked / "install.sh", *install)
    assert "is installed already" in back.stdout
    assert str((where / "current").readlink()) == first
    assert room.run(where / "bin" / "huitian", "--version").stdout.startswith("huitian ")


@pytest.mark.parametrize("what", ["altered", "missing", "added"])
def test_what_is_not_as_the_sums_say_is_refused_before_anything_is_written(
    unpacked, room, tmp_path, what
) -> None:
    wheel = next((unpacked / "wheels").glob("click-*.whl"))
    if what == "altered":
        add_a_byte(wheel)
    elif what == "missing":
        wheel.unlink()
    else:
        wheel = Path(shutil.copy(wheel, unpacked / "wheels" / "click-99.0-py3-none-any.whl"))
    done = room.run("sh", unpacked / "install.sh", "--prefix", tmp_path / "p")
    assert done.returncode == 1
    assert wheel.name in done.stderr
    assert "nothing was installed" in done.stderr
    assert "什么都没有安装" in done.stderr
    assert not (tmp_path / "p").exists()


@pytest.mark.parametrize(
    ("says", "told"),
    [
        ("3.6 cpython linux-x86_64 2.17", "it is 3.6 cpython"),
        ("{python} cpython linux-riscv64 2.40", "linux-riscv64"),
        ("{python} pypy {machine} 2.40", "pypy"),
        ("", "nothing that runs"),
    ],
)
def test_a_python_that_does_not_fit_is_told(unpacked, room, tmp_path, says, told) -> None:
    other = tmp_path / "other-python"
    words = says.format(python=bundle.HERE.python, machine=bundle.HERE.system)
    other.write_text(f"#!/bin/sh\necho '{words}'\n", "utf-8")
    other.chmod(0o755)
    for given in (["--python", other], []):
        if not given:
            (room.folder / "bin" / "python3").unlink()
            (room.folder / "bin" / "python3").symlink_to(other)
        done = room.run("sh", unpacked / "install.sh", "--prefix", tmp_path / "p", *given)
        assert done.returncode == 1
        assert f"CPython {bundle.HERE.python}" in done.stderr
        assert told in done.stderr if given else "no CPython" in done.stderr
    assert not (tmp_path / "p").exists()


def test_two_bundles_of_the_same_files_are_the_same_bytes(tar, wheels, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(bundle, "bring_wheels", lambda _: wheels)
    first = bundle.build(tmp_path / "a")
    second = bundle.build(tmp_path / "b")
    assert bundle.digest(first) == bundle.digest(second)


def test_the_bill_names_what_is_in_it_with_its_licence(unpacked: Path) -> None:
    bill = json.loads((unpacked / "sbom.cdx.json").read_text("utf-8"))
    components = {one["purl"]: one for one in bill["components"]}
    assert len(components) == len(bill["components"])
    files = {path.name.split("-")[0].lower().replace("_", "-") for path in (unpacked / "wheels").iterdir()}
    named = {
        re.sub(r"[._]", "-", purl[9:].partition("@")[0])
        for purl in components
        if purl.startswith("pkg:pypi/")
    }
    assert named == files - {"huitian"}
    assert {"pkg:npm/vue@", "pkg:npm/maplibre-gl@"} <= {re.sub(r"@.*", "@", purl) for purl in components}
    unknown = [purl for purl, one in components.items() if "not declared" in str(one["licenses"])]
    assert unknown == []


@pytest.mark.parametrize("script", ["install.sh"])
def test_the_scripts_are_plain_sh(script: str) -> None:
    assert subprocess.run(["sh", "-n", str(ROOT / "deploy" / script)], check=False).returncode == 0
