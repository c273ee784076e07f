"""Finding cases by what their letter says: words are sealed, so they are opened and looked through, newest first."""

import re
from dataclasses import dataclass

from huitian.cases.history import batches
from huitian.cases.parts import CaseParts
from huitian.cases.told import refused
from huitian.errors import NotAllowed
from huitian.model.query import Condition, Query, Where
from huitian.model.scope import Scope

MOST_FOUND = 2000
"""Cases that a search gives; where more have the words, the list would lack some and its counts be wrong."""
PHONE = re.compile(r"[0-9+][0-9() \-]{6,19}")
MOST_OF_PHONE = 400


@dataclass(frozen=True, slots=True)
class FoundCases:
    """What a search found.

    Attributes:
        case_ids: The cases.
        n_searched: How many were looked through.
        is_whole: Whether that was every one the reader may see.
    """

    case_ids: tuple[str, ...]
    n_searched: int
    is_whole: bool


def cases_with_words(
    parts: CaseParts, scope: Scope, words: str, where: Where = (), place_id: str | None = None
) -> FoundCases:
    """Return the cases whose letter has these words as the reader sees them: what is masked cannot be guessed.

    Args:
        parts: What the engine works with.
        scope: The reader.
        words: What is looked for; letter case does not matter.
        where: What else holds of the cases.
        place_id: Only there and below.

    Returns:
        Of the newest ``most_searched`` cases those that have them. A whole phone number finds the cases of its owner,
        for readers who work on contacts.

    Raises:
        InvalidInput: So many letters have them that the list would not be whole.
    """
    planner, settings = parts.planner, parts.settings
    try:
        allowed, readable = (
            planner.allow(scope, "case", place_id=place_id),
            planner.allow(scope, "case_words"),
        )
    except NotAllowed:
        return FoundCases((), 0, is_whole=True)
    query = Query("case", where, columns=("case_id",), sort=("-reported_at",), limit=settings.most_searched)
    page = planner.read(allowed, query)
    by_phone = of_phone(parts, scope, words)
    found, n_searched, told = [*by_phone], 0, words.casefold()
    for part in batches(row["case_id"] for row in page.rows):
        asked = (Condition("case_id", "in", part), Condition("step_no", "eq", 1))
        rows = planner.read(
            readable, Query("case_words", asked, columns=("case_id", "field", "words"), limit=8 * len(part))
        ).rows
        has = {row["case_id"] for row in rows if told in (row["words"] or "").casefold()}
        found += [case_id for case_id in part if case_id in has and case_id not in by_phone]
        n_searched += len(part)
        if len(found) > MOST_FOUND:
            raise refused(
                "q",
                f"超过 {MOST_FOUND} 封来信含有这个词，请多写几个字",
                f"more than {MOST_FOUND} letters have these words; write more of them",
            )
    return FoundCases(tuple(found), n_searched, n_searched == page.n_total)


def of_phone(parts: CaseParts, scope: Scope, words: str) -> list[str]:
    """Return the cases whose contact has exactly this phone, for readers who may see contacts."""
    if scope.lens == "V1" or not PHONE.fullmatch(words):
        return []
    try:
        allowed = parts.planner.allow(scope, "case_contact")
    except NotAllowed:
        return []
    ids = parts.records.found_exactly(allowed, "phone", words, MOST_OF_PHONE)
    if not ids:
        return []
    query = Query(
        "case_contact",
        (Condition("case_id", "in", ids),),
        columns=("case_id", "phone", "is_anonymous"),
        limit=len(ids),
    )
    digits = re.sub(r"\D", "", words)[-11:]
    return [
        row["case_id"]
        for row in parts.records.read(allowed, query).rows
        if not row["is_anonymous"] and re.sub(r"\D", "", row["phone"] or "")[-11:] == digits
    ]
