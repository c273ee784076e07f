"""What the server measures about itself, for Prometheus."""

import os
from collections.abc import Mapping
from typing import NamedTuple

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector

from huitian.api.store_measures import StoreMeasures

disable_created_metrics()  # type: ignore[no-untyped-call]
FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""Names the folder in which several server processes keep their measures; set before this module is loaded."""
BUCKETS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Sum(NamedTuple):
    """Samples of one name.

    Attributes:
        n: How many.
        value: Added up.
    """

    n: int = 0
    value: float = 0.0


class Measures:
    """Counters and gauges of one server; each server has its own registry."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.store = StoreMeasures(self.registry)
        self.requests = Counter(
            "huitian_requests", "Requests answered.", ("method", "route", "status"), registry=self.registry
        )
        self.duration_s = Histogram(
            "huitian_request_duration_seconds", "Time to the end of the answer, streams left out.",
            ("method", "route"), buckets=BUCKETS_S, registry=self.registry,
        )  # fmt: skip
        self.streams = Gauge(
            "huitian_streams_open",
            "Open streams of live changes.",
            registry=self.registry,
            multiprocess_mode="livesum",
        )
        self.dropped = Gauge(
            "huitian_streams_dropped",
            "Streams ended because they lagged behind.",
            registry=self.registry,
            multiprocess_mode="sum",
        )
        self.csp_reports = Counter(
            "huitian_csp_reports", "Violations of the content security policy.", ("directive",),
            registry=self.registry,
        )  # fmt: skip
        self.cases_open = Gauge(
            "huitian_cases_open", "Open cases.", registry=self.registry, multiprocess_mode="mostrecent"
        )
        self.newest_event = Gauge(
            "huitian_outbox_seq",
            "Number of the newest event.",
            registry=self.registry,
            multiprocess_mode="livemax",
        )
        self.answered = Gauge(
            "huitian_worker_requests",
            "Requests that each server process that lives has answered.",
            registry=self.registry,
            multiprocess_mode="liveall",
        )

    def told(self) -> bytes:
        """Return the measures in the text format of Prometheus; where several processes serve, those of all."""
        return generate_latest(self._together())

    def sums(self) -> Mapping[str, Sum]:
        """Return every measure by the name of its samples, added up; where several processes serve, those of all."""
        found: dict[str, Sum] = {}
        for family in self._together().collect():
            for sample in family.samples:
                before = found.get(sample.name, Sum())
                found[sample.name] = Sum(before.n + 1, before.value + sample.value)
        return found

    def _together(self) -> CollectorRegistry:
        if FOLDER not in os.environ:
            return self.registry
        together = CollectorRegistry()
        MultiProcessCollector(together)  # type: ignore[no-untyped-call]
        return together
