"""One demo city for all tests of the generator."""

from datetime import UTC, datetime

import pytest

from huitian.model.query import Row
from huitian.simulate import DemoCity, demo_city

AS_OF = datetime(2026, 3, 5, 0, 41, tzinfo=UTC)
SEED = 20260305

Rows = dict[str, list[Row]]


@pytest.fixture(scope="session")
def city() -> DemoCity:
    return demo_city(SEED, AS_OF)


@pytest.fixture(scope="session")
def rows(city: DemoCity) -> Rows:
    found: Rows = {}
    for entity, batch in city.rows():
        found.setdefault(entity, []).extend(batch)
    return found
