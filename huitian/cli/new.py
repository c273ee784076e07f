"""``huitian new``: the beginnings of a pack."""

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(help="新建 · begin something.", no_args_is_help=True)


@app.callback()
def begin() -> None:
    """新建 · Begin something new."""


@app.command("scenario")
def scenario(
    pack_id: Annotated[str, typer.Argument(help="场景编号，小写 · id, e.g. waste_sorting.", metavar="ID")],
    into: Annotated[Path, typer.Option(help="建在哪个文件夹里 · folder to make it in.")] = Path(),
) -> None:
    """新建一个场景包 · Begin a scenario pack: a folder that already passes ``huitian check scenario``."""
    from huitian.cli.pack_files import write_pack

    for path in write_pack(pack_id, into):
        typer.echo(f"  {path}")
    typer.echo(f"检查 check: huitian check scenario {into / pack_id}")
