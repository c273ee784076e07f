"""A city at work that is killed again and again: a server with people at it, loads and backups, on either store."""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

from huitian.care.archive_reading import read_archive
from tests.faults.serving import Server
from tests.faults.stories import WAIT_S, Person, Story
from tests.ingest.towns import LETTER_HEAD, LETTER_MAP
from tests.servers.postgres import Server as Postgres

N_ROWS = 400
N_PEOPLE = 2
MAY_SAY = ("store_away", "store_busy", "load_running")
"""Codes with which a command may give up while others are killed; whoever typed it types it again."""


class Job:
    """A command that is run over and over, each time for something new, and again where it was killed.

    Args:
        folder: Where it may write.
        words: Words of ``huitian`` for the n-th run.

    Attributes:
        n_done: Runs that ended well.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.n_done = 0
        self._process: subprocess.Popen[bytes] | None = None

    def words(self) -> list[str]:
        """Return the words of ``huitian`` for what is to be done now."""
        raise NotImplementedError

    def start(self) -> None:
        """Begin where nothing runs."""
        self._process = subprocess.Popen(
            [sys.executable, "-m", "huitian.cli", *self.words()],
            env=os.environ | {"HUITIAN_LANGUAGE": "en"}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip

    def look(self) -> None:
        """Take note of a run that ended, and begin the next."""
        if self._process is None:
            self.start()
        elif self._process.poll() is not None:
            self.ended()
            self.start()

    def ended(self) -> None:
        """Wait for the end of a run and take note of it."""
        assert self._process is not None
        told, _ = self._process.communicate(timeout=WAIT_S)
        code = self._process.returncode
        said = told.decode(errors="replace")
        assert code == 0 or any(f"[{one}]" in said for one in MAY_SAY), (
            f"{self.words()}: {code}: {said[-3000:]}"
        )
        self.n_done += code == 0
        self._process = None

    def kill(self) -> bool:
        """Kill a run, if one runs; returns whether it did."""
        if self._process is None or self._process.poll() is not None:
            return False
        self._process.kill()
        self._process.communicate()
        is_killed = self._process.returncode == -signal.SIGKILL
        self._process = None
        return is_killed

    def finish(self) -> None:
        """Do what was begun to its end."""
        done = self.n_done
        if self._process is not None:
            self.ended()
        until = time.monotonic() + WAIT_S
        while self.n_done == done:
            assert time.monotonic() < until, f"{self.words()} does not end"
            self.start()
            self.ended()


class Load(Job):
    """Letters from files, each of other letters."""

    def __init__(self, folder: Path, home: Path) -> None:
        super().__init__(folder)
        self._home = home
        (folder / "map.toml").write_text(LETTER_MAP, "utf-8")

    def words(self) -> list[str]:
        path = self.folder / f"letters-{self.n_done}.csv"
        if not path.exists():
            rows = (f"F{self.n_done}-{n},2026-01-{n % 28 + 1:02},灯{n}不亮,,,," for n in range(N_ROWS))
            path.write_text(LETTER_HEAD + "\n".join([*rows, ""]), "utf-8")
        return ["load", str(self._home), "letters", str(path), "--map", str(self.folder / "map.toml")]


class Backup(Job):
    """One archive after another; one that was killed is begun anew under its own name."""

    def __init__(self, folder: Path, home: Path) -> None:
        super().__init__(folder)
        self._home = home
        self._n_begun = 0

    def words(self) -> list[str]:
        self._n_begun += 1
        return ["backup", str(self._home), str(self.folder / f"{self._n_begun}.tar")]

    def n_good(self) -> int:
        """Return how many archives there are, after reading every one of them again."""
        archives = sorted(self.folder.glob("*.tar"))
        for path in archives:
            read_archive(path, lambda *_words: None)
        return len(archives)


class BusyCity:
    """Everything at once.

    Args:
        home: A demo city.
        folder: For files of loads and for archives.
        postgres: Its database server; None where it is in SQLite.
        seed: Of what is killed when.
    """

    def __init__(self, home: Path, folder: Path, postgres: Postgres | None, seed: int) -> None:
        for name in ("loads", "backups"):
            (folder / name).mkdir()
        self.load, self.backup = Load(folder / "loads", home), Backup(folder / "backups", home)
        self.stories: list[Story] = []
        self.killed = dict.fromkeys(["server", "load", "backup", *(["postgres"] if postgres else [])], 0)
        self._postgres, self._seed = postgres, seed
        self._draw = random.Random(seed)
        self._deck: list[str] = []
        self._is_over = threading.Event()

    def run(self, server: Server, n_kills: int) -> None:
        """Kill until there were so many kills, then let everybody finish."""
        people = [Person(server.base) for _ in range(3)]
        people[1].sign_in("dispatcher")
        people[2].sign_in("grid_worker")
        threads = [
            threading.Thread(target=self._write_letters, args=(people, n), daemon=True)
            for n in range(N_PEOPLE)
        ]
        for thread in threads:
            thread.start()
        try:
            while sum(self.killed.values()) < n_kills:
                self.load.look()
                self.backup.look()
                self._pause(server)
                self._kill_one(server)
        finally:
            self._is_over.set()
        for thread in threads:
            thread.join(timeout=4 * WAIT_S)
            assert not thread.is_alive()
        self.load.finish()
        self.backup.finish()
        for person in people:
            person.close()

    def _write_letters(self, people: list[Person], which: int) -> None:
        n = 0
        while not self._is_over.is_set():
            n += 1
            story = Story(*people, seed=self._seed * 10_000 + which * 1_000 + n)
            self.stories.append(story)
            story.run()
            if story.failure is not None:
                return

    def _pause(self, server: Server) -> None:
        # A server that is still coming up has nothing to lose.
        until = time.monotonic() + WAIT_S
        while not server.is_ready():
            assert time.monotonic() < until, "the server does not answer"
            if server.process.poll() is not None:
                # It found its database away when it started, and says so and ends; whoever supervises it tries again.
                assert self._postgres is not None, "the server ended by itself"
                server.start()
            time.sleep(0.05)
        time.sleep(self._draw.uniform(0, 1.5))

    def _kill_one(self, server: Server) -> None:
        # By a shuffled deck, so that a short run kills everything once.
        self._deck = self._deck or self._draw.sample(sorted(self.killed), len(self.killed))
        victim = self._deck.pop()
        if victim == "server":
            server.process.kill()
            server.process.wait()
            server.start()
        elif victim == "postgres":
            assert self._postgres is not None
            self._postgres.stop("immediate")
            self._postgres.start()
        elif not {"load": self.load, "backup": self.backup}[victim].kill():
            self._deck.append(victim)
            return
        self.killed[victim] += 1
