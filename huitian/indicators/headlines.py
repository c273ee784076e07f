"""What is out of the ordinary now: the values of a watched column whose count of today is unlikely.

For each value, in the whole place and in each place below, the count since midnight is held against the same hours
of those of the last 28 days that are of the same kind (worked or off, by the statutory calendar). ``surprise`` says
how unlikely it is; the chance is multiplied by how many counts were looked at (Bonferroni), so that a wall with
many streets does not see more news than one with few. What is told is sorted by it, at most five.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from huitian.clock import day_of, start_of_day
from huitian.clock.clocks import SHANGHAI
from huitian.errors import NotAllowed
from huitian.indicators.measure import Indicators
from huitian.indicators.moments import resolved
from huitian.indicators.narrowing import narrowed_id
from huitian.indicators.surprise import chance_of
from huitian.model.number import ChangeBase, Number, NumberDefinition, Watch
from huitian.model.place import PlaceNode
from huitian.model.query import Condition, Tally
from huitian.model.scope import Scope

DAYS_N = 28
MOST = 5
SPOT_LEVELS = frozenset({"community", "estate"})
PLACE_SHARE = 0.4
"""A place below is named where at least this part of the count is there."""
MORNING_H = (4, 12)

Key = tuple[str, str | None]
"""Value and place below; None is the whole."""


@dataclass(frozen=True, slots=True)
class Told:
    """A figure of a sentence.

    Attributes:
        number: The figure.
        shows: Whether its value stands in the sentence, or its change without the sign.
    """

    number: Number
    shows: Literal["value", "change"] = "value"


@dataclass(frozen=True, slots=True)
class Headline:
    """One sentence about a change.

    Attributes:
        headline_id: The same as long as it is the same news.
        number_id: The watched figure.
        column: The watched column.
        value: Whose change it is.
        words_zh: The sentence; ``{n}`` and its like stand for the figures.
        words_en: The sentence.
        figures: Figure by the name it has in the sentence.
        base: What it is compared with.
        place_id: The place below that is named; None where none is.
        spot_id: The community with the most of it, from a least count on; its figure is ``spot``.
        chance_ratio: How likely so much or more would be on a usual day, for all that was looked at together.
        n_usual: Mean of the same hours on the days it was held against.
        n_days: How many days that were.
    """

    headline_id: str
    number_id: str
    column: str
    value: str
    words_zh: str
    words_en: str
    figures: Mapping[str, Told]
    base: ChangeBase
    place_id: str | None
    spot_id: str | None
    chance_ratio: float
    n_usual: float
    n_days: int


class Headlines:
    """Finds them.

    Args:
        indicators: All figures.
        least_chance_ratio: A change is told below this chance.
        hot_spot_least: So many in one community are a hot spot.
    """

    def __init__(self, indicators: Indicators, least_chance_ratio: float, hot_spot_least: int) -> None:
        self._indicators = indicators
        self._least = least_chance_ratio
        self._spot_least = hot_spot_least

    def of(self, scope: Scope, place_id: str | None, as_of: datetime) -> list[Headline]:
        """Return what is out of the ordinary in a place, the most unlikely first.

        Raises:
            UnknownPlace: No such place.
            NotAllowed: The reader may not count what is watched.
        """
        found: list[Headline] = []
        for definition in self._indicators.definitions():
            if definition.watch is not None:
                found += self._watched(scope, definition, definition.watch, place_id, as_of)
        return sorted(found, key=lambda one: one.chance_ratio)[:MOST]

    def _watched(
        self, scope: Scope, definition: NumberDefinition, watch: Watch, place_id: str | None, as_of: datetime
    ) -> list[Headline]:
        counts = Counts.read(self._indicators, scope, definition, watch.column, place_id, as_of)
        if not counts.n_days:
            return []
        best: dict[str, tuple[float, Key, bool]] = {}
        n_looked = len(counts.keys)
        for key in counts.keys:
            before, now = counts.before.get(key, 0.0), counts.now.get(key, 0)
            chance, is_above = chance_of(now, before, counts.n_days)
            chance = min(1.0, chance * n_looked)
            if chance < self._least and (key[0] not in best or chance < best[key[0]][0]):
                best[key[0]] = (chance, key, is_above)
        ranked = sorted(best.items(), key=lambda one: one[1][0])[:MOST]
        said = [
            self._said(scope, definition, watch, place_id, as_of, counts, value, chance, is_above)
            for value, (chance, _, is_above) in ranked
        ]
        return [one for one in said if one is not None]

    def _said(
        self, scope: Scope, definition: NumberDefinition, watch: Watch, place_id: str | None, as_of: datetime,
        counts: "Counts", value: str, chance: float, is_above: bool,
    ) -> Headline | None:  # fmt: skip
        """Return the sentence; None where no base agrees with the direction of what was found."""
        measure = self._indicators.measure
        for number_id in (definition.number_id, watch.usual_id):
            own_id = narrowed_id(number_id, watch.column, value)
            number = measure(scope, own_id, place_id, as_of)
            change = number.change.value if number.change else None
            if change and (change > 0) == is_above:
                break
        else:
            return None
        figures = {"n": Told(number), "change": Told(number, "change")}
        parts = [watch.more if is_above else watch.fewer]
        hot = counts.hottest(value) if is_above else None
        if hot is not None:
            figures["there"] = Told(measure(scope, own_id, hot, as_of, has_change=False))
            parts.append(watch.at_place)
        if watch.also_id and is_above:
            also_id = narrowed_id(watch.also_id, watch.column, value)
            also = measure(scope, also_id, place_id, as_of, has_change=False)
            if also.value:
                figures["also"] = Told(also)
                parts.append(watch.also)
        zh, en = ("".join(part[n] for part in parts) for n in (0, 1))
        spot = counts.spot(value, hot, self._spot_least) if is_above else None
        if spot is not None:
            figures["spot"] = Told(measure(scope, own_id, spot, as_of, has_change=False))
        zh, en = self._in_words(parts, watch.column, value, hot, as_of)
        return Headline(
            headline_id=f"{definition.number_id}:{value}:{'more' if is_above else 'fewer'}",
            number_id=definition.number_id,
            column=watch.column,
            value=value,
            words_zh=zh,
            words_en=en,
            figures=figures,
            base=number.change.base if number.change else "none",
            place_id=hot,
            spot_id=spot,
            chance_ratio=chance,
            n_usual=round(counts.before.get((value, None), 0.0) / counts.n_days, 2),
            n_days=counts.n_days,
        )

    def _in_words(
        self, parts: list[tuple[str, str]], column: str, value: str, place_id: str | None, as_of: datetime
    ) -> tuple[str, str]:
        what_zh, what_en = self._indicators.title_of(column, value)
        place = self._indicators.places.by_id.get(place_id or "")
        name_zh, name_en = (place.name, place.name_en or place.name) if place else ("", "")
        is_morning = MORNING_H[0] <= as_of.astimezone(SHANGHAI).hour < MORNING_H[1]
        when_zh, when_en = ("今晨", "this morning") if is_morning else ("今日", "today")
        zh, en = ("".join(part[n] for part in parts) for n in (0, 1))
        return (
            put(zh, what=what_zh, when=when_zh, place=name_zh) + "。",
            put(en, what=what_en, when=when_en, place=name_en) + ".",
        )


def put(words: str, **known: str) -> str:
    """Return a sentence with its words put in; figures keep their braces."""
    for name, text in known.items():
        words = words.replace(f"{{{name}}}", text)
    return words


@dataclass(frozen=True, slots=True)
class Counts:
    """Counts of today and of the days before, by value and place below.

    Attributes:
        now: Since midnight.
        before: In the same hours of the days it is held against, added up.
        n_days: How many these are.
        spots: Since midnight, by value and community, with the place below that holds it.
    """

    now: Mapping[Key, int]
    before: Mapping[Key, float]
    n_days: int
    spots: Mapping[tuple[str, str], tuple[int, str | None]]

    @property
    def keys(self) -> set[Key]:
        """Every value and place of which there was anything."""
        return set(self.now) | set(self.before)

    def hottest(self, value: str) -> str | None:
        """Return the place below with the greatest excess, where much of the count is there."""
        below = [p for v, p in self.now if v == value and p is not None]
        if not below:
            return None
        hot = max(below, key=lambda p: self.now[(value, p)] - self.before.get((value, p), 0.0) / self.n_days)
        return hot if self.now[(value, hot)] >= PLACE_SHARE * self.now[(value, None)] else None

    def spot(self, value: str, below: str | None, least: int) -> str | None:
        """Return the community with the most of a value, inside a place below where one is named."""
        near = {
            place_id: n
            for (v, place_id), (n, holder) in self.spots.items()
            if v == value and n >= least and below in {None, holder}
        }
        return max(near, key=lambda place_id: near[place_id]) if near else None

    @classmethod
    def read(
        cls, indicators: Indicators, scope: Scope, definition: NumberDefinition, column: str,
        place_id: str | None, as_of: datetime,
    ) -> "Counts":  # fmt: skip
        """Count by hours. The hour that runs is taken of the days before by the part that has passed of it.

        Raises:
            NotAllowed: The figure is protected.
        """
        allowed = indicators.allowed(scope, definition, place_id, as_of)
        if allowed.release == "protected":
            raise NotAllowed(why=f"{definition.number_id}: protected")
        today = day_of(as_of)
        midnight = start_of_day(today)
        is_worked = indicators.calendar.is_working_day
        like = {
            day for n in range(1, DAYS_N + 1)
            if is_worked(day := today - timedelta(days=n)) == is_worked(today)
        }  # fmt: skip
        inside = (
            Condition(definition.instant, "ge", midnight - timedelta(days=DAYS_N)),
            Condition(definition.instant, "le", as_of),
        )
        where = (*resolved(definition.where, as_of, 1), *inside)
        tally = Tally(definition.entity, where, (column, "place_id"), (definition.instant, "hour"))
        below = Below.of(indicators, place_id or scope.place_id, as_of)
        passed = as_of - midnight
        now: dict[Key, int] = defaultdict(int)
        before: dict[Key, float] = defaultdict(float)
        spots: dict[tuple[str, str], tuple[int, str | None]] = {}
        for row in indicators.tallied(allowed, tally):
            if row[column] is None:
                continue
            day = day_of(row["bucket_at"])
            keys = {(str(row[column]), None), (str(row[column]), below.holding(row["place_id"]))}
            if day == today:
                for key in keys:
                    now[key] += row["n"]
                spot = spot_of(indicators, row["place_id"])
                if spot is not None:
                    n, _ = spots.get((str(row[column]), spot), (0, None))
                    spots[(str(row[column]), spot)] = (n + row["n"], below.holding(row["place_id"]))
            elif day in like:
                since = row["bucket_at"] - start_of_day(day)
                share = min(max((passed - since) / timedelta(hours=1), 0.0), 1.0)
                for key in keys:
                    before[key] += row["n"] * share
        return cls(now, before, len(like), spots)


def spot_of(indicators: Indicators, place_id: str | None) -> str | None:
    """Return the community or estate that a place is or lies in; None where it is above them."""
    path = indicators.places.path(place_id) if place_id else []
    return next((p.place_id for p in reversed(path) if p.level in SPOT_LEVELS), None)


class Below:
    """Which of the places directly below holds a place."""

    def __init__(self, nodes: list[tuple[str, PlaceNode]], rank_of: Mapping[str, int]) -> None:
        self._ids = [place_id for place_id, _ in nodes]
        self._firsts = [node.rank for _, node in nodes]
        self._lasts = [node.rank_last for _, node in nodes]
        self._rank_of = rank_of

    @classmethod
    def of(cls, indicators: Indicators, above: str | None, as_of: datetime) -> "Below":
        """Return those of a place on a day; of None those below the root."""
        places, day = indicators.places, day_of(as_of)
        tree_id = (above or "").partition(":")[0] or places.default_tree or ""
        top = above or next((p.place_id for p in places.children(None, tree_id, day)), None)
        children = places.children(top, tree_id, day) if top else []
        nodes = [(p.place_id, node) for p in children if (node := places.node(p.place_id, day))]
        edition = places.edition(tree_id, day)
        ranks = {n.place_id: n.rank for n in places.nodes_of(edition.edition_id)} if edition else {}
        return cls(sorted(nodes, key=lambda one: one[1].rank), ranks)

    def holding(self, place_id: str | None) -> str | None:
        """Return the place below that holds one; None where none does."""
        rank = self._rank_of.get(place_id or "")
        if rank is None:
            return None
        at = bisect_right(self._firsts, rank) - 1
        return self._ids[at] if at >= 0 and rank <= self._lasts[at] else None
