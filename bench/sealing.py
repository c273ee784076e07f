"""What sealing costs: letters, a page of the queue with words, a search; sealed beside plain, in one process on SQLite.

``python -m bench.sealing`` prints it; ``make bench`` has it in the table.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from unittest.mock import patch

from huitian.app.city import OpenCity, make_city
from huitian.cases.finding_words import cases_with_words
from huitian.cases.views import CaseFilter
from huitian.engine.sealing import Vault
from huitian.model.case import Letter
from huitian.model.place import FIRST_DAY, LEVELS, Place, Tree
from huitian.model.scope import Scope

ROOT = Place("admin:990114", "admin", "990114", "district", "星澜", None, FIRST_DAY)
READER = Scope("system", None, "V3", "system")
WORDS = "小区南门外路灯连续三晚不亮，晚归的老人看不清台阶，请派人来修。第 {n} 封"


def measure(n_letters: int) -> Iterator[tuple[str, str]]:
    """Yield what was measured, sealed and plain, with the ratio of the two."""
    plain, sealed = (measured(n_letters, is_sealed=is_sealed) for is_sealed in (False, True))
    for name, without in plain.items():
        ratio = sealed[name] / without
        yield name, f"{without * 1000:.2f} ms plain, {sealed[name] * 1000:.2f} ms sealed: {ratio:.2f}×"


def measured(n_letters: int, *, is_sealed: bool) -> dict[str, float]:
    """Return the median seconds of each thing in a city of its own."""
    with tempfile.TemporaryDirectory() as folder, patch("huitian.app.stores.begin") as begin:
        if is_sealed:
            from huitian.engine.sealing.guarding import begin as really

            begin.side_effect = really
        tree = Tree("admin", "行政", "Administrative", LEVELS)
        city = make_city(Path(folder) / "city", {"root_place": ROOT.place_id}, ROOT, tree)
        try:
            return figures(city, n_letters)
        finally:
            city.close()


def figures(city: OpenCity, n_letters: int) -> dict[str, float]:
    """Return the median seconds of each thing in one city."""
    numbers = iter(range(n_letters))

    def letter() -> None:
        n = next(numbers)
        place_id = ROOT.place_id
        city.letters.open_case(Letter(WORDS.format(n=n), f"letter-{n:08}", name="测试甲", phone="12011112222",
                                      place_id=place_id))  # fmt: skip

    found = {"a letter with a contact, written": median(letter, n_letters)}
    vault = city.engine.records.vault  # type: ignore[attr-defined]
    for name, is_cold in (("keys in memory", False), ("keys read anew", True)):

        def before(is_cold: bool = is_cold, vault: Vault = vault) -> None:
            if is_cold:
                vault.close()

        queue = median(lambda: city.cases.queue(READER, CaseFilter(limit=50)), 10, before)
        search = median(lambda: cases_with_words(city.parts, READER, "第 7 封"), 5, before)
        found[f"a page of 50 cases with words, {name}"] = queue
        found[f"a search in {n_letters:,} letters, {name}"] = search
    return found


def median(work: Callable[[], object], n: int, before: Callable[[], object] = lambda: None) -> float:
    """Return the median seconds of doing something n times."""
    seconds = []
    for _ in range(n):
        before()
        began = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - began)
    return statistics.median(seconds)


if __name__ == "__main__":
    for what, told in measure(int(sys.argv[1]) if len(sys.argv) > 1 else 2_000):
        print(f"{what:60} {told}")
