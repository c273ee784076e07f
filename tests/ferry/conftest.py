"""A city with two outside hosts."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ferry.crossing import Crossing


@pytest.fixture
def crossing(tmp_path: Path) -> Iterator[Crossing]:
    """Yield a city with two outside hosts that have its published data."""
    made = Crossing.begun(tmp_path, "wx1", "wx2")
    yield made
    made.close()
