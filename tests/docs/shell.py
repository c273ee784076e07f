"""Runs the ``sh run`` blocks of a page as a reader would: in order, in one shell, in an empty folder."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.docs.pages import Block, blocks
from tests.servers.postgres import OWNER, postgres
from tools.groups import postgres_programs
from tools.places import ROOT

MARK = "== end of block =="
LIMIT_S = 300.0


def clean_environment() -> dict[str, str]:
    """Return the environment without Huitian's settings, its commands on the path."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("HUITIAN_")}
    path = f"{Path(sys.executable).parent}{os.pathsep}{own.get('PATH', '')}"
    return own | {"PATH": path, "PYTHONIOENCODING": "utf-8", "COLUMNS": "100"}


def file_of(block: Block) -> str | None:
    """Return the file that a block is, ``toml file=ladders/own.toml``; None for another block."""
    found = re.search(r"\bfile=(\S+)", block.words)
    return found[1] if found else None


def script_of(page: Path) -> tuple[str, list[tuple[str, str | None]]]:
    """Return one script of all blocks of a page, and each command block with the output it must have."""
    script, ran = ["set -eu", "exec 2>&1"], []
    found = blocks(page)
    for at, block in enumerate(found):
        path = file_of(block)
        if path is not None:
            script += [
                f'mkdir -p "$(dirname {path})"',
                f"cat > {path} <<'END_OF_FILE'\n{block.text}END_OF_FILE",
            ]
        elif block.words == "sh run":
            after = found[at + 1] if at + 1 < len(found) else None
            expected = after.text if after is not None and after.words == "text out" else None
            ran.append((block.text, expected))
            script += [block.text.rstrip("\n"), f"echo '{MARK}'"]
    return "\n".join(script), ran


@contextmanager
def machine_of(page: Path, folder: Path) -> Iterator[dict[str, str]]:
    """Yield the environment of a page: one that says how to run in production gets folders and a PostgreSQL server.

    Such a page names its places by ``: "${CITY:=/var/lib/…}"``; here they are given before, as a reader may do.
    """
    environment = clean_environment()
    if "AS_POSTGRES:=" not in (ROOT / page).read_text("utf-8"):
        yield environment
        return
    programs = postgres_programs()
    if programs is None:
        pytest.skip("no PostgreSQL server: apt-get install postgresql")
    (folder / "backups").mkdir()
    with postgres() as server:
        client = f"PATH={programs}:{environment['PATH']} PGHOST=127.0.0.1 PGPORT={server.port} PGUSER={OWNER}"
        yield environment | {
            "CITY": str(folder / "city"), "BACKUPS": str(folder / "backups"), "PASSWORD": str(folder / "password"),
            "OWNER": str(os.getuid()), "AS_CITY": "env", "AS_POSTGRES": f"env {client}", "PGPORT": str(server.port),
        }  # fmt: skip


def run_page(page: Path, folder: Path) -> list[tuple[str, str | None, str]]:
    """Run a page in a folder.

    Args:
        page: The page, from the root of the repository.
        folder: An empty folder.

    Returns:
        For each block its commands, the output it must have (None where the page shows none), and the output.
    """
    script, ran = script_of(page)
    with machine_of(page, folder) as environment:
        done = subprocess.run(["sh", "-c", script], cwd=folder, env=environment, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, text=True, timeout=LIMIT_S, check=False)  # fmt: skip
    outputs = done.stdout.split(f"{MARK}\n")
    assert done.returncode == 0, f"{page}: block {len(outputs)} of {len(ran)} failed:\n{outputs[-1]}"
    assert str(ROOT) not in done.stdout
    return [(*one, output) for one, output in zip(ran, outputs, strict=False)]
