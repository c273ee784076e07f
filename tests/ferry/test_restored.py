"""A side that is restored from a backup: it is noticed, told what to do, and nothing is lost or doubled."""

import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from huitian.errors import FerryBehind, TripGone
from huitian.ferry.packing import anew
from huitian.ferry.status import status_of
from huitian.model.query import Condition
from tests.ferry.crossing import Crossing


class Backup:
    """A copy of the folder of one side, as it was."""

    def __init__(self, crossing: Crossing, name: str, home: Path) -> None:
        self._crossing, self._name, self._home = crossing, name, home
        crossing.opened.pop(name).close()
        shutil.copytree(crossing.home / name, home)
        crossing.open(name)

    def restore(self) -> None:
        """Put it back as an archive does, without the trips that were kept; what happened since is gone."""
        self._crossing.opened.pop(self._name).close()
        folder = self._crossing.home / self._name
        shutil.rmtree(folder)
        shutil.copytree(self._home, folder, ignore=shutil.ignore_patterns("ferry"))
        self._crossing.open(self._name)


def numbers(crossing: Crossing) -> list[str]:
    """Return the numbers of all cases inside."""
    return sorted(row["case_no"] for row in crossing.rows("city", "case"))


def test_the_city_is_restored(crossing: Crossing, tmp_path: Path) -> None:
    first = crossing.write("wx1", "第一封")
    crossing.settle()
    backup = Backup(crossing, "city", tmp_path / "backup")
    second = crossing.write("wx1", "第二封")
    crossing.settle()
    assert crossing.rows("wx1", "ferry_letter", Condition("state", "ne", "taken")) == []
    backup.restore()
    assert numbers(crossing) == [first.case_no]
    crossing.write("wx1", "第三封")
    crossing.pack("wx1")
    assert crossing.take("city")[-1].fate == "waits"
    with pytest.raises(FerryBehind) as behind:
        crossing.pack("city")
    assert "huitian ferry anew" in behind.value.what_to_do("en")
    assert any("anew" in zh for one in status_of(crossing.sides["city"]) for zh, _ in one.troubles)
    anew(crossing.sides["city"], "wx1")
    crossing.settle()
    assert len(numbers(crossing)) == 3, "the sealed trips that the host still keeps came again"
    assert crossing.view("wx1", second)["state"] == "pending_dispatch"
    crossing.answer(second.case_no)
    crossing.settle()
    assert crossing.view("wx1", second)["state"] == "replied"


def test_an_outside_host_is_restored(crossing: Crossing, tmp_path: Path) -> None:
    first = crossing.write("wx1", "第一封")
    crossing.settle()
    backup = Backup(crossing, "wx1", tmp_path / "backup")
    second = crossing.write("wx1", "第二封", idempotency_key="second-letter")
    crossing.settle()
    backup.restore()
    third = crossing.write("wx1", "第三封")
    assert third.case_no == second.case_no, "the restored host gives a number twice"
    crossing.pack("wx1")
    assert crossing.take("city")[-1].fate == "refused"
    crossing.answer(first.case_no)
    crossing.pack("city")
    crossing.take("wx1")
    with pytest.raises(FerryBehind):
        crossing.pack("wx1")
    anew(crossing.sides["wx1"], "city")
    crossing.settle()
    assert len(numbers(crossing)) == 3
    assert len(set(numbers(crossing))) == 3
    assert crossing.view("wx1", first)["state"] == "replied"
    # The old number still opens the letter of whoever holds it: the code tells them apart.
    assert crossing.view("wx1", third)["case_no"] != third.case_no
    assert crossing.view("wx1", second)["case_no"] == second.case_no


def test_a_new_chain_on_a_sound_side_does_no_harm(crossing: Crossing) -> None:
    letters = [crossing.write("wx1", f"第 {n} 封") for n in range(3)]
    crossing.settle()
    for name, peer in (("wx1", "city"), ("city", "wx1")):
        anew(crossing.sides[name], peer)
        crossing.settle()
    assert numbers(crossing) == sorted(one.case_no for one in letters)
    crossing.answer(letters[0].case_no)
    crossing.settle()
    assert crossing.view("wx1", letters[0])["state"] == "replied"


def test_a_trip_of_an_ended_chain_is_refused(crossing: Crossing, tmp_path: Path) -> None:
    crossing.write("wx1")
    crossing.pack("wx1")
    path = next(crossing.boat("city").glob("wx1-*.ferry"))
    shutil.move(path, tmp_path / path.name)
    anew(crossing.sides["wx1"], "city")
    crossing.settle()
    shutil.copy(tmp_path / path.name, path)
    outcome = crossing.take("city")[0]
    assert outcome.fate == "refused"
    assert outcome.error is not None
    assert outcome.error.facts["reason"] == "old_chain"
    assert len(numbers(crossing)) == 1


def test_a_trip_that_is_not_kept_any_more_is_told(crossing: Crossing) -> None:
    crossing.write("wx1")
    crossing.pack("wx1")
    shutil.rmtree(crossing.boat("city"))
    shutil.rmtree(crossing.sides["wx1"].sent)
    crossing.clock.advance(timedelta(hours=2))
    with pytest.raises(TripGone) as gone:
        crossing.pack("wx1")
    assert "huitian ferry anew" in gone.value.what_to_do("en")
    anew(crossing.sides["wx1"], "city")
    crossing.settle()
    assert len(numbers(crossing)) == 1
