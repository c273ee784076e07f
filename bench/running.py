"""A demo city served by a process of its own, for as long as a measurement lasts."""

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

START_S = 180.0


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in account.

    Attributes:
        cookie: Value of the Cookie header.
        csrf: Value of the X-CSRF-Token header.
    """

    cookie: str
    csrf: str


@dataclass(frozen=True, slots=True)
class Running:
    """A server that answers.

    Attributes:
        base: Its address, ``http://127.0.0.1:port``.
        port: Its port.
        made_s: Seconds from start to the first answer, the making of the city included.
        home: Folder of the city.
        pid: The process that was started; 0 where it was running before.
    """

    base: str
    port: int
    made_s: float
    home: Path
    pid: int = 0

    def sign_in(self, role: str) -> Session:
        """Sign in as the first demo account of a role, or as that of a name."""
        told = ask(f"{self.base}/v1/session")[0]
        account = next(u for u in told["demo_users"] if role in {u["role"], u["user_name"]})
        body = {"user_name": account["user_name"], "password": account["password"]}
        session, cookies = ask(f"{self.base}/v1/session", body)
        jar = SimpleCookie(cookies)
        return Session("; ".join(f"{k}={m.value}" for k, m in jar.items()), session["csrf"])


def ask(url: str, body: Any = None, headers: dict[str, str] | None = None) -> tuple[Any, str]:
    """Send one request; returns the JSON of the answer and its Set-Cookie header."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json", **(headers or {})})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer), answer.headers.get("Set-Cookie") or ""


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextmanager
def demo_server(home: Path | None = None, **more: str) -> Iterator[Running]:
    """Serve a demo city on a free port of this machine, and stop it afterwards.

    Args:
        home: A demo city that is there; None makes a fresh one.
        **more: Further variables of its environment.
    """
    port = free_port()
    with tempfile.TemporaryDirectory() as folder, (Path(folder) / "log").open("wb") as log:
        city = home or Path(folder) / "city"
        own = {"HUITIAN_HOME": str(city), "HUITIAN_PORT": str(port)} | more
        # One machine plays many residents; the limit is of one address.
        # How long a proof lasts is no setting of a city.
        of_tests = {
            name: value for name, value in os.environ.items() if not name.startswith("HUITIAN_PROVE_")
        }
        environment = {**of_tests, **own, "HUITIAN_MAX_LETTERS_PER_H": "10000"}
        began = time.monotonic()
        command = [sys.executable, "-m", "huitian.cli", "serve", "--demo"]
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=subprocess.STDOUT)
        base = f"http://127.0.0.1:{port}"
        try:
            while True:
                try:
                    urllib.request.urlopen(f"{base}/readyz", timeout=5).close()
                    break
                except (urllib.error.URLError, OSError):
                    if process.poll() is not None or time.monotonic() - began > START_S:
                        raise RuntimeError(
                            (Path(folder) / "log").read_text(errors="replace")[-2000:]
                        ) from None
                    time.sleep(0.1)
            yield Running(base, port, time.monotonic() - began, city, process.pid)
        finally:
            process.terminate()
            process.wait(timeout=30)
