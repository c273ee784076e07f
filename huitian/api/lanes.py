"""Lanes of their own for heavy work that anybody may ask for, so that every other request still answers."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar, TypeVarTuple, cast

from anyio import CapacityLimiter, to_thread
from fastapi import Request

from huitian.errors import ServerBusy

Given = TypeVarTuple("Given")
Result = TypeVar("Result")
RETRY_AFTER_S = 5


class Lane:
    """Threads for one kind of work, and a queue before them that has an end. Lives on the event loop.

    Args:
        n_at_once: Pieces of work done at once.
        most_waiting: Pieces that may wait; one more is refused.
    """

    def __init__(self, n_at_once: int, most_waiting: int) -> None:
        self._n_at_once, self._most = n_at_once, n_at_once + most_waiting
        self._limiter: CapacityLimiter | None = None
        self._n_inside = 0

    def check(self) -> None:
        """Refuse where the queue is full.

        Raises:
            ServerBusy: It is.
        """
        if self._n_inside >= self._most:
            raise ServerBusy(retry_after_s=RETRY_AFTER_S)

    async def run(self, work: Callable[[*Given], Result], *given: *Given) -> Result:
        """Do a piece of work on a thread of this lane, once it is its turn.

        Raises:
            ServerBusy: The queue is full.
        """
        self.check()
        if self._limiter is None:
            self._limiter = CapacityLimiter(self._n_at_once)
        self._n_inside += 1
        try:
            return await to_thread.run_sync(work, *given, limiter=self._limiter)
        finally:
            self._n_inside -= 1


@dataclass(frozen=True, slots=True)
class Lanes:
    """The lanes of a server.

    Attributes:
        photos: Decoding photos; one of 60 megapixels takes 180 MB while it is.
        passwords: Checking passwords; each takes 64 MB.
        issuer: Asking the issuer of identities; one that is slow holds these threads and no others.
    """

    photos: Lane = field(default_factory=lambda: Lane(2, 16))
    passwords: Lane = field(default_factory=lambda: Lane(4, 64))
    issuer: Lane = field(default_factory=lambda: Lane(8, 64))


def lanes_of(request: Request) -> Lanes:
    """Return the lanes of the server of a request."""
    return cast("Lanes", request.app.state.lanes)
