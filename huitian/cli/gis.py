"""``huitian gis DIR``: views for map programs such as QGIS, in PostgreSQL with PostGIS."""

from pathlib import Path
from typing import Annotated

import typer


def gis(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="城市文件夹 · folder of the city")],
    is_removing: Annotated[
        bool, typer.Option("--remove", help="移除视图与索引 · Remove the views and their indexes.")
    ] = False,
) -> None:
    """为 QGIS 等建 PostGIS 视图 · Make PostGIS views for QGIS and others; again makes them anew."""
    from huitian.app.gis import ROLE, SCHEMA, make_gis, remove_gis
    from huitian.cli.speaking import either, language
    from huitian.settings import read_settings

    settings = read_settings(folder)
    lang = language(settings)
    if is_removing:
        was_there = remove_gis(folder, settings)
        done = (
            either(lang, "已移除。", "Removed.")
            if was_there
            else either(lang, "本来就没有。", "There were none.")
        )
        stays = either(
            lang, f"角色 {ROLE} 与扩展 postgis 保留。", f" Role {ROLE} and extension postgis stay."
        )
        typer.echo(done + stays)
        return
    srid, counts = make_gis(folder, settings)
    who = either(lang, f"角色 {ROLE} 只能读这些视图：", f"role {ROLE} may read these views and nothing else:")
    typer.echo(f"schema {SCHEMA} · EPSG:{srid} · {who}")
    for name, n_rows in counts.items():
        typer.echo(f"  {name:<16} {n_rows:>9,}")
