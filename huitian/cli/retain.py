"""``huitian retain``: what was kept long enough goes, kind by kind, backups included."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from huitian.cases.retention import Kept
    from huitian.errors import Language

retain_app = typer.Typer(help="按期限销毁 · retention.", no_args_is_help=True)
Folder = Annotated[Path, typer.Argument(metavar="DIR", help="城市文件夹 · folder of the city.")]


@retain_app.callback()
def retention() -> None:
    """按期限销毁 · Retention."""


@retain_app.command("list")
def list_terms(folder: Folder) -> None:
    """列出各类个人信息的期限和到期数量 · Show every kind, its term, how many are over, and the oldest."""
    from huitian.app import open_city
    from huitian.cases.retention import Retention
    from huitian.cli.speaking import either, language

    city = open_city(folder)
    try:
        lang = language(city.settings)
        for kept in Retention(city.parts, city.engine).table():
            over = either(lang, f"到期 {kept.n_over:,}", f"{kept.n_over:,} over")
            typer.echo(f"  {named(kept, lang)}  {length_of(kept, lang)}  {over}{oldest_of(kept, lang)}")
    finally:
        city.close()


@retain_app.command("run")
def run(
    folder: Folder,
    what_if: Annotated[bool, typer.Option("--what-if", help="只列出，不销毁 · only list them")] = False,
) -> None:  # fmt: skip
    """销毁到期的个人信息，数字不变 · Destroy what was kept long enough; figures stay."""
    from huitian.app import open_city
    from huitian.care.last_retention import note_retention
    from huitian.cases.retention import Retention
    from huitian.cli.speaking import either, language

    city = open_city(folder)
    try:
        lang = language(city.settings)
        retention = Retention(city.parts, city.engine)
        n_left = 0 if what_if else retention.finish()
        if n_left:
            zh = f"先做完中断的删除：余下 {n_left:,} 项"
            typer.echo(either(lang, zh, f"Finished what was cut short: {n_left:,} keys, rows and photos"))
        for kept in retention.table() if what_if else retention.run():
            n = kept.n_over
            zh, en = (f"到期 {n:,}，未作改动", f"{n:,} are over; nothing was changed") if what_if else (
                f"已销毁 {n:,}", f"{n:,} destroyed")  # fmt: skip
            if not kept.length:
                zh, en = f"一直保留（{kept.term.setting} 为 0）", f"kept for ever ({kept.term.setting} is 0)"
            typer.echo(f"  {named(kept, lang)}  {either(lang, zh, en)}{oldest_of(kept, lang)}")
        if not what_if:
            note_retention(folder, city.clock.now())
    finally:
        city.close()


def named(kept: "Kept", lang: "Language") -> str:
    """Return the kind, in words."""
    return kept.term.title_en if lang == "en" else kept.term.title_zh


def length_of(kept: "Kept", lang: "Language") -> str:
    """Return how long it is kept, and by which setting."""
    from huitian.cli.speaking import either

    n, is_years = kept.length, kept.term.setting.endswith("_years")
    zh = f"{n} {'年' if is_years else '天'}" if n else "一直保留"
    en = f"{n} {'years' if is_years else 'days'}" if n else "for ever"
    return f"{either(lang, zh, en)} ({kept.term.setting})"


def oldest_of(kept: "Kept", lang: "Language") -> str:
    """Return from when the oldest of them counts; empty where there is none."""
    from huitian.cli.speaking import either
    from huitian.clock import day_of

    if kept.oldest_at is None:
        return ""
    day = day_of(kept.oldest_at).isoformat()
    return either(lang, f"，最早 {day}", f", the oldest from {day}")
