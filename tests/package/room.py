"""A closed room on Linux: no network but its own loopback, no Node, no caches, and the checkout is not there.

Started as a script inside the namespaces, it closes the door behind itself and becomes the command it is given.
"""

import fcntl
import functools
import os
import shutil
import socket
import struct
import subprocess
import sys
from pathlib import Path

PROGRAMS = ("sh", "cat", "cp", "dirname", "id", "ln", "mkdir", "readlink", "rm", "tr", "uname")
"""All that install.sh may need besides Python."""
SET_FLAGS, IS_UP = 0x8914, 0x1
BASE_PYTHON = Path(getattr(sys, "_base_executable", sys.executable)).resolve()
"""The Python of the system, not that of the checkout's environment."""


class Room:
    """Where commands run as on a machine that has nothing.

    Attributes:
        folder: An empty folder; ``home`` and ``bin`` are made in it.
        is_closed: Whether the system lets us take the network away; else only proxies that do not exist bar the way.
    """

    def __init__(self, folder: Path, hidden: Path) -> None:
        from tools.needs import is_required, namespace

        self.folder, self._hidden = folder, hidden
        self._command = namespace()
        self.is_closed = self._command is not None
        assert self.is_closed or not is_required("namespaces"), "namespaces are required by HUITIAN_REQUIRE"
        (folder / "home").mkdir()
        (folder / "bin").mkdir()
        shutil.copy(__file__, folder / "room.py")
        for program in PROGRAMS:
            found = shutil.which(program)
            assert found, program
            (folder / "bin" / program).symlink_to(found)
        (folder / "bin" / "python3").symlink_to(BASE_PYTHON)

    def environment(self) -> dict[str, str]:
        """Return the environment of a command in the room."""
        own = {"PATH": str(self.folder / "bin"), "HOME": str(self.folder / "home"), "LANG": "C.UTF-8"}
        nowhere = (
            {} if self.is_closed else {f"{kind}_proxy": "http://127.0.0.1:9" for kind in ("http", "https")}
        )
        return own | nowhere

    def run(
        self, *words: str | Path, read_only: Path | None = None, as_nobody: bool = False
    ) -> subprocess.CompletedProcess[str]:
        """Run a command in the room.

        Args:
            words: The command.
            read_only: A folder in which nothing can be written meanwhile, not by root either.
            as_nobody: Run it as an account of the system without any right, where we are root.
        """
        barred = f"{self._hidden}:{read_only or ''}"
        inside = [str(BASE_PYTHON), "-I", str(self.folder / "room.py"), barred] if self.is_closed else []
        return subprocess.run(
            [*(self._command or []), *inside, *(nobody() if as_nobody else []), *map(str, words)], cwd=self.folder,
            env=self.environment(), capture_output=True, text=True, check=False,
        )  # fmt: skip


@functools.cache
def nobody() -> list[str]:
    """Return what goes before a command to run it without rights, as a unit of systemd does.

    A Python that only root can reach, in its home, is run as root without any capability.
    """
    if os.geteuid() != 0:
        return []
    nothing = ["--no-new-privs", "--inh-caps=-all", "--bounding-set=-all"]
    shell = [program("sh"), "-c", 'umask 077; exec "$@"', "sh"]
    other = [program("setpriv"), "--reuid=65534", "--regid=65534", "--clear-groups", *nothing, *shell]
    is_open = (
        subprocess.run([*other, str(BASE_PYTHON), "-c", ""], capture_output=True, check=False).returncode == 0
    )
    return other if is_open else [program("setpriv"), *nothing, *shell]


def program(name: str) -> str:
    """Return the path of a program of the system."""
    return shutil.which(name, path="/usr/bin:/bin:/usr/sbin:/sbin") or name


def close(hidden: str, read_only: str) -> None:
    """Put nothing where the checkout is, bar what is read-only, and set the loopback up."""
    mount = program("mount")
    subprocess.run([mount, "-t", "tmpfs", "none", hidden], check=True)
    if read_only:
        subprocess.run([mount, "--bind", read_only, read_only], check=True)
        subprocess.run([mount, "-o", "remount,bind,ro", read_only], check=True)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        fcntl.ioctl(control, SET_FLAGS, struct.pack("16sH14x", b"lo", IS_UP))


if __name__ == "__main__":
    close(*sys.argv[1].split(":"))
    os.execvp(sys.argv[2], sys.argv[2:])
