"""One of several processes that serve a city: ``python -m huitian.cli.worker SOCKET PIPE``.

Started by ``huitian serve``. What it is to serve comes by its standard input, which stays open: when it ends,
whoever started it is gone.
"""

import os
import pickle
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from huitian.errors import HuitianError, StoreAway, StoreBusy

if TYPE_CHECKING:
    import socket

    from huitian.clock import Clock
    from huitian.settings import Settings


@dataclass(frozen=True, slots=True)
class Work:
    """What a worker is to serve.

    Attributes:
        folder: The city folder.
        settings: Its settings, as they were at the start.
        is_demo: Whether it is the demo city.
        city_at: The time of the city at the start.
        is_quiet: Whether requests are left out of the log.
        started_at: The start.
    """

    folder: Path
    settings: "Settings"
    is_demo: bool
    city_at: datetime
    is_quiet: bool
    started_at: datetime

    def clock(self) -> "Clock":
        """Return the clock of the city; that of a demo city runs as fast in every worker."""
        from huitian.clock import PacedClock, SystemClock

        clock, speed = SystemClock(), self.settings.demo_speed
        if not self.is_demo or speed == 1:
            return clock
        return PacedClock(clock, self.city_at + (clock.now() - self.started_at) * speed, speed)


def serve_together(work: Work, bound: "socket.socket", is_up: Callable[[], None]) -> None:
    """Serve a city by as many workers as its settings say, until told to stop.

    Args:
        work: What they are to serve.
        bound: The socket that they share.
        is_up: Told once, when all answer.

    Raises:
        WorkersFailed: One dies as soon as it starts, again and again.
    """
    from huitian.api.measures import FOLDER
    from huitian.api.workers import Workers

    with tempfile.TemporaryDirectory(prefix="huitian-measures-") as measures:
        environment = {**os.environ, FOLDER: measures}

        def start(listening: int, pipe: int) -> "subprocess.Popen[bytes]":
            # Away from the terminal: Ctrl-C is for whoever started it, who then stops all.
            process = subprocess.Popen(  # noqa: S603 (itself)
                [sys.executable, "-m", "huitian.cli.worker", str(listening), str(pipe)],
                stdin=subprocess.PIPE, pass_fds=(listening, pipe), env=environment, start_new_session=True,
            )  # fmt: skip
            assert process.stdin is not None  # noqa: S101
            process.stdin.write(pickle.dumps(work))
            process.stdin.flush()
            return process

        Workers(work.settings.workers, bound, start, Path(measures)).run(is_up)


def main() -> int:
    """Serve; returns the exit code."""
    from huitian.api.logs import start_log
    from huitian.api.running import SharedSocket, run
    from huitian.api.workers import NOT_NOW, UP
    from huitian.app import open_city
    from huitian.app.demo import open_demo
    from huitian.app.retaining import retaining
    from huitian.app.surveying import surveying
    from huitian.cli.speaking import FAILED, language

    listening, pipe = int(sys.argv[1]), int(sys.argv[2])
    for own in (listening, pipe):
        os.set_inheritable(own, False)
    work: Work = pickle.load(sys.stdin.buffer)  # noqa: S301 (from the process that started it)
    threading.Thread(target=stop_when_alone, daemon=True).start()
    start_log(work.settings, is_quiet=work.is_quiet)

    def tell_up(_base: str) -> None:
        os.write(pipe, UP)

    try:
        city = (open_demo if work.is_demo else open_city)(work.folder, work.settings, work.clock())
        try:
            city.engine.hold()
            with SharedSocket(fileno=listening) as bound, surveying(city), retaining(city):
                run(city, bound, tell_up, is_sharing=True)
        finally:
            city.close()
    except HuitianError as error:
        os.write(pipe, error.words(language(work.settings)).encode())
        return NOT_NOW if isinstance(error, StoreAway | StoreBusy) else FAILED
    return 0


def stop_when_alone() -> None:
    """Stop this process in good order when whoever started it is gone."""
    sys.stdin.buffer.read(1)
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    sys.exit(main())
