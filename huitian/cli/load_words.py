"""How a load is shown: a bar while it runs, a summary when it is over."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from huitian.cli.speaking import either
from huitian.errors import REASONS, HuitianError, Language
from huitian.ingest.report import LoadReport

_OUTCOMES = {
    "done": ("完成", "done"),
    "stopped": ("已停：同一命令再运行即续装", "stopped: the same command resumes it"),
    "dry_run": ("试运行，未写入", "dry run, nothing written"),
}


@contextmanager
def progress_bar(title: str, is_quiet: bool) -> Iterator[Callable[[int, int], None]]:
    """Show a bar on standard error while the block runs; yields what is to be called with (done, all)."""
    console = Console(stderr=True)
    if is_quiet or not console.is_terminal:
        yield lambda _done, _all: None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task(title, total=None)
        yield lambda done, n_all: progress.update(task, completed=done, total=n_all)


def summary(report: LoadReport, lang: Language) -> None:
    """Write what a load did to standard output."""
    console = Console(highlight=False, soft_wrap=True)
    outcome = either(lang, *_OUTCOMES[report.outcome])
    console.print(Text(f"{report.file_name} → {report.entity}（{report.source_id}）：{outcome}" if lang == "zh"
                       else f"{report.file_name} → {report.entity} ({report.source_id}): {outcome}"))  # fmt: skip
    table = Table(box=None, pad_edge=False, header_style="")
    for zh, en in (("读入", "read"), ("写入", "written"), ("未变", "unchanged"), ("拒收", "rejected")):
        table.add_column(either(lang, zh, en), justify="right")
    table.add_row(
        *(f"{n:,}" for n in (report.n_read, report.n_written, report.n_unchanged, report.n_rejected))
    )
    console.print(table)
    for line in _lines(report, lang):
        console.print(Text(line))


def _lines(report: LoadReport, lang: Language) -> Iterator[str]:
    if report.n_done_before:
        yield either(lang, f"  接着上次：前 {report.n_done_before:,} 行已装好",
                     f"  resumed: {report.n_done_before:,} rows were done before")  # fmt: skip
    for code, n in sorted(report.reasons.items(), key=lambda item: -item[1]):
        yield either(lang, f"  拒收 {n:,} 行：{code}", f"  {n:,} rejected: {code}")
        for one in report.examples:
            if one.reason_code == code:
                words = either(lang, one.reason_zh, one.reason_en)
                yield either(lang, f"    第 {one.row_no} 行  {words}", f"    row {one.row_no}  {words}")
    for name, n in report.notes.items():
        code, _, column = name.partition(":")
        words = REASONS[code].words(lang, field=column)
        yield either(lang, f"  注意 {n:,} 行：{words}", f"  note, {n:,} rows: {words}")
    if report.absent:
        names = ", ".join(report.absent)
        yield either(lang, f"  文件里没有、按缺失处理的列：{names}",
                     f"  columns that the file lacks, taken as missing: {names}")  # fmt: skip
    if report.unread:
        names = ", ".join(report.unread)
        yield either(lang, f"  没有读的列：{names}", f"  columns that nothing reads: {names}")
    if report.n_open_findings:
        yield either(lang, f"  数据问题现有 {report.n_open_findings:,} 条未处理（huitian check 可看）",
                     f"  {report.n_open_findings:,} quality findings are open (see huitian check)")  # fmt: skip
    if report.n_rejected and report.outcome != "dry_run":
        yield either(lang, f"  拒收的行连同原因已存，装载号 {report.load_id}；改好文件或映射后再装即可",
                     f"  rejected rows are kept with their reasons under load {report.load_id}; "
                     "mend the file or the mapping and load again")  # fmt: skip


def json_of(reports: Sequence[LoadReport], failed: Sequence[HuitianError]) -> str:
    """Return the result as one JSON object: ``loads`` and ``problems``."""
    told = {
        "loads": [report.plain() for report in reports],
        "problems": [error.problem() for error in failed],
    }
    return json.dumps(told, ensure_ascii=False)
