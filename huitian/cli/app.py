"""All commands."""

from typing import Annotated

import typer

from huitian.cli import (
    audit,
    backup,
    check,
    demo,
    doctor,
    erase,
    ferry,
    gis,
    grant,
    init,
    keys,
    load,
    move,
    new,
    public,
    release,
    restore,
    retain,
    serve,
    token,
    user,
)

app = typer.Typer(
    name="huitian", help="回天 Huitian: 一座城市，一个数据库 · one city, one data base.", no_args_is_help=True,
    add_completion=False, pretty_exceptions_enable=False,
)  # fmt: skip


def tell_version(is_asked: bool) -> None:
    """Write the version and end, where it is asked for."""
    if is_asked:
        from importlib.metadata import version

        typer.echo(f"huitian {version('huitian')}")
        raise typer.Exit


@app.callback()
def huitian(
    version: Annotated[
        bool, typer.Option("--version", help="版本 · the version.", callback=tell_version, is_eager=True)
    ] = False,
) -> None:
    """回天 Huitian: 一座城市，一个数据库 · one city, one data base."""


app.command("init")(init.init)
app.command("load")(load.load)
app.command("serve")(serve.serve)
app.command("check")(check.check)
app.command("move")(move.move)
app.command("backup")(backup.backup)
app.command("restore")(restore.restore)
app.command("doctor")(doctor.doctor)
app.add_typer(release.app, name="release")
app.command("gis")(gis.gis)
app.command("erase")(erase.erase)
app.add_typer(retain.retain_app, name="retain")
app.add_typer(keys.app, name="keys")
app.add_typer(user.app, name="user")
app.add_typer(grant.app, name="grant")
app.add_typer(token.app, name="token")
app.add_typer(audit.app, name="audit")
app.add_typer(new.app, name="new")
app.add_typer(demo.app, name="demo")
app.add_typer(public.app, name="public")
app.add_typer(ferry.app, name="ferry")
