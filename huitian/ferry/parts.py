"""What the ferry of a folder works with, and what the two sides do differently."""

import fcntl
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from huitian.base.planner import Planner
from huitian.cases.parts import Reads
from huitian.clock import Clock
from huitian.engine.files import own_folder
from huitian.engine.ports import Records, Writing
from huitian.ferry.items import Item
from huitian.ferry.keys import FerryKeys
from huitian.ferry.trip import Trip
from huitian.model.query import Condition, Query, Row
from huitian.settings import Settings

EVERY_ROW = 1_000_000
AT_ONCE = 200
"""Letters that one trip takes at most, whatever their size."""


@dataclass(frozen=True, slots=True)
class Cargo:
    """What one trip is to carry.

    Attributes:
        items: What is told.
        files: Sealed photos by id.
        is_more: Whether more waits for the next trip.
        changes: Columns of the row of the other side that change with it.
    """

    items: tuple[Item, ...] = ()
    files: Mapping[str, bytes] = field(default_factory=dict)
    is_more: bool = False
    changes: Mapping[str, Any] = field(default_factory=dict)


class Side(Protocol):
    """What one side of the ferry packs and takes."""

    @property
    def sends(self) -> str:
        """Direction of its own trips: ``in`` towards the city, ``out`` from it."""
        ...

    @property
    def takes(self) -> tuple[type[Item], ...]:
        """Kinds of items that it takes."""
        ...

    @property
    def most_items(self) -> int:
        """How many items it takes in one trip: one transaction, for which everybody else waits."""
        ...

    def gather(self, writing: Writing, peer: Row, chain: int, seq: int, most_bytes: int) -> Cargo:
        """Return what waits for the other side, and mark it as packed in a trip."""
        ...

    def made_ready(self, name: str, trip: Trip) -> Any:
        """Return a trip as ``take`` needs it: opened, its photos kept. Outside of the transaction.

        Raises:
            TripRefused: What it carries cannot be opened.
        """
        ...

    def take(self, writing: Writing, peer: Row, ready: Any) -> None:
        """Take what a trip carries, inside the transaction that takes the trip."""
        ...

    def after(self, peer: Row) -> None:
        """Do what follows once a transaction of the ferry holds."""
        ...

    def send_again(self, writing: Writing, peer: Row) -> None:
        """Let everything that the other side may not have wait again; it knows what it has."""
        ...


@dataclass(frozen=True, slots=True)
class FerryParts:
    """What the ferry of a folder works with.

    Attributes:
        folder: The folder; its trips are kept in ``ferry/sent``.
        records: The store.
        planner: Permission for every read.
        clock: The time.
        settings: Settings of the folder.
        keys: Its keys.
        side: What it packs and takes.
    """

    folder: Path
    records: Records
    planner: Planner
    clock: Clock
    settings: Settings
    keys: FerryKeys
    side: Side

    @property
    def sent(self) -> Path:
        """Where packed trips are kept until they are acknowledged, and a while longer."""
        return self.folder / "ferry" / "sent"

    def rows(
        self,
        reads: Reads | None,
        entity: str,
        *where: Condition,
        sort: Sequence[str] = (),
        limit: int = EVERY_ROW,
    ) -> list[Row]:
        """Return rows of a table of the ferry, from a transaction or from the store."""
        query = Query(entity, where, sort=tuple(sort), limit=limit)
        return [dict(row) for row in (reads or self.records).read(self.planner.raw(entity), query).rows]

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep other processes of the ferry of this folder waiting."""
        own_folder(self.folder / "ferry")
        with (self.folder / "ferry" / "lock").open("a+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield
