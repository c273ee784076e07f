"""Figures as every end shows them: what was measured, with what it means."""

from typing import Any

from huitian.api.city import City
from huitian.api.place_pages import root_of
from huitian.api.wire.numbers import Figure, FigureChange, FigureKind, NumberTerms, SeriesPoint
from huitian.base.places import Places
from huitian.model import number as measured
from huitian.model.number import Number, NumberDefinition, NumberKind
from huitian.model.scope import Scope
from huitian.units import UNITS

KINDS: dict[NumberKind, FigureKind] = {"count": "count", "sum": "sum", "ratio": "ratio", "score": "mean"}
BASES = {
    "none": ("", ""),
    "yesterday": ("昨日此时", "this time yesterday"),
    "last_week": ("上周此时", "this time last week"),
    "last_month": ("四周前", "four weeks ago"),
    "four_weeks": ("四周均值", "the four-week mean"),
}


def top_of(city: City, scope: Scope) -> str | None:
    """Return the place that a reader speaks of who names none: its own, else the whole city's root."""
    if scope.place_id is not None:
        return scope.place_id
    root = root_of(city)
    return root.place_id if root else None


def terms_of(definition: NumberDefinition) -> NumberTerms:
    """Return what a figure means."""
    return NumberTerms(**_terms(definition))


def _terms(definition: NumberDefinition) -> dict[str, Any]:
    unit = UNITS.get(definition.unit_id)
    return {
        "number_id": definition.number_id,
        "title_zh": definition.title_zh,
        "title_en": definition.title_en,
        "definition_zh": definition.definition_zh,
        "definition_en": definition.definition_en,
        "formula": definition.formula,
        "unit_zh": unit.zh if unit else "",
        "unit_en": unit.en_other if unit else "",
        "unit_en_one": unit.en_one if unit else "",
        "kind": KINDS[definition.kind],
        "direction": definition.direction,
        "decimals": definition.decimals,
        "series": definition.series,
        "period": definition.period,
        "entity": definition.entity,
        "source_zh": definition.source_zh,
        "source_en": definition.source_en,
        "rule_set": definition.rule_set or None,
        "href": f"/v1/numbers/{definition.number_id}",
    }


def figure_of(definition: NumberDefinition, number: Number, places: Places) -> Figure:
    """Return a figure with its definition and the name of its place."""
    place = places.by_id.get(number.place_id or "")
    return Figure(
        **_terms(definition),
        place_id=number.place_id,
        place_name=place.name if place else "",
        as_of=number.as_of,
        value=number.value,
        n=number.n,
        numerator=None if number.numerator is None else float(number.numerator),
        denominator=number.denominator,
        interval=number.interval,
        state=number.state,
        release=number.release,
        k=number.k,
        change=None if number.change is None else change_of(number.change),
        released_at=number.released_at,
    )


def change_of(change: measured.Change) -> FigureChange:
    """Return a change with its base in words."""
    zh, en = BASES[change.base]
    return FigureChange(change.value, change.base, zh, en, change.base_value, change.base_at, change.is_worse)


def point_of(
    definition: NumberDefinition, point: measured.SeriesPoint, place_id: str | None, places: Places
) -> SeriesPoint:
    """Return one step of a series; its figure has no interval and no change."""
    number = Number(
        definition.number_id, place_id, point.to_at, point.value, point.n,
        state="normal" if point.value is not None else "no_data",
    )  # fmt: skip
    return SeriesPoint(point.from_at, point.to_at, point.is_complete, figure_of(definition, number, places))
