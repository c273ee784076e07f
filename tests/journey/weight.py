"""What a page holds in memory, after its garbage was collected."""

from dataclasses import dataclass

from playwright.sync_api import CDPSession

MB = 1_000_000


@dataclass(frozen=True, slots=True)
class Weight:
    """What a page holds, after its garbage was collected.

    Attributes:
        n_nodes: Nodes of the document.
        n_listeners: Listeners of events.
        heap_mb: Used heap of scripts.
    """

    n_nodes: int
    n_listeners: int
    heap_mb: float


def weighed(session: CDPSession) -> Weight:
    """Weigh the page."""
    session.send("HeapProfiler.collectGarbage")
    counts = session.send("Memory.getDOMCounters")
    heap = session.send("Runtime.getHeapUsage")
    return Weight(counts["nodes"], counts["jsEventListeners"], heap["usedSize"] / MB)
