"""Serves a city in a process that kills itself: ``python -m tests.faults.killed_server FOLDER PORT PLAN``.

A plan is ``moment:count``, counted from when the file ``armed`` stands beside the folder. SIGKILL comes

- ``before:3`` before the third write transaction commits,
- ``during:3`` within two milliseconds of its COMMIT being asked for, so inside the store's own fsync or about it,
- ``after:3`` when it is committed and nobody has been told,
- ``fsync:3`` at the third fsync of a photo, of its content or of its folder.

``never:0`` kills nobody.
"""

import os
import random
import signal
import sys
import threading
import time
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, event

from huitian.cli import main

LONGEST_S = 0.002


class Plan:
    """When to die."""

    def __init__(self, words: str, armed: Path) -> None:
        self.moment, _, count = words.partition(":")
        self._left = int(count)
        self._armed = armed
        self._lock = threading.Lock()

    def is_now(self, *moments: str) -> bool:
        """Count one event of these moments; returns whether it is the one to die at."""
        if self.moment not in moments or not self._armed.exists():
            return False
        with self._lock:
            self._left -= 1
            return self._left == 0


def die() -> None:
    """End this process as a power cut would: nothing is closed, nothing is flushed."""
    os.kill(os.getpid(), signal.SIGKILL)


def die_within(longest_s: float) -> None:
    """Die at a random moment of the next milliseconds, whatever is being done."""

    def wait_and_die() -> None:
        time.sleep(random.uniform(0, longest_s))
        die()

    threading.Thread(target=wait_and_die, daemon=True).start()


def watch(plan: Plan) -> None:
    """Count commits and fsyncs."""

    @event.listens_for(Engine, "commit")
    def commit(connection: Connection) -> None:
        if not connection.get_execution_options().get("huitian_writing"):
            return
        if not plan.is_now("before", "during", "after"):
            return
        if plan.moment == "during":
            die_within(LONGEST_S)
            return
        if plan.moment == "after":
            connection.exec_driver_sql("COMMIT")
        die()

    fsync = os.fsync

    def counted_fsync(fd: Any) -> None:
        if plan.is_now("fsync"):
            die()
        fsync(fd)

    os.fsync = counted_fsync


if __name__ == "__main__":
    folder, port, words = sys.argv[1:]
    watch(Plan(words, Path(folder).with_name("armed")))
    os.environ["HUITIAN_HOME"], os.environ["HUITIAN_PORT"] = folder, port
    sys.argv = ["huitian", "serve", "--demo", "--quiet"]
    main()
