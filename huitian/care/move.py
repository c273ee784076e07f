"""Moving a city from one store to another, by comparison.

Chunk after chunk, in the order of the keys, the rows of the source are compared with those of the target, and only
chunks that differ are replaced. So a move that was killed goes on where it was when it is run again, and is right
even where the source was written to in between. Until the target is complete and the folder names it,
the city opens from the source; from then on, from the target.
"""

from collections.abc import Callable

from huitian.care.filling import TableCopy, Watch, begin_filling, end_filling, settle, take_alone
from huitian.care.identity import city_id_of
from huitian.engine.copying import AnyEngine, Snapshot, Summing, alone, filling, lines, reading, shapes
from huitian.engine.marks import ARRIVED, MOVED_TO, change_marks
from huitian.engine.shapes import Shape

COMMAND = "huitian move"


def move(
    source: AnyEngine,
    target: AnyEngine,
    point: Callable[[], None],
    watch: Watch,
    derive: Callable[[], None] = lambda: None,
) -> list[TableCopy]:
    """Move a city; the same call again goes on after a kill.

    Args:
        source: The store that the folder names.
        target: An empty one, or one that this was begun in, or the one that the city was moved from before.
        point: Makes the folder name the target, all or nothing.
        watch: Told how far it is.
        derive: Makes in the target what is copied from nowhere, before anybody can open it.

    Raises:
        StoreLocked: A server has one of them.
        StoreTaken: The target holds something else.
        CopyDiffers: What was written is not what was read; the city stays where it is.
        RowUnfit: The engine of the target cannot hold a row.
    """
    city_id = city_id_of(source)
    take_alone(source)
    take_alone(target)
    begin_filling(target, city_id, COMMAND)
    with alone(source) as held:
        written = [copy_table(held, target, shape, watch) for shape in shapes()]
        with reading(target) as rows:
            copies = [compared(one, rows, shape, watch) for one, shape in zip(written, shapes(), strict=True)]
        end_filling(target, copies, source.where)
        point()
        change_marks(held.connection, told={MOVED_TO: target.where})
    derive()
    settle(target)
    return copies


def copy_table(held: Snapshot, target: AnyEngine, shape: Shape, watch: Watch) -> TableCopy:
    """Make a table of the target hold what the source does."""
    n_rows, n_done, n_written = held.count(shape), 0, 0
    summing, after = Summing(), None
    for rows in held.chunks(shape):
        watch(shape.name, n_done, n_rows)
        upto = shape.key_of(rows[-1])
        with filling(target) as there:
            n_written += there.replace(shape, after, upto, rows)
        summing.add(lines(rows), len(rows))
        after, n_done = upto, n_done + len(rows)
    watch(shape.name, n_done, n_rows)
    with filling(target) as there:
        there.remove(shape, after, None)
    return TableCopy(shape.name, summing.done(), None, n_written)


def compared(copy: TableCopy, rows: Snapshot, shape: Shape, watch: Watch) -> TableCopy:
    """Return a copy with what its table holds now."""
    watch(f"= {shape.name}", copy.wanted.n_rows, copy.wanted.n_rows)
    return TableCopy(copy.name, copy.wanted, rows.table_sum(shape), copy.n_written)


def compare(source: AnyEngine, target: AnyEngine | None, watch: Watch) -> list[TableCopy]:
    """Return how the tables of two stores differ, and change nothing; the target may not be there yet."""
    with reading(source) as rows:
        wanted = [compared_source(rows, shape, watch) for shape in shapes()]
    if target is None:
        return wanted
    with reading(target) as rows:
        return [compared(one, rows, shape, watch) for one, shape in zip(wanted, shapes(), strict=True)]


def compared_source(rows: Snapshot, shape: Shape, watch: Watch) -> TableCopy:
    """Return what a table holds where it comes from."""
    watch(shape.name, 0, 0)
    return TableCopy(shape.name, rows.table_sum(shape), None)


def came_from(target: AnyEngine) -> str:
    """Return where a city came from that arrived here and did not settle; empty where there is nothing to finish."""
    with reading(target) as rows:
        return rows.marks().get(ARRIVED, "")


def finish(left: AnyEngine, target: AnyEngine) -> None:
    """End a move that was killed after the folder named the target."""
    with alone(left) as rows:
        change_marks(rows.connection, told={MOVED_TO: target.where})
    settle(target)
