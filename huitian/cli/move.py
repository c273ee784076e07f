"""``huitian move DIR --to ADDRESS``: a city to another engine, and back."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from huitian.app.moving import MoveReport
    from huitian.errors import Language


def move(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="城市文件夹 · folder of the city")],
    to: Annotated[
        str,
        typer.Option(
            "--to",
            metavar="ADDRESS",
            help="postgresql://用户@主机:端口/库，或 sqlite（回到文件夹） · "
            "postgresql://user@host:port/database, or sqlite: back into the folder",
        ),
    ],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="只比较，不改动 · compare, change nothing")
    ] = False,
) -> None:
    """把城市迁到另一种库 · Move a city to another store: stopped, copied, compared, switched over.

    The same command again goes on after an interruption. Exit code 0: done; 1: an error; 130: stopped.
    """
    from huitian.app.moving import move_city
    from huitian.cli.copying_words import stoppable, table_of
    from huitian.cli.speaking import language
    from huitian.settings import read_settings

    settings = read_settings(folder)
    lang = language(settings)
    with stoppable(lang) as watch:
        report = move_city(folder, settings, to, watch, is_dry=dry_run)
    if report.tables:
        table_of(report.tables, lang)
    tell_move(report, lang)


def tell_move(report: "MoveReport", lang: "Language") -> None:
    """Say where the city is now, and what is left to do."""
    from huitian.cli.speaking import either

    where, left = report.where, report.left
    if report.state == "compared":
        n = sum(
            one.wanted.n_rows > 0 if one.found is None else one.wanted != one.found for one in report.tables
        )
        typer.echo(either(lang, f"只比较：{left} 与 {where} 有 {n} 张表不同，没有改动",
                          f"Compared only: {n} tables of {left} and {where} differ; nothing was changed"))  # fmt: skip
        return
    if report.state == "there":
        typer.echo(either(lang, f"城市已在 {where}", f"The city is in {where} already"))
        return
    typer.echo(either(lang, f"城市已从 {left} 迁到 {where}，city.toml 已改",
                      f"The city was moved from {left} to {where}; city.toml names it"))  # fmt: skip
    if report.where.startswith("postgresql"):
        typer.echo(either(lang, "口令不写入文件；需要时请设 HUITIAN_STORE_PASSWORD 或 HUITIAN_STORE_PASSWORD_FILE",
                          "No password is written down: where the server needs one, set HUITIAN_STORE_PASSWORD or "
                          "HUITIAN_STORE_PASSWORD_FILE"))  # fmt: skip
    if report.is_overridden:
        typer.echo(either(lang, "注意：环境变量 HUITIAN_STORE_ADDRESS 仍指旧库，请删去",
                          "Note: HUITIAN_STORE_ADDRESS still names the old store; take it away"))  # fmt: skip
