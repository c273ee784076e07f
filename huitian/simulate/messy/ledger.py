"""The ledger of a messy pile: what was broken where, so that a load can be held against it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from huitian.simulate.draws import Draws

T = TypeVar("T")


@dataclass(slots=True)
class FileLedger:
    """One file of the pile.

    Attributes:
        name: File name.
        kind: Kind of source that reads it.
        map_name: Mapping beside it.
        encoding: Its encoding.
        about_zh: What is in it.
        about_en: The same in English.
        n_rows: Rows or features, broken ones and doubles included.
        rejected: Reason code → keys of the rows that cannot be taken.
        kept: Reason code → keys of the rows that are taken with a note.
        findings: Rule → keys of the rows that are taken and look wrong.
        oddities: What a careful reader mends in silence → keys.
    """

    name: str
    kind: str
    map_name: str
    encoding: str
    about_zh: str
    about_en: str
    n_rows: int = 0
    rejected: dict[str, list[str]] = field(default_factory=dict)
    kept: dict[str, list[str]] = field(default_factory=dict)
    findings: dict[str, list[str]] = field(default_factory=dict)
    oddities: dict[str, list[str]] = field(default_factory=dict)

    @property
    def n_written(self) -> int:
        """Rows that a load takes."""
        return self.n_rows - sum(map(len, self.rejected.values()))

    def told(self) -> dict[str, Any]:
        """Return the ledger as plain JSON."""
        return {
            "kind": self.kind, "map": self.map_name, "encoding": self.encoding, "about_zh": self.about_zh,
            "about_en": self.about_en, "n_rows": self.n_rows, "n_written": self.n_written,
            **{
                name: {code: {"n": len(keys), "keys": keys} for code, keys in sorted(found.items())}
                for name, found in (("rejected", self.rejected), ("kept", self.kept), ("findings", self.findings),
                                    ("oddities", self.oddities))
            },
        }  # fmt: skip


class Lots:
    """Draws rows to break, each at most once, so that every row has one fault."""

    def __init__(self, draws: Draws, n_rows: int) -> None:
        self._draws = draws
        self._left = list(range(n_rows))

    def draw(self, n: int, among: Sequence[bool] | None = None) -> list[int]:
        """Return n row indexes in rising order; with ``among`` only rows that are marked."""
        drawn: list[int] = []
        while len(drawn) < n:
            at = self._draws.whole(0, len(self._left) - 1)
            if among is None or among[self._left[at]]:
                drawn.append(self._left.pop(at))
        return sorted(drawn)


FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")


def full_width(words: str) -> str:
    """Return text with full-width digits, as some input methods write them."""
    return words.translate(FULL_WIDTH)


def counts_of(found: dict[str, list[str]]) -> str:
    """Return counts by code for a person to read."""
    return ", ".join(
        f"{code} {n}" for code, n in sorted(Counter({c: len(k) for c, k in found.items()}).items())
    )
