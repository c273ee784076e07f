"""The contract suite runs on every engine; an engine that is not there yet is named, never passed over in silence."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from huitian.engine.embedded import create_store
from huitian.engine.ports import Engine

MAKERS: dict[str, Callable[[Path], Engine]] = {"embedded": create_store}


@pytest.fixture(params=sorted(MAKERS))
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """Yield an empty store of each engine."""
    opened = MAKERS[request.param](tmp_path)
    yield opened
    opened.close()
