"""What the server measures about itself, for Prometheus."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, disable_created_metrics

from huitian.api.store_measures import StoreMeasures

disable_created_metrics()  # type: ignore[no-untyped-call]
BUCKETS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


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
        self.streams = Gauge("huitian_streams_open", "Open streams of live changes.", registry=self.registry)
        self.dropped = Gauge(
            "huitian_streams_dropped", "Streams ended because they lagged behind.", registry=self.registry
        )
        self.csp_reports = Counter(
            "huitian_csp_reports", "Violations of the content security policy.", ("directive",),
            registry=self.registry,
        )  # fmt: skip
        self.cases_open = Gauge("huitian_cases_open", "Open cases.", registry=self.registry)
        self.newest_event = Gauge("huitian_outbox_seq", "Number of the newest event.", registry=self.registry)
