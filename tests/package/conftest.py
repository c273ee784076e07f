"""What the tests of packages share: the wheels, a bundle, and a room without anything."""

import json
import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.package.room import Room
from tools import bundle, wheel
from tools.places import ROOT


@pytest.fixture(scope="session")
def our_wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return our wheel, as `make wheel` builds it."""
    return wheel.build(tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="session")
def wheels() -> Path:
    """Return the folder of the wheels that ours needs."""
    return bundle.bring_wheels()


@pytest.fixture
def room() -> Iterator[Room]:
    """Return a room where the checkout is not, in a folder that every account of the system can enter."""
    # An installation is some 8,000 files: in memory, where there is room, a slow disk does not matter.
    memory = Path("/dev/shm")
    is_roomy = memory.is_dir() and shutil.disk_usage(memory).free > 4 * 10**9 and os.access(memory, os.W_OK)
    with tempfile.TemporaryDirectory(prefix="huitian-room-", dir=memory if is_roomy else None) as folder:
        Path(folder).chmod(0o755)
        yield Room(Path(folder), ROOT)


@pytest.fixture
def visit(room: Room):
    """Return what visits a command in the room and tells what it saw."""
    shutil.copy(Path(__file__).with_name("visit.py"), room.folder / "visit.py")

    def visit(command: Path, **how: Any) -> dict[str, Any]:
        folder = room.folder / "empty"
        folder.mkdir()
        folder.chmod(0o777)
        done = room.run("python3", "-I", room.folder / "visit.py", command, folder, **how)
        assert done.returncode == 0, done.stderr
        seen: dict[str, Any] = json.loads(done.stdout)
        return seen

    return visit


def assert_is_whole(seen: dict[str, Any]) -> None:
    """Hold what a visit saw against what an installed Huitian must show."""
    assert seen["ready"]["status"] == "ready", seen["ready"]
    assert seen["ready"]["checks"]["screens"] == "ok"
    assert {"/", "/cockpit", "/desk", "/mobile", "/public", "/licences.txt"} <= seen["pages"].keys()
    assert sum(path.startswith("/assets/") for path in seen["pages"]) > 20
    assert {path: status for path, status in seen["pages"].items() if status != 200} == {}
    assert seen["letter"]["http"] == 200, seen["letter"]
    assert seen["letter"]["case_no"]
    # It ends by the signal that asked it to, after its last requests.
    assert seen["exit"] in {0, -signal.SIGTERM}
