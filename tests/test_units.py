from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huitian.errors import UnknownUnit
from huitian.units import UNITS, convert, ratio, round_half_up, unit, wilson_interval

decimals = st.decimals(-(10**9), 10**9, places=6, allow_nan=False)


class TestUnits:
    def test_every_unit_has_its_words(self) -> None:
        for unit_id, known in UNITS.items():
            assert known.unit_id == unit_id
            assert known.zh or known.kind in ("ratio", "index")
            assert bool(known.en_one) == bool(known.en_other) == bool(known.zh)

    def test_english_counts_one_and_many(self) -> None:
        cases = unit("cases")
        assert [cases.name("en", n) for n in (0, 1, 2)] == ["cases", "case", "cases"]
        assert cases.name("zh", 1) == cases.name() == "件"

    @pytest.mark.parametrize(
        ("value", "given_in", "into", "wanted"),
        [
            (Fraction(1, 8), "ratio", "percent", Fraction(25, 2)),
            (36, "kmh", "mps", 10),
            (Decimal("1.5"), "h", "min", 90),
            (2, "d", "h", 48),
            (63, "km2", "ha", 6300),
            (7, "cases", "cases", 7),
        ],
    )
    def test_units_of_one_kind_convert_exactly(
        self, value: Fraction | int, given_in: str, into: str, wanted: Fraction | int
    ) -> None:
        assert convert(value, given_in, into) == wanted
        assert convert(convert(value, given_in, into), into, given_in) == value

    @pytest.mark.parametrize(
        ("given_in", "into"),
        [("persons", "cases"), ("working_d", "h"), ("m", "m2"), ("pph", "vph"), ("m", "mile")],
    )
    def test_what_does_not_convert_is_refused(self, given_in: str, into: str) -> None:
        with pytest.raises(UnknownUnit):
            convert(1, given_in, into)

    def test_an_unknown_unit_is_refused(self) -> None:
        with pytest.raises(UnknownUnit, match="furlong"):
            unit("furlong")


class TestRatio:
    def test_it_is_exact(self) -> None:
        assert ratio(1, 3) == Fraction(1, 3)
        assert ratio(Decimal("0.1"), 3) == Fraction(1, 30)

    def test_nothing_of_something_is_zero_and_of_nothing_is_missing(self) -> None:
        assert ratio(0, 5) == 0
        assert ratio(0, 0) is None
        assert ratio(5, 0) is None


class TestRounding:
    @pytest.mark.parametrize(
        ("value", "digits", "said"),
        [
            (Fraction(5, 2), 0, "3"),
            (Fraction(-5, 2), 0, "-3"),
            (Fraction(1, 2), 0, "1"),
            (Fraction(2675, 1000), 2, "2.68"),
            (Decimal("99.95"), 1, "100.0"),
            (Fraction(1, 3), 3, "0.333"),
            (Fraction(2, 3), 0, "1"),
            (7, 2, "7.00"),
            (0, 1, "0.0"),
            (Fraction(-1, 10), 0, "0"),
            (1_234_500, -3, "1235000"),
            (499, -3, "0"),
        ],
    )
    def test_halves_go_away_from_zero(self, value: Fraction | Decimal | int, digits: int, said: str) -> None:
        assert str(round_half_up(value, digits)) == said

    @given(decimals, st.integers(0, 5))
    def test_as_decimal_does(self, value: Decimal, digits: int) -> None:
        assert round_half_up(value, digits) == value.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)

    @given(st.fractions(), st.integers(-3, 8))
    def test_it_is_never_off_by_more_than_half(self, value: Fraction, digits: int) -> None:
        assert abs(Fraction(round_half_up(value, digits)) - value) <= Fraction(1, 2) / Fraction(10) ** digits


class TestWilson:
    # 15/148 and 81/263 as in Newcombe, Statistics in Medicine 17 (1998), table I, method 3; the others by hand.
    @pytest.mark.parametrize(
        ("successes", "n", "low", "high"),
        [
            (1, 10, 0.0179, 0.4042),
            (9, 10, 0.5958, 0.9821),
            (15, 148, 0.0624, 0.1605),
            (81, 263, 0.2553, 0.3662),
        ],
    )
    def test_known_intervals(self, successes: int, n: int, low: float, high: float) -> None:
        interval = wilson_interval(successes, n)
        assert interval is not None
        assert interval == pytest.approx((low, high), abs=5e-5)

    def test_nobody_asked_is_missing(self) -> None:
        assert wilson_interval(0, 0) is None

    @pytest.mark.parametrize(("successes", "n"), [(-1, 5), (6, 5), (0, -1)])
    def test_impossible_counts_are_refused(self, successes: int, n: int) -> None:
        with pytest.raises(ValueError, match="within"):
            wilson_interval(successes, n)

    @given(st.integers(1, 10**6).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
    def test_it_holds_the_share_and_mirrors(self, counts: tuple[int, int]) -> None:
        successes, n = counts
        interval, mirrored = wilson_interval(successes, n), wilson_interval(n - successes, n)
        assert interval is not None
        assert mirrored is not None
        low, high = interval
        assert 0 <= low <= successes / n <= high <= 1
        assert low < high
        assert math.isclose(low, 1 - mirrored[1], abs_tol=1e-12)
        assert (low == 0) == (successes == 0)
        assert (high == 1) == (successes == n)
