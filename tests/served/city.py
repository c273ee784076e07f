"""A small demo city on PostgreSQL, and a server of several processes for it."""

import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from tests.servers.clients import Address
from tests.waiting import WAIT_S, until

ANSWERED = re.compile(r'huitian_worker_requests{pid="(\d+)"} (\S+)')


@dataclass
class Several(Address):
    """A server of several processes.

    Attributes:
        base: Its address.
        process: The process that was started; the others are its children.
        said: What it said.
    """

    process: "subprocess.Popen[str]"
    base: str = ""
    said: list[str] = field(default_factory=list)

    def workers(self) -> set[int]:
        """Return the processes that serve."""
        found = set()
        for path in Path("/proc").glob("[0-9]*/stat"):
            try:
                words = path.read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(words[1]) == self.process.pid and words[0] != "Z":
                found.add(int(path.parent.name))
        return found

    def answered(self) -> dict[int, float]:
        """Return how many requests each process that lives has answered, as any of them tells it."""
        return {int(pid): float(n) for pid, n in ANSWERED.findall(self.metrics())}

    def metrics(self) -> str:
        """Return the measures."""
        return httpx.get(f"{self.base}/metrics", timeout=WAIT_S).text

    def ask_all(self) -> None:
        """Ask until every process has answered."""

        def have_all() -> bool:
            answered = self.answered()
            return answered.keys() == self.workers() and min(answered.values()) > 0

        until(have_all, "one of them never answers")


@contextmanager
def several(home: Path, n: int = 2, **environment: str) -> Iterator[Several]:
    """Serve a demo city by several processes; at the end they are stopped and none is left."""
    words = [sys.executable, "-m", "huitian.cli", "serve", "--demo", "--workers", str(n), "--port", "0"]
    own = {"HUITIAN_HOME": str(home), "PYTHONUNBUFFERED": "1", "HUITIAN_LANGUAGE": "en"}
    process = subprocess.Popen(
        words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env={**os.environ, **own, **environment}
    )  # fmt: skip
    server = Several(process)
    assert process.stdout is not None
    try:
        for line in process.stdout:
            server.said.append(line)
            if "Ctrl-C" in line:
                break
        assert process.poll() is None, server.said
        reader = threading.Thread(target=lambda: server.said.extend(process.stdout or ()), daemon=True)
        reader.start()
        server.base = next(
            line.strip().rstrip("/") for line in server.said if line.strip().startswith("http")
        )
        yield server
        left = server.workers()
    finally:
        process.terminate()
        try:
            process.wait(WAIT_S)
        finally:
            process.kill()
        reader.join(WAIT_S)
        process.stdout.close()
    assert not any(Path(f"/proc/{pid}").exists() for pid in left), "processes are left"
    words = "".join(server.said)
    assert "Traceback" not in words, words[words.index("Traceback") - 500 :][:4000]
