"""``huitian audit``: checks the chain of looks, changes, exports and grants, and prints its end to keep outside."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from huitian.audit.verify import Broken, Verified
    from huitian.errors import Language
    from huitian.model.audit import Head

app = typer.Typer(
    help="核对审计链 · Check the chain of looks, changes, exports and grants.", no_args_is_help=True
)
Folder = Annotated[Path, typer.Argument(help="城市文件夹 · folder of the city.")]
WORDS = {
    "missing": ("缺少记录", "rows are missing"),
    "changed": ("内容被改动", "the row is not what was hashed"),
    "unlinked": ("与前一条不相连", "the row does not follow the one before it"),
    "subjects": ("涉及对象的名单被改动", "the list of whose it was is another"),
    "cut": ("链尾被截断", "the end was cut off"),
    "other_head": ("与留存的链头不符", "the row that was kept as head is another"),
    "unknown_version": ("编码版本不认识", "a newer Huitian wrote the row"),
}


@app.command("verify")
def verify(
    folder: Folder,
    head: Annotated[
        str | None,
        typer.Option(help="留存的链头，序号:摘要 · a head that was kept, NUMBER:HASH.", show_default=False),
    ] = None,
) -> None:
    """逐条核对审计链 · Walk the whole chain; with a kept head a cut end is found too. Exit code 1: it is broken.

    Raises:
        typer.Exit: With 1, when the chain is broken.
    """
    from huitian.app.stores import open_store
    from huitian.audit.verify import verify as walk
    from huitian.cli.copying_words import stoppable
    from huitian.cli.speaking import FAILED, either, language
    from huitian.settings import read_settings

    kept = None if head is None else head_told(head)
    settings = read_settings(folder)
    lang = language(settings)
    engine = open_store(folder, settings)
    try:
        with stoppable(lang) as watch:
            found = walk(engine, kept, watch)
    finally:
        engine.close()
    for broken in found.broken:
        typer.echo(line(broken, lang), err=True)
    if found.n_broken:
        told = (
            f"{found.n_broken} 处不对，共 {found.n_rows} 条",
            f"{found.n_broken} faults in {found.n_rows} rows",
        )
        typer.echo(either(lang, *told), err=True)
        raise typer.Exit(FAILED)
    typer.echo(summary(found, lang, is_kept=kept is not None))


@app.command("head")
def head(folder: Folder) -> None:
    """显示链头，抄出去另存 · Print the end of the chain; kept elsewhere it proves later that nothing was cut off."""
    from huitian.app.stores import open_store
    from huitian.audit.verify import head_of
    from huitian.settings import read_settings

    engine = open_store(folder, read_settings(folder))
    try:
        typer.echo(str(head_of(engine)))
    finally:
        engine.close()


def head_told(words: str) -> "Head":
    """Return a head as it was printed.

    Raises:
        typer.BadParameter: It is none.
    """
    from huitian.model.audit import Head

    number, _, row_hash = words.strip().partition(":")
    is_hash = len(row_hash) == 64 and not set(row_hash) - set("0123456789abcdef")
    if not number.isascii() or not number.isdigit() or not is_hash:
        raise typer.BadParameter("序号:摘要 · NUMBER:HASH, as `huitian audit head` prints it")
    return Head(int(number), row_hash)


def line(broken: "Broken", lang: "Language") -> str:
    """Return one fault for people."""
    from huitian.cli.speaking import either

    seqs = f"{broken.seq}–{broken.upto}" if broken.upto > broken.seq else str(broken.seq)
    return f"■ {seqs}  {either(lang, *WORDS[broken.fault])}  [{broken.fault}]"


def summary(found: "Verified", lang: "Language", *, is_kept: bool) -> str:
    """Return what a walk without faults says."""
    from huitian.cli.speaking import either

    told = either(lang, f"审计链完整：{found.n_rows} 条", f"The chain is whole: {found.n_rows} rows")
    against = (
        either(lang, "，与留存的链头相符", ", and agrees with the head that was kept") if is_kept else ""
    )
    return f"{told}{against}  {found.head}"
