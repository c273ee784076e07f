"""Processes of the ferry as a person starts them: the page outside, the city inside, and what runs between."""

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TypeVar

WAIT_S = 120.0
COMMAND = [sys.executable, "-m", "huitian.cli"]
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "PYTHONUNBUFFERED": "1", "HUITIAN_MAX_LETTERS_PER_H": "1000"}
Found = TypeVar("Found")


@contextmanager
def started(*words: str, until: str) -> Iterator[list[str]]:
    """Start a command; yields what it says once it has said a word; it is told to stop, and must."""
    process = subprocess.Popen(
        [*COMMAND, *words], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=ENVIRONMENT
    )
    assert process.stdout is not None
    said: list[str] = []
    try:
        for line in process.stdout:
            said.append(line)
            if until in line:
                break
        assert process.poll() is None, said
        stream = process.stdout
        reader = threading.Thread(target=lambda: said.extend(stream), daemon=True)
        reader.start()
        yield said
        process.terminate()
        assert process.wait(WAIT_S) == 0, said
    finally:
        process.kill()
        process.wait(WAIT_S)
        process.stdout.close()


@contextmanager
def both_sides(home: Path, every_s: int = 1) -> Iterator[tuple[str, str]]:
    """Serve the host ``wx1`` and the city of a crossing, with a ferry on each; yields their addresses."""
    way_in, way_out = str(home / "way-in"), str(home / "way-out")
    with ExitStack() as stack:
        pages = [
            next(
                line.strip().removesuffix("/public").rstrip("/")
                for line in said
                if line.strip().startswith("http")
            )
            for said in (
                stack.enter_context(
                    started("public", "serve", str(home / "wx1"), "--port", "0", until="http")
                ),
                stack.enter_context(started("serve", str(home / "city"), "--port", "0", until="http")),
            )
        ]
        for name, out, into in (("wx1", way_in, way_out), ("city", way_out, way_in)):
            words = ("ferry", "run", str(home / name), "--out", out, "--in", into, "--every", str(every_s))
            stack.enter_context(started(*words, until="ferry"))
        yield pages[0], pages[1]


def awaited(ask: Callable[[], Found], is_it: Callable[[Found], bool]) -> Found:
    """Ask until the answer is what is waited for."""
    ends_s = time.monotonic() + WAIT_S
    while not is_it(told := ask()):
        assert time.monotonic() < ends_s, told
        time.sleep(0.3)
    return told
