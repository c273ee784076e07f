"""``huitian user``: the accounts of a city."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(help="账号 · accounts.", no_args_is_help=True)


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
    folder: Annotated[Path, typer.Argument(help="城市文件夹 · folder of the city.")],
    name: Annotated[str, typer.Argument(help="登录名 · name to sign in with.")],
    role: Annotated[str, typer.Option(help="角色 · role, e.g. street_dispatcher, grid_worker, leader, data_admin.")],
    place: Annotated[str | None, typer.Option(help="只看这个地方及以下 · only this place and below.")] = None,
    lens: Annotated[
        LensChoice, typer.Option(help="V1 大屏 wall，V2 工作人员 staff，V3 授权办理 authorised.")
    ] = LensChoice.V2,
    org: Annotated[str | None, typer.Option(help="所属组织编码 · organisation.")] = None,
    display_name: Annotated[str, typer.Option(help="显示的姓名 · name that is shown.")] = "",
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help="从标准输入读口令 · read the password from standard input.")
    ] = False,
) -> None:  # fmt: skip
    """新增账号 · Add an account; the password is asked for, or read from standard input."""
    from huitian.api.sign_in import add_user, user_row
    from huitian.app import open_city
    from huitian.base.entities import STAFF
    from huitian.errors import InvalidInput, NotFound, UnknownPlace
    from huitian.model.query import Condition, Query

    known = sorted(STAFF - {"system"})
    if role not in known:
        words = ", ".join(known)
        raise InvalidInput(field="role", why=words, why_zh=f"可用：{words}", why_en=f"known: {words}")
    city = open_city(folder)
    try:
        if place is not None and place not in city.planner.places.by_id:
            raise UnknownPlace(place_id=place, at=city.planner.today())
        if org is not None:
            query = Query("organisation", (Condition("org_id", "eq", org),), limit=2)
            if not city.planner.read(city.planner.system("organisation"), query).rows:
                raise NotFound(entity="organisation", object_id=org)
        row = user_row(
            name, read_password(is_piped=password_stdin), display_name, role, lens.value, place, org,
            least_chars=city.settings.min_password_chars,
        )  # fmt: skip
        add_user(city, row)
    finally:
        city.close()
    typer.echo(f"已新增 added: {row['user_name']} · {role} · {lens.value} · {place or '全市 whole city'}")


def read_password(*, is_piped: bool) -> str:
    """Return the password: one line of standard input, or asked for twice without showing it."""
    import sys

    if is_piped:
        return sys.stdin.readline().rstrip("\r\n")
    return str(typer.prompt("口令 password", hide_input=True, confirmation_prompt="再输一次 again"))
