"""What passes from step to step: rows that are still good, and rows that were refused."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from huitian.errors import REASONS, Language
from huitian.sources.rows import Fault


@dataclass(frozen=True, slots=True)
class Note:
    """Something that was seen in a row that is loaded all the same.

    Attributes:
        reason_code: A code of ``errors.REASONS`` with ``is_kept``.
        field: Column of the city.
    """

    reason_code: str
    field: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A row on its way into the city.

    Attributes:
        row_no: Row of the file.
        source_key: Key in its source.
        raw: The row as the file has it.
        values: Column of the city → value; missing is None. ``attributes`` holds the other attributes.
        notes: What was seen in it.
        content_hash: Hash of the values; empty before ``dedupe``.
    """

    row_no: int
    source_key: str
    raw: Mapping[str, Any]
    values: Mapping[str, Any]
    notes: tuple[Note, ...] = ()
    content_hash: str = ""

    def having(self, **values: Any) -> "Draft":
        """Return it with some values set."""
        return replace(self, values={**self.values, **values})


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row that cannot be loaded.

    Attributes:
        row_no: Row of the file.
        source_key: Key in its source; None where it has none.
        raw: The row as the file has it.
        fault: Why.
    """

    row_no: int
    source_key: str | None
    raw: Mapping[str, Any]
    fault: Fault

    def words(self, lang: Language) -> str:
        """Return the reason in one language."""
        return told(self.fault, lang)


@dataclass(frozen=True, slots=True)
class Batch:
    """Some rows of a file, in order.

    Attributes:
        drafts: Rows that are still good.
        refusals: Rows that were refused, in whichever step.
        n_read: Rows that came from the file.
        n_unchanged: Good rows that are in the city already, equal; ``dedupe`` takes them out of ``drafts``.
    """

    drafts: tuple[Draft, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    n_read: int = 0
    n_unchanged: int = 0

    def sifted(self, outcome: Sequence[Draft | Refusal]) -> "Batch":
        """Return it with the drafts replaced by what became of them."""
        return replace(
            self,
            drafts=tuple(row for row in outcome if isinstance(row, Draft)),
            refusals=self.refusals + tuple(row for row in outcome if isinstance(row, Refusal)),
        )


@dataclass(slots=True)
class Tally:
    """Counts of a load as they grow.

    Attributes:
        n_read: Rows read.
        n_written: Rows that are new or changed.
        n_unchanged: Rows that were there already, equal.
        n_rejected: Rows that were refused.
        reasons: Reason code → number of rows.
    """

    n_read: int = 0
    n_written: int = 0
    n_unchanged: int = 0
    n_rejected: int = 0
    reasons: dict[str, int] = field(default_factory=dict)

    def count(self, batch: Batch, n_written: int) -> None:
        """Add what became of a batch."""
        self.n_read += batch.n_read
        self.n_written += n_written
        self.n_unchanged += batch.n_unchanged
        self.n_rejected += len(batch.refusals)
        for refusal in batch.refusals:
            code = refusal.fault.reason_code
            self.reasons[code] = self.reasons.get(code, 0) + 1


def refused(draft: Draft, reason_code: str, **facts: object) -> Refusal:
    """Return a draft as a refusal."""
    return Refusal(draft.row_no, draft.source_key or None, draft.raw, Fault(reason_code, facts))


def told(fault: Fault, lang: Language) -> str:
    """Return the words of a fault; a fact ``why_zh`` stands for ``{why}`` in Chinese."""
    ending = f"_{lang}"
    own = {name.removesuffix(ending): fact for name, fact in fault.facts.items() if name.endswith(ending)}
    return REASONS[fault.reason_code].words(lang, **{**fault.facts, **own})
