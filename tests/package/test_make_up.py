"""`make up` on a clean clone: from nothing to four answering screens by one command."""

import os
import re
import shutil
import signal
import subprocess
import threading
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.running import free_port
from tools.places import ROOT

pytestmark = pytest.mark.package

WAIT_S = 900.0
ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+/\w*")


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """Return a clean clone of what is committed."""
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    target = tmp_path / "huitian"
    subprocess.run(["git", "clone", "--quiet", "--depth", "1", f"file://{ROOT}", str(target)], check=True)
    return target


class Up:
    """`make up` in a folder, its words collected as they come."""

    def __init__(self, folder: Path, home: Path) -> None:
        self.port = free_port()
        environment = {k: v for k, v in os.environ.items() if not k.startswith(("HUITIAN_", "VIRTUAL_ENV"))}
        environment |= {"HUITIAN_PORT": str(self.port), "HUITIAN_HOME": str(home)}
        self.lines: list[str] = []
        self._process = subprocess.Popen(
            ["make", "up"], cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, start_new_session=True,
        )  # fmt: skip
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        self.lines.extend(iter(self._process.stdout.readline, ""))

    def answer(self, path: str) -> tuple[int, str]:
        """Return status and text of a page, waiting until the server is there."""
        until = time.monotonic() + WAIT_S
        while True:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=30) as found:
                    return found.status, found.read().decode()
            except OSError:
                assert self._process.poll() is None, "make up ended:\n" + "".join(self.lines[-40:])
                assert time.monotonic() < until, "make up did not answer:\n" + "".join(self.lines[-40:])
                time.sleep(0.5)

    def press_ctrl_c(self) -> int:
        """Press Ctrl-C and return the exit code."""
        os.killpg(self._process.pid, signal.SIGINT)
        return self._process.wait(timeout=60)

    def end(self) -> None:
        """End whatever is left and give the pipe back."""
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        self._reader.join(timeout=60)
        if self._process.stdout is not None:
            self._process.stdout.close()


@pytest.fixture
def up(clone: Path, tmp_path: Path) -> Iterator[Up]:
    """Run `make up` there, and end it whatever happens."""
    running = Up(clone, tmp_path / "city")
    yield running
    running.end()


@pytest.mark.skipif(shutil.which("make") is None, reason="no make")
def test_make_up_serves_every_screen_from_a_clean_clone(up: Up) -> None:
    assert up.answer("/readyz")[0] == 200
    for path in ("/", "/cockpit", "/desk", "/mobile", "/public"):
        status, text = up.answer(path)
        assert status == 200
        assert "<script" in text, f"{path} is not the built screen:\n{text[:300]}"
    assert '"openapi"' in up.answer("/openapi.json")[1]
    printed = "".join(up.lines)
    assert {f"http://127.0.0.1:{up.port}/{end}" for end in ("cockpit", "desk", "mobile", "public")} <= set(
        ADDRESS.findall(printed)
    ), printed[-2000:]
    up.press_ctrl_c()
