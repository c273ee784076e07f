"""``huitian restore ARCHIVE DIR``: a city out of an archive that was found whole."""

from pathlib import Path
from typing import Annotated

import typer


def restore(
    archive: Annotated[Path, typer.Argument(metavar="ARCHIVE", help="备份文件 · the archive")],
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="城市文件夹，须是空的 · folder of the city, empty")],
    store: Annotated[
        str,
        typer.Option(
            "--store", metavar="ADDRESS", show_default=False,
            help="空的 PostgreSQL 库，或 sqlite · an empty PostgreSQL database, or sqlite, the default",
        ),
    ] = "",
    keys: Annotated[
        Path | None,
        typer.Option("--keys", metavar="FILE", show_default=False,
                     help="密封内容的密钥，默认取备份旁的 huitian-….keys · keys of what is sealed, "
                     "huitian-….keys beside the archive by default"),
    ] = None,
    replace: Annotated[
        bool,
        typer.Option("--replace", help="替换其中的城市，旧的留在旁边 · take the place of a city, kept beside"),
    ] = False,
) -> None:  # fmt: skip
    """从备份恢复城市 · Restore a city: the whole archive is checked first, then written, then compared."""
    from huitian.app.keeping import restore_city
    from huitian.cli.copying_words import stoppable, table_of
    from huitian.cli.speaking import either, language

    lang = language()
    with stoppable(lang) as watch:
        report = restore_city(archive, folder, store, watch, is_replacing=replace, keys=keys)
    table_of(report.tables, lang)
    made = f"{report.manifest.made_at:%Y-%m-%d %H:%M:%S}Z"
    zh = f"已恢复到 {folder}（{report.where}），备份于 {made}，各表与清单一致"
    en = f"Restored into {folder} ({report.where}) as of {made}; every table is as the manifest tells"
    typer.echo(either(lang, zh, en))
    if report.before is not None:
        typer.echo(either(lang, f"原来的城市在 {report.before}，确认无误后可删除",
                          f"The city that was there is in {report.before}; remove it when all is well"))  # fmt: skip
