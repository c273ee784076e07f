"""``huitian serve``: one city, served."""

from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Mapping
    from contextlib import AbstractContextManager

    from huitian.app import OpenCity
    from huitian.settings import Settings

DEMO_HOME = Path(".huitian") / "demo"
"""Where the demo city is made when ``HUITIAN_HOME`` names no other place."""


def serve(
    folder: Annotated[
        Path | None, typer.Argument(help="城市文件夹 · folder of the city.", show_default=False)
    ] = None,
    demo: Annotated[
        bool,
        typer.Option(
            "--demo", help="演示城市，没有就先造一座 · the demo city, made first where it is missing."
        ),
    ] = False,
    seed: Annotated[
        int | None, typer.Option(help="演示城市的随机种子 · seed of the demo city.", show_default=False)
    ] = None,
    host: Annotated[
        str | None, typer.Option(help="监听地址 · address to listen on.", show_default=False)
    ] = None,
    port: Annotated[
        int | None, typer.Option(help="监听端口，0 为任选 · port, 0 for any free one.", show_default=False)
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option(
            help="服务进程数，多于 1 个须用 PostgreSQL · server processes; more than one needs PostgreSQL.",
            show_default=False,
        ),
    ] = None,
    speed: Annotated[
        int | None,
        typer.Option(
            min=1,
            help="演示城市里每秒走过的秒数，大于 1 时来信与办理也照着走 · seconds of the demo city in one second; "
            "above 1 letters come in and are dealt with as well.",
            show_default=False,
        ),
    ] = None,
    quiet: Annotated[bool, typer.Option(help="不记每个请求 · no line a request in the log.")] = False,
) -> None:
    """启动服务 · Serve a city in the foreground until Ctrl-C."""
    from huitian.api.logs import start_log
    from huitian.api.running import base_of, listen, run
    from huitian.app.retaining import retaining
    from huitian.app.stores import check_workers
    from huitian.app.surveying import surveying
    from huitian.cli.worker import Work, serve_together
    from huitian.clock import SystemClock
    from huitian.settings import read_settings

    if (folder is None) != demo:
        raise typer.BadParameter("给出城市文件夹，或 --demo · name a folder, or say --demo")
    given = {"host": host, "port": port, "demo_seed": seed, "demo_speed": speed, "workers": workers}
    settings = read_settings(folder, given=given)
    check_workers(settings)
    # Before anything is made or opened: whoever has the wrong port should not wait to hear it.
    socket = listen(settings.host, settings.port)
    with socket:
        city = demo_city_of(settings, given) if demo else opened(folder or Path(), settings)
        start_log(city.settings, is_quiet=quiet)
        if city.settings.workers > 1:
            # It was opened to be sure that it can be, and to be brought up to date by one alone.
            words = greeting(city, base_of(socket))
            city.close()
            work = Work(city.folder, city.settings, demo, city.clock.now(), quiet, SystemClock().now())
            serve_together(work, socket, lambda: typer.echo(words))
            return
        try:
            is_alive = demo and city.settings.demo_speed > 1
            with surveying(city), retaining(city), alive(city) if is_alive else nullcontext():
                run(city, socket, lambda base: typer.echo(greeting(city, base)))
        finally:
            city.close()


def alive(city: "OpenCity") -> "AbstractContextManager[None]":
    """Return the block in which letters come into a demo city and are dealt with."""
    from huitian.app.life import living

    return living(city)


def opened(folder: Path, settings: "Settings") -> "OpenCity":
    """Return a city, held by this process alone."""
    from huitian.app import open_city

    return held(open_city(folder, settings))


def demo_city_of(settings: "Settings", given: "Mapping[str, object]") -> "OpenCity":
    """Return the demo city, made first where it is missing."""
    from huitian.app import make_demo, move_demo
    from huitian.app.demo import open_demo
    from huitian.app.stores import check_workers
    from huitian.clock import PacedClock, SystemClock
    from huitian.errors import CityExists, CityMissing
    from huitian.settings import CITY_FILE, read_settings

    home = settings.home or DEMO_HOME
    if not (home / CITY_FILE).exists():
        typer.echo(f"演示城市 · demo city: {home}")
        make_demo(home, settings, say=lambda words: typer.echo(f"  {words}"))
    own = read_settings(home, given=given)
    check_workers(own)
    # Who looks at a city that lives faster does not: a session lasts hours of the person.
    own = replace(own, session_hours=own.session_hours * own.demo_speed)
    clock = SystemClock()
    paced = clock if own.demo_speed == 1 else PacedClock(clock, clock.now(), own.demo_speed)
    try:
        move_demo(home, own, lambda words: typer.echo(f"  {words}"))
        return held(open_demo(home, own, paced))
    except CityMissing as error:
        # There is a city, but of somebody's own: nothing invented goes into it.
        raise CityExists(home=str(home)) from error


def held(city: "OpenCity") -> "OpenCity":
    """Return a city after taking the lock of its folder.

    Raises:
        StoreLocked: Another server holds it.
    """
    from huitian.errors import StoreLocked

    try:
        city.engine.hold()
    except StoreLocked:
        city.close()
        raise
    return city


def greeting(city: "OpenCity", base: str) -> str:
    """Return what is said when the server answers: the addresses, and of a demo city the accounts."""
    name = f"{city.settings.name_zh} {city.settings.name_en}"
    lines = [f"回天 Huitian · {name}{'（演示数据 · invented）' if city.demo else ''}", f"  {base}/"]
    ends = (
        ("cockpit", "大屏 wall"),
        ("desk", "中屏 desk"),
        ("mobile", "小屏 phone"),
        ("public", "居民 residents"),
    )
    lines += [f"  {base}/{end:<8} {words}" for end, words in ends]
    if city.demo is not None:
        lines.append(f"演示账号 demo accounts, 口令 password {city.demo.password}:")
        lines += [f"  {u.user_name:<12} {u.display_name}" for u in city.demo.users]
    lines.append("Ctrl-C 停止 · stops")
    return "\n".join(lines)
