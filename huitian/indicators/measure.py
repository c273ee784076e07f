"""Measures figures: one tally for the value, the same conditions for the rows behind it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from fractions import Fraction

from huitian.base.planner import Planner
from huitian.clock import SHANGHAI
from huitian.errors import InvalidInput, NotAllowed, UnknownNumber
from huitian.indicators.moments import resolved
from huitian.indicators.points import points
from huitian.indicators.released import released
from huitian.indicators.shown import change_of, decimal_text, shown
from huitian.indicators.steps import MOST_STEPS, steps
from huitian.model.number import Number, NumberDefinition, NumberState, SeriesPoint
from huitian.model.place import Place
from huitian.model.query import Condition, Grain, Page, Query, Row, Tally, Where
from huitian.model.scope import Allowed, Scope
from huitian.settings import Settings
from huitian.units import wilson_interval

BASES = {"yesterday": timedelta(days=1), "last_week": timedelta(days=7), "last_month": timedelta(days=28)}


@dataclass(frozen=True, slots=True)
class Raw:
    """What a tally came to, before rounding.

    Attributes:
        n: Rows that took part.
        numerator: Their points.
        cell_key: Sum of the cell keys of protected rows, else 0.
    """

    n: int
    numerator: Fraction
    cell_key: int = 0


class Indicators:
    """All figures of a city."""

    def __init__(self, planner: Planner, settings: Settings, definitions: Sequence[NumberDefinition]) -> None:
        self._planner = planner
        self._settings = settings
        self._definitions: Mapping[str, NumberDefinition] = {
            d.number_id: replace(d, scores=scores_set(d.scores, settings)) for d in definitions
        }

    def definitions(self) -> list[NumberDefinition]:
        """Return every definition, in order of id."""
        return [self._definitions[i] for i in sorted(self._definitions)]

    def definition(self, number_id: str) -> NumberDefinition:
        """Return one definition.

        Raises:
            UnknownNumber: There is none of that id.
        """
        found = self._definitions.get(number_id)
        if found is None:
            raise UnknownNumber(number_id=number_id)
        return found

    def measure(
        self, scope: Scope, number_id: str, place_id: str | None = None,
        at: date | datetime | None = None, *, has_change: bool = True,
    ) -> Number:  # fmt: skip
        """Return a figure for a place.

        Args:
            scope: The reader.
            number_id: Which figure.
            place_id: Place; None takes the reader's own.
            at: Instant or day it is asked for; None is now.
            has_change: Whether to measure the base of the comparison too.

        Raises:
            UnknownNumber: No such figure.
            UnknownPlace: No such place.
            NotAllowed: The role may not count this entity.
        """
        definition = self.definition(number_id)
        as_of = self._as_of(at)
        allowed = self._allowed(scope, definition, place_id, as_of)
        number = self._number(definition, allowed, place_id, self._raw(definition, allowed, as_of))
        base = BASES.get(definition.change)
        if not has_change or base is None:
            return number
        before = self.measure(scope, number_id, place_id, as_of - base, has_change=False)
        return replace(number, change=change_of(definition, number, before))

    def rows(
        self, scope: Scope, number_id: str, place_id: str | None = None, at: date | datetime | None = None,
        limit: int = 100, offset: int = 0,
    ) -> Page:  # fmt: skip
        """Return the rows behind a figure, masked, each with its ``points`` as exact decimal text.

        The points of all rows add up to the numerator of the figure (its value, for a count or sum), and there
        are ``n`` of them.

        Raises:
            NotAllowed: The figure is protected: it opens to its children, never to rows.
        """
        definition = self.definition(number_id)
        as_of = self._as_of(at)
        allowed = self._allowed(scope, definition, place_id, as_of)
        if allowed.release == "protected":
            raise NotAllowed(why=f"{number_id}: protected")
        where = self._where(definition, as_of)
        part = resolved(definition.part, as_of, self._settings.hotline_month_day)
        sort = (f"-{definition.instant}",) if definition.instant else ()
        query = Query(definition.entity, where, sort=sort, limit=limit, offset=offset)
        page, worth = self._planner.judge(allowed, query, lambda row: points(definition, part, row))
        rows = [row | {"points": decimal_text(p)} for row, p in zip(page.rows, worth, strict=True)]
        return Page(rows, page.n_total)

    def units(
        self, scope: Scope, number_id: str, place_id: str | None = None, at: date | datetime | None = None
    ) -> list[tuple[Place, Number]]:
        """Return the figure of each place directly below, in order of rank."""
        as_of = self._as_of(at)
        day = as_of.astimezone(SHANGHAI).date()
        places = self._planner.places
        above = place_id or scope.place_id
        tree_id = (above or "").partition(":")[0] or places.default_tree or ""
        if above is None:
            roots = places.children(None, tree_id, day)
            above = roots[0].place_id if roots else None
        below = places.children(above, tree_id, day) if above else []
        return [(p, self.measure(scope, number_id, p.place_id, as_of, has_change=False)) for p in below]

    def series(
        self, scope: Scope, number_id: str, place_id: str | None = None, grain: Grain = "day", n_steps: int = 30,
        at: date | datetime | None = None,
    ) -> list[SeriesPoint]:  # fmt: skip
        """Return a figure over the last ``n_steps`` hours, days, weeks or months, oldest first.

        Raises:
            InvalidInput: The figure makes no series, or too many steps are asked for.
        """
        as_of = self._as_of(at)
        definition = self.definition(number_id)
        if definition.series == "none":
            raise InvalidInput(field="number_id", why=f"{number_id} makes no series")
        if not 1 <= n_steps <= MOST_STEPS:
            raise InvalidInput(field="n", why=f"1 to {MOST_STEPS} steps, not {n_steps}")
        spans = steps(as_of, grain, n_steps)
        if definition.series == "stock":
            return [self._stock(scope, definition, place_id, span, as_of) for span in spans]
        allowed = self._allowed(scope, definition, place_id, as_of)
        return self._flow(definition, allowed, grain, spans, as_of)

    def _stock(
        self, scope: Scope, definition: NumberDefinition, place_id: str | None, span: tuple[datetime, datetime],
        as_of: datetime,
    ) -> SeriesPoint:  # fmt: skip
        from_at, to_at = span
        number = self.measure(scope, definition.number_id, place_id, min(to_at, as_of), has_change=False)
        return SeriesPoint(from_at, to_at, number.value, number.n, to_at <= as_of)

    def _flow(
        self, definition: NumberDefinition, allowed: Allowed, grain: Grain,
        spans: Sequence[tuple[datetime, datetime]], as_of: datetime,
    ) -> list[SeriesPoint]:  # fmt: skip
        month_day = self._settings.hotline_month_day
        inside = (
            Condition(definition.instant, "ge", spans[0][0]),
            Condition(definition.instant, "lt", min(spans[-1][1], as_of)),
        )
        where = resolved(definition.where, as_of, month_day) + inside
        raws: dict[datetime, Raw] = {}
        if definition.kind == "score":
            where += (Condition(definition.column, "not_null"),)
        for weight, extra, group in self._parts(definition, as_of):
            tally = Tally(definition.entity, where + extra, group, (definition.instant, grain))
            for row in self._planner.tally(allowed, tally):
                worth = weight(row)
                old = raws.get(row["bucket_at"], Raw(0, Fraction(0)))
                counts = 0 if extra else row["n"]
                raws[row["bucket_at"]] = Raw(old.n + counts, old.numerator + worth)
        found = []
        for from_at, to_at in spans:
            raw = raws.get(from_at, Raw(0, Fraction(0)))
            value, _ = self.value_of(definition, allowed, raw)
            found.append(SeriesPoint(from_at, to_at, value, raw.n, to_at <= as_of))
        return found

    def _parts(
        self, definition: NumberDefinition, as_of: datetime
    ) -> list[tuple[Callable[[Row], Fraction], Where, tuple[str, ...]]]:
        """Return the tallies a flow is made of: what a group is worth, further conditions, groups."""
        if definition.kind == "score":
            column, scores = definition.column, definition.scores
            return [(lambda row: Fraction(scores.get(str(row[column]), "0")) * row["n"], (), (column,))]
        if definition.kind == "ratio":
            part = resolved(definition.part, as_of, self._settings.hotline_month_day)
            return [(lambda _row: Fraction(0), (), ()), (lambda row: Fraction(row["n"]), part, ())]
        return [(lambda row: Fraction(row["n"]), (), ())]

    def _as_of(self, at: date | datetime | None) -> datetime:
        return self._planner.instant_of(at)

    def _allowed(
        self, scope: Scope, definition: NumberDefinition, place_id: str | None, as_of: datetime
    ) -> Allowed:
        return self._planner.allow(scope, definition.entity, place_id, at=as_of, is_counting=True)

    def _where(self, definition: NumberDefinition, as_of: datetime) -> Where:
        where = definition.where + definition.window
        if definition.kind == "score":
            where += (Condition(definition.column, "not_null"),)
        return resolved(where, as_of, self._settings.hotline_month_day)

    def _raw(self, definition: NumberDefinition, allowed: Allowed, as_of: datetime) -> Raw:
        return self.tallied(definition, allowed, self._where(definition, as_of), as_of)

    def tallied(self, definition: NumberDefinition, allowed: Allowed, where: Where, as_of: datetime) -> Raw:
        """Return the sums behind a figure over the rows of ``where``."""
        entity = definition.entity
        if definition.kind == "score":
            groups = self._planner.tally(allowed, Tally(entity, where, (definition.column,)))
            rated = [
                (Fraction(definition.scores.get(str(g[definition.column]), "0")), g["n"]) for g in groups
            ]
            return Raw(sum(n for _, n in rated), sum((s * n for s, n in rated), Fraction(0)))
        sums: tuple[str, ...] = (definition.column,) if definition.kind == "sum" else ()
        if allowed.release == "protected":
            sums += ("cell_key",)
        row = self._planner.tally(allowed, Tally(entity, where, sums=sums))[0]
        n = int(row["n"])
        key = int(row.get("sum_cell_key") or 0)
        if definition.kind == "sum":
            return Raw(n, Fraction(str(row[f"sum_{definition.column}"] or 0)), key)
        if definition.kind == "ratio":
            part = resolved(definition.part, as_of, self._settings.hotline_month_day)
            hits = int(self._planner.tally(allowed, Tally(entity, where + part))[0]["n"])
            return Raw(n, Fraction(hits), key)
        return Raw(n, Fraction(n), key)

    def _number(
        self, definition: NumberDefinition, allowed: Allowed, place_id: str | None, raw: Raw
    ) -> Number:
        value, state = self.value_of(definition, allowed, raw)
        is_rate = definition.kind in {"ratio", "score"}
        is_exact = allowed.release == "exact"
        interval = None
        if is_rate and is_exact and definition.is_sample and state == "normal":
            bounds = wilson_interval(raw.numerator, raw.n)
            interval = bounds and (shown(definition, bounds[0]), shown(definition, bounds[1]))
        return Number(
            number_id=definition.number_id,
            place_id=place_id,
            as_of=allowed.as_of,
            value=value,
            n=raw.n if is_exact else None,
            numerator=decimal_text(raw.numerator) if is_rate and is_exact else None,
            denominator=raw.n if is_rate and is_exact else None,
            interval=interval,
            state=state,
            release=allowed.release,
            k=allowed.k,
        )

    def value_of(
        self, definition: NumberDefinition, allowed: Allowed, raw: Raw
    ) -> tuple[float | None, NumberState]:
        """Return the value as it may be shown, and why there is none."""
        if allowed.release == "protected":
            count = released(raw.n, raw.cell_key, allowed.k, self._settings.round_to)
            if count is None:
                return None, "below_k"
            return (float(count) if definition.kind == "count" else None), "normal"
        if definition.kind in {"ratio", "score"}:
            if raw.n == 0:
                return None, "no_data"
            if raw.n < self._settings.min_rate_n:
                return None, "too_few"
            return shown(definition, raw.numerator / raw.n), "normal"
        return shown(definition, raw.numerator), "normal"


def scores_set(scores: Mapping[str, str], settings: Settings) -> dict[str, str]:
    """Return the points of a score with those that are settings looked up."""
    return {
        value: str(getattr(settings, points.removeprefix("@"))) if points.startswith("@") else points
        for value, points in scores.items()
    }
