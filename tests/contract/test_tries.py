"""What every store must do with tries: count them exactly, also at once, and forget them when they are over."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from huitian.engine.store import SqlEngine
from huitian.engine.tables import try_count, try_made
from huitian.model.window import Window

pytestmark = pytest.mark.contract

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
S = timedelta(seconds=1)
TEN = Window("ten", 10, 60 * S)
TWO = Window("two", 2, 10 * S)


def n_rows(engine: SqlEngine) -> tuple[int, int]:
    with engine.records.reading() as connection:
        return tuple(
            connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in (try_count, try_made)
        )  # type: ignore[return-value]


def test_exactly_so_many_get_through_at_once(engine: SqlEngine) -> None:
    with ThreadPoolExecutor(12) as at_once:
        left = list(at_once.map(lambda _n: engine.tries.count([TEN], NOW), range(40)))
    assert left.count(0) == 10
    assert {one for one in left if one} == {60}


def test_two_keys_are_counted_together_or_not_at_all(engine: SqlEngine) -> None:
    for _ in range(2):
        assert engine.tries.count([TEN, TWO], NOW) == 0
    assert engine.tries.count([TEN, TWO], NOW + S) == 9
    for _ in range(8):
        assert engine.tries.count([TEN], NOW + S) == 0
    assert engine.tries.count([TEN], NOW + S) == 59

    def both(n: int) -> int:
        keys = [Window(f"{n % 3}", 100, 60 * S), Window(f"{(n + 1) % 3}", 100, 60 * S)]
        return engine.tries.count(keys if n % 2 else keys[::-1], NOW)

    with ThreadPoolExecutor(8) as at_once:
        assert set(at_once.map(both, range(60))) == {0}


def test_a_window_slides(engine: SqlEngine) -> None:
    assert [engine.tries.count([TWO], NOW + n * S) for n in (0, 6, 7, 9)] == [0, 0, 3, 1]
    assert engine.tries.count([TWO], NOW + 10 * S) == 0
    assert engine.tries.left_s(TWO, NOW + 11 * S) == 5


def test_tries_are_given_back(engine: SqlEngine) -> None:
    engine.tries.give_back(["two"], ["ten"])
    engine.tries.count([TWO, TEN], NOW)
    engine.tries.count([TWO, TEN], NOW)
    engine.tries.give_back(["two"], ["ten"])
    assert n_rows(engine) == (1, 1)
    assert [engine.tries.count([TWO], NOW) for _ in range(3)] == [0, 0, 10]
    assert [engine.tries.count([TEN], NOW) for _ in range(10)] == [0] * 9 + [60]


def test_a_clock_that_is_set_back_locks_nobody_for_longer_than_the_window(engine: SqlEngine) -> None:
    assert [engine.tries.count([TWO], NOW + timedelta(days=300)) for _ in range(2)] == [0, 0]
    assert 1 <= engine.tries.left_s(TWO, NOW) <= 10
    assert engine.tries.count([TEN], NOW + timedelta(days=300)) == 0
    assert engine.tries.count([TEN], NOW) == 0


def test_what_is_over_is_swept(engine: SqlEngine) -> None:
    for n in range(30):
        engine.tries.count([Window(f"key {n}", 5, 10 * S)], NOW)
    engine.tries.count([TEN], NOW)
    engine.tries.sweep(NOW + 20 * S)
    assert n_rows(engine) == (1, 1)


def test_who_hammers_writes_nothing(engine: SqlEngine) -> None:
    for _ in range(2):
        engine.tries.count([TWO], NOW)
    before = n_rows(engine)
    assert [engine.tries.count([TWO], NOW) for _ in range(5)] == [10] * 5
    assert n_rows(engine) == before
