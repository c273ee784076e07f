"""Whatever a carrier does with the files, and whenever a side is killed: no letter is lost, none comes twice.

Files are lost, held back, brought twice, brought in any order, altered; packing ends before or after its commit, taking
before the file is removed. In the end every letter is one case under its own number, every rating counts once, and no
altered file was taken.
"""

import random
import shutil
import tempfile
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huitian.ferry.packing import one_more
from huitian.model.case import Opened
from huitian.model.query import Condition
from tests.ferry.crossing import Crossing, photo

HOSTS = ("wx1", "wx2")
SIDES = ("city", *HOSTS)
DEEDS = (
    "write", "write", "pack", "pack", "pack", "take", "take", "take", "lose", "twice", "hold", "bring", "alter",
    "killed_before_commit", "killed_after_commit", "killed_after_take", "open", "answer", "rate", "wait",
)  # fmt: skip
GIVEN = {"is_contacted": True, "solved": "solved", "satisfied": "yes"}


@pytest.fixture(scope="session")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a city with two hosts once; every example works on a copy."""
    home = tmp_path_factory.mktemp("begun") / "home"
    home.mkdir()
    Crossing.begun(home, *HOSTS).close()
    return home


class Voyage:
    """One example: a copy of the city and its hosts, and what was done so far."""

    def __init__(self, home: Path) -> None:
        self.crossing = Crossing(home)
        for name in SIDES:
            self.crossing.open(name)
        self.crossing.clock.advance(timedelta(minutes=1))
        self.letters: list[tuple[str, Opened]] = []
        self.answered: set[str] = set()
        self.rated: set[str] = set()
        self.held: list[tuple[Path, bytes]] = []
        self.altered: set[str] = set()

    def close(self) -> None:
        self.crossing.close()

    def afloat(self) -> list[Path]:
        """Return the files that are on their way."""
        return sorted(path for name in SIDES for path in self.crossing.boat(name).glob("*.ferry"))

    def do(self, deed: str, n: int) -> None:
        """Do one thing; ``n`` chooses with what."""
        getattr(self, f"_{deed}")(n)

    def _write(self, n: int) -> None:
        host = HOSTS[n % 2]
        files = (photo(n % 5),) if n % 3 == 0 else ()
        self.letters.append((host, self.crossing.write(host, f"第 {n} 件", files=files)))

    def _pack(self, n: int) -> None:
        self.crossing.pack(SIDES[n % 3])

    def _take(self, n: int) -> None:
        for one in self.crossing.take(SIDES[n % 3]):
            assert one.fate != "refused" or one.file_name in self.altered, one

    def _lose(self, n: int) -> None:
        if files := self.afloat():
            files[n % len(files)].unlink()

    def _twice(self, n: int) -> None:
        if files := self.afloat():
            path = files[n % len(files)]
            self.held.append((path, path.read_bytes()))

    def _hold(self, n: int) -> None:
        self._twice(n)
        self._lose(n)

    def _bring(self, n: int) -> None:
        if self.held:
            path, content = self.held.pop(n % len(self.held))
            path.write_bytes(content)

    def _alter(self, n: int) -> None:
        if files := self.afloat():
            path = files[n % len(files)]
            raw = path.read_bytes()
            at = n * 7919 % len(raw)
            wrong = path.with_name(f"x{n}.{len(self.altered)}.ferry")
            self.altered.add(wrong.name)
            wrong.write_bytes(raw[:at] + bytes([raw[at] ^ (1 + n % 255)]) + raw[at + 1 :])

    def _killed_before_commit(self, n: int) -> None:
        """A trip was written to the folder of kept trips, but its number was never given."""
        name = SIDES[n % 3]
        side = self.crossing.sides[name]
        for peer in side.rows(None, "ferry_peer"):
            left = f"{name}-{peer['peer_id']}-{peer['chain_out']}-{peer['seq_out'] + 1:08d}.ferry"
            side.sent.mkdir(parents=True, exist_ok=True)
            (side.sent / left).write_bytes(b"half of a trip")

    def _killed_after_commit(self, n: int) -> None:
        """The number was given, but the carrier never got the file."""
        side = self.crossing.sides[SIDES[n % 3]]
        side.sent.mkdir(parents=True, exist_ok=True)
        for peer in side.rows(None, "ferry_peer"):
            one_more(side, peer["peer_id"])

    def _killed_after_take(self, n: int) -> None:
        """Everything was taken, but the files were not removed."""
        name = SIDES[n % 3]
        files = [(path, path.read_bytes()) for path in self.crossing.boat(name).glob("*.ferry")]
        self._take(n)
        for path, content in files:
            if path.name not in self.altered:
                path.write_bytes(content)

    def _open(self, n: int) -> None:
        self.crossing.open(SIDES[n % 3])

    def _answer(self, n: int) -> None:
        for _, letter in self.letters[n % 3 :: 3]:
            if letter.case_no not in self.answered and self.crossing.case(letter.case_no) is not None:
                self.crossing.answer(letter.case_no)
                self.answered.add(letter.case_no)

    def _rate(self, n: int) -> None:
        for host, letter in self.letters:
            if self.crossing.view(host, letter)["can_rate"]:
                self.crossing.opened[host].letters.rate(
                    letter.case_no, letter.follow_code, f"rate-{n:08d}", GIVEN
                )
                self.rated.add(letter.case_no)

    def _wait(self, n: int) -> None:
        del n
        self.crossing.clock.advance(timedelta(minutes=61))

    def arrive(self) -> None:
        """Let everything come home over an honest carrier, and look at what became of it."""
        for _ in range(6):
            self._wait(0)
            for n in range(3):
                self._pack(n)
            for n in range(3):
                self._take(n)
        crossing = self.crossing
        cases = {row["case_no"]: row for row in crossing.rows("city", "case")}
        assert sorted(cases) == sorted(letter.case_no for _, letter in self.letters)
        for host, letter in self.letters:
            case = cases[letter.case_no]
            view = crossing.view(host, letter)
            assert view["state"] == case["state"]
            visits = [row for row in crossing.rows("city", "case_step", Condition("case_id", "eq", case["case_id"]))
                      if row["action"] == "visit"]  # fmt: skip
            assert len(visits) == (letter.case_no in self.rated)
        for host in HOSTS:
            assert all(row["state"] == "taken" for row in crossing.rows(host, "ferry_letter"))
            assert [*crossing.opened[host].engine.files.list_ids()] == []
        taken = {row["file_name"] for name in SIDES for row in crossing.rows(name, "ferry_trip")}
        assert not taken & self.altered


def sail(begun: Path, deeds: list[tuple[str, int]]) -> None:
    """Sail one example on a copy of the city."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        shutil.copytree(begun, home)
        voyage = Voyage(home)
        try:
            for deed, n in deeds:
                voyage.do(deed, n)
            voyage.arrive()
        finally:
            voyage.close()


def drawn(seed: int, n_deeds: int) -> list[tuple[str, int]]:
    """Return deeds by a seed."""
    lot = random.Random(seed)
    return [(lot.choice(DEEDS), lot.randrange(1000)) for _ in range(n_deeds)]


@pytest.mark.parametrize("seed", range(4))
def test_a_few_voyages(begun: Path, seed: int) -> None:
    sail(begun, drawn(seed, 60))


@pytest.mark.fuzz
def test_any_voyage(begun: Path) -> None:
    @settings(max_examples=50)
    @given(st.lists(st.tuples(st.sampled_from(DEEDS), st.integers(0, 999)), max_size=40))
    def sailed(deeds: list[tuple[str, int]]) -> None:
        sail(begun, deeds)

    sailed()
