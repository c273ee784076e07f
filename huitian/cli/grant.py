"""``huitian grant``: who may see and do what where, until when."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from huitian.cli.user import LensChoice

if TYPE_CHECKING:
    from huitian.app import OpenCity
    from huitian.base.granting import Wanted
    from huitian.model.grant import Grant

app = typer.Typer(help="授权 · grants.", no_args_is_help=True)
Folder = Annotated[Path, typer.Argument(help="城市文件夹 · folder of the city.")]
Name = Annotated[str, typer.Argument(help="登录名；post:编号 为岗位 · name to sign in with, or post:ID.")]
GrantId = Annotated[str, typer.Argument(help="授权编号 · id of the grant, from `huitian grant list`.")]
Role = Annotated[str, typer.Option(help="角色 · role.")]
PlaceOption = Annotated[str | None, typer.Option(help="只到这个地方及以下 · this place and below.")]
LensOption = Annotated[
    LensChoice, typer.Option(help="V1 大屏 wall，V2 工作人员 staff，V3 授权办理 authorised.")
]
Until = Annotated[
    str | None,
    typer.Option(
        help="到期：2026-03-01 或 2026-03-01T18:00 · end, in the time of the city; a day ends with it."
    ),
]
Purpose = Annotated[str | None, typer.Option(help="用途 · what it is for.")]


@app.callback()
def grants() -> None:
    """授权 · Grants."""


@app.command("list")
def list_grants(
    folder: Folder,
    is_all: Annotated[bool, typer.Option("--all", help="连同已到期的 · ended ones too.")] = False,
) -> None:
    """列出授权 · List the grants: id, account or post, role, lens, place, end, what it is a part of."""
    from huitian.app import open_city
    from huitian.base.grants import MOST_GRANTS, grant_of
    from huitian.model.query import Condition, Query

    city = open_city(folder)
    try:
        now = city.clock.now()
        query = Query("grant", (Condition("revoked_at", "is_null"),), sort=("grant_id",), limit=MOST_GRANTS)
        rows = city.planner.read(city.planner.system("grant"), query).rows
        names = user_names(city)
        for grant in map(grant_of, rows):
            if is_all or grant.expires_at is None or grant.expires_at > now:
                typer.echo(line_of(grant, names))
    finally:
        city.close()


@app.command("add")
def add(
    folder: Folder, name: Name, role: Role, place: PlaceOption = None, lens: LensOption = LensChoice.V2,
    until: Until = None, purpose: Purpose = None,
) -> None:  # fmt: skip
    """授权 · Give an account, or a post, a role in a place."""
    from huitian.app import open_city
    from huitian.base.granting import ADMINISTRATION, Granting

    city = open_city(folder)
    try:
        granting = Granting(city.engine.records, city.planner, city.clock)
        grant = granting.add(ADMINISTRATION, wanted(city, name, role, lens, place, until, purpose))
        typer.echo(f"已授权 granted: {line_of(grant, user_names(city))}")
    finally:
        city.close()


@app.command("delegate")
def delegate(
    folder: Folder, grant_id: GrantId, name: Name, until: Until, role: Role, place: PlaceOption = None,
    lens: LensOption = LensChoice.V2, purpose: Purpose = None,
) -> None:  # fmt: skip
    """转授 · Pass on a part of a grant until a day, in the name of its holder; it ends with it."""
    from huitian.app import open_city
    from huitian.base.granting import ADMINISTRATION, Granting

    city = open_city(folder)
    try:
        granting = Granting(city.engine.records, city.planner, city.clock)
        told = wanted(city, name, role, lens, place, until, purpose)
        grant = granting.delegate(ADMINISTRATION, grant_id, told)
        typer.echo(f"已转授 passed on: {line_of(grant, user_names(city))}")
    finally:
        city.close()


@app.command("revoke")
def revoke(folder: Folder, grant_id: GrantId) -> None:
    """收回授权 · Take a grant back, with all that was passed on of it; open screens end within seconds."""
    from huitian.app import open_city
    from huitian.base.granting import ADMINISTRATION, Granting

    city = open_city(folder)
    try:
        granting = Granting(city.engine.records, city.planner, city.clock)
        grant = granting.revoke(ADMINISTRATION, grant_id)
        typer.echo(f"已收回 taken back: {line_of(grant, user_names(city))}")
    finally:
        city.close()


def wanted(
    city: "OpenCity",
    name: str,
    role: str,
    lens: LensChoice,
    place: str | None,
    until: str | None,
    purpose: str | None,
) -> "Wanted":
    """Return what a grant is to be, of the words of a command."""
    from huitian.base.givable import Wanted, refused

    post_id = name.removeprefix("post:") if name.startswith("post:") else None
    user_id = None
    if post_id is None:
        found = {user_name: user_id for user_id, user_name in user_names(city).items()}
        user_id = found.get(name.strip().casefold())
        if user_id is None:
            raise refused("user", f"没有账号 {name}", f"there is no account {name}")
    end = None if until is None else end_of(until)
    return Wanted(role, lens.value, place, user_id, post_id, None, purpose, None, end)


def end_of(words: str) -> datetime:
    """Return the end that was meant: an instant, or the end of a day, in the time of the city."""
    from datetime import timedelta

    from huitian.base.givable import refused
    from huitian.clock import SHANGHAI

    try:
        told = datetime.fromisoformat(words)
    except ValueError as error:
        raise refused(
            "until", f"看不懂 {words!r}；如 2026-03-01", f"{words!r} is no date; write 2026-03-01"
        ) from error
    if len(words) == len("2026-03-01"):
        told += timedelta(days=1)
    return told if told.tzinfo else told.replace(tzinfo=SHANGHAI)


def user_names(city: "OpenCity") -> dict[str, str]:
    """Return account → name that it signs in with."""
    from huitian.base.grants import MOST_GRANTS
    from huitian.model.query import Query

    query = Query("user_account", columns=("user_id", "user_name"), limit=MOST_GRANTS)
    rows = city.planner.read(city.planner.system("user_account"), query).rows
    return {row["user_id"]: row["user_name"] for row in rows}


def line_of(grant: "Grant", names: dict[str, str]) -> str:
    """Return a grant in one line."""
    from huitian.clock import SHANGHAI

    who = f"post:{grant.post_id}" if grant.user_id is None else names.get(grant.user_id, grant.user_id)
    end = "—" if grant.expires_at is None else f"{grant.expires_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
    part = "" if grant.delegated_from is None else f"转自 part of {grant.delegated_from}"
    words = (grant.grant_id, who, grant.role, grant.lens, grant.place_id or "全市 whole city", end, part)
    return "  ".join(word for word in words if word)
