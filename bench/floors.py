"""What the bare stores do: durable transactions of as many single-row inserts as a letter has, without our layer."""

import sqlite3
import threading
import time
from contextlib import closing
from pathlib import Path

from tests.servers.postgres import OWNER, Server, run

N_INSERTS = 7
TABLES = [f"floor_{n}" for n in range(N_INSERTS)]


def sqlite(path: Path, n_writers: int, seconds: float) -> float:
    """Return transactions a second through the driver of Python's library."""
    with closing(sqlite3.connect(path, isolation_level=None)) as made:
        made.execute("PRAGMA journal_mode=WAL")
        for table in TABLES:
            made.execute(f"CREATE TABLE {table} (id TEXT PRIMARY KEY, body TEXT)")
    counts = [0] * n_writers
    until = time.perf_counter() + seconds

    def write(which: int) -> None:
        with closing(sqlite3.connect(path, isolation_level=None, timeout=60)) as own:
            own.execute("PRAGMA synchronous=FULL")
            while time.perf_counter() < until:
                own.execute("BEGIN IMMEDIATE")
                for table in TABLES:
                    own.execute(
                        f"INSERT INTO {table} VALUES (?, ?)", (f"{which}-{counts[which]}", "路灯不亮。" * 20)
                    )
                own.execute("COMMIT")
                counts[which] += 1

    threads = [threading.Thread(target=write, args=(which,)) for which in range(n_writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / seconds


def postgresql(server: Server, folder: Path, n_writers: int, seconds: float) -> float:
    """Return transactions a second by pgbench."""
    name = server.database().rpartition("/")[2]
    where = ("-h", str(server.folder), "-p", str(server.port), "-U", OWNER)
    made = "; ".join(f"CREATE TABLE {table} (id text PRIMARY KEY, body text)" for table in TABLES)
    run("psql", *where, "-d", name, "-c", made)
    inserts = [
        f"INSERT INTO {table} VALUES (gen_random_uuid()::text, repeat('路灯不亮。', 20));" for table in TABLES
    ]
    script = folder / "floor.sql"
    script.write_text("\n".join(["BEGIN;", *inserts, "COMMIT;", ""]), "utf-8")
    folder.chmod(0o755)
    script.chmod(0o644)
    told = run(
        "pgbench",
        *where,
        "-n",
        "-f",
        str(script),
        "-c",
        str(n_writers),
        "-T",
        str(max(int(seconds), 1)),
        name,
    )
    line = next(line for line in told.splitlines() if line.startswith("tps"))
    return float(line.split()[2])
