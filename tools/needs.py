"""What single tests need of the machine beyond what their group needs.

A test asks by ``tests.needs.need("nginx")``: without it the test is skipped with these words, and fails where
``HUITIAN_REQUIRE`` names it or says ``all``, as in CI. So nothing is left out there in silence.
"""

import functools
import os
import shutil
import subprocess
import sys
from pathlib import Path

from tools.groups import POSTGRES, Need, postgres_programs


def nginx() -> Path | None:
    """Return nginx, which Debian keeps outside of an ordinary account's PATH."""
    found = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
    return Path(found) if found else None


def has_postgis() -> bool:
    """Return whether the PostgreSQL server that tests start can have the extension PostGIS."""
    programs = postgres_programs()
    if programs is None:
        return False
    config = programs / "pg_config"
    asked = [str(config if config.exists() else "pg_config"), "--sharedir"]
    try:
        said = subprocess.run(asked, capture_output=True, text=True, check=False).stdout.strip()
    except OSError:
        said = ""
    folders = [Path(said)] if said else []
    folders.append(Path("/usr/share/postgresql") / programs.parent.name)
    return any((folder / "extension" / "postgis.control").exists() for folder in folders)


@functools.cache
def namespace() -> list[str] | None:
    """Return the command that runs another with network and mounts of its own; None where the system forbids it."""
    program = shutil.which("unshare")
    for more in ([], ["--map-root-user"]) if program else []:
        command = [str(program), *more, "--net", "--mount"]
        if subprocess.run([*command, "true"], capture_output=True, check=False).returncode == 0:
            return command
    return None


def has_systemd_analyze() -> bool:
    """Return whether units can be checked here; it needs no running systemd."""
    return sys.platform == "linux" and shutil.which("systemd-analyze") is not None


NEEDS = {
    "postgres": POSTGRES,
    "nginx": Need(lambda: nginx() is not None, "no nginx: apt-get install nginx-light"),
    "postgis": Need(has_postgis, "no PostGIS: apt-get install postgresql-<version>-postgis-3"),
    "namespaces": Need(
        lambda: namespace() is not None,
        "unshare --net --mount is not permitted here: a Linux root account can",
    ),
    "systemd": Need(has_systemd_analyze, "no systemd-analyze: apt-get install systemd"),
}


def is_required(name: str) -> bool:
    """Return whether a test may not be left out for lack of this."""
    words = os.environ.get("HUITIAN_REQUIRE", "").replace(",", " ").split()
    return "all" in words or name in words
