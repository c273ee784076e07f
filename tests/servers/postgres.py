"""A PostgreSQL server of the test's own: Debian's programs, a temporary folder, a free port."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from bench.running import free_port
from tools.groups import postgres_programs

NUMBERS = count(1)
OWNER = "huitian"


@dataclass(frozen=True, slots=True)
class Server:
    """A running server.

    Attributes:
        port: Where it listens, on 127.0.0.1.
        folder: Its data.
        password: Password of its owner; empty where it lets everybody in.
    """

    port: int
    folder: Path
    password: str = ""

    def database(self, like: str = "template1") -> str:
        """Make a new database and return its address: an empty one, or a copy of another that nobody is in."""
        name = f"city_{os.getpid()}_{next(NUMBERS)}"
        # By files: a copy by WAL has sequences that count anew after a crash, for they think their numbers logged.
        how = ("-T", like.rpartition("/")[2], "-S", "wal_log" if like == "template1" else "file_copy")
        # By its Unix socket, where no password is asked for.
        run("createdb", "-h", str(self.folder), "-p", str(self.port), "-U", OWNER, *how, name)
        return f"postgresql://{OWNER}@127.0.0.1:{self.port}/{name}"

    def secure(self, certificate: str, key: str) -> None:
        """Let only TLS in over the network, from the next start on."""
        for name, text, mode in (("server.crt", certificate, 0o644), ("server.key", key, 0o600)):
            path = self.folder / name
            path.write_text(text, encoding="utf-8")
            path.chmod(mode)
            if os.geteuid() == 0:
                shutil.chown(path, account())
        with (self.folder / "postgresql.conf").open("a", encoding="utf-8") as file:
            file.write("ssl = on\n")
        rules = (self.folder / "pg_hba.conf").read_text("utf-8")
        (self.folder / "pg_hba.conf").write_text(rules.replace("host ", "hostssl "), encoding="utf-8")

    def stop(self, mode: str = "immediate") -> None:
        """Stop it as if the power failed, or ``fast``."""
        run("pg_ctl", "-D", str(self.folder), "-m", mode, "-w", "stop")

    def start(self) -> None:
        """Start it, again or for the first time."""
        options = f"-p {self.port} -k {self.folder} -c listen_addresses=127.0.0.1 -c max_connections=200"
        run("pg_ctl", "-D", str(self.folder), "-o", options, "-l", str(self.folder / "log"), "-w", "start")


def run(program: str, *words: str) -> str:
    """Run one of the server's programs and return what it says; as root, which it refuses, as postgres or nobody."""
    folder = postgres_programs()
    assert folder is not None, "no PostgreSQL server on this machine"
    command = [str(folder / program), *words]
    if os.geteuid() == 0:
        command = [
            "setpriv",
            f"--reuid={account()}",
            f"--regid={pwd.getpwnam(account()).pw_gid}",
            "--clear-groups",
            *command,
        ]
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PG")}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, cwd="/", check=False)
    assert done.returncode == 0, f"{program}: {done.stdout}{done.stderr}"
    return done.stdout


def account() -> str:
    """Return a user that may run the server."""
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


@contextmanager
def postgres(password: str = "") -> Iterator[Server]:
    """Start a server and throw it away afterwards.

    Args:
        password: What its owner must say over the network (SCRAM); empty: nobody must say anything.
    """
    root = Path(tempfile.mkdtemp(prefix="huitian-postgres-"))
    folder = root / "data"
    try:
        folder.mkdir()
        secret = root / "password"
        secret.write_text(password or "none", encoding="utf-8")
        if os.geteuid() == 0:
            root.chmod(0o755)
            shutil.chown(folder, account())
            shutil.chown(secret, account())
        run("initdb", "-D", str(folder), "--auth-local=trust", f"--pwfile={secret}", "-U", OWNER, "-E", "UTF8",
            f"--auth-host={'scram-sha-256' if password else 'trust'}", "--locale=C", "--no-sync")  # fmt: skip
        server = Server(free_port(), folder, password)
        server.start()
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(root, ignore_errors=True)
