"""Ladders in force: which rules judge a case that came in on a certain day."""

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

from huitian.cases.ladder_file import FIRST, UNDO, read_ladder
from huitian.errors import LadderInvalid
from huitian.model.case import Ladder

OURS = Path(__file__).with_name("ladders")


class LadderSet:
    """All ladders of a city, by rule set and by day.

    Args:
        ladders: Ours first, then the city's own; of two that hold on a day the one that began later judges,
            of two that began on the same day the one given later.

    Raises:
        LadderInvalid: Two ladders have the same rule set: an old case could no longer be recomputed.
    """

    def __init__(self, ladders: Iterable[Ladder]) -> None:
        self._by_rule_set: dict[str, Ladder] = {}
        self._by_id: dict[str, list[Ladder]] = {}
        for ladder in ladders:
            if ladder.rule_set in self._by_rule_set:
                raise LadderInvalid(
                    file_name=f"{ladder.ladder_id}.toml",
                    field="rule_set",
                    why=f"{ladder.rule_set!r} is taken; a changed ladder needs a new name, so that the cases "
                    "judged by the old one can be recomputed",
                )
            self._by_rule_set[ladder.rule_set] = ladder
            self._by_id.setdefault(ladder.ladder_id, []).append(ladder)
        for same in self._by_id.values():
            same.sort(key=lambda one: one.effective_from)

    @property
    def kinds(self) -> Sequence[str]:
        """Kinds of cases that have a ladder."""
        return tuple(self._by_id)

    def on_day(self, ladder_id: str, day: date) -> Ladder:
        """Return the ladder that judges a case of this kind that comes in on a day.

        Before the first one begins, the first one judges: old cases of another system still need a ladder.

        Raises:
            LadderInvalid: There is no ladder of this id.
        """
        same = self._by_id.get(ladder_id)
        if same is None:
            raise LadderInvalid(
                file_name=f"{ladder_id}.toml", field="ladder_id", why="there is no such ladder"
            )
        holds = [
            one
            for one in same
            if one.effective_from <= day and (one.effective_to is None or day < one.effective_to)
        ]
        return holds[-1] if holds else same[0] if day < same[0].effective_from else same[-1]

    def __contains__(self, rule_set: str) -> bool:
        """Return whether there is a ladder of a rule set."""
        return rule_set in self._by_rule_set

    def named(self, rule_set: str) -> Ladder:
        """Return the ladder of a rule set, by which a case was judged.

        Raises:
            LadderInvalid: The rule set is gone; its file must come back.
        """
        ladder = self._by_rule_set.get(rule_set)
        if ladder is None:
            raise LadderInvalid(
                file_name="ladders/*.toml",
                field="rule_set",
                why=f"cases name {rule_set!r}, which no file has",
            )
        return ladder


def read_ladders(folder: Path | None = None, working_day_h: int = 8) -> LadderSet:
    """Return our ladders and those of a city's own folder.

    Args:
        folder: ``DIR/ladders``; None or a folder that is not there gives ours alone.
        working_day_h: Working hours in a working day, for limits in days of working time.

    Raises:
        LadderInvalid: A file breaks the rules of ladders.
    """
    own = sorted(folder.glob("*.toml")) if folder is not None and folder.is_dir() else []
    return LadderSet(read_ladder(path, working_day_h) for path in [*sorted(OURS.glob("*.toml")), *own])


__all__ = ["FIRST", "UNDO", "LadderSet", "read_ladders"]
