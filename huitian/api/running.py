"""Running the server of a city: its socket, its start and a stop that ends open streams."""

import contextlib
import errno
import signal
import socket
from collections.abc import Callable

import uvicorn

from huitian.api.city import City
from huitian.api.live import Live
from huitian.api.server import make_server
from huitian.errors import AddressUnusable, PortTaken

BACKLOG = 2048
KEEP_ALIVE_S = 60
PATIENCE_S = 5
"""How long running requests have at a stop."""


class CityServer(uvicorn.Server):
    """A server that says when it answers, and ends the open streams before it waits for its requests."""

    def __init__(self, config: uvicorn.Config, live: Live, is_up: Callable[[], None]) -> None:
        super().__init__(config)
        self.live, self._is_up = live, is_up

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and say so."""
        await super().startup(sockets=sockets)
        if self.started:
            self._is_up()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End the streams, then stop."""
        self.live.close()
        await super().shutdown(sockets=sockets)


def listen(host: str, port: int) -> socket.socket:
    """Return a socket bound to an address; port 0 takes any free one.

    Raises:
        PortTaken: Another program listens there.
        AddressUnusable: The address is not of this machine, or it needs a right.
    """
    try:
        # With its protocol: asyncio switches Nagle's delay off only on sockets that say they are TCP.
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        bound = socket.socket(family, kind, protocol)
        try:
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            bound.bind(address)
            bound.listen(BACKLOG)
        except BaseException:
            bound.close()
            raise
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise PortTaken(host=host, port=port) from error
        why_zh, why_en = ("没有权限，1024 以下的端口只给 root", "no right to; ports below 1024 are for root") \
            if error.errno == errno.EACCES else ("不是这台机器的地址", "it is no address of this machine")  # fmt: skip
        raise AddressUnusable(
            host=host, port=port, why=error.strerror, why_zh=why_zh, why_en=why_en
        ) from error
    return bound


class SharedSocket(socket.socket):
    """A listening socket of several processes; its queue stays as long as it was made."""

    def listen(self, backlog: int = BACKLOG, /) -> None:
        """Listen with the whole queue."""
        super().listen(max(backlog, BACKLOG))


def made_runner(
    city: City, is_up: Callable[[], None] = lambda: None, *, is_sharing: bool = False
) -> CityServer:
    """Return the server of a city, ready to run on a socket.

    Args:
        city: The city.
        is_up: Told when it answers.
        is_sharing: Whether other processes answer at the same socket.
    """
    app, proxies = make_server(city), city.settings.trusted_proxies
    config = uvicorn.Config(
        # asyncio takes as many connections at a time as the queue is long: who shares leaves some to the others.
        app, log_config=None, access_log=False, backlog=1 if is_sharing else BACKLOG, timeout_keep_alive=KEEP_ALIVE_S,
        timeout_graceful_shutdown=PATIENCE_S, server_header=False, lifespan="on",
        proxy_headers=bool(proxies), forwarded_allow_ips=proxies,
    )  # fmt: skip
    return CityServer(config, app.state.live, is_up)


def run(city: City, bound: socket.socket, say: Callable[[str], None], *, is_sharing: bool = False) -> None:
    """Serve a city until it is told to stop.

    Args:
        city: The city.
        bound: Where to listen.
        say: Told the address once the server answers.
        is_sharing: Whether other processes answer at the same socket.
    """
    many_files()
    base = base_of(bound)
    # The server stops at SIGTERM by itself and then passes it on: what is open is still to be closed.
    signal.signal(signal.SIGTERM, lambda *_: None)
    with contextlib.suppress(KeyboardInterrupt):
        made_runner(city, lambda: say(base), is_sharing=is_sharing).run(sockets=[bound])


def base_of(bound: socket.socket) -> str:
    """Return the address of a bound socket as a browser takes it."""
    host, port = bound.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def many_files() -> None:
    """Let the process open as many files as it may: each open stream is one."""
    try:
        import resource
    except ImportError:  # Not on this system.
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 65_536 if hard == resource.RLIM_INFINITY else min(hard, 65_536)
    if soft < wanted:
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
