"""Live changes: one reader of the outbox, fanned out to the streams that are open."""

import asyncio
import json
import logging
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

import msgspec

from huitian.api.city import City
from huitian.api.measures import Measures
from huitian.base.grants import TOPIC
from huitian.base.places import Places
from huitian.base.planner import Planner
from huitian.base.stages import STAGE_TOPIC
from huitian.errors import NotAllowed
from huitian.model.query import Event
from huitian.model.scope import Scope

LOG = logging.getLogger("huitian.live")
TOPICS = ("case", "number", "load", "place", STAGE_TOPIC)
ENTITY_OF_TOPIC = {"case": "case", "load": "load", "place": "place", "number": "place", STAGE_TOPIC: "place"}
"""Who may hear a topic: whoever may read this entity."""
WAIT_S = 1.0
"""How long to wait when the store could not be read."""
LOOK_S = 30.0
"""How long one wait for news lasts; it ends with the first event."""
BATCH = 500
MOST_REPLAYED = 1000
"""Events that a reader who was away is told one by one; of more it is told to read everything anew."""


def told(event: Event) -> bytes:
    """Return an event as a server-sent one: topic, number and payload."""
    payload = msgspec.json.encode(dict(event.payload) | {"kind": event.kind})
    return b"event: %b\nid: %d\ndata: %b\n\n" % (event.topic.encode(), event.seq, payload)


@dataclass(eq=False, slots=True)
class Listener:
    """One open stream.

    Attributes:
        scope: Its reader.
        topics: What it wants and may hear.
        queue: Events that wait to be sent, encoded.
        is_dropped: Set when it lags too far behind.
        session_hash: Session that opened it.
        is_signed_out: Set when that session is over.
        is_doubted: Set when the session or its grants may have changed.
        since: Number of the last event that was put into the queue or replayed.
    """

    scope: Scope
    topics: frozenset[str]
    queue: asyncio.Queue[bytes]
    is_dropped: asyncio.Event = field(default_factory=asyncio.Event)
    since: int = 0
    session_hash: str = ""
    is_signed_out: asyncio.Event = field(default_factory=asyncio.Event)
    is_doubted: asyncio.Event = field(default_factory=asyncio.Event)


class Live:
    """The fan-out of one server.

    A thread waits on the outbox and hands batches to the event loop, where each stream has a bounded queue. A
    stream whose queue is full is dropped: it reconnects and is told what it missed.
    """

    def __init__(self, city: City, measures: Measures) -> None:
        self._city, self._measures = city, measures
        self._listeners: set[Listener] = set()
        self._inside: dict[tuple[str, ...], frozenset[str] | None] = {}
        self._inside_key: tuple[Places, date] | None = None
        self.loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._is_closing = threading.Event()
        self.closed = asyncio.Event()
        self.seq = 0
        self.n_dropped = 0
        self.trouble = ""

    @property
    def n_listeners(self) -> int:
        """Return how many streams are open."""
        return len(self._listeners)

    @property
    def is_reading(self) -> bool:
        """Return whether the outbox is being read."""
        return self._thread is not None and self._thread.is_alive()

    def open(self) -> None:
        """Begin to read the outbox; called on the event loop."""
        self.loop = asyncio.get_running_loop()
        self.closed = asyncio.Event()
        self._is_closing.clear()
        self.seq = self._city.engine.events.last_seq()
        # Read before this moment, they may be older than what will be heard of.
        self._city.planner.refresh()
        self._thread = threading.Thread(target=self._read, name="huitian-live", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End every stream and stop reading; called on the event loop."""
        self._is_closing.set()
        self._city.engine.events.interrupt()
        self.closed.set()

    def join(self) -> None:
        """Wait for the reader to stop."""
        if self._thread is not None:
            self._thread.join(timeout=5 * WAIT_S)

    def _read(self) -> None:
        events, planner = self._city.engine.events, self._city.planner
        seq = self.seq
        while not self._is_closing.is_set():
            try:
                if not events.wait(seq, LOOK_S):
                    self._say("")
                    continue
                found = events.read_since(planner.system("outbox"), seq, (), BATCH)
            except Exception as error:  # noqa: BLE001 (a store that is busy or being replaced must not end the stream)
                self._say(type(error).__name__)
                self._is_closing.wait(WAIT_S)
                continue
            self._say("")
            if any(event.topic in {"place", "load"} for event in found):
                planner.refresh()
            if found and self.loop is not None and not self.loop.is_closed():
                seq = found[-1].seq
                self.loop.call_soon_threadsafe(self._fan_out, found)

    def _say(self, trouble: str) -> None:
        """Log the first of several troubles of reading, and their end; ``trouble`` is the kind of the newest."""
        if bool(trouble) != bool(self.trouble):
            line = {"event": "stream_trouble", "kind": trouble} if trouble else {"event": "stream_well"}
            LOG.log(logging.WARNING if trouble else logging.INFO, json.dumps(line))
        self.trouble = trouble

    def _fan_out(self, events: Sequence[Event]) -> None:
        for event in events:
            self.seq = max(self.seq, event.seq)
            if event.topic == TOPIC:
                self._doubt(frozenset(event.payload.get("user_ids") or ()))
            self._measures.newest_event.set(self.seq)
            encoded = told(event)
            for listener in tuple(self._listeners):
                if event.topic in listener.topics and self._concerns(listener.scope, event):
                    try:
                        listener.queue.put_nowait(encoded)
                    except asyncio.QueueFull:
                        self.drop(listener)

    def drop(self, listener: Listener) -> None:
        """End a stream that lags too far behind."""
        if listener in self._listeners:
            self.leave(listener)
            self.n_dropped += 1
            self._measures.dropped.set(self.n_dropped)
            listener.is_dropped.set()

    def sign_out(self, session_hash: str) -> None:
        """End the streams of a session; called on any thread."""

        def end() -> None:
            for listener in self._listeners:
                if listener.session_hash == session_hash:
                    listener.is_signed_out.set()

        if self.loop is not None and not self.loop.is_closed():
            self.loop.call_soon_threadsafe(end)

    def look_again(self, user_ids: frozenset[str]) -> None:
        """Let the streams of some accounts, or of all where none is named, see at once whether they may go on.

        Called on any thread. Servers that share the store hear of it by an event.
        """
        if self.loop is not None and not self.loop.is_closed():
            self.loop.call_soon_threadsafe(self._doubt, user_ids)

    def _doubt(self, user_ids: frozenset[str]) -> None:
        for listener in self._listeners:
            if not user_ids or listener.scope.user_id in user_ids:
                listener.is_doubted.set()

    def join_in(self, scope: Scope, topics: Iterable[str], session_hash: str = "") -> Listener:
        """Add a stream; it hears what happens from now on. Called on the event loop."""
        most = self._city.settings.sse_queue_events
        listener = Listener(scope, frozenset(topics), asyncio.Queue(most), since=self.seq,
                            session_hash=session_hash)  # fmt: skip
        self._listeners.add(listener)
        self._measures.streams.set(len(self._listeners))
        return listener

    def leave(self, listener: Listener) -> None:
        """Remove a stream."""
        self._listeners.discard(listener)
        self._measures.streams.set(len(self._listeners))

    def missed(self, listener: Listener, since: int) -> list[bytes] | None:
        """Return what a reader missed after event ``since``, encoded; None when it is too much to tell.

        Reads the store: called on a thread.
        """
        if since > listener.since:
            # It knows events that this outbox never had: the city was made anew.
            return None
        events, allowed = self._city.engine.events, self._city.planner.system("outbox")
        found = [
            event
            for event in events.read_since(allowed, since, sorted(listener.topics), MOST_REPLAYED + 1)
            if event.seq <= listener.since
        ]
        if len(found) > MOST_REPLAYED:
            return None
        return [told(event) for event in found if self._concerns(listener.scope, event)]

    def _concerns(self, scope: Scope, event: Event) -> bool:
        if scope.place_ids is None or not event.place_ids:
            return True
        inside = self._places_inside(scope)
        return inside is None or not inside.isdisjoint(event.place_ids)

    def _places_inside(self, scope: Scope) -> frozenset[str] | None:
        planner = self._city.planner
        key = (planner.places, planner.today())
        # The places themselves are kept for comparison: the number of an object that is gone is given out again.
        if self._inside_key is None or key[0] is not self._inside_key[0] or key[1] != self._inside_key[1]:
            self._inside, self._inside_key = {}, key
        roots = scope.place_ids or ()
        if roots not in self._inside:
            self._inside[roots] = places_inside(planner, scope)
        return self._inside[roots]


def places_inside(planner: Planner, scope: Scope) -> frozenset[str] | None:
    """Return the places that a reader may see in the trees of its own places; None where that is everything."""
    found: set[str] = set()
    for tree_id in {root.partition(":")[0] for root in scope.place_ids or ()}:
        allowed = planner.allow(scope, "place", tree_id=tree_id)
        if allowed.intervals is None:
            return None
        nodes = planner.places.nodes_of(allowed.edition_id or "")
        found |= {n.place_id for n in nodes if any(a <= n.rank <= b for a, b in allowed.intervals)}
    return frozenset(found)


def topics_for(planner: Planner, scope: Scope, wanted: Iterable[str]) -> list[str]:
    """Return the topics that a reader may hear, of those wanted."""
    found = []
    for topic in wanted:
        try:
            planner.allow(scope, ENTITY_OF_TOPIC[topic])
        except NotAllowed:
            continue
        found.append(topic)
    return found
