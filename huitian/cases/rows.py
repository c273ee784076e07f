"""Rows of a queue: the projection with the names that a person reads, through the reader's lens."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime

from huitian.cases.history import batches
from huitian.cases.limits import status_of
from huitian.cases.parts import CaseParts
from huitian.errors import NotAllowed
from huitian.model.query import Condition, Query, Row
from huitian.model.scope import Scope

TITLE_CHARS = 40
SENTENCE_END = re.compile(r"[。！？!?\n\r；;]")
FIELDS = ("title", "body")
LANGUAGES = ("zh", "en")


def case_rows(
    parts: CaseParts, scope: Scope, rows: Sequence[Row], now: datetime, lang: str = "zh"
) -> list[Row]:
    """Return queue rows of masked projection rows, in their order.

    Args:
        parts: What the engine works with.
        scope: The reader.
        rows: Rows of ``case`` with ``place_id``, masked by the reader's lens.
        now: Instant against which clocks are read.
        lang: ``zh`` or ``en``, for the names of categories, places and organisations.

    Returns:
        The columns of ``case`` and ``title, category_title, place_name, place_path, owner_name, status, left_s,
        is_mine``.
    """
    titles = titles_of(parts, scope, [row["case_id"] for row in rows])
    owners = org_names(parts, (row["owner_org_id"] for row in rows), lang)
    done = []
    for row in rows:
        status = status_of(row, now)
        place_name, place_path = named_place(parts, row.get("place_id"), lang)
        category = parts.categories.title(row["category_code"])[LANGUAGES.index(lang)]
        done.append(
            row
            | {
                "title": titles.get(row["case_id"]) or category or row["case_no"],
                "category_title": category,
                "place_name": place_name,
                "place_path": place_path,
                "owner_name": owners.get(row["owner_org_id"]),
                "status": status,
                "left_s": None if status == "none" else int((row["due_at"] - now).total_seconds()),
                "is_mine": scope.org_id is not None and row["owner_org_id"] == scope.org_id,
            }
        )
    return done


def titles_of(parts: CaseParts, scope: Scope, case_ids: Sequence[str]) -> dict[str, str]:
    """Return the short words of cases by id, masked.

    Under V1 there are none: house numbers and names in a letter must not reach a wall (domain 06 §2), the
    category stands in their place.
    """
    if scope.lens == "V1":
        return {}
    try:
        allowed = parts.planner.allow(scope, "case_words")
    except NotAllowed:
        return {}
    found: dict[str, dict[str, str]] = {}
    for part in batches(case_ids):
        where = (
            Condition("case_id", "in", part),
            Condition("step_no", "eq", 1),
            Condition("field", "in", FIELDS),
        )
        query = Query("case_words", where, columns=("case_id", "field", "words"), limit=2 * len(part))
        for row in parts.planner.read(allowed, query).rows:
            found.setdefault(row["case_id"], {})[row["field"]] = row["words"] or ""
    return {case_id: short(words.get("title") or words.get("body") or "") for case_id, words in found.items()}


def short(words: str) -> str:
    """Return the first sentence of words, at most ``TITLE_CHARS`` characters."""
    sentence = next((part.strip() for part in SENTENCE_END.split(words) if part.strip()), "")
    return sentence if len(sentence) <= TITLE_CHARS else sentence[: TITLE_CHARS - 1] + "…"


def org_names(parts: CaseParts, org_ids: Iterable[str | None], lang: str = "zh") -> dict[str | None, str]:
    """Return names of organisations by id, English where there are such; they are no secret."""
    wanted = sorted({org_id for org_id in org_ids if org_id is not None})
    allowed = parts.planner.system("organisation")
    names: dict[str | None, str] = {}
    for part in batches(wanted):
        query = Query("organisation", (Condition("org_id", "in", part),), columns=("org_id", "name", "name_en"),
                      limit=len(part))  # fmt: skip
        rows = parts.records.read(allowed, query).rows
        names |= {row["org_id"]: (row["name_en"] if lang == "en" else None) or row["name"] for row in rows}
    return names


def named_place(parts: CaseParts, place_id: str | None, lang: str = "zh") -> tuple[str | None, str | None]:
    """Return the name of a place and the names from below the root down to it, English where there are such."""
    if place_id is None:
        return None, None
    places = parts.planner.places.path(place_id)
    path = [place.called(lang) for place in places]
    return (path[-1], " / ".join(path[1:] or path)) if path else (None, None)
