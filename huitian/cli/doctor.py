"""``huitian doctor``: looks a city and its machine over, and says what to do."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from huitian.care.checks import Check
    from huitian.errors import Language
    from huitian.settings import Settings

SIGNS = {"ok": "✓", "warn": "▲", "fail": "■"}
WORDS = {"ok": ("正常", "ok"), "warn": ("注意", "warn"), "fail": ("不行", "fail")}


def doctor(
    folder: Annotated[
        Path | None,
        typer.Argument(help="城市文件夹，默认 HUITIAN_HOME · folder of the city.", show_default=False),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON · as JSON.")] = False,
) -> None:
    """体检：磁盘、时钟、库、密钥、权限、版本、设置、备份 · Look a city over and say what to do; changes nothing."""
    from huitian.care.checks import worst
    from huitian.care.store_checks import of_error
    from huitian.cli.speaking import FAILED, language
    from huitian.errors import HuitianError
    from huitian.settings import read_settings

    lang = language()
    try:
        settings = read_settings(folder)
        home = folder or settings.home
        if home is None:
            raise typer.BadParameter("给出城市文件夹，或设 HUITIAN_HOME · name a folder, or set HUITIAN_HOME")
        lang = language(settings)
        checks = examined(home, settings)
    except HuitianError as error:
        checks = [of_error("settings_read", error, "settings")]
    state = worst(checks)
    if as_json:
        from dataclasses import asdict

        told = {"state": state, "checks": [asdict(check) for check in checks]}
        typer.echo(json.dumps(told, ensure_ascii=False, indent=1))
    else:
        for check in checks:
            typer.echo(line(check, lang))
        typer.echo(summary(checks, lang))
    if state == "fail":
        raise typer.Exit(FAILED)


def examined(home: Path, settings: "Settings") -> "list[Check]":
    """Return every check of a city."""
    from huitian.app.stores import address_of
    from huitian.care.doctor import examine
    from huitian.clock import SystemClock

    address = address_of(settings) if settings.store_address else ""
    return examine(home, settings, address, SystemClock().now())


def line(check: "Check", lang: "Language") -> str:
    """Return what is said of one check: its sign, its state, what was found, and what to do."""
    from huitian.cli.speaking import either

    words = either(lang, check.words_zh, check.words_en)
    to_do = either(lang, check.what_to_do_zh, check.what_to_do_en)
    first = f"{SIGNS[check.state]} {either(lang, *WORDS[check.state]):<4} {check.code}: {words}"
    return f"{first}\n       → {to_do}" if to_do and check.state != "ok" else first


def summary(checks: "list[Check]", lang: "Language") -> str:
    """Return the last line: how many are how."""
    from huitian.cli.speaking import either

    n = {state: sum(check.state == state for check in checks) for state in SIGNS}
    return either(
        lang,
        f"共 {len(checks)} 项：{n['ok']} 正常，{n['warn']} 注意，{n['fail']} 不行",
        f"{len(checks)} checks: {n['ok']} ok, {n['warn']} warn, {n['fail']} fail",
    )
