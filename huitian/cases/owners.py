"""Owners: which body should have a case, with a score in four parts and the reason in a sentence.

Source: domain 01 §3, dispatch suggestion score (a default of ours):
``score = 0.50·P(category→body) + 0.25·area + 0.15·past + 0.10·load``; the weights are settings.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from huitian.base.rosters import duty_of
from huitian.cases.history import EVERY_ROW
from huitian.cases.parts import CaseParts
from huitian.cases.rows import org_names
from huitian.errors import NotFound
from huitian.model.query import AnyOf, Condition, Query, Row, Tally
from huitian.model.scope import Scope

PRIOR_N = 5.0
"""The catalogue counts like this many past cases, so that it decides where there are few."""
RULE_WEIGHT, NAME_WEIGHT, KIND_WEIGHT = 8.0, 2.0, 1.0
LOCAL_MIN_N = 20
"""With fewer cases of the category in the street, those of the whole city are looked at."""
PAST_PRIOR = (2.0, 4.0)
"""Past success begins at 2 of 4: a body without a past is neither good nor bad."""
DEFAULT_CAPACITY_N = 20
PARTLY = 0.5
LOCAL_KINDS = frozenset({"street", "community", "property_firm"})
SMALL_KINDS = frozenset({"community", "property_firm"})
KIND_WORDS = {
    "street": ("街道", "street"),
    "community": ("居委会", "committee"),
    "property_firm": ("物业企业", "property firm"),
}
BODY_KINDS = LOCAL_KINDS | {"department", "enterprise", "centre"}
LEVELS_BY_NEARNESS = (("community", "owner_area_community"), ("street", "owner_area_street"),
                      ("district", "owner_area_district"))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Candidate:
    """A body that could have a case, and what is known of it.

    Attributes:
        org_id: The body.
        name: Its name.
        kind: Its kind.
        n_past: Cases of this category that it handled in the area looked at.
        n_alike: For a street, committee or property firm, its part of what all bodies of its kind handled there:
            the next street does what this one does. Else ``n_past``.
        n_solved: Of those it was rated on: solved 1, partly ½.
        n_rated: Those it was rated on.
        n_open: Cases that it has open now, of any category.
        capacity_n: Cases that it can have open.
        area_ratio: 0–1, how near it stands (domain 01 §3).
        prior_ratio: 0–1, what the catalogue says of it.
        has_rule: Whether a dispatch rule names it.
    """

    org_id: str
    name: str
    kind: str
    n_past: int
    n_alike: float
    n_solved: float
    n_rated: int
    n_open: int
    capacity_n: int
    area_ratio: float
    prior_ratio: float
    has_rule: bool


class Owners:
    """Suggests who should have a case.

    Args:
        parts: What the engine works with.
    """

    def __init__(self, parts: CaseParts) -> None:
        self._parts = parts

    def suggest_owners(self, scope: Scope, case_id: str, limit: int = 3, lang: str = "zh") -> dict[str, Any]:
        """Return the best bodies for a case: ``items, as_of``.

        Each item has ``org_id, name, score, parts {category, area, past, load}, weights, confidence, reason_zh,
        reason_en, n_past, on_duty``. Confidence is the lead over the best other body, ``score / (score + other)``,
        times how much is known, ``(n + 5·rule) / (n + 5)``; an even pair gives one half at most. Counts are those of
        the street or the whole city, which every reader of a case may know. Ties go to the nearer body, then to the
        lower id. Names are in ``lang``, ``zh`` or ``en``.

        Raises:
            NotFound: There is no such case that this reader may see.
        """
        planner, records = self._parts.planner, self._parts.records
        allowed = planner.allow(scope, "case")
        query = Query("case", (Condition("case_id", "eq", case_id),), limit=1,
                      columns=("case_id", "category_code", "place_id", "ladder_level"))  # fmt: skip
        rows = records.read(allowed, query).rows
        if not rows:
            raise NotFound(entity="case", object_id=case_id)
        row = rows[0]
        items = self.for_place(
            row["category_code"], row["place_id"], row["ladder_level"], limit, but_not=case_id
        )
        ids = [item["org_id"] for item in items]
        names = org_names(self._parts, ids, lang)
        on_duty = duty_of(planner, scope.lens, ids, allowed.as_of, lang)
        return {
            "items": [
                item
                | {
                    "name": names.get(item["org_id"], item["name"]),
                    "on_duty": on_duty.get(item["org_id"], []),
                }
                for item in items
            ],
            "as_of": allowed.as_of,
        }

    def for_place(
        self, category_code: str | None, place_id: str | None, ladder_level: str | None, limit: int = 3,
        but_not: str = "",
    ) -> list[dict[str, Any]]:  # fmt: skip
        """Return the best bodies for a category at a place, best first; see ``suggest_owners``.

        Similar are cases of the category that stand on the same ladder level: a committee keeps what it can do
        itself, and what it passed up goes elsewhere.
        """
        where = (
            Condition("category_code", "eq", category_code), Condition("ladder_level", "eq", ladder_level),
            Condition("case_id", "ne", but_not),
        )  # fmt: skip
        area_id, done = self._area(where, place_id)
        candidates = self._candidates(category_code, place_id, done)
        n_all = sum(row["n"] for row in done)
        weights = self._weights()
        scored = []
        for one in candidates:
            parts = {
                "category": (one.n_alike + PRIOR_N * one.prior_ratio) / (n_all + PRIOR_N),
                "area": one.area_ratio,
                "past": (one.n_solved + PAST_PRIOR[0]) / (one.n_rated + PAST_PRIOR[1]),
                "load": 1 - one.n_open / (one.n_open + max(one.capacity_n, 1)),
            }
            score = sum(weights[name] * part for name, part in parts.items())
            scored.append((round(score, 6), one, parts))
        scored.sort(key=lambda s: (-s[0], -s[1].area_ratio, s[1].org_id))
        best = scored[:limit]
        told = (n_all + PRIOR_N * any(one.has_rule for _, one, _ in best)) / (n_all + PRIOR_N)
        return [
            {
                "org_id": one.org_id, "name": one.name, "score": round(score, 4),
                "parts": {name: round(part, 4) for name, part in parts.items()}, "weights": dict(weights),
                "confidence": round(told * lead(score, [s for s, other, _ in scored[:2] if other is not one]), 4),
                "n_past": one.n_past, **self._reason(one, category_code, area_id, n_all),
            }
            for score, one, parts in best
        ]  # fmt: skip

    def _weights(self) -> dict[str, float]:
        settings = self._parts.settings
        return {
            name: float(getattr(settings, f"owner_weight_{name}"))
            for name in ("category", "area", "past", "load")
        }

    def _area(self, where: tuple[Condition, ...], place_id: str | None) -> tuple[str | None, list[Row]]:
        """Return the area whose past is looked at (None: the whole city), and its tallies by owner and result."""
        owned = (*where, Condition("owner_org_id", "not_null"))
        tally = Tally("case", owned, group_by=("owner_org_id", "solved"))
        street = next((p.place_id for p in self._path(place_id) if p.level == "street"), None)
        if street is not None:
            system = Scope("system", None, "V3", "system")
            rows = self._parts.records.tally(
                self._parts.planner.allow(system, "case", place_id=street), tally
            )
            if sum(row["n"] for row in rows) >= LOCAL_MIN_N:
                return street, rows
        return None, self._parts.records.tally(self._parts.planner.system("case"), tally)

    def _path(self, place_id: str | None) -> Sequence[Any]:
        return self._parts.planner.places.path(place_id) if place_id else ()

    def _candidates(
        self, category_code: str | None, place_id: str | None, done: Sequence[Row]
    ) -> list[Candidate]:
        past: dict[str, list[float]] = {}
        for row in done:
            counted = past.setdefault(row["owner_org_id"], [0, 0.0, 0])
            counted[0] += row["n"]
            if row["solved"] is not None:
                counted[1] += row["n"] * {"solved": 1.0, "partly": PARTLY}.get(row["solved"], 0.0)
                counted[2] += row["n"]
        category = self._parts.categories.by_code.get(category_code or "")
        rules = self._rules(category_code, place_id)
        near: list[tuple[Row, float, float, bool]] = []
        pooled, n_kind = Counter[str](), Counter[str]()
        words = category.owner_words if category is not None else ()
        for org in self._bodies(words, {*past, *rules}):
            kind, area = org["kind"], self._nearness(org["place_id"], place_id)
            is_local = self._is_local(kind, area)
            has_rule = is_local and (org["org_id"] in rules or kind in rules)
            weight = RULE_WEIGHT * has_rule
            if category is not None:
                weight += KIND_WEIGHT * (kind in category.owner_kinds and kind in LOCAL_KINDS)
                weight += NAME_WEIGHT * any(word in org["name"] for word in category.owner_words)
            if kind in LOCAL_KINDS:
                pooled[kind] += int(past.get(org["org_id"], [0])[0])
                n_kind[kind] += is_local
            if is_local and (kind in LOCAL_KINDS or weight > 0 or org["org_id"] in past):
                near.append((org, area, weight, has_rule))
        total = sum(weight * area for _, area, weight, _ in near) or 1.0
        loads = self._loads([org["org_id"] for org, *_ in near])
        return [
            Candidate(
                org["org_id"], org["name"], org["kind"], int(past.get(org["org_id"], [0])[0]),
                pooled[org["kind"]] / n_kind[org["kind"]] if org["kind"] in LOCAL_KINDS
                else past.get(org["org_id"], [0])[0],
                past.get(org["org_id"], [0, 0.0])[1], int(past.get(org["org_id"], [0, 0, 0])[2]),
                loads.get(org["org_id"], 0), org["capacity_n"] or DEFAULT_CAPACITY_N, area, weight * area / total, rule,
            )
            for org, area, weight, rule in near
        ]  # fmt: skip

    def _is_local(self, kind: str, area: float) -> bool:
        """Return whether a body is one of this place: streets of the street, committees of the community."""
        settings = self._parts.settings
        least = settings.owner_area_community if kind in SMALL_KINDS else settings.owner_area_street
        return kind not in LOCAL_KINDS or area >= float(least)

    def _bodies(self, words: Sequence[str], named: set[str]) -> Sequence[Row]:
        """Return bodies that can be meant: local ones, those that a rule or the past names, and by their name."""
        ids = sorted(named - BODY_KINDS)
        kinds = sorted(LOCAL_KINDS | (named & BODY_KINDS))
        means = AnyOf((
            Condition("kind", "in", kinds), Condition("org_id", "in", ids),
            *(Condition("name", "contains", word) for word in words),
        ))  # fmt: skip
        query = Query("organisation", (means,), limit=EVERY_ROW,
                      columns=("org_id", "name", "kind", "place_id", "capacity_n"))  # fmt: skip
        return self._parts.records.read(self._parts.planner.system("organisation"), query).rows

    def _rules(self, category_code: str | None, place_id: str | None) -> frozenset[str]:
        """Return bodies, and kinds of bodies, that the dispatch rules in force name for this category here."""
        query = Query("dispatch_rule", (Condition("category_code", "eq", category_code),), limit=EVERY_ROW)
        rows = self._parts.records.read(self._parts.planner.system("dispatch_rule"), query).rows
        path = {place.place_id for place in self._path(place_id)}
        today: date = self._parts.today()
        return frozenset(
            row["org_id"] or row["org_kind"]
            for row in rows
            if (row["org_id"] or row["org_kind"])
            and (row["place_id"] is None or row["place_id"] in path)
            and (row["valid_from"] is None or row["valid_from"] <= today)
            and (row["valid_to"] is None or today < row["valid_to"])
        )

    def _loads(self, org_ids: Sequence[str]) -> Mapping[str, int]:
        where = (Condition("closed_at", "is_null"), Condition("owner_org_id", "not_null"))
        rows = self._parts.records.tally(
            self._parts.planner.system("case"), Tally("case", where, group_by=("owner_org_id",))
        )
        return {row["owner_org_id"]: row["n"] for row in rows if row["owner_org_id"] in set(org_ids)}

    def _nearness(self, org_place_id: str | None, place_id: str | None) -> float:
        """Return how near a body stands: 1 same community, 0.7 same street, 0.3 same district or no place."""
        settings = self._parts.settings
        mine = {p.level: p.place_id for p in self._path(place_id)}
        theirs = {p.level: p.place_id for p in self._path(org_place_id)}
        for level, name in LEVELS_BY_NEARNESS:
            if level in mine and mine[level] == theirs.get(level):
                return float(getattr(settings, name))
        return float(settings.owner_area_district) if not theirs or not mine else 0.0

    def _reason(
        self, one: Candidate, category_code: str | None, area_id: str | None, n_all: int
    ) -> dict[str, str]:
        category_zh, category_en = self._parts.categories.title(category_code)
        place = self._parts.planner.places.by_id.get(area_id or "")
        area_zh, area_en = (place.name, place.name_en or place.name) if place else ("全市", "the city")
        zh, en = category_zh or "此类", category_en or "this category"
        if one.n_past:
            share = round(100 * one.n_past / n_all)
            said_zh = f"{area_zh}本级同类（{zh}）{n_all}件中{one.n_past}件由其办理，占{share}%"
            said_en = f"Of {n_all} cases of this kind ({en}) at this level in {area_en} "
            said_en += f"it handled {one.n_past} ({share}%)"
            if one.n_rated:
                solved = round(100 * one.n_solved / one.n_rated)
                said_zh += f"，回访{one.n_rated}件解决率{solved}%"
                said_en += f", {solved}% of the {one.n_rated} followed up were solved"
        elif one.n_alike and one.kind in KIND_WORDS:
            kind_zh, kind_en = KIND_WORDS[one.kind]
            share = round(100 * one.n_alike / n_all)
            part_zh, part_en = ("都", "all") if share == 100 else (f"中约{share}%", f"about {share}%")
            said_zh = f"{area_zh}本级同类（{zh}）{n_all}件{part_zh}由所在地的{kind_zh}办理"
            said_en = (
                f"Of {n_all} cases of this kind ({en}) at this level in {area_en} "
                f"{part_en} went to the {kind_en} of the place"
            )
        elif one.has_rule:
            said_zh, said_en = f"派单目录规定{zh}由其办理", f"the dispatch rules name it for {en}"
        else:
            said_zh = f"尚无同类办理记录，按职责和所在地推荐（{zh}）"
            said_en = f"No similar case yet; by its duties and place ({en})"
        if one.has_rule and one.n_past:
            said_zh, said_en = said_zh + "；派单目录也指向它", said_en + "; the dispatch rules name it too"
        return {
            "reason_zh": f"{said_zh}；手头在办{one.n_open}件。",
            "reason_en": f"{said_en}; it has {one.n_open} open.",
        }


def lead(score: float, others: Sequence[float]) -> float:
    """Return how far a score is ahead of the best other one: 0.5 for a pair that is even, 1 for one alone."""
    return score / (score + max(others)) if others else 1.0
