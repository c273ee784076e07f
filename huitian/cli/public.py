"""``huitian public``: the public page on a host of its own, outside."""

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(help="独立主机上的居民页 · the public page on a host of its own.", no_args_is_help=True)
Folder = Annotated[Path, typer.Argument(metavar="DIR", help="对外主机的文件夹 · folder of the outside host.")]


@app.callback()
def public() -> None:
    """独立主机上的居民页 · The public page on a host of its own."""


@app.command("init")
def init(
    folder: Folder,
    name: Annotated[
        str, typer.Option("--as", help="这台主机的名称：小写字母和数字 · name of the host: small letters, digits.")
    ] = "outside",
    city: Annotated[
        str, typer.Option("--trust", help="城市的公钥，一行 · the city's public key, one line.")
    ] = "",
) -> None:  # fmt: skip
    """新建对外主机的文件夹 · Make the folder of an outside host; prints its public key."""
    from huitian.app.outside import make_outside

    keys = make_outside(folder, name)
    typer.echo(f"已建 made: {folder} · {keys.name}")
    typer.echo(str(keys.public))
    if city:
        from huitian.app.ferry import open_ferry
        from huitian.ferry.peers import trust

        with open_ferry(folder) as parts:
            typer.echo(f"信任 trusted: {trust(parts, city).name}")


@app.command("serve")
def serve(
    folder: Folder,
    host: Annotated[
        str | None, typer.Option(help="监听地址 · address to listen on.", show_default=False)
    ] = None,
    port: Annotated[
        int | None, typer.Option(help="监听端口，0 为任选 · port, 0 for any free one.", show_default=False)
    ] = None,
    quiet: Annotated[bool, typer.Option(help="不记每个请求 · no line a request in the log.")] = False,
) -> None:
    """只启动居民页 · Serve the public page, and nothing else, until Ctrl-C."""
    from huitian.api.logs import start_log
    from huitian.api.running import listen, run
    from huitian.app.outside import check_ready, open_outside
    from huitian.settings import read_settings

    settings = read_settings(folder, given={"host": host, "port": port})
    socket = listen(settings.host, settings.port)
    with socket:
        city = open_outside(folder, settings)
        try:
            city.engine.hold()
            check_ready(city)
            start_log(city.settings, is_quiet=quiet)
            name = f"{city.settings.name_zh} {city.settings.name_en}"
            run(city, socket, lambda base: typer.echo(f"回天 Huitian · {name}\n  {base}/public"))
        finally:
            city.close()
