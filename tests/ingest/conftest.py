"""An empty city for every test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ingest.towns import STREET_MAP, STREETS, Town


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    """Yield a city of one district without an outline."""
    made = Town(tmp_path)
    yield made
    made.city.close()


@pytest.fixture
def streets(town: Town) -> Town:
    """Return a city of two streets."""
    town.load("geojson", STREETS, STREET_MAP, name="streets")
    return town
