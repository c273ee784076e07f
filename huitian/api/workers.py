"""Several server processes on one socket: started, started again when one dies, stopped together."""

import contextlib
import json
import logging
import os
import selectors
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from prometheus_client.multiprocess import mark_process_dead

from huitian.errors import WorkersFailed

UP = b"up\n"
"""What a worker tells when it answers; before it ends by itself it tells why."""
NOT_NOW = 75
"""Exit code of a worker that could not start because its store is away: it is tried again for as long as it takes."""
QUICK_S = 10.0
"""A worker that lives no longer than this died quickly."""
MOST_QUICK = 5
FIRST_AGAIN_S, LONGEST_AGAIN_S = 0.25, 10.0
STOP_S = 20.0
"""How long workers have to stop; each gives its own requests less."""

LOG = logging.getLogger("huitian.server")

Start = Callable[[int, int], "subprocess.Popen[bytes]"]


@dataclass(eq=False, slots=True)
class Worker:
    """A place for one process; who dies in it is followed by another.

    Attributes:
        process: The process; None while none runs.
        pipe: Where it tells how it is.
        told: What it told.
        started_s: When it was started.
        n_quick: How many in a row died quickly.
        due_s: When the next one starts.
    """

    process: "subprocess.Popen[bytes] | None" = None
    pipe: int = -1
    told: bytes = b""
    started_s: float = 0.0
    n_quick: int = 0
    n_away: int = field(default=0)
    due_s: float = 0.0

    @property
    def is_up(self) -> bool:
        """Return whether it answers."""
        return self.process is not None and self.told.startswith(UP)


class Workers:
    """The processes of one server.

    Args:
        n: How many.
        bound: The socket that they share.
        start: Starts one; given the socket and the pipe to tell by, as file descriptors.
        measures: Folder in which they keep their measures.
    """

    def __init__(self, n: int, bound: socket.socket, start: Start, measures: Path) -> None:
        self._bound, self._start, self._measures = bound, start, measures
        self._workers = [Worker() for _ in range(n)]
        self._selector = selectors.DefaultSelector()
        self._is_stopping = False

    def run(self, is_up: Callable[[], None]) -> None:
        """Serve until told to stop by SIGTERM or SIGINT.

        Args:
            is_up: Told once, when all answer.

        Raises:
            WorkersFailed: One dies as soon as it starts, again and again.
        """
        is_told = False
        with self._signals(), self._selector:
            try:
                while not self._is_stopping:
                    self._start_due()
                    self._listen()
                    if not is_told and all(worker.is_up for worker in self._workers):
                        is_told = True
                        is_up()
            finally:
                self._stop()

    def _start_due(self) -> None:
        for worker in self._workers:
            if worker.process is None and time.monotonic() >= worker.due_s:
                worker.pipe, theirs = os.pipe()
                worker.told, worker.started_s = b"", time.monotonic()
                try:
                    worker.process = self._start(self._bound.fileno(), theirs)
                except OSError as error:
                    # No memory or no process left at this moment: those that run go on.
                    os.close(worker.pipe)
                    worker.n_away += 1
                    self._wait(worker)
                    say(None, type(error).__name__, worker)
                    continue
                finally:
                    os.close(theirs)
                self._selector.register(worker.pipe, selectors.EVENT_READ, worker)

    def _listen(self) -> None:
        due = [worker.due_s - time.monotonic() for worker in self._workers if worker.process is None]
        for key, _ in self._selector.select(max(0.0, min(due)) if due else None):
            worker = key.data
            if worker is None:
                with contextlib.suppress(BlockingIOError):
                    os.read(key.fd, 64)
            elif more := os.read(worker.pipe, 4096):
                worker.told += more
            else:
                self._ended(worker)

    def _ended(self, worker: Worker) -> None:
        """Take note of a worker that is gone, and of when the next one is to start."""
        pid = worker.process.pid if worker.process is not None else None
        status = self._take_leave(worker)
        if self._is_stopping:
            return
        # One that never answered is as bad, however long it took to say so.
        is_quick = time.monotonic() - worker.started_s < QUICK_S or not worker.told.startswith(UP)
        worker.n_away = worker.n_away + 1 if status == NOT_NOW else 0
        worker.n_quick = worker.n_quick + 1 if is_quick and not worker.n_away else 0
        why = worker.told.removeprefix(UP).decode(errors="replace").strip()
        why = why or (f"exit {status}" if status >= 0 else f"signal {-status}")
        self._wait(worker)
        say(pid, why, worker)
        if worker.n_quick >= MOST_QUICK:
            raise WorkersFailed(why=why)

    def _wait(self, worker: Worker) -> None:
        """Say when the next one starts: at once, or the later the more often it failed."""
        n_short = worker.n_quick or worker.n_away
        again_s = min(FIRST_AGAIN_S * 2**n_short, LONGEST_AGAIN_S) if n_short else 0.0
        worker.due_s = time.monotonic() + again_s

    def _take_leave(self, worker: Worker) -> int:
        assert worker.process is not None  # noqa: S101
        self._selector.unregister(worker.pipe)
        os.close(worker.pipe)
        try:
            status = worker.process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            worker.process.kill()
            status = worker.process.wait()
        if worker.process.stdin is not None:
            worker.process.stdin.close()
        # Its counts stay, its gauges go: what it had open is open no more.
        mark_process_dead(worker.process.pid, str(self._measures))  # type: ignore[no-untyped-call]
        worker.process = None
        return status

    def _stop(self) -> None:
        self._is_stopping = True
        # First: who knocks now is refused at once, instead of waiting for somebody to answer.
        self._bound.close()
        running = [worker for worker in self._workers if worker.process is not None]
        for worker in running:
            if worker.process is not None:
                worker.process.terminate()
        until = time.monotonic() + STOP_S
        for worker in running:
            if worker.process is not None:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    worker.process.wait(max(0.1, until - time.monotonic()))
                if worker.process.poll() is None:
                    worker.process.kill()
                self._take_leave(worker)

    @contextmanager
    def _signals(self) -> Iterator[None]:
        """Hear SIGTERM and SIGINT: they wake the loop and end it."""

        def stop(_signal: int, _frame: FrameType | None) -> None:
            self._is_stopping = True

        ear, bell = socket.socketpair()
        with ear, bell:
            ear.setblocking(False)
            bell.setblocking(False)
            self._selector.register(ear.fileno(), selectors.EVENT_READ, None)
            before = signal.set_wakeup_fd(bell.fileno(), warn_on_full_buffer=False)
            handlers = {one: signal.signal(one, stop) for one in (signal.SIGTERM, signal.SIGINT)}
            try:
                yield
            finally:
                for one, handler in handlers.items():
                    signal.signal(one, handler)
                signal.set_wakeup_fd(before)


def say(pid: int | None, why: str, worker: Worker) -> None:
    """Log that a server process is gone, and when another one follows."""
    again_s = round(max(0.0, worker.due_s - time.monotonic()), 1)
    LOG.warning(
        json.dumps(
            {"event": "worker_ended", "worker": pid, "why": why, "again_s": again_s}, ensure_ascii=False
        )
    )
