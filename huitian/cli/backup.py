"""``huitian backup DIR TARGET``: a city into one archive, while it is served; ``--check`` reads one again."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from huitian.care.archive_reading import Archive
    from huitian.errors import Language


def backup(
    folder: Annotated[
        Path | None, typer.Argument(metavar="DIR", help="城市文件夹 · folder of the city", show_default=False)
    ] = None,
    target: Annotated[
        Path | None,
        typer.Argument(
            metavar="TARGET", show_default=False,
            help="存到哪里：….tar，或文件夹（自动命名） · ….tar, or a folder: named by city and time",
        ),
    ] = None,
    keep: Annotated[
        int, typer.Option(help="此城市只留最新几份，0 全留 · newest archives of this city that stay; 0: all", min=0)
    ] = 0,
    without_keys: Annotated[
        bool, typer.Option("--without-keys", help="不含 keys/ · leave out keys/")
    ] = False,
    check: Annotated[
        Path | None,
        typer.Option("--check", metavar="ARCHIVE", show_default=False,
                     help="只核对一份备份，列出内容 · read an archive again and tell what is inside"),
    ] = None,
) -> None:  # fmt: skip
    """备份城市，服务不必停 · Back up a city while it is served: records, files, keys, settings in one archive."""
    from huitian.app.keeping import back_up_city
    from huitian.care.archive_reading import read_archive
    from huitian.cli.copying_words import stoppable
    from huitian.cli.speaking import either, language
    from huitian.settings import read_settings

    if check is not None:
        if folder is not None:
            raise typer.BadParameter("huitian backup --check ARCHIVE")
        lang = language()
        with stoppable(lang) as watch:
            archive = read_archive(check, watch)
        tell_archive(archive, lang, is_listed=True)
        return
    if folder is None or target is None:
        raise typer.BadParameter("huitian backup DIR TARGET | huitian backup --check ARCHIVE")
    if target.suffix != ".tar" and (target.suffixes[-2:-1] == [".tar"] or target.is_file()):
        raise typer.BadParameter("….tar：内部已压缩 · ….tar: it is compressed inside")
    settings = read_settings(folder)
    lang = language(settings)
    with stoppable(lang) as watch:
        archive, removed = back_up_city(
            folder, settings, target, watch, with_keys=not without_keys, n_kept=keep
        )
    tell_archive(archive, lang, is_listed=False)
    for path in removed:
        typer.echo(either(lang, f"已删除较旧的 {path}", f"Removed the older {path}"))


def tell_archive(archive: "Archive", lang: "Language", *, is_listed: bool) -> None:
    """Say what an archive holds."""
    from huitian.cli.speaking import either

    manifest, path = archive.manifest, archive.path
    n_rows = sum(table.n_rows for table in manifest.tables)
    n_files = sum(member.name.startswith("files/") for member in manifest.members)
    size, made = f"{path.stat().st_size / 1e6:,.1f} MB", f"{manifest.made_at:%Y-%m-%d %H:%M:%S}Z"
    seq = manifest.newest_seq
    typer.echo(either(lang, f"备份完好：{path}（{size}）", f"The archive is whole: {path} ({size})"))
    zh = f"  {manifest.name_zh} · {made} · {n_rows:,} 行 · {n_files:,} 个文件 · 事件到 {seq:,}"
    en = f"  {manifest.name_en} · {made} · {n_rows:,} rows · {n_files:,} files · events up to {seq:,}"
    typer.echo(either(lang, zh, en))
    if is_listed:
        typer.echo(f"  city_id {manifest.city_id} · huitian {manifest.huitian} · schema {manifest.schema}")
        for table in manifest.tables:
            if table.n_rows:
                typer.echo(f"  {table.name:<18}{table.n_rows:>12,}  {table.sha256[:12]}")
    if manifest.has_keys:
        typer.echo(either(lang, "  含 keys/ 里的密钥，请妥善保管", "  It holds keys/: guard it like a key"))
        beside = path.with_name(f"huitian-{manifest.city_id[:8]}.keys")
        if beside.is_file() and not is_listed:
            zh = f"  个人信息的密钥在 {beside}：恢复时要用；只留最新的一份，不要另存旧的"
            en = f"  Keys of personal words are in {beside}: a restore needs it; keep the newest only"
            typer.echo(either(lang, zh, en))
    if manifest.missing_files:
        n, first = len(manifest.missing_files), manifest.missing_files[0]
        zh = f"  注意：{n} 张照片在城市文件夹里已缺失，例如 {first}"
        typer.echo(either(lang, zh, f"  Note: {n} photos are missing from the city folder, e.g. {first}"))
