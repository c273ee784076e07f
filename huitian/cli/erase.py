"""``huitian erase``: what is personal of a case or a person goes, backups included."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from huitian.app.city import OpenCity
    from huitian.cases.erasing import Erased, Erasing
    from huitian.errors import Language
    from huitian.model.scope import Scope

Folder = Annotated[Path, typer.Argument(metavar="DIR", help="城市文件夹 · folder of the city.")]


def erase(
    folder: Folder,
    case: Annotated[str, typer.Option("--case", metavar="NO", help="案件编号 · number of a case")] = "",
    person: Annotated[str, typer.Option("--person", metavar="ID", help="人员编码 · id of a person")] = "",
    reason: Annotated[str, typer.Option("--reason", help="事由，记入审计 · why; kept and audited")] = "",
    even_open: Annotated[
        bool, typer.Option("--even-open", help="未办结也删 · also a case that is still worked on")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="不再询问 · do not ask")] = False,
) -> None:  # fmt: skip
    """删除个人信息，备份也打不开，不能恢复 · Erase what is personal, from archives too; it cannot be undone."""
    from huitian.app import open_city
    from huitian.cli.speaking import either, language

    if bool(case) == bool(person):
        raise typer.BadParameter("--case NO | --person ID")
    if not reason.strip():
        raise typer.BadParameter("--reason：请写明事由 · say why")
    city = open_city(folder)
    lang = language(city.settings)
    try:
        named = case or person
        if not yes:
            asked = either(
                lang, f"删除 {named} 的个人信息，不能恢复？", f"Erase what is personal of {named}?"
            )
            typer.confirm(asked, abort=True)
        erasing = erasing_of(city)
        if case:
            done = erasing.erase_case(system_scope(), case, reason, is_even_open=even_open)
        else:
            done = erasing.erase_person(system_scope(), person, reason)
    finally:
        city.close()
    tell(done, lang)


def erasing_of(city: "OpenCity") -> "Erasing":
    """Return what erases in an open city."""
    from huitian.cases.erasing import Erasing

    return Erasing(city.parts, city.engine)


def system_scope() -> "Scope":
    """Return the reader that a command of whoever runs the server is."""
    from huitian.model.scope import Scope

    return Scope("system", None, "V3", "system")


def tell(done: "Erased", lang: "Language") -> None:
    """Say what was erased, and what was not in reach."""
    from huitian.cli.speaking import either

    n_keys, n_values, n_files = done.n_keys, done.n_values, done.n_files
    zh = f"已删除 {done.subject_id}：销毁 {n_keys} 把密钥，清空 {n_values} 行，移除 {n_files} 张照片"
    en = f"Erased {done.subject_id}: {n_keys} keys destroyed, {n_values} rows emptied, {n_files} photos removed"
    typer.echo(either(lang, zh, en))
    if not done.is_sealed:
        zh = "注意：本市还没有密封（huitian keys seal），此前的备份里仍是明文，请另行销毁"
        en = "Note: this city is not sealed (huitian keys seal); older archives hold the words: destroy them"
        typer.echo(either(lang, zh, en))
    for path in done.left:
        zh = f"注意：密钥的副本曾写到 {path}，现已不在或不能改写；请找到并销毁，或可写后再执行一次"
        en = f"Note: a copy of the keys was written to {path} and cannot be renewed: destroy it, or erase again"
        typer.echo(either(lang, zh, en))
