"""The small demo city of ``tests/api``, on PostgreSQL; everything else is as there."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from huitian.app.city import compose
from huitian.app.demo import open_demo, write_demo
from huitian.clock import SystemClock
from huitian.engine.scaled import create_scaled
from huitian.simulate.city import DemoCity
from tests.api import conftest as api
from tests.api.serving import Served, serving
from tests.needs import need
from tests.servers.postgres import postgres

invented, untried, dispatcher, leader, street, nobody = (
    api.invented, api.untried, api.dispatcher, api.leader, api.street, api.nobody,
)  # fmt: skip


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    """Return an empty database."""
    need("postgres")
    with postgres() as server:
        yield server.database()


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory, invented: DemoCity, address: str) -> Path:
    """Write the city into it, and what is no record into a folder."""
    home = tmp_path_factory.mktemp("city") / "demo"
    home.mkdir()
    settings = replace(api.PATIENT, root_place=invented.root_place_id, store_address=address)
    city = compose(create_scaled(address, home), home, settings, SystemClock(), None)
    write_demo(city, invented, invented.as_of, lambda _words: None)
    city.close()
    return home


@pytest.fixture(scope="session")
def served(folder: Path, invented: DemoCity, address: str) -> Iterator[Served]:
    """Serve it, with limits that no test meets by chance."""
    settings = replace(api.PATIENT, root_place=invented.root_place_id, store_address=address)
    city = open_demo(folder, settings)
    with serving(city) as running:
        yield running
    city.close()
