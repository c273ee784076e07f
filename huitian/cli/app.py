"""All commands."""

import typer

from huitian.cli import check, demo, init, load, new, serve, user

app = typer.Typer(
    name="huitian", help="回天 Huitian: 一座城市，一个数据库 · one city, one data base.", no_args_is_help=True,
    add_completion=False, pretty_exceptions_enable=False,
)  # fmt: skip
app.command("init")(init.init)
app.command("load")(load.load)
app.command("serve")(serve.serve)
app.command("check")(check.check)
app.add_typer(user.app, name="user")
app.add_typer(new.app, name="new")
app.add_typer(demo.app, name="demo")
