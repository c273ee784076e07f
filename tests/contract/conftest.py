"""The contract suite runs on every engine; where one cannot be started, its tests are skipped with the reason."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from huitian.engine.embedded import create_store
from huitian.engine.ports import Engine
from huitian.engine.scaled import create_scaled
from tests.servers.postgres import Server


@pytest.fixture(params=["embedded", "scaled"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """Yield an empty store of each engine."""
    if request.param == "embedded":
        opened: Engine = create_store(tmp_path)
    else:
        server: Server = request.getfixturevalue("postgres_server")
        opened = create_scaled(server.database(), tmp_path)
    yield opened
    opened.close()
