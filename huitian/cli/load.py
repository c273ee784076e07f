"""``huitian load DIR KIND FILE…``: files into the city, with a summary; the same command again resumes."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from huitian.cli.stopping import stop_signal

if TYPE_CHECKING:
    from huitian.app.city import OpenCity
    from huitian.errors import Language
    from huitian.ingest.load import Loader
    from huitian.ingest.mapping import RowMap
    from huitian.ingest.report import LoadReport
    from huitian.sources.kinds import SourceKind

INTERRUPTED = 130


def load(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="城市文件夹 · folder of the city")],
    kind: Annotated[
        str, typer.Argument(metavar="KIND", help="来源类：geojson csv json letters · kind of source")
    ],
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="文件 · files")],
    map_file: Annotated[
        Path | None,
        typer.Option("--map", metavar="M.toml", help="映射；缺省时按列名猜 · mapping; else it is guessed"),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只试不写 · try, write nothing")] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="结果为一个 JSON · result as one JSON object")
    ] = False,
) -> None:
    """把文件装入城市 · Load files into the city.

    Exit code 0: done; 1: an error; 2: called wrongly; 3: nothing could be read; 130: stopped.
    """
    from huitian.app.city import open_city
    from huitian.cli.load_words import json_of, summary
    from huitian.cli.speaking import NOTHING_READ, OK, USAGE, language, tell
    from huitian.errors import FileUnreadable, MappingInvalid
    from huitian.sources.kinds import source_kind

    source = source_kind(kind)
    city = open_city(folder)
    lang = language(city.settings)
    reports: list[LoadReport] = []
    failed: list[FileUnreadable | MappingInvalid] = []
    try:
        loader = _loader(city)
        with stop_signal() as stopped:
            for path in files:
                try:
                    reports.append(_load_one(loader, source, path, map_file, dry_run, stopped, as_json, lang))
                except (FileUnreadable, MappingInvalid) as error:
                    failed.append(error)
                    if not as_json:
                        tell(error, lang)
                if stopped:
                    break
        if not dry_run:
            _release(city, reports, lang, is_quiet=as_json)
    finally:
        city.close()
    if as_json:
        typer.echo(json_of(reports, failed))
    else:
        for report in reports:
            summary(report, lang)
    if stopped:
        raise typer.Exit(INTERRUPTED)
    if any(isinstance(error, MappingInvalid) for error in failed):
        raise typer.Exit(USAGE)
    n_good = sum(report.n_done_before + report.n_read - report.n_rejected for report in reports)
    raise typer.Exit(OK if n_good or not (failed or reports) else NOTHING_READ)


def _release(city: "OpenCity", reports: Sequence["LoadReport"], lang: "Language", *, is_quiet: bool) -> None:
    """Release counts of persons after a load of them, where this month has none; else say that it is behind."""
    from huitian.cli.speaking import either, tell
    from huitian.errors import ReleaseUnsafe

    releases = city.indicators.releases
    if releases is None or not any(r.entity in {"person", "household"} and r.n_written for r in reports):
        return
    try:
        made = releases.make()
    except ReleaseUnsafe as error:
        tell(error, lang)
        return
    if not made and not is_quiet:
        zh = "人数仍按本月已有的发布显示；要按新数据发布：huitian release make DIR --again"
        en = (
            "Counts of persons stay as released this month; to release anew: huitian release make DIR --again"
        )
        typer.echo(either(lang, zh, en))


def _loader(city: "OpenCity") -> "Loader":
    from huitian.ingest.load import Limits, Loader

    limits = Limits(city.settings.box, city.settings.max_letter_chars)
    return Loader(city.engine.records, city.planner, city.clock, limits, city.stories)


def _load_one(
    loader: "Loader", source: "SourceKind", path: Path, map_file: Path | None, is_dry: bool,
    stopped: Sequence[int], is_quiet: bool, lang: "Language",
) -> "LoadReport":  # fmt: skip
    from huitian.cli.load_words import progress_bar
    from huitian.ingest.load import Watch

    mapping = _mapping(source, path, map_file, lang)
    with progress_bar(path.name, is_quiet) as advanced:
        watch = Watch(advanced, lambda: bool(stopped))
        return loader.load(path, source, mapping, is_dry=is_dry, watch=watch)


def _mapping(source: "SourceKind", path: Path, map_file: Path | None, lang: "Language") -> "RowMap":
    """Read the mapping, or guess one and show it."""
    from huitian.ingest.mapping_file import read_mapping

    if map_file is not None:
        return read_mapping(map_file, source)
    from huitian.cli.speaking import either
    from huitian.ingest.guess import guess_mapping

    options = {name: option.default for name, option in source.options.items()}
    mapping, as_toml = guess_mapping(source, path, source.opener()(path, options))
    typer.echo(either(lang, f"没有 --map，按列名猜得映射（可存为文件再改）：\n\n{as_toml}",
                      f"No --map; guessed from the names of the columns (save it to mend it):\n\n{as_toml}"),
               err=True)  # fmt: skip
    return mapping
