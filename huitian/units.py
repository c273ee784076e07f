"""Units of figures, and the exact arithmetic of ratios: half-up rounding, Wilson intervals.

Figures are counted and divided as integers and :class:`~fractions.Fraction`, and rounded once, at the end.
Missing is ``None``, never 0; a zero denominator is ``None``.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from huitian.errors import Language, UnknownUnit

Kind = Literal["count", "ratio", "time", "length", "area", "speed", "density", "flow", "money", "index"]
Exact = Fraction | Decimal | int

Z_95 = 1.959963984540054
"""The 97.5 % point of the normal distribution, for two-sided 95 % intervals."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit in which a figure is shown.

    Attributes:
        unit_id: Name used in indicator definitions and on the wire, snake_case.
        zh: Chinese measure word or sign.
        en_one: English word for exactly one.
        en_other: English word for every other value.
        kind: What is measured; only units of one kind other than ``count`` convert.
        factor: How many base units of the kind one of these is, exactly; ``None`` where nothing converts.
    """

    unit_id: str
    zh: str
    en_one: str
    en_other: str
    kind: Kind
    factor: Fraction | None = None

    def name(self, lang: Language = "zh", n: Exact | float = 2) -> str:
        """Returns the word that follows the value ``n`` in one language."""
        if lang == "zh":
            return self.zh
        return self.en_one if n == 1 else self.en_other


def _count(unit_id: str, zh: str, en_one: str, en_other: str) -> Unit:
    return Unit(unit_id, zh, en_one, en_other, "count")


def _sign(unit_id: str, zh: str, en: str, kind: Kind, factor: Fraction | int | None = None) -> Unit:
    return Unit(unit_id, zh, en, en, kind, None if factor is None else Fraction(factor))


_UNITS = (
    _count("cases", "件", "case", "cases"),
    _count("letters", "封", "letter", "letters"),
    _count("steps", "步", "step", "steps"),
    _count("persons", "人", "person", "persons"),
    _count("households", "户", "household", "households"),
    _count("buildings", "栋", "building", "buildings"),
    _count("floors", "层", "floor", "floors"),
    _count("entrances", "个单元", "entrance", "entrances"),
    _count("dwellings", "套", "dwelling", "dwellings"),
    _count("organisations", "家", "organisation", "organisations"),
    _count("components", "个", "component", "components"),
    _count("places", "个", "place", "places"),
    _count("streets", "个", "street", "streets"),
    _count("communities", "个", "community", "communities"),
    _count("features", "个", "feature", "features"),
    _count("findings", "条", "finding", "findings"),
    _count("rows", "行", "row", "rows"),
    _count("files", "个", "file", "files"),
    _count("loads", "次", "load", "loads"),
    _count("vehicles", "辆", "vehicle", "vehicles"),
    _count("parking_spaces", "个", "space", "spaces"),
    _count("beds", "张", "bed", "beds"),
    _count("times", "次", "time", "times"),
    _sign("ratio", "", "", "ratio", 1),
    _sign("percent", "%", "%", "ratio", Fraction(1, 100)),
    _sign("permille", "‰", "‰", "ratio", Fraction(1, 1000)),
    Unit("s", "秒", "second", "seconds", "time", Fraction(1)),
    Unit("min", "分钟", "minute", "minutes", "time", Fraction(60)),
    Unit("h", "小时", "hour", "hours", "time", Fraction(3600)),
    Unit("d", "天", "day", "days", "time", Fraction(86400)),
    Unit("working_h", "工作时", "working hour", "working hours", "time"),
    Unit("working_d", "工作日", "working day", "working days", "time"),
    _sign("m", "米", "m", "length", 1),
    _sign("km", "公里", "km", "length", 1000),
    _sign("m2", "平方米", "m²", "area", 1),
    _sign("ha", "公顷", "ha", "area", 10_000),
    _sign("km2", "平方公里", "km²", "area", 1_000_000),
    _sign("mps", "米/秒", "m/s", "speed", 1),
    _sign("kmh", "公里/小时", "km/h", "speed", Fraction(1000, 3600)),
    _sign("per_km2", "/平方公里", "per km²", "density", 1),
    _sign("persons_per_km2", "人/平方公里", "persons/km²", "density"),
    _sign("cases_per_10k", "件/万人", "cases per 10,000", "density"),
    _sign("pph", "人次/小时", "persons/h", "flow"),
    _sign("vph", "辆/小时", "vehicles/h", "flow"),
    _sign("yuan", "元", "yuan", "money", 1),
    _sign("index", "", "", "index"),
)

UNITS: Mapping[str, Unit] = {unit.unit_id: unit for unit in _UNITS}
"""Every unit, by its name."""


def unit(unit_id: str) -> Unit:
    """Returns the unit of this name.

    Raises:
        UnknownUnit: There is none.
    """
    try:
        return UNITS[unit_id]
    except KeyError:
        raise UnknownUnit(unit_id=unit_id) from None


def convert(value: Exact, unit_id: str, into: str) -> Fraction:
    """Returns a value in another unit of the same kind, exactly.

    Raises:
        UnknownUnit: One of the two does not exist, or they do not go into one another (persons are not cases,
            a working day has no fixed length).
    """
    given, wanted = unit(unit_id), unit(into)
    if given is wanted:
        return Fraction(value)
    if given.kind != wanted.kind or given.factor is None or wanted.factor is None:
        raise UnknownUnit(unit_id=unit_id, into=into)
    return Fraction(value) * given.factor / wanted.factor


def ratio(num: Exact, den: Exact) -> Fraction | None:
    """Returns num / den exactly; ``None`` for a zero denominator, which means "no data", never 0."""
    return Fraction(num) / Fraction(den) if den else None


def round_half_up(value: Exact, digits: int = 0) -> Decimal:
    """Returns a value rounded to ``digits`` decimals, halves away from zero (四舍五入).

    Exact: floats are refused by the types, since 2.675 as a float is already below the half. ``digits`` may
    be negative (-3 rounds to thousands).
    """
    scaled = abs(Fraction(value)) * Fraction(10) ** digits
    units = math.floor(scaled + Fraction(1, 2))
    sign = 1 if value < 0 and units else 0
    if digits < 0:
        return Decimal((sign, tuple(map(int, str(units * 10**-digits))), 0))
    return Decimal((sign, tuple(map(int, str(units))), -digits))


def wilson_interval(successes: Fraction | int, n: int, z: float = Z_95) -> tuple[float, float] | None:
    """Returns the score interval of a proportion as (low, high), shares 0–1; ``None`` for n = 0.

    Source: E. B. Wilson, "Probable Inference, the Law of Succession, and Statistical Inference", Journal of
    the American Statistical Association 22 (1927), 209–212. Without continuity correction. The bounds never
    leave 0–1, are exactly 0 for no success and exactly 1 for nothing else.

    Args:
        successes: How many of the n hold, 0…n. A sum of points between 0 and 1 each is taken as so many; its
            true variance is never larger than that of as many whole successes, so the interval errs wide.
        n: How many were asked.
        z: Normal quantile; the default gives 95 %.

    Raises:
        ValueError: successes is not within 0…n.
    """
    if not 0 <= successes <= n:
        msg = f"successes must be within 0…n, got {successes} of {n}"
        raise ValueError(msg)
    if n == 0:
        return None
    share, z2 = float(successes / n), z * z
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = z / (1 + z2 / n) * math.sqrt(share * (1 - share) / n + z2 / (4 * n * n))
    low = 0.0 if successes == 0 else max(0.0, middle - half)
    high = 1.0 if successes == n else min(1.0, middle + half)
    return low, high
