"""``huitian user``: the accounts of a city."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(help="账号 · accounts.", no_args_is_help=True)
Folder = Annotated[Path, typer.Argument(help="城市文件夹 · folder of the city.")]
Name = Annotated[str, typer.Argument(help="登录名 · name to sign in with.")]
PasswordStdin = Annotated[
    bool, typer.Option("--password-stdin", help="从标准输入读口令 · read the password from standard input.")
]


class LensChoice(StrEnum):
    """How personal fields are masked."""

    V1 = "V1"
    V2 = "V2"
    V3 = "V3"


@app.callback()
def users() -> None:
    """账号 · Accounts."""


@app.command("add")
def add(
    folder: Folder,
    name: Name,
    role: Annotated[str, typer.Option(help="角色 · role, e.g. street_dispatcher, grid_worker, leader, data_admin.")],
    place: Annotated[
        str | None,
        typer.Option(
            help="只看这个地方及以下；全市角色可不写 · only this place and below; needed but for whole-city roles."
        ),
    ] = None,
    lens: Annotated[
        LensChoice, typer.Option(help="V1 大屏 wall，V2 工作人员 staff，V3 授权办理 authorised.")
    ] = LensChoice.V2,
    org: Annotated[str | None, typer.Option(help="所属组织编码 · organisation.")] = None,
    display_name: Annotated[str, typer.Option(help="显示的姓名 · name that is shown.")] = "",
    name_en: Annotated[str, typer.Option(help="英文界面显示的姓名 · name on English screens.")] = "",
    password_stdin: PasswordStdin = False,
) -> None:  # fmt: skip
    """新增账号 · Add an account; the password is asked for, or read from standard input."""
    from huitian.api.sign_in import add_user, new_user
    from huitian.app import open_city
    from huitian.base.roles import read_roles
    from huitian.errors import InvalidInput, NotFound, UnknownPlace
    from huitian.model.query import Condition, Query

    roles = read_roles(folder)
    if role not in roles.by_code:
        words = ", ".join(sorted(roles.by_code))
        raise InvalidInput(field="role", why=words, why_zh=f"可用：{words}", why_en=f"known: {words}")
    if lens.value > roles.of(role).lens_most:
        most = roles.of(role).lens_most
        raise InvalidInput(
            field="lens",
            why=f"{role}: at most {most}",
            why_zh=f"{role} 最高 {most}",
            why_en=f"{role} sees at most {most}",
        )
    if place is None and not roles.of(role).is_whole_city:
        raise InvalidInput(
            field="place",
            why=f"{role} needs --place",
            why_zh=f"{role} 不是全市角色，请用 --place 写明地方",
            why_en=f"{role} is no role of the whole city: name its place with --place",
        )
    city = open_city(folder)
    try:
        if place is not None and place not in city.planner.places.by_id:
            raise UnknownPlace(place_id=place, at=city.planner.today())
        if org is not None:
            query = Query("organisation", (Condition("org_id", "eq", org),), limit=2)
            if not city.planner.read(city.planner.system("organisation"), query).rows:
                raise NotFound(entity="organisation", object_id=org)
        user = new_user(
            name, read_password(is_piped=password_stdin), display_name, role, lens.value, place, org,
            name_en=name_en, least_chars=city.settings.min_password_chars,
        )  # fmt: skip
        add_user(city, user)
    finally:
        city.close()
    typer.echo(
        f"已新增 added: {user.account['user_name']} · {role} · {lens.value} · {place or '全市 whole city'}"
    )


@app.command("list")
def list_accounts(folder: Folder) -> None:
    """列出账号 · List the accounts with their grants in force: name, role, lens, place, name that is shown."""
    from huitian.api.accounts import list_users
    from huitian.app import open_city

    city = open_city(folder)
    try:
        now = city.clock.now()
        for user in list_users(city):
            held = [grant for grant in user.grants if grant.holds_at(now)]
            for grant in held:
                place = grant.place_id or "全市 whole city"
                typer.echo("  ".join((user.user_name, grant.role, grant.lens, place, user.display_name)))
            if not held:
                typer.echo(f"{user.user_name}  没有授权 no grant  {user.display_name}")
    finally:
        city.close()


@app.command("change")
def change(
    folder: Folder,
    name: Name,
    display_name: Annotated[str | None, typer.Option(help="显示的姓名 · name that is shown.")] = None,
    name_en: Annotated[
        str | None, typer.Option(help="英文界面显示的姓名，空则去掉 · name on English screens; empty: none.")
    ] = None,
) -> None:
    """改姓名 · Change the name that is shown; what is not named stays."""
    from huitian.api.accounts import change_names
    from huitian.app import open_city
    from huitian.errors import InvalidInput

    if display_name is None and name_en is None:
        raise InvalidInput(
            field="name_en",
            why="nothing to change",
            why_zh="没有要改的：请写 --display-name 或 --name-en",
            why_en="nothing to change: give --display-name or --name-en",
        )
    city = open_city(folder)
    try:
        shown = change_names(city, name, display_name, name_en)
    finally:
        city.close()
    typer.echo(f"已改姓名 name changed: {name} · {' · '.join(filter(None, shown))}")


@app.command("password")
def password(folder: Folder, name: Name, password_stdin: PasswordStdin = False) -> None:
    """改口令 · Set a new password; whoever is signed in with the account is signed out."""
    from huitian.api.accounts import set_password
    from huitian.app import open_city

    city = open_city(folder)
    try:
        set_password(city, name, read_password(is_piped=password_stdin))
    finally:
        city.close()
    typer.echo(f"已改口令 password set: {name}")


@app.command("remove")
def remove(folder: Folder, name: Name) -> None:
    """删除账号 · Remove an account; whoever is signed in with it is signed out."""
    from huitian.api.accounts import remove_user
    from huitian.app import open_city

    city = open_city(folder)
    try:
        remove_user(city, name)
    finally:
        city.close()
    typer.echo(f"已删除 removed: {name}")


def read_password(*, is_piped: bool) -> str:
    """Return the password: one line of standard input, or asked for twice without showing it."""
    import sys

    if is_piped:
        return sys.stdin.readline().rstrip("\r\n")
    return str(typer.prompt("口令 password", hide_input=True, confirmation_prompt="再输一次 again"))
