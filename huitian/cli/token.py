"""``huitian token``: what programs carry instead of a password."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from huitian.cli.user import LensChoice

if TYPE_CHECKING:
    from huitian.api.sign_in import Account
    from huitian.api.tokens import Token, Tokens
    from huitian.app import OpenCity

app = typer.Typer(help="接口令牌 · API tokens of programs.", no_args_is_help=True)
Folder = Annotated[Path, typer.Argument(help="城市文件夹 · folder of the city.")]
Name = Annotated[str, typer.Argument(help="账号 · account that it belongs to.")]


@app.callback()
def tokens() -> None:
    """接口令牌 · API tokens."""


@app.command("add")
def add(
    folder: Folder,
    name: Name,
    title: Annotated[str, typer.Option(help="用途 · what it is for.")],
    days: Annotated[int, typer.Option(help="有效天数 · days that it lasts.")] = 90,
    place: Annotated[
        list[str] | None,
        typer.Option(help="只看这个地方及以下，可多次 · only this place and below, repeatable."),
    ] = None,
    lens: Annotated[LensChoice | None, typer.Option(help="最多看到哪一级 · the most that it sees.")] = None,
    method: Annotated[
        list[str] | None, typer.Option(help="允许的方法，可多次 · HTTP method, repeatable; GET alone reads.")
    ] = None,
    subject: Annotated[
        list[str] | None,
        typer.Option(help="允许的主题，可多次 · subject of the API, repeatable; all if none."),
    ] = None,
    own_role: Annotated[
        bool,
        typer.Option("--own-role", help="用账号自己的角色 · the role of the account, not that of a program."),
    ] = False,
) -> None:
    """发放令牌 · Make a token; it is shown once and kept nowhere."""
    from huitian.api.tokens import Wanted
    from huitian.app import open_city

    city = open_city(folder)
    try:
        held, account = opened(city, name)
        wanted = Wanted(
            title,
            days,
            lens.value if lens else None,
            tuple(dict.fromkeys(place or ())),
            tuple(method or ("GET",)),
            tuple(subject or ()),
            own_role,
        )
        secret, made = held.add(account, wanted)
    finally:
        city.close()
    typer.echo(secret)
    typer.echo(told(made), err=True)


@app.command("list")
def list_tokens(
    folder: Folder, name: Annotated[str | None, typer.Argument(help="账号 · account; all if none.")] = None
) -> None:
    """列出令牌 · List tokens: id, first characters, role, lens, place, until when, last use, what for."""
    from huitian.app import open_city

    city = open_city(folder)
    try:
        held, account = opened(city, name) if name else (tokens_of(city), None)
        for one in held.of(account.user_id if account else None):
            typer.echo(told(one))
    finally:
        city.close()


@app.command("revoke")
def revoke(
    folder: Folder, token_id: Annotated[str, typer.Argument(help="令牌编号 · id of the token.")]
) -> None:
    """收回令牌 · Revoke a token; the next request with it is refused."""
    from huitian.app import open_city
    from huitian.model.scope import Scope

    city = open_city(folder)
    try:
        tokens_of(city).revoke(Scope("system", None, "V1", "system"), token_id, None)
    finally:
        city.close()
    typer.echo(f"已收回 revoked: {token_id}")


def tokens_of(city: "OpenCity") -> "Tokens":
    """Return the tokens of a city."""
    from huitian.api.doors import made_doors
    from huitian.api.sign_in import SignIn

    return made_doors(city, SignIn(city)).tokens


def opened(city: "OpenCity", name: str) -> "tuple[Tokens, Account]":
    """Return the tokens of a city and the account of a name.

    Raises:
        NotFound: There is no such account.
        NoGrant: It has no grant in force.
    """
    from huitian.api.own_password import user_id_named
    from huitian.api.sign_in import SignIn
    from huitian.errors import NoGrant

    account = SignIn(city).account(user_id_named(city, name))
    if account is None:
        raise NoGrant(user_name=name)
    return tokens_of(city), account


def told(token: "Token") -> str:
    """Return a token in one line."""
    state = "已收回 revoked" if token.revoked_at else f"→ {token.expires_at:%Y-%m-%d}"
    used = f"{token.used_at:%Y-%m-%d}" if token.used_at else "未用过 never used"
    named = ",".join((token.place_id, *token.other_place_ids)) if token.place_id else ""
    place = named or "账号的全部范围 all of its account"
    return "  ".join((token.token_id, f"{token.prefix}…", token.role, token.lens, place, ",".join(token.methods),
                      state, used, token.title))  # fmt: skip
