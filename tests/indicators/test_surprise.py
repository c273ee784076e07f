"""How unlikely a count is."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huitian.indicators.surprise import chance_of, log_pmf, upwards

COUNTS = st.integers(0, 400)
BEFORE = st.floats(0, 600)
EXPOSURE = st.integers(1, 60)


@given(BEFORE, EXPOSURE)
def test_all_chances_add_up_to_one(before: float, exposure: int) -> None:
    assert upwards(0, before + 0.5, exposure) == pytest.approx(1.0, abs=1e-5)


@given(COUNTS, BEFORE, EXPOSURE)
def test_a_chance_is_one_and_falls_with_the_distance(count: int, before: float, exposure: int) -> None:
    chance, is_above = chance_of(count, before, exposure)
    assert 0 <= chance <= 1
    if is_above:
        further, _ = chance_of(count + 5, before, exposure)
        assert further <= chance + 1e-12


def test_it_is_the_negative_binomial_of_the_books() -> None:
    # Shape 1/2 + 3, three windows: P(X = 0) = (3/4) ** 3.5.
    assert math.exp(log_pmf(0, 3.5, 3)) == pytest.approx((3 / 4) ** 3.5)
    # The mean of the predictive distribution is (before + 1/2) / exposure.
    mean = sum(n * math.exp(log_pmf(n, 3.5, 3)) for n in range(200))
    assert mean == pytest.approx(3.5 / 3, rel=1e-9)


def test_with_much_history_it_is_the_poisson_tail() -> None:
    rate = 4.0
    poisson = 1 - sum(math.exp(-rate) * rate**n / math.factorial(n) for n in range(10))
    chance, _ = chance_of(10, rate * 100_000, 100_000)
    assert chance == pytest.approx(poisson, rel=1e-3)


def test_little_history_makes_little_news() -> None:
    few, _ = chance_of(8, 2 * 1, 2)
    many, _ = chance_of(8, 20 * 1, 20)
    assert many < few / 10


def test_very_small_chances_stay_exact() -> None:
    chance, _ = chance_of(200, 20, 20)
    assert 0 < chance < 1e-150
