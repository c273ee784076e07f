"""Making a store hold what another one does: marked until it does, refused where it holds something else."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from huitian.care.identity import CITY_ID, FACTS, city_id_in
from huitian.engine.copying import (
    WAITED_S,
    AnyEngine,
    Snapshot,
    TableSum,
    filling,
    foreign_table,
    shapes,
)
from huitian.engine.marks import ARRIVED, HALF_MADE, MOVED_TO, change_marks
from huitian.engine.store import bring_up
from huitian.engine.troubles import store_told
from huitian.engine.upgrade import head_revision, revision_of
from huitian.errors import CopyDiffers, StoreTaken

Watch = Callable[[str, int, int], None]
"""Told what is worked on, how much of it is done, and how much there is."""


@dataclass(frozen=True, slots=True)
class TableCopy:
    """One table on both sides.

    Attributes:
        name: The table.
        wanted: What it holds where it comes from.
        found: What it holds where it goes; None where there is no store yet.
        n_written: Rows that had to be written.
    """

    name: str
    wanted: TableSum
    found: TableSum | None
    n_written: int = 0


def take_alone(engine: AnyEngine) -> None:
    """Take a store for this process alone, until it is closed.

    Raises:
        StoreLocked: Another process serves it.
        StoreAway: It does not answer.
        StoreRefused: It does not let us in.
    """
    with store_told(engine.where, WAITED_S):
        engine.hold_alone()


def is_at_head(engine: AnyEngine) -> bool:
    """Return whether a store is made, and of the newest revision; raises as ``take_alone``."""
    with store_told(engine.where, WAITED_S):
        return revision_of(engine.sql) == head_revision()


def begin_filling(target: AnyEngine, city_id: str, by: str) -> None:
    """Make a store ready to be filled with a city, and mark it as not complete.

    Args:
        target: Empty, or a copy of the same city that is not in use.
        city_id: The city.
        by: The command that fills it.

    Raises:
        StoreTaken: It holds something else.
        StoreTooNew: A newer Huitian made it.
    """
    with store_told(target.where, WAITED_S):
        check_database(target)
        bring_up(target.sql)
    with filling(target) as rows:
        check_free(rows, target.where, city_id)
        facts = next(one for one in shapes() if one.name == FACTS)
        if city_id_in(rows) is None:
            rows.write(facts, [[CITY_ID, city_id]])
        change_marks(rows.connection, told={HALF_MADE: by})


def check_database(target: AnyEngine) -> None:
    """Refuse a database in which another program has tables of our names.

    Raises:
        StoreTaken: It has.
    """
    if revision_of(target.sql) is None and (name := foreign_table(target.sql)):
        raise StoreTaken(where=target.where, why_zh=f"里面有别的程序的表 {name}",
                         why_en=f"another program has a table {name} in it")  # fmt: skip


def check_free(rows: Snapshot, where: str, city_id: str) -> None:
    """Refuse a store that holds another city, or this one in use.

    Raises:
        StoreTaken: It does.
    """
    own = city_id_in(rows)
    if own == city_id and {HALF_MADE, MOVED_TO, ARRIVED} & set(rows.marks()):
        return
    if own is None and not any(rows.holds(shape) for shape in shapes() if rows.has(shape.name)):
        return
    if own == city_id:
        raise StoreTaken(
            where=where, why_zh="里面是同一城市另一份在用的数据", why_en="it holds this city, in use"
        )
    raise StoreTaken(where=where, why_zh="里面已有另一座城市", why_en="it holds another city")


def end_filling(target: AnyEngine, copies: Sequence[TableCopy], came_from: str) -> None:
    """Mark a store as complete, where it is.

    Raises:
        CopyDiffers: A table is not what it was where it came from.
    """
    differing = [copy.name for copy in copies if copy.wanted != copy.found]
    if differing:
        raise CopyDiffers(where=target.where, tables=", ".join(differing))
    target.rebuild_boxes()
    with filling(target) as rows:
        rows.number_on()
        rows.learn()
        change_marks(rows.connection, gone=(HALF_MADE, MOVED_TO), told={ARRIVED: came_from})


def settle(target: AnyEngine) -> None:
    """Take away the last mark, when the folder names the store and no other one opens."""
    with filling(target) as rows:
        change_marks(rows.connection, gone=(ARRIVED,))
