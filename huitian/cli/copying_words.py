"""How moves, backups and restores are shown: a bar while they run, and the tables when they are over."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from huitian.care.filling import TableCopy
from huitian.cli.speaking import either
from huitian.cli.stopping import stop_signal
from huitian.errors import Language

INTERRUPTED = 130


@contextmanager
def stoppable(lang: Language) -> Iterator[Callable[[str, int, int], None]]:
    """Show how far the work is, and end it in good order on Ctrl-C: after what is being written; at once on a second.

    Raises:
        typer.Exit: With 130, when it was stopped.
    """
    try:
        with stop_signal() as stopped, bar() as shown:

            def watch(what: str, n_done: int, n_all: int) -> None:
                if stopped:
                    raise KeyboardInterrupt
                shown(what, n_done, n_all)

            yield watch
    except KeyboardInterrupt as error:
        typer.echo(
            either(lang, "已停止；同一命令可再运行", "Stopped; the same command can be run again"), err=True
        )
        raise typer.Exit(INTERRUPTED) from error


@contextmanager
def bar() -> Iterator[Callable[[str, int, int], None]]:
    """Show a bar on standard error, where that is a terminal."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda _what, _done, _all: None
        return
    columns = (TextColumn("{task.description:<20}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("", total=None)
        yield lambda what, done, n_all: progress.update(
            task, description=what, completed=done, total=n_all or None
        )


def table_of(copies: Sequence[TableCopy], lang: Language) -> None:
    """Write the tables of both sides to standard output: rows, and whether the hashes are equal."""
    table = Table(box=None, pad_edge=False, header_style="")
    table.add_column(either(lang, "表", "table"))
    for zh, en in (("原有", "from"), ("现有", "to"), ("写入", "written")):
        table.add_column(either(lang, zh, en), justify="right")
    table.add_column("SHA-256")
    for one in copies:
        equal = either(lang, "一致", "equal") if one.wanted == one.found else either(lang, "不同", "differs")
        if one.wanted.n_rows or (one.found and one.found.n_rows):
            n_found = "—" if one.found is None else f"{one.found.n_rows:,}"
            table.add_row(one.name, f"{one.wanted.n_rows:,}", n_found, f"{one.n_written:,}",
                          f"{one.wanted.sha256[:12]} {equal}")  # fmt: skip
    Console(highlight=False, soft_wrap=True, width=None if Console().is_terminal else 100).print(table)
