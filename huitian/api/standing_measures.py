"""Gauges that are filled when somebody asks for the measures: disk, backup, lag, readiness, memory."""

import contextlib
import shutil

from huitian.api.city import City
from huitian.api.live import Live
from huitian.api.readiness import lag_of, status_of, troubles
from huitian.api.store_measures import StoreMeasures, resident_bytes
from huitian.care.last_backup import last_backup_at
from huitian.errors import HuitianError

WORTH = {"ready": 1.0, "degraded": 0.5, "not_ready": 0.0}


def fill(measures: StoreMeasures, city: City, live: Live) -> None:
    """Fill the gauges of one server."""
    with contextlib.suppress(OSError):
        usage = shutil.disk_usage(city.folder)
        measures.disk_free.set(usage.free)
        measures.disk_size.set(usage.total)
    made_at = last_backup_at(city.folder)
    measures.backup_at.set(made_at.timestamp() if made_at is not None else 0)
    measures.memory.set(resident_bytes())
    # Of a store that is away nothing can be read, and that is just when somebody asks.
    with contextlib.suppress(HuitianError):
        measures.lag.set(lag_of(city, live))
    measures.ready.set(WORTH[status_of(troubles(city, live))])
