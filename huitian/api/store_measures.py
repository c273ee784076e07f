"""What the server measures about its store, its disk and its backups, for Prometheus."""

import os
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

BUCKETS_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
STATM = Path("/proc/self/statm")


class StoreMeasures:
    """Counters and gauges of one server process; hears the statements of its store.

    Gauges that say the same in every process are ``mostrecent``; what processes have each is summed up.
    """

    def __init__(self, registry: CollectorRegistry) -> None:
        self._n_asked = 0
        self.statements = Histogram(
            "huitian_store_statement_seconds", "Time of statements at the store.", ("kind",), buckets=BUCKETS_S,
            registry=registry,
        )  # fmt: skip
        self.slow = Counter(
            "huitian_store_slow_statements",
            "Statements that took longer than slow_query_ms.",
            registry=registry,
        )
        self.transactions = Counter(
            "huitian_store_transactions", "Transactions that ended; those that only read are given back.",
            ("end",), registry=registry,
        )  # fmt: skip
        self.troubles = Counter(
            "huitian_store_troubles", "Requests that the store could not do: busy, away, full, read-only …",
            ("code",), registry=registry,
        )  # fmt: skip
        self.faults = Counter("huitian_faults", "Faults of the program itself.", registry=registry)
        self.build = Gauge(
            "huitian_build_info", "Version and kind of store; always 1.", ("version", "store"), registry=registry,
            multiprocess_mode="mostrecent",
        )  # fmt: skip
        self.ready = Gauge(
            "huitian_ready", "1 ready, 0.5 degraded, 0 not ready; as /readyz.", registry=registry,
            multiprocess_mode="mostrecent",
        )  # fmt: skip
        self.lag = Gauge(
            "huitian_outbox_lag_events", "Events in the store that the streams were not told yet.",
            registry=registry, multiprocess_mode="livemax",
        )  # fmt: skip
        self.disk_free = Gauge(
            "huitian_disk_free_bytes", "Room left on the disk of the city folder.", registry=registry,
            multiprocess_mode="mostrecent",
        )  # fmt: skip
        self.disk_size = Gauge(
            "huitian_disk_size_bytes", "Size of the disk of the city folder.", registry=registry,
            multiprocess_mode="mostrecent",
        )  # fmt: skip
        self.backup_at = Gauge(
            "huitian_backup_last_success_timestamp_seconds", "When the last backup was made and verified; 0: never.",
            registry=registry, multiprocess_mode="mostrecent",
        )  # fmt: skip
        self.memory = Gauge(
            "huitian_process_resident_bytes", "Memory of the server processes.", registry=registry,
            multiprocess_mode="livesum",
        )  # fmt: skip

    def statement(self, kind: str, took_s: float, *, is_slow: bool) -> None:
        """Count a statement."""
        self.statements.labels(kind).observe(took_s)
        if is_slow:
            self.slow.inc()

    def transaction(self, *, is_committed: bool) -> None:
        """Count a transaction."""
        self.transactions.labels("committed" if is_committed else "given_back").inc()

    def problem(self, code: str | None) -> None:
        """Count a problem that a request was answered with, where it is one of the store; None where it had none."""
        # Now and then: each process says what it takes, also one that is never asked for the measures.
        if self._n_asked % 64 == 0:
            self.memory.set(resident_bytes())
        self._n_asked += 1
        if code is not None and code.startswith("store_"):
            self.troubles.labels(code).inc()
        elif code == "internal_fault":
            self.faults.inc()


def resident_bytes() -> int:
    """Return the memory of this process; 0 where the system does not tell."""
    try:
        return int(STATM.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        return 0
