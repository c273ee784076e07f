"""The closed cases most like one: how they ended says what may help now. A score in four parts, all of them shown.

``score = w1·category + w2·place + w3·words + w4·recency`` (a default of ours; the weights are settings). Everything is
read through the reader's lens without a stated purpose: words are compared masked, so no look at a person happens
here, and two readers of one lens and one place get the same score.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from huitian.cases.fold import COLUMNS
from huitian.cases.history import batches
from huitian.cases.parts import CaseParts
from huitian.cases.rows import case_rows
from huitian.errors import NotAllowed, NotFound
from huitian.model.query import Condition, Query, Row, Where
from huitian.model.scope import Allowed, Scope

READ = (*COLUMNS, "place_id")
BOX = frozenset({"west", "south", "east", "north"})
MOST_NEAR = 200
"""Closed cases looked at in each circle: the building, the street, all that the reader may see."""
MOST_READ = 60
"""Of these the best by category, place and recency have their words read."""
SIBLING = 0.5
"""What a category under the same parent counts."""
NEARNESS: Final = {"building": 1.0, "estate": 0.8, "community": 0.6, "street": 0.3, "elsewhere": 0.0}
DAY_S = 86_400
PUNCTUATION = re.compile(r"[\W\d_*]+")
PARTS: Final = ("category", "place", "words", "recency")


class SimilarCases:
    """Finds closed cases that are like one.

    Args:
        parts: What the engine works with.
    """

    def __init__(self, parts: CaseParts) -> None:
        self._parts = parts

    def most_similar(self, scope: Scope, case_id: str, lang: str = "zh", limit: int = 3) -> dict[str, Any]:
        """Return the closed cases most like a case, best first: ``items, weights, n_looked_at, as_of``.

        Each item has ``case, score, parts, nearness, reply, answered_s, closed_s``. A part of ``words`` is None where
        one of the two has none that this reader may see, and adds nothing. Ties go to the case that was closed later,
        then to the lower id.

        Raises:
            NotFound: There is no such case that this reader may see.
        """
        reader = replace(scope, purposes=())
        planner = self._parts.planner
        allowed = planner.allow(reader, "case")
        found = planner.read(
            allowed, Query("case", (Condition("case_id", "eq", case_id),), columns=READ, limit=1)
        ).rows
        if not found:
            raise NotFound(entity="case", object_id=case_id)
        case, weights = found[0], self._weights()
        kin = self._kin(case["category_code"])
        rows = self._closed(reader, allowed, case, tuple(kin))
        estates = self._estates(reader, [case, *rows])
        scored = []
        for row in rows:
            nearness = self._nearness(case, row, estates)
            parts: dict[str, float | None] = {
                "category": kin[row["category_code"]], "place": NEARNESS[nearness], "words": None,
                "recency": self._recency(row["closed_at"], allowed.as_of),
            }  # fmt: skip
            scored.append((row, nearness, parts))
        scored.sort(key=lambda one: order_of(one[0], one[2], weights))
        said = self._words(reader, [case_id, *(row["case_id"] for row, *_ in scored[:MOST_READ])])
        own = pairs_of(said.get(case_id, {}).get("body"))
        for row, _, parts in scored[:MOST_READ]:
            parts["words"] = overlap(own, pairs_of(said.get(row["case_id"], {}).get("body")))
        scored.sort(key=lambda one: order_of(one[0], one[2], weights))
        best = scored[:limit]
        shown = case_rows(self._parts, reader, [row for row, *_ in best], allowed.as_of, lang)
        return {
            "items": [
                {
                    "case": {name: value for name, value in view.items() if name not in BOX},
                    "score": round(score_of(parts, weights), 4),
                    "parts": {name: None if parts[name] is None else round(parts[name] or 0, 4) for name in PARTS},
                    "nearness": nearness, "reply": said.get(row["case_id"], {}).get("reply"),
                    "answered_s": seconds(row["reported_at"], row["replied_at"]),
                    "closed_s": seconds(row["reported_at"], row["closed_at"]),
                }
                for (row, nearness, parts), view in zip(best, shown, strict=True)
            ],
            "weights": weights, "n_looked_at": len(rows), "as_of": allowed.as_of,
        }  # fmt: skip

    def _weights(self) -> dict[str, float]:
        return {name: float(getattr(self._parts.settings, f"similar_weight_{name}")) for name in PARTS}

    def _kin(self, category_code: str | None) -> dict[str, float]:
        """Return the categories that are looked at and what each counts: its own, and those of the same parent."""
        if category_code is None:
            return {}
        planner = self._parts.planner
        rows = planner.read(
            planner.system("category"), Query("category", columns=("category_code", "parent_code"), limit=10_000)
        ).rows  # fmt: skip
        parents = {row["category_code"]: row["parent_code"] for row in rows}
        parent = parents.get(category_code)
        siblings = {code: SIBLING for code, of in parents.items() if parent is not None and of == parent}
        return siblings | {category_code: 1.0}

    def _closed(self, reader: Scope, allowed: Allowed, case: Row, codes: Sequence[str]) -> list[Row]:
        """Return closed cases to look at: of the building, of the street, and the newest of all."""
        if not codes:
            return []
        planner = self._parts.planner
        where: Where = (
            Condition("category_code", "in", tuple(codes)), Condition("closed_at", "not_null"),
            # Without an answer (merged, withdrawn) there is nothing to learn from it.
            Condition("replied_at", "not_null"), Condition("case_id", "ne", case["case_id"]),
        )  # fmt: skip
        street = next((p.place_id for p in self._path(case["place_id"]) if p.level == "street"), None)
        circles: list[tuple[Allowed, Where]] = [(allowed, where)]
        if street is not None:
            circles.append((planner.allow(reader, "case", place_id=street), where))
        # A building that the lens hides is not asked for: what it matches would tell it.
        if case["building_id"] is not None and "building_id" not in allowed.masks:
            circles.append((allowed, (*where, Condition("building_id", "eq", case["building_id"]))))
        found: dict[str, Row] = {}
        for may, asked in circles:
            query = Query("case", asked, columns=READ, sort=("-reported_at", "case_id"), limit=MOST_NEAR)
            found |= {row["case_id"]: row for row in planner.read(may, query).rows}
        return list(found.values())

    def _path(self, place_id: str | None) -> Sequence[Any]:
        return self._parts.planner.places.path(place_id) if place_id else ()

    def _estates(self, reader: Scope, rows: Sequence[Row]) -> Mapping[str, str]:
        """Return the estate of each building that the rows name, where the reader may know it."""
        ids = sorted({row["building_id"] for row in rows if row["building_id"] is not None})
        planner, estates = self._parts.planner, dict[str, str]()
        try:
            allowed = planner.allow(reader, "building")
        except NotAllowed:
            return {}
        for part in batches(ids):
            query = Query("building", (Condition("building_id", "in", part),),
                          columns=("building_id", "attributes"), limit=len(part))  # fmt: skip
            for row in planner.read(allowed, query).rows:
                if estate := (row["attributes"] or {}).get("estate_code"):
                    estates[row["building_id"]] = str(estate)
        return estates

    def _nearness(self, case: Row, other: Row, estates: Mapping[str, str]) -> str:
        mine, theirs = case["building_id"], other["building_id"]
        if mine is not None and mine == theirs:
            return "building"
        if mine in estates and estates[mine] == estates.get(theirs):
            return "estate"
        here = {p.level: p.place_id for p in self._path(case["place_id"])}
        there = {p.level: p.place_id for p in self._path(other["place_id"])}
        for level in ("community", "street"):
            if level in here and here[level] == there.get(level):
                return level
        return "elsewhere"

    def _recency(self, closed_at: datetime, now: datetime) -> float:
        """Return 1 for a case closed now, one half after the setting's days, and so on."""
        days = max(0.0, (now - closed_at).total_seconds() / DAY_S)
        return float(0.5 ** (days / self._parts.settings.similar_half_life_days))

    def _words(self, reader: Scope, case_ids: Sequence[str]) -> dict[str, dict[str, str]]:
        """Return what was written and the last answer of cases, masked; none under the lens of the wall."""
        planner = self._parts.planner
        if reader.lens == "V1":
            return {}
        try:
            allowed = planner.allow(reader, "case_words")
        except NotAllowed:
            return {}
        said: dict[str, dict[str, str]] = {}
        for part in batches(case_ids):
            where = (Condition("case_id", "in", part), Condition("field", "in", ("body", "reply")))
            query = Query("case_words", where, columns=("case_id", "step_no", "field", "words"),
                          sort=("case_id", "step_no"), limit=50 * len(part))  # fmt: skip
            for row in planner.read(allowed, query).rows:
                if row["words"] and (row["field"] == "reply" or row["step_no"] == 1):
                    said.setdefault(row["case_id"], {})[row["field"]] = row["words"]
        return said


def score_of(parts: Mapping[str, float | None], weights: Mapping[str, float]) -> float:
    """Return the weighted sum of the parts; one that is not known adds nothing."""
    return sum(weights[name] * (parts[name] or 0.0) for name in PARTS)


def order_of(
    row: Row, parts: Mapping[str, float | None], weights: Mapping[str, float]
) -> tuple[float, float, str]:
    """Return what puts the best first, and equals always in one order."""
    return -round(score_of(parts, weights), 6), -row["closed_at"].timestamp(), row["case_id"]


def pairs_of(words: str | None) -> frozenset[str]:
    """Return the pairs of neighbouring characters of words, without digits, signs and what was masked."""
    found: set[str] = set()
    for run in PUNCTUATION.split(unicodedata.normalize("NFKC", words or "").casefold()):
        found |= {run[at : at + 2] for at in range(len(run) - 1)}
    return frozenset(found)


def overlap(one: frozenset[str], other: frozenset[str]) -> float | None:
    """Return how much of two sets is in both (Dice: twice the common over the sum); None where one is empty."""
    return 2 * len(one & other) / (len(one) + len(other)) if one and other else None


def seconds(since: datetime | None, until: datetime | None) -> int | None:
    """Return whole seconds between two instants; None where one is missing."""
    return None if since is None or until is None else int((until - since).total_seconds())
