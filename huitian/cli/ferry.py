"""``huitian ferry``: letters in and answers out between an outside host and the city, by signed files."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from huitian.errors import Language as Tongue
    from huitian.ferry.packing import Packed
    from huitian.ferry.parts import FerryParts
    from huitian.ferry.taking import Outcome

app = typer.Typer(help="摆渡：签名文件进出 · letters in, answers out, by signed files.", no_args_is_help=True)
Folder = Annotated[
    Path, typer.Argument(metavar="DIR", help="城市或对外主机的文件夹 · folder of a city or an outside host.")
]
Out = Annotated[
    Path, typer.Argument(metavar="OUT", help="放发出文件的文件夹 · folder for files that go out.")
]
Peer = Annotated[str, typer.Argument(metavar="NAME", help="对方名称 · name of the other side.")]


@app.callback()
def ferry() -> None:
    """摆渡：签名文件进出 · Letters in, answers out, by signed files."""


@app.command("keys")
def keys(
    folder: Folder,
    name: Annotated[
        str, typer.Option("--as", help="本方名称：小写字母和数字 · own name: small letters, digits.")
    ] = "city",
) -> None:
    """造密钥并打印公钥 · Make the keys where there are none, and print the public key."""
    from huitian.errors import CityMissing
    from huitian.ferry.keys import KEY_FILE, make_keys, read_keys
    from huitian.settings import CITY_FILE

    if not (folder / CITY_FILE).exists():
        raise CityMissing(home=str(folder))
    own = read_keys(folder) if (folder / KEY_FILE).exists() else make_keys(folder, name)
    typer.echo(str(own.public))


@app.command("trust")
def trust(
    folder: Folder,
    key: Annotated[str, typer.Argument(metavar="KEY", help="对方的公钥，一行 · public key of the other side.")],
    prefix: Annotated[
        str, typer.Option(help="城市一侧：该主机单号的两个字母 · in a city: the two letters of the host's numbers.")
    ] = "",
) -> None:  # fmt: skip
    """信任对方 · Believe the trips of a side from now on."""
    from huitian.app.ferry import open_ferry
    from huitian.ferry import peers

    with open_ferry(folder) as parts:
        is_city = parts.side.sends == "out"
        known = {row["peer_id"]: row["public_key"] for row in parts.rows(None, "ferry_peer")}
        told = prefix or ("WX" if is_city and key.strip().partition(".")[0] not in known else "")
        trusted = peers.trust(parts, key, told if is_city else "")
    is_new = known.get(trusted.name, str(trusted)) != str(trusted)
    more = (
        f"{f' · {told}' if is_city and told else ''}{' · 换了新公钥 its key was replaced' if is_new else ''}"
    )
    typer.echo(f"信任 trusted: {trusted.name}{more}")


@app.command("distrust")
def distrust(folder: Folder, peer: Peer) -> None:
    """不再信任 · Believe a side no longer: a host that was lost or taken over, a wrong key."""
    from huitian.app.ferry import open_ferry
    from huitian.ferry import peers

    with open_ferry(folder) as parts:
        peers.distrust(parts, peer)
    typer.echo(f"不再信任 not trusted any more: {peer}")


@app.command("pack")
def pack(folder: Folder, out: Out) -> None:
    """打包 · Pack what waits for the other side into files."""
    from huitian.app.ferry import open_ferry
    from huitian.ferry import packing

    with open_ferry(folder) as parts:
        say_packed(packing.pack(parts, out), language_of(folder))


@app.command("take")
def take(
    folder: Folder,
    into: Annotated[
        Path, typer.Argument(metavar="IN", help="放收到文件的文件夹 · folder with files that came in.")
    ],
) -> None:
    """收取 · Take the files that came in, in their order."""
    from huitian.app.ferry import open_ferry
    from huitian.ferry import taking

    with open_ferry(folder) as parts:
        outcomes = taking.take(parts, into)
    say_taken(outcomes, language_of(folder))
    if any(one.fate == "refused" for one in outcomes):
        raise typer.Exit(1)


@app.command("run")
def run(
    folder: Folder,
    out: Annotated[Path, typer.Option(help="放发出文件的文件夹 · folder for files that go out.")],
    into: Annotated[Path, typer.Option("--in", help="放收到文件的文件夹 · folder with files that came in.")],
    every: Annotated[int, typer.Option(min=1, help="隔几秒一次 · seconds from one round to the next.")] = 30,
) -> None:
    """隔一会儿收取并打包 · Take and pack again and again until Ctrl-C."""
    import signal
    import threading

    from huitian.app.ferry import open_ferry

    is_over = threading.Event()
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, lambda *_: is_over.set())
    lang = language_of(folder)
    with open_ferry(folder) as parts:
        typer.echo(f"摆渡 ferry: {parts.keys.name} · {every} s")
        while not is_over.is_set():
            round_of(parts, out, into, lang)
            is_over.wait(every)


def round_of(parts: "FerryParts", out: Path, into: Path, lang: "Tongue") -> None:
    """Take, then pack; an error that may pass is told and the next round tries again."""
    from huitian.cli.speaking import tell
    from huitian.errors import HuitianError
    from huitian.ferry import packing, taking

    try:
        say_taken(taking.take(parts, into), lang, is_brief=True)
        say_packed(packing.pack(parts, out), lang, is_brief=True)
    except HuitianError as error:
        tell(error, lang)


@app.command("again")
def again(
    folder: Folder,
    peer: Peer,
    first: Annotated[int, typer.Argument(metavar="N", min=1, help="从第几趟起 · from which trip on.")],
    out: Out,
) -> None:
    """原样重写 · Write trips again as they were, from a number on."""
    from huitian.app.ferry import open_ferry
    from huitian.ferry import packing

    with open_ferry(folder) as parts:
        say_packed(packing.again(parts, peer, first, out), language_of(folder))


@app.command("anew")
def anew(folder: Folder, peer: Peer) -> None:
    """另起一串 · Begin a new chain, after one side was restored from a backup."""
    from huitian.app.ferry import open_ferry
    from huitian.cli.speaking import either
    from huitian.ferry import packing

    with open_ferry(folder) as parts:
        chain = packing.anew(parts, peer)
    typer.echo(either(language_of(folder), f"到 {peer} 的第 {chain} 串", f"chain {chain} to {peer}"))


@app.command("status")
def status(folder: Folder) -> None:
    """进度 · How far the exchange with each side has come, and what is stuck."""
    from huitian.app.ferry import open_ferry
    from huitian.cli.speaking import either
    from huitian.ferry.status import status_of

    lang = language_of(folder)
    with open_ferry(folder) as parts:
        for one in status_of(parts):
            sent, taken = f"{one.chain_out}/{one.seq_out}", f"{one.chain_in}/{one.seq_in}"
            typer.echo(f"{one.peer_id}: " + either(
                lang,
                f"发出 {sent} · 回执 {one.acked_seq} · 收到 {taken} · 等待 {one.n_waiting}",
                f"sent {sent} · acknowledged {one.acked_seq} · taken {taken} · waiting {one.n_waiting}",
            ))  # fmt: skip
            for words in one.troubles:
                typer.echo(f"  {either(lang, *words)}")


def say_packed(packed: "Iterable[Packed]", lang: "Tongue", *, is_brief: bool = False) -> None:
    """Say which files were written."""
    from huitian.cli.speaking import either

    done = list(packed)
    for one in done:
        word = either(lang, "重写", "again") if one.is_again else either(lang, "打包", "packed")
        typer.echo(f"{word}: {one.file_name} · {one.n_items} {either(lang, '件', 'items')}")
    if not done and not is_brief:
        typer.echo(either(lang, "没有要发的", "nothing to send"))


def say_taken(outcomes: "Iterable[Outcome]", lang: "Tongue", *, is_brief: bool = False) -> None:
    """Say what became of each file."""
    from huitian.cli.speaking import either

    words = {
        "taken": ("已收", "taken"), "again": ("以前收过，不再写入", "already taken"), "waits": ("等待", "waits"),
        "arriving": ("还在传", "still arriving"), "own": ("不收", "left where it is"), "refused": ("未收", "refused"),
    }  # fmt: skip
    done = list(outcomes)
    for one in done:
        more = ""
        if one.fate == "waits":
            more = either(lang, f" · 缺第 {one.missing} 趟", f" · trip {one.missing} is missing")
        elif one.error is not None:
            more = f" · {one.error.facts.get(f'why_{lang}')}"
        elif one.fate == "taken":
            more = f" · {one.n_items} {either(lang, '件', 'items')}"
        if not is_brief or one.fate not in {"waits", "arriving", "own"}:
            typer.echo(f"{either(lang, *words[one.fate])}: {one.file_name}{more}")
    if not done and not is_brief:
        typer.echo(either(lang, "没有收到文件", "no files came in"))


def language_of(folder: Path) -> "Tongue":
    """Return the language that the folder or the environment asks for."""
    from huitian.cli.speaking import language
    from huitian.settings import read_settings

    return language(read_settings(folder))
