"""``huitian demo``: the demo city as files."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(help="演示城市 · the demo city.", no_args_is_help=True)


@app.callback()
def demo() -> None:
    """演示城市 · The demo city."""


@app.command("export")
def export(
    messy: Annotated[
        Path, typer.Option(help="写到哪个文件夹 · folder to write to.", metavar="DIR", show_default=False)
    ],
    seed: Annotated[
        int | None, typer.Option(help="随机种子 · seed; absent is that of the settings.", show_default=False)
    ] = None,
    as_of: Annotated[
        datetime | None,
        typer.Option(help="城市停在哪一刻（UTC） · instant at which it stands (UTC).", show_default="now"),
    ] = None,
) -> None:
    """写成一堆杂乱的文件 · Write the demo city as a messy pile of files, as a data office would find it.

    GB18030 and GCJ-02 among them, missing columns, duplicates; ``INDEX.txt`` says in which order to load them and
    ``truth.json`` what is wrong where.
    """
    from huitian.settings import read_settings
    from huitian.simulate.city import demo_city
    from huitian.simulate.messy import export_messy

    settings = read_settings(given={"demo_seed": seed})
    at = datetime.now(UTC) if as_of is None else as_of.replace(tzinfo=UTC)
    for ledger in export_messy(messy, demo_city(settings.demo_seed, at)):
        typer.echo(f"  {messy / ledger.name}  {ledger.n_rows} 行 rows · {ledger.encoding}")
    typer.echo(f"装载顺序 order of loading: {messy / 'INDEX.txt'}")
