"""Measures figures: one tally for the value, the same conditions for the rows behind it."""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from fractions import Fraction

from huitian.base.entities import ENTITIES
from huitian.base.places import Places
from huitian.base.planner import Planner
from huitian.clock import StatutoryCalendar, day_of, read_years
from huitian.errors import InvalidInput, NotAllowed, UnknownNumber
from huitian.indicators.cells import Cells
from huitian.indicators.cubes.kept import Releases
from huitian.indicators.forecast import HOUR, MOST_HOURS, Expected, begin_of_past, expected
from huitian.indicators.moments import resolved
from huitian.indicators.narrowing import SIGN, Narrowing, base_of
from huitian.indicators.points import points
from huitian.indicators.protected import NOTHING, Protected, ProtectedFigures
from huitian.indicators.shown import BASES, against, decimal_text, shown
from huitian.indicators.steps import (
    MOST_STEPS,
    MOST_STOCK_STEPS,
    Span,
    StepGrain,
    gathered,
    kept_grain,
    step_start,
    steps,
)  # fmt: skip
from huitian.indicators.stock import net_series
from huitian.indicators.tallies import Question, Raw, by_place, by_step, in_all
from huitian.model.number import Number, NumberDefinition, NumberState, SeriesPoint
from huitian.model.place import Place, PlaceNode
from huitian.model.query import Condition, Page, Query, Row, Tally
from huitian.model.scope import Allowed, Scope
from huitian.settings import Settings
from huitian.units import wilson_interval

M2_PER_KM2 = 1_000_000


class Indicators:
    """All figures of a city."""

    def __init__(
        self, planner: Planner, settings: Settings, definitions: Sequence[NumberDefinition],
        calendar: StatutoryCalendar | None = None, releases: Releases | None = None,
    ) -> None:  # fmt: skip
        self.releases = releases
        self.protected = ProtectedFigures(planner, releases)
        self._planner = planner
        self._settings = settings
        self._narrowing = Narrowing(planner, self.protected.cubes)
        self.calendar = calendar or StatutoryCalendar(read_years())
        self.cells = Cells(planner, settings)
        self._definitions: Mapping[str, NumberDefinition] = {
            d.number_id: replace(d, scores=scores_set(d.scores, settings), cut=released_cut(d))
            for d in definitions
        }

    def definitions(self) -> list[NumberDefinition]:
        """Return every definition, in order of id."""
        return [self._definitions[i] for i in sorted(self._definitions)]

    def definition(self, number_id: str) -> NumberDefinition:
        """Return one definition.

        Raises:
            UnknownNumber: There is none of that id.
        """
        found = self._definitions.get(base_of(number_id))
        if found is None:
            raise UnknownNumber(number_id=number_id)
        return self._narrowing.narrowed(found, number_id) if SIGN in number_id else found

    @property
    def places(self) -> Places:
        """The place trees."""
        return self._planner.places

    def allowed(
        self, scope: Scope, definition: NumberDefinition, place_id: str | None, as_of: datetime
    ) -> Allowed:
        """Return permission to count what a figure counts."""
        return self._allowed(scope, definition, place_id, as_of)

    def tallied(self, allowed: Allowed, tally: Tally) -> list[Row]:
        """Count for a reading of figures that is not one figure; refuses what is protected.

        Raises:
            NotAllowed: Protected counts leave by ``measure`` alone.
        """
        if allowed.release == "protected":
            raise NotAllowed(why=f"{allowed.entity}: protected")
        return self._planner.tally(allowed, tally)

    def title_of(self, column: str, value: str) -> tuple[str, str]:
        """Return how a value that narrows figures is called, Chinese then English."""
        return self._narrowing.title(column, value, value)

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
        if allowed.release == "protected" and not self.protected.is_exact(scope, definition, place_id):
            told = self.protected.at_place(scope, definition, allowed)
            return self._released(definition, allowed, place_id, told, self._ground_of(allowed))
        raw = in_all(self._planner, self._question(definition, allowed))
        number = self._number(definition, allowed, place_id, raw, ground_id=self._ground_of(allowed))
        if not has_change or definition.change not in BASES:
            return number
        before = [
            self.measure(scope, number_id, place_id, as_of - ago, has_change=False)
            for ago in BASES[definition.change]
        ]
        return replace(number, change=against(definition, number, before))

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
        question = self._question(definition, allowed)
        where = question.where
        if definition.kind == "score":
            where += (Condition(definition.column, "not_null"),)
        sort = (f"-{definition.instant}",) if definition.instant else ()
        query = Query(definition.entity, where, sort=sort, limit=limit, offset=offset)
        page, worth = self._planner.judge(allowed, query, lambda row: points(definition, question.part, row))
        rows = [row | {"points": decimal_text(p)} for row, p in zip(page.rows, worth, strict=True)]
        return Page(rows, page.n_total)

    def units(
        self, scope: Scope, number_id: str, place_id: str | None = None, at: date | datetime | None = None
    ) -> list[tuple[Place, Number]]:
        """Return the figure of each place directly below, in order of rank, against its base."""
        definition = self.definition(number_id)
        as_of = self._as_of(at)
        now = self._units(scope, definition, place_id, as_of)
        bases = BASES.get(definition.change, ())
        before = [
            {
                place.place_id: number
                for place, number in self._units(scope, definition, place_id, as_of - ago)
            }
            for ago in bases
        ]

        def with_change(place: Place, number: Number) -> Number:
            # A place that was not there then has no base.
            then = [found[place.place_id] for found in before if place.place_id in found]
            return replace(number, change=against(definition, number, then)) if then else number

        return [(place, with_change(place, number)) for place, number in now]

    def _units(
        self, scope: Scope, definition: NumberDefinition, place_id: str | None, as_of: datetime
    ) -> list[tuple[Place, Number]]:
        day = day_of(as_of)
        places = self._planner.places
        above = place_id or scope.place_id
        tree_id = (above or "").partition(":")[0] or places.default_tree or ""
        if above is None:
            above = next((p.place_id for p in places.children(None, tree_id, day)), None)
        allowed = self._allowed(scope, definition, above, as_of)
        if allowed.release == "protected" and not self.protected.is_exact(scope, definition, above):
            below = [
                place for place in (places.children(above, tree_id, day) if above else ())
                if (node := places.node(place.place_id, day)) and overlaps(allowed, node)
            ]  # fmt: skip
            # What was released of a place is of all of it: who may read a part of it is told nothing of the rest.
            whole = [
                p.place_id for p in below if (node := places.node(p.place_id, day)) and holds(allowed, node)
            ]
            told = self.protected.at_places(scope, definition, allowed, whole)
            return [(place, self._released(definition, allowed, place.place_id,
                                           told.get(place.place_id, NOTHING), place.place_id))
                    for place in below]  # fmt: skip
        found = by_place(self._planner, self._question(definition, allowed))
        ranked = sorted(
            ((node.rank, raw) for p, raw in found.items() if p and (node := places.node(p, day))),
            key=lambda one: one[0],
        )
        ranks = [rank for rank, _ in ranked]
        is_empty = self._is_register_empty(definition)
        units = []
        for place in places.children(above, tree_id, day) if above else ():
            node = places.node(place.place_id, day)
            if node is None or not overlaps(allowed, node):
                continue
            # A place with all below is a range of ranks: ten thousand siblings are not each held against all rows.
            first, last = bisect_left(ranks, node.rank), bisect_right(ranks, node.rank_last)
            raw = sum((r for _, r in ranked[first:last]), Raw())
            ground_id = place.place_id if holds(allowed, node) else None
            units.append((place, self._number(definition, allowed, place.place_id, raw, is_empty, ground_id)))
        return units

    def series(
        self, scope: Scope, number_id: str, place_id: str | None = None, grain: StepGrain = "day", n_steps: int = 30,
        at: date | datetime | None = None,
    ) -> list[SeriesPoint]:  # fmt: skip
        """Return a figure over the last ``n_steps`` hours, days, weeks, months or hotline months, oldest first.

        Raises:
            InvalidInput: The figure makes no series, or too many steps are asked for.
        """
        as_of = self._as_of(at)
        definition = self.definition(number_id)
        if definition.series == "none":
            raise InvalidInput(field="number_id", why=f"{number_id} makes no series")
        if ENTITIES[definition.entity].release == "protected" and (
            definition.series == "flow" or definition.leaves
        ):
            # Counted step by step they would leave as they are, released by nobody.
            raise InvalidInput(field="number_id", why=f"{number_id} is protected and makes no series")
        if not 1 <= n_steps <= MOST_STEPS:
            raise InvalidInput(field="n", why=f"1 to {MOST_STEPS} steps, not {n_steps}")
        spans = steps(as_of, grain, n_steps, self._settings.hotline_month_day)
        if definition.series == "stock" and definition.leaves:
            allowed = self._allowed(scope, definition, place_id, as_of)
            return net_series(self._planner, definition, allowed, grain, spans)
        if definition.series == "stock":
            if n_steps > MOST_STOCK_STEPS:
                raise InvalidInput(
                    field="n", why=f"a stock is counted anew for each of its steps: 1 to {MOST_STOCK_STEPS}"
                )
            return [self._stock(scope, definition, place_id, span, as_of) for span in spans]
        allowed = self._allowed(scope, definition, place_id, as_of)
        return self._flow(definition, allowed, grain, spans)

    def forecast(
        self, scope: Scope, number_id: str, place_id: str | None = None, n_hours: int = 48,
        at: date | datetime | None = None,
    ) -> list[Expected]:  # fmt: skip
        """Return what is to be expected in the hours after the running one, with an 80 % band.

        Raises:
            InvalidInput: The figure is no flow, or too many hours are asked for.
            NotAllowed: The figure is protected.
        """
        as_of = self._as_of(at)
        definition = self.definition(number_id)
        if definition.series != "flow" or definition.kind != "count":
            raise InvalidInput(field="number_id", why=f"{number_id} is no count of what happens")
        if not 1 <= n_hours <= MOST_HOURS:
            raise InvalidInput(field="hours", why=f"1 to {MOST_HOURS} hours, not {n_hours}")
        allowed = self._allowed(scope, definition, place_id, as_of)
        if allowed.release == "protected":
            raise NotAllowed(why=f"{number_id}: protected")
        begin, running = begin_of_past(as_of), step_start(as_of, "hour")
        inside = (Condition(definition.instant, "ge", begin), Condition(definition.instant, "lt", running))
        question = self._question(replace(definition, window=inside), allowed)
        past = {h: float(r.numerator) for h, r in by_step(self._planner, question, "hour").items() if h}
        coming = [running + HOUR * n for n in range(1, n_hours + 1)]
        return expected(past, begin, running, coming, self.calendar)

    def _stock(
        self, scope: Scope, definition: NumberDefinition, place_id: str | None, span: tuple[datetime, datetime],
        as_of: datetime,
    ) -> SeriesPoint:  # fmt: skip
        from_at, to_at = span
        number = self.measure(scope, definition.number_id, place_id, min(to_at, as_of), has_change=False)
        return SeriesPoint(from_at, to_at, number.value, number.n, to_at <= as_of)

    def _flow(
        self,
        definition: NumberDefinition,
        allowed: Allowed,
        grain: StepGrain,
        spans: Sequence[Span],
    ) -> list[SeriesPoint]:
        as_of = allowed.as_of
        inside = (
            Condition(definition.instant, "ge", spans[0][0]),
            Condition(definition.instant, "le", as_of),
        )
        question = self._question(replace(definition, window=inside), allowed)
        found = gathered(by_step(self._planner, question, kept_grain(grain)), spans)
        points = []
        for from_at, to_at in spans:
            raw = found.get(from_at, Raw())
            value, _ = self.value_of(definition, allowed, raw)
            points.append(SeriesPoint(from_at, to_at, value, raw.n, to_at <= as_of))
        return points

    def _as_of(self, at: date | datetime | None) -> datetime:
        return self._planner.instant_of(at)

    def _allowed(
        self, scope: Scope, definition: NumberDefinition, place_id: str | None, as_of: datetime
    ) -> Allowed:
        return self._planner.allow(scope, definition.entity, place_id, at=as_of, is_counting=True)

    def _question(self, definition: NumberDefinition, allowed: Allowed) -> Question:
        as_of, month_day = allowed.as_of, self._settings.hotline_month_day
        where = resolved(definition.where + definition.window, as_of, month_day)
        return Question(definition, allowed, where, resolved(definition.part, as_of, month_day))

    def _number(
        self, definition: NumberDefinition, allowed: Allowed, place_id: str | None, raw: Raw,
        is_empty: bool | None = None, ground_id: str | None = None,
    ) -> Number:  # fmt: skip
        value, state = self.value_of(definition, allowed, raw)
        if value == 0 and (self._is_register_empty(definition) if is_empty is None else is_empty):
            value, state = None, "no_data"
        if definition.per == "km2" and value is not None:
            value = self._per_km2(definition, ground_id, value)
            state = "no_data" if value is None else state
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

    def _released(
        self, definition: NumberDefinition, allowed: Allowed, place_id: str | None, told: Protected,
        ground_id: str | None,
    ) -> Number:  # fmt: skip
        """Return a figure as it was released."""
        value, state = (None if told.n is None else float(told.n)), told.state
        if definition.per == "km2" and value is not None:
            value = self._per_km2(definition, ground_id, value)
            state = "no_data" if value is None else state
        return Number(
            number_id=definition.number_id, place_id=place_id, as_of=allowed.as_of, value=value, n=None, state=state,
            release="protected", k=told.k, released_at=told.released_at,
        )  # fmt: skip

    def _ground_of(self, allowed: Allowed) -> str | None:
        """Return the place that a permission is for; None where it is for several, or for a part of one."""
        node = self.protected.place_of(allowed)
        return None if node is None else node.place_id

    def _per_km2(self, definition: NumberDefinition, ground_id: str | None, count: float) -> float | None:
        """Return a count by the area of the place that was counted; None where that is not known, or is no place."""
        place = self._planner.places.by_id.get(ground_id or "")
        if place is None or not place.area_m2:
            return None
        return shown(definition, Fraction(str(count)) * M2_PER_KM2 / Fraction(str(place.area_m2)))

    def _is_register_empty(self, definition: NumberDefinition) -> bool:
        """Return whether a figure counts a whole register of which the city has no row: unknown, not none."""
        if definition.kind != "count" or definition.where or definition.window:
            return False
        rows = self._planner.tally(self._planner.system(definition.entity), Tally(definition.entity))
        return not any(row["n"] for row in rows)

    def value_of(
        self, definition: NumberDefinition, allowed: Allowed, raw: Raw
    ) -> tuple[float | None, NumberState]:
        """Return the value as it may be shown, and why there is none."""
        if allowed.release == "protected":
            return (float(raw.n), "normal") if definition.kind == "count" else (None, "no_data")
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


def released_cut(definition: NumberDefinition) -> str | None:
    """Return the cut of a declared cube that a definition is; None of one with conditions of its own, which is none."""
    is_total = definition.kind == "count" and not (definition.where or definition.window)
    return definition.cut if is_total or definition.cut else None


def holds(allowed: Allowed, node: PlaceNode) -> bool:
    """Return whether all of a place may be read."""
    intervals = allowed.intervals
    return intervals is None or any(a <= node.rank and node.rank_last <= b for a, b in intervals)


def overlaps(allowed: Allowed, node: PlaceNode) -> bool:
    """Return whether any of a place may be read; what lies outside is left out, not shown as 0."""
    intervals = allowed.intervals
    return intervals is None or any(a <= node.rank_last and node.rank <= b for a, b in intervals)
