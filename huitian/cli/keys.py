"""``huitian keys``: the keys that personal words are sealed under; seal, rotate, list, retire."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from huitian.app.stores import AnyEngine
    from huitian.engine.sealing import Vault
    from huitian.settings import Settings

app = typer.Typer(help="个人信息的密钥 · keys of personal words.", no_args_is_help=True)
Folder = Annotated[Path, typer.Argument(metavar="DIR", help="城市文件夹 · folder of the city.")]


@app.callback()
def keys() -> None:
    """个人信息的密钥 · Keys that personal words are sealed under."""


@app.command("seal")
def seal(folder: Folder) -> None:
    """密封从前写下的个人信息，服务不必停 · Seal what was written before, while the city is served."""
    from huitian.app.stores import open_store
    from huitian.cli.speaking import either, language
    from huitian.engine.sealing.guarding import begin
    from huitian.engine.sealing.walk import seal_all

    settings, lang = settings_of(folder), language(settings_of(folder))
    engine = open_store(folder, settings)
    vault = vault_in(engine)
    try:
        begin(engine, vault)
        done = seal_all(
            engine, vault, lambda name, n: typer.echo(f"  {name}  {n:,}") if n % 10_000 == 0 else None
        )
        # What lay open is in the log of the store still, and a served city keeps that.
        engine.empty_log()
    finally:
        engine.close()
    zh = f"已密封 {done.n_sealed:,} 行、{done.n_files:,} 张照片；请重启正在运行的旧版本服务，并重新备份"
    en = f"Sealed {done.n_sealed:,} rows, {done.n_files:,} photos; older archives hold them open: make a new one"
    typer.echo(either(lang, zh, en))


@app.command("list")
def list_keys(folder: Folder) -> None:
    """列出主密钥：编号、其下密钥数、状态 · List the master keys: number, keys under it, state."""
    from huitian.app.stores import vault_of
    from huitian.cli.speaking import either, language

    settings = settings_of(folder)
    lang, vault = language(settings), vault_of(folder, settings)
    try:
        for number, (n_keys, is_retired) in vault.states().items():
            state = either(lang, "已退役", "retired") if is_retired else either(lang, "在用", "in use")
            typer.echo(f"  {number:>4}  {n_keys:>12,}  {state}")
        n_gone, _ = vault.store.latest_end()
        typer.echo(either(lang, f"已销毁 {n_gone:,} 把", f"{n_gone:,} destroyed"))
    finally:
        vault.close()


@app.command("rotate")
def rotate(
    folder: Folder,
    go_on: Annotated[
        bool, typer.Option("--continue", help="只接着做完上一次 · only finish the last one, after a kill")
    ] = False,
) -> None:  # fmt: skip
    """换一把主密钥，服务不必停 · Begin a new master key and wrap all keys under it, while the city is served."""
    from huitian.app.stores import vault_of
    from huitian.cli.speaking import either, language

    settings = settings_of(folder)
    lang, vault = language(settings), vault_of(folder, settings)
    try:
        number = max(vault.states()) if go_on else vault.rotate()
        n_done = 0
        while n_now := vault.rewrap():
            n_done += n_now
    finally:
        vault.close()
    zh = f"主密钥 {number} 已启用，{n_done:,} 把密钥改由它保护；确认无误后可 huitian keys retire 旧的"
    en = f"Master key {number} is in use, {n_done:,} keys are under it now; the former may be retired when all is well"
    typer.echo(either(lang, zh, en))
    zh = "请现在就备份（huitian backup）：已有的备份里都没有新的主密钥"
    en = "Back up now (huitian backup): no archive has the new master key yet"
    typer.echo(either(lang, zh, en))


@app.command("retire")
def retire(
    folder: Folder, number: Annotated[int, typer.Argument(metavar="NUMBER", help="主密钥编号 · its number.", min=1)]
) -> None:  # fmt: skip
    """删掉不再使用的主密钥 · Remove a master key that nothing is wrapped under any more."""
    from huitian.app.stores import vault_of
    from huitian.cli.speaking import either, language
    from huitian.errors import KeyInUse

    settings = settings_of(folder)
    lang, vault = language(settings), vault_of(folder, settings)
    try:
        if not vault.retire(number):
            raise KeyInUse(number=number)
    finally:
        vault.close()
    typer.echo(either(lang, f"主密钥 {number} 已退役", f"Master key {number} is retired"))


def settings_of(folder: Path) -> "Settings":
    """Return the settings of a city.

    Raises:
        CityMissing: There is none in the folder.
    """
    from huitian.errors import CityMissing
    from huitian.settings import CITY_FILE, read_settings

    if not (folder / CITY_FILE).is_file():
        raise CityMissing(home=str(folder))
    return read_settings(folder)


def vault_in(engine: "AnyEngine") -> "Vault":
    """Return the keys that a store was opened with."""
    vault = engine.records.vault
    assert vault is not None  # noqa: S101
    return vault
