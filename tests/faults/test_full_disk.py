"""A city on a small disk of its own: full while it is served, and mounted read-only at the start."""

import contextlib
import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from huitian.engine.files import NEW
from tests.api.serving import WAIT_S
from tests.faults.refused import refuses_and_recovers
from tests.faults.test_store_takes_no_writes import invented, made
from tests.needs import need

__all__ = ["invented", "made"]

ROOM_MB = 24
"""Left on the disk when the city is on it."""
COMMAND = [sys.executable, "-m", "huitian.cli"]


pytestmark = pytest.mark.faults


@pytest.fixture(autouse=True)
def _may_mount() -> None:
    need("namespaces")


def script(made: Path, home: Path, options: str) -> str:
    """Return the shell lines that put a city on a disk of its own and become the program after them."""
    used_mb = sum(path.stat().st_size for path in made.rglob("*") if path.is_file()) >> 20
    return (
        f"set -e; mount -t tmpfs -o size={used_mb + ROOM_MB}m none {home}; cp -a {made}/. {home}/; "
        f'rm -f {home}/store/server.lock; [ -z "{options}" ] || mount -o remount,{options} {home}; exec "$@"'
    )


def on_its_disk(made: Path, home: Path, *words: str, options: str = "") -> list[str]:
    home.mkdir(exist_ok=True)
    own = [] if os.geteuid() == 0 else ["--map-root-user"]
    return ["unshare", *own, "--mount", "--propagation", "private", "sh", "-c", script(made, home, options), "sh",
            *COMMAND, *words]  # fmt: skip


@contextmanager
def served(command: list[str], home: Path) -> Iterator[tuple[str, subprocess.Popen[str], list[str]]]:
    """Start a server; yields its address, the process and what it says."""
    environment = {**os.environ, "PYTHONUNBUFFERED": "1", "HUITIAN_HOME": str(home),
                   "HUITIAN_MAX_LETTERS_PER_H": "100000", "HUITIAN_LEAST_FREE_MB": "1"}  # fmt: skip
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment
    )
    assert process.stdout is not None
    said: list[str] = []
    for line in process.stdout:
        said.append(line)
        if "Ctrl-C" in line:
            break
    reader = threading.Thread(target=lambda: said.extend(process.stdout or ()), daemon=True)
    reader.start()
    try:
        base = next((line.strip().rstrip("/") for line in said if line.strip().startswith("http")), "")
        assert base, said
        yield base, process, said
    finally:
        process.terminate()
        process.wait(WAIT_S)
        reader.join(WAIT_S)
        process.stdout.close()


def fill(ballast: Path) -> None:
    """Write a file until the disk has no room."""
    chunk = b"\0" * 65_536
    with contextlib.suppress(OSError), ballast.open("wb", buffering=0) as file:
        while file.write(chunk):
            pass
    assert shutil.disk_usage(ballast.parent).free < len(chunk)


def test_a_disk_that_is_full_and_has_room_again(made: Path, tmp_path: Path) -> None:
    home = tmp_path / "small"
    command = on_its_disk(made, home, "serve", "--demo", "--port", "0")
    with served(command, home) as (base, process, said):
        # The disk is seen only by the server; through the root of its process we see it too.
        inside = Path(f"/proc/{process.pid}/root{home}")
        with (
            httpx.Client(base_url=base, timeout=WAIT_S) as worker,
            httpx.Client(base_url=base, timeout=WAIT_S) as resident,
        ):
            account = next(
                u for u in worker.get("/v1/session").json()["demo_users"] if u["role"] == "dispatcher"
            )
            body = {name: account[name] for name in ("user_name", "password")}
            worker.headers["X-CSRF-Token"] = worker.post("/v1/session", json=body).json()["csrf"]
            refuses_and_recovers(
                worker, resident, lambda: fill(inside / "ballast"), (inside / "ballast").unlink, 507, "store_full",
                ready_codes=frozenset({"disk_short"}),
            )  # fmt: skip
        assert list((inside / "files").rglob(f"{NEW}*")) == [], "a photo that did not fit leaves nothing"
        # The doctor goes to where the disk is.
        own = [] if os.geteuid() == 0 else ["--user", "--preserve-credentials"]
        look = [
            "nsenter",
            f"--target={process.pid}",
            *own,
            "--mount",
            *COMMAND,
            "doctor",
            str(home),
            "--json",
        ]
        checked = subprocess.run(look, capture_output=True, text=True, check=False, timeout=WAIT_S)
        whole = {check["code"]: check["state"] for check in json.loads(checked.stdout)["checks"]}
        assert whole["store_whole"] == "ok"
        assert "Traceback" not in "".join(said)


def test_a_folder_that_is_read_only_at_the_start_is_told(made: Path, tmp_path: Path) -> None:
    home = tmp_path / "small"
    for words, is_told in (
        (("serve", str(home), "--port", "0"), "store_read_only"),
        (("doctor", str(home)), "disk_writing"),
    ):
        told = subprocess.run(
            on_its_disk(made, home, *words, options="ro"), capture_output=True, text=True, check=False,
            timeout=WAIT_S,
        )  # fmt: skip
        assert told.returncode == 1, told.stdout + told.stderr
        assert is_told in told.stdout + told.stderr
        assert "Traceback" not in told.stderr
        if words[0] == "doctor":
            assert "store_whole: 完整" in told.stdout, "it is looked at all the same"
