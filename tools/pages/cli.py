"""docs/reference/cli.md: every command as its own ``--help`` says it."""

from tools.pages import NOTE


def pages() -> dict[str, str]:
    """Return the page, made by Typer from the commands."""
    import importlib

    import typer
    from typer.cli import get_docs_for_click

    command = typer.main.get_command(importlib.import_module("huitian.cli.app").app)
    text = get_docs_for_click(
        obj=command, ctx=typer.Context(command), name="huitian", title="命令 · Commands"
    )
    return {"docs/reference/cli.md": f"{NOTE}\n{text.strip()}\n"}
