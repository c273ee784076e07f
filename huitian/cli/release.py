"""``huitian release``: counts of persons and households, released so that nobody in them can be worked out."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from huitian.indicators.cubes.kept import Release

app = typer.Typer(help="人数发布 · releases of counts of persons.", no_args_is_help=True)
Folder = Annotated[Path, typer.Argument(metavar="DIR", help="城市文件夹 · folder of the city.")]


@app.callback()
def releases() -> None:
    """人数发布 · Releases of counts of persons."""


@app.command("make")
def make(
    folder: Folder,
    is_again: Annotated[
        bool, typer.Option("--again", help="本月已有发布也再做一次 · beside those of this month.")
    ] = False,
) -> None:
    """发布人数户数，每月每版次一次 · Release counts of persons and households, once a month and edition."""
    from huitian.app import open_city
    from huitian.cli.speaking import either, language

    city = open_city(folder)
    try:
        lang = language(city.settings)
        made = city.indicators.releases.make(is_again=is_again) if city.indicators.releases else []
        if not made:
            typer.echo(either(lang, "没有新发布。", "Nothing new to release."))
        for one in made:
            typer.echo(told(one))
    finally:
        city.close()


@app.command("list")
def list_releases(folder: Folder) -> None:
    """列出发布 · List releases, and whether the register has changed since."""
    from huitian.app import open_city
    from huitian.cli.speaking import either, language

    city = open_city(folder)
    try:
        lang = language(city.settings)
        releases = city.indicators.releases
        for one in releases.all() if releases else []:
            n_loads = releases.loads_since(one) if releases else 0
            behind = (
                either(lang, f" · 之后又有 {n_loads} 次装载", f" · {n_loads} loads since") if n_loads else ""
            )
            typer.echo(told(one) + behind)
    finally:
        city.close()


@app.command("check")
def check(folder: Folder) -> None:
    """以线性规划攻击最近的发布 · Attack the last releases by linear programmes; 1 if anything can be narrowed."""
    from huitian.app import open_city
    from huitian.cli.speaking import either, language

    city = open_city(folder)
    is_safe = True
    try:
        lang = language(city.settings)
        for one in city.indicators.releases.check() if city.indicators.releases else []:
            is_safe &= one.is_safe
            words = either(
                lang, f"被保护 {one.n_withheld}，可推出 {one.n_recovered}，最窄 {one.least_width} 种可能",
                f"{one.n_withheld} withheld, {one.n_recovered} recovered, narrowest {one.least_width} values",
            )  # fmt: skip
            typer.echo(f"{one.release_id} · k {one.k} · {words}")
    finally:
        city.close()
    raise typer.Exit(0 if is_safe else 1)


def told(release: "Release") -> str:
    """Return one line of a release."""
    return (
        f"{release.release_id} · {release.counted_at:%Y-%m-%d %H:%M}Z · k {release.k} · {release.n_cells} cells · "
        f"{release.n_below} below k · {release.n_withheld} withheld · narrowest {release.least_width} · "
        f"{release.content_hash[:12]}"
    )
