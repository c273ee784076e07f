"""Ports of the stores. A port exists when one engine and its contract tests exist.

Every read takes ``Allowed`` first; only ``base.planner`` can make one. Writes are idempotent unless they say
otherwise. Columns of rows are those of the catalogue (``base.entities``); a missing value is None.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import BinaryIO, Protocol

from huitian.engine.slow import StatementWatch
from huitian.model.audit import Entry
from huitian.model.case import Cause
from huitian.model.query import Event, Page, Query, Row, Tally, Written
from huitian.model.scope import Allowed
from huitian.model.window import Window


class Writing(Protocol):
    """One transaction: all of it is there afterwards, or nothing.

    Reads inside see what the transaction wrote. Leaving the block without an error commits.
    """

    def read(self, allowed: Allowed, query: Query) -> Page:
        """Return rows as ``Records.read``, inside this transaction."""
        ...

    def add(self, entity: str, rows: Sequence[Row]) -> Written:
        """Insert rows; a row whose key is there already is left as it is (idempotent)."""
        ...

    def put(self, entity: str, rows: Sequence[Row]) -> Written:
        """Insert or replace rows by key; equal rows are not touched (idempotent)."""
        ...

    def change(self, entity: str, key: Row, values: Row, expected_version: int | None = None) -> bool:
        """Change one row by key.

        Args:
            entity: Name in the catalogue.
            key: Key columns.
            values: Columns to set.
            expected_version: When given, only a row of this ``version`` is changed.

        Returns:
            False when no such row (or no such version) is there.
        """
        ...

    def remove(self, entity: str, where: Row) -> int:
        """Delete rows whose columns equal ``where``; returns how many. For projections and editions only.

        A list stands for any of its values, at most 400 of them.
        """
        ...

    def learn(self, entity: str) -> None:
        """Let the store count how the rows of an entity and their anchors are spread; after many were written.

        It changes no row. Without it the store may look at every object of the city to find those of one street.
        """
        ...

    def next_number(self, series: str) -> int:
        """Return the next number of a series, from 1, without gaps on commit. Not idempotent."""
        ...

    def emit(self, event: Event) -> int:
        """Record an event in the outbox of this transaction; returns its number."""
        ...

    def erase(self, subject_ids: Sequence[str]) -> int:
        """Set every personal value of subjects to missing, at most 400 of them; returns how many rows had some."""
        ...

    def chain(self, entries: Sequence[Entry]) -> list[int]:
        """Append entries to the audit in this transaction; returns their numbers. Not idempotent."""
        ...


class Records(Protocol):
    """The rows of the city."""

    def read(self, allowed: Allowed, query: Query) -> Page:
        """Return rows.

        Args:
            allowed: Permission for ``query.entity``.
            query: What to read.

        Returns:
            One row per match, with the columns asked for and allowed, unmasked (``base.planner.mask`` masks).

        Raises:
            UnknownField: A column is not in the entity or not allowed.
        """
        ...

    def tally(self, allowed: Allowed, tally: Tally) -> list[Row]:
        """Return one row per group: the group columns, ``n`` (rows) and ``sum_<column>``."""
        ...

    def found_exactly(self, allowed: Allowed, kind: str, value: str, limit: int) -> list[str]:
        """Return ids of the cases or persons whose sealed value is exactly this one, at most so many.

        Candidates: who asks reads the value itself under the permission, and compares. None where nothing is sealed.

        Args:
            allowed: Permission for the entity that has the value.
            kind: ``phone`` or ``id_number``.
            value: As a person types it.
            limit: At most so many.
        """
        ...

    def writing(self) -> AbstractContextManager[Writing]:
        """Open a transaction. One writer at a time; others wait for ``busy_timeout_s``, then StoreBusy."""
        ...

    def survey(self) -> int:
        """Find out of which entities every object stands in the places, after many were written; returns how many.

        It changes no row of the city, and nobody waits for it. Without it a reader with a scope as wide as the city is
        read by where each object stands: the same, but slower. Only what changed since the last time is looked at.
        """
        ...

    def check(self, *, is_thorough: bool = False) -> Mapping[str, str]:
        """Say how the store is: ``{"state": "ok"}`` or what is wrong with it; thorough reads every page.

        The state is ``ok``, ``failed``, ``other_schema``, ``half_made`` or ``read_only``; ``why`` says more.
        """
        ...

    def close(self) -> None:
        """Give back files and connections."""
        ...


class Events(Protocol):
    """The outbox, read in order; the bus between processes is only a wake-up."""

    def read_since(self, allowed: Allowed, seq: int, topics: Sequence[str], limit: int = 500) -> list[Event]:
        """Return events after ``seq`` in order, of these topics, that happened inside ``allowed``."""
        ...

    def last_seq(self) -> int:
        """Return the number of the newest event, 0 if there is none."""
        ...

    def wait(self, seq: int, timeout_s: float) -> bool:
        """Wait until an event after ``seq`` may be there; False when the time is over, or at an interrupt."""
        ...

    def interrupt(self) -> None:
        """Let those who wait come back at once."""
        ...


class Files(Protocol):
    """Blobs by content hash: photos and attachments."""

    def keep(self, content: bytes) -> str:
        """Store bytes durably; returns their SHA-256 hex as file id. The same bytes give the same id."""
        ...

    def open_file(self, allowed: Allowed, file_id: str) -> BinaryIO:
        """Open a stored file for reading.

        Raises:
            NotFound: No such file.
        """
        ...

    def remove(self, file_id: str) -> bool:
        """Remove a file; False where there is none."""
        ...

    def sweep(self, older_than_s: float, now_s: float) -> int:
        """Remove what killed writers left half-written, if it is old enough; returns how many."""
        ...

    def list_ids(self) -> Iterator[str]:
        """Yield every stored id, in no order."""
        ...


class Tries(Protocol):
    """How often something was tried, by keys that cannot be read back; the same for every process of a store."""

    def left_s(self, window: Window, now: datetime) -> int:
        """Return seconds until a key may try again, 0 when it may now; counts nothing."""
        ...

    def count(self, windows: Sequence[Window], now: datetime) -> int:
        """Count one try of every key, or of none where one of them may not; returns as ``left_s``. Not idempotent."""
        ...

    def give_back(self, all_of: Sequence[str], last_of: Sequence[str]) -> None:
        """Give keys all their tries back, or the last one."""
        ...


class Engine(Protocol):
    """The stores of one city, opened together."""

    @property
    def kind(self) -> str:
        """``embedded`` or ``scaled``."""
        ...

    @property
    def where(self) -> str:
        """The record store, as it may be shown: a path, or an address without its password."""
        ...

    @property
    def records(self) -> Records:
        """Rows."""
        ...

    @property
    def events(self) -> Events:
        """Outbox."""
        ...

    @property
    def files(self) -> Files:
        """Blobs."""
        ...

    @property
    def tries(self) -> Tries:
        """How often something was tried."""
        ...

    @property
    def watch(self) -> StatementWatch:
        """What is watched at the record store."""
        ...

    def opened_at(self) -> datetime:
        """Aware UTC instant of opening."""
        ...

    def hold(self) -> None:
        """Say that this process serves the stores, until they are closed.

        Raises:
            StoreLocked: Another process does, and the engine takes only one; or one works on them alone.
        """
        ...

    def hold_alone(self) -> None:
        """Take the stores for this process alone, until they are closed.

        Raises:
            StoreLocked: Another process has them.
        """
        ...

    @property
    def is_sealing(self) -> bool:
        """Whether personal values are sealed under keys of their subjects."""
        ...

    def destroy_keys(self, subject_ids: Sequence[str], cause: Cause = "request") -> int:
        """Destroy the keys of subjects (``case:<id>``, ``person:<id>``, ``file:<id>``); returns how many there were.

        The cause is kept with the keys: a store that is restored from before is told it. What they sealed can never be
        read again, in no archive either. Idempotent.
        """
        ...

    def key_states(self, subject_ids: Sequence[str]) -> Mapping[str, bool]:
        """Return of subjects whether their key is there; who never had one is not in it."""
        ...

    def lost_key_copies(self) -> Sequence[str]:
        """Return where copies of the keys lay that the last erasure could not renew; they may open what was erased."""
        ...

    def empty_log(self) -> None:
        """Let nothing that was removed stay in the log or in the free space of the store, as far as the engine can."""
        ...

    def rebuild_boxes(self) -> None:
        """Fill what the engine indexes of boxes anew, where it does so itself."""
        ...

    def close(self) -> None:
        """Close all stores."""
        ...
