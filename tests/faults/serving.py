"""A server process of a city that dies by a plan or by hand, and what its store holds in the end."""

import hashlib
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.running import free_port
from huitian.app import OpenCity
from huitian.app.demo import open_demo
from huitian.cases.rebuild import check
from huitian.model.query import Condition, Query
from huitian.settings import read_settings
from tests.faults.stories import ACTIONS, ENDS_AS, WAIT_S, Story

NEVER = "never:0"


@dataclass
class Server:
    """A server process of one folder, started again under the same address whenever it died.

    Attributes:
        folder: The city.
        port: Its port.
        process: The process that runs now.
    """

    folder: Path
    port: int
    process: subprocess.Popen[bytes]

    @property
    def base(self) -> str:
        """Return its address."""
        return f"http://127.0.0.1:{self.port}"

    def start(self, plan: str = NEVER) -> None:
        """Start it under a plan of ``killed_server``."""
        command = [sys.executable, "-m", "tests.faults.killed_server", str(self.folder), str(self.port), plan]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def is_ready(self) -> bool:
        """Return whether it answers."""
        try:
            urllib.request.urlopen(f"{self.base}/readyz", timeout=5).close()
        except (urllib.error.URLError, OSError):
            return False
        return True

    def wait_ready(self) -> None:
        """Wait until it answers."""
        until = time.monotonic() + WAIT_S
        while not self.is_ready():
            assert self.process.poll() is None, "the server ended by itself"
            assert time.monotonic() < until, "the server does not answer"
            time.sleep(0.05)


@contextmanager
def served(folder: Path, plan: str) -> Iterator[Server]:
    """Serve a folder under a plan; at the end the process is stopped in good order."""
    server = Server(folder, free_port(), None)  # type: ignore[arg-type]
    server.start(plan)
    try:
        server.wait_ready()
        yield server
    finally:
        server.process.terminate()
        server.process.wait(timeout=WAIT_S)


def read(city: OpenCity, entity: str, where: Any = (), sort: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    """Return all rows of an entity."""
    allowed = city.planner.system(entity)
    return [
        dict(row) for row in city.planner.read(allowed, Query(entity, where, sort=sort, limit=100_000)).rows
    ]


def look_at_everything(folder: Path, stories: list[Story]) -> None:
    """Compare what the folder holds with what people were told."""
    city = open_demo(folder, read_settings(folder))
    try:
        assert city.engine.records.check() == {"state": "ok"}
        assert check(city.parts) == []
        events = city.engine.events.read_since(city.planner.system("case"), 0, ["case"], 1_000_000)
        told: dict[str, list[int]] = {}
        for event in events:
            if "case_id" in event.payload:
                told.setdefault(event.payload["case_id"], []).append(event.payload["version"])
        for story in stories:
            steps = read(city, "case_step", (Condition("case_id", "eq", story.case_id),), ("step_no",))
            assert [step["action"] for step in steps] == ACTIONS
            assert [step["step_no"] for step in steps] == list(range(1, story.acknowledged + 1))
            assert len({step["idempotency_key"] for step in steps}) == len(steps)
            (row,) = read(city, "case", (Condition("case_no", "eq", story.case_no),))
            assert {name: row[name] for name in ENDS_AS} == ENDS_AS
            assert told[story.case_id] == list(range(1, len(ACTIONS) + 1))
            for photo in read(city, "case_file", (Condition("case_id", "eq", story.case_id),)):
                with city.engine.files.open_file(city.planner.system("case_file"), photo["file_id"]) as kept:
                    assert hashlib.sha256(kept.read()).hexdigest() == photo["file_id"]
        assert len({story.case_no for story in stories}) == len(stories)
    finally:
        city.close()
