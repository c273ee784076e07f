"""What was kept long enough goes once a day, by the server itself; see ``cases.retention``."""

import fcntl
import json
import logging
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from huitian.app.city import OpenCity
from huitian.care.last_retention import is_due, note_retention
from huitian.cases.retention import Retention
from huitian.errors import HuitianError

LOG = logging.getLogger("huitian.retention")
LOCK = ".retention.lock"
EVERY_S, AGAIN_S = 60.0, 3600.0
"""How often it is asked whether it is due, and after how long a run that failed is tried again."""
STOP_S = 30.0


def retain_if_due(city: OpenCity, is_stopping: Callable[[], bool] = lambda: False) -> bool:
    """Erase what was kept long enough, if the hour of the day came by; returns whether a run came to its end.

    Of several server processes one does it; what a kill cuts short the next run finishes.
    """
    if not is_due(city.folder, city.settings, city.clock.now()):
        return False
    with (city.folder / LOCK).open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        # Another process may just have done it.
        if not is_due(city.folder, city.settings, city.clock.now()):
            return False
        retention = Retention(city.parts, city.engine)
        n_left = retention.finish()
        n_erased = {kept.term.kind: kept.n_over for kept in retention.run(is_stopping) if kept.n_over}
        if is_stopping():
            return False
        note_retention(city.folder, city.clock.now())
    LOG.info(json.dumps({"event": "retention", "pid": os.getpid(), "erased": n_erased, "finished": n_left}))
    return True


@contextmanager
def retaining(city: OpenCity) -> Iterator[None]:
    """Erase what was kept long enough, every day at its hour, until the block is left."""
    is_over = threading.Event()

    def work() -> None:
        wait_s = EVERY_S
        while not is_over.wait(wait_s):
            wait_s = EVERY_S
            try:
                retain_if_due(city, is_over.is_set)
            except (HuitianError, OSError) as error:
                code = error.code if isinstance(error, HuitianError) else type(error).__name__
                LOG.warning(json.dumps({"event": "retention_failed", "code": code, "again_s": AGAIN_S}))
                wait_s = AGAIN_S

    thread = threading.Thread(target=work, name="huitian-retention", daemon=True)
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        thread.join(STOP_S)
