"""A small demo city, served by a real server on a free port."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from huitian.app.city import compose
from huitian.app.demo import open_demo, write_demo
from huitian.clock import SystemClock
from huitian.engine.embedded import create_store
from huitian.settings import Settings
from huitian.simulate.city import DemoCity, demo_city
from huitian.simulate.scale import DemoScale
from tests.api.serving import Served, serving

SMALL = DemoScale(n_buildings=500, person_share=0.02, n_enterprises=40, n_components=200, n_letters=400)
PATIENT = Settings(max_letters_per_h=10_000, max_photos_per_h=10_000, max_wrong_codes_per_h=10_000,
                   lockout_tries=1_000)  # fmt: skip


@pytest.fixture(scope="session")
def invented() -> DemoCity:
    """Invent a small city."""
    return demo_city(7, datetime.now(UTC), SMALL)


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory, invented: DemoCity) -> Path:
    """Write it into a folder."""
    home = tmp_path_factory.mktemp("city") / "demo"
    home.mkdir()
    settings = replace(PATIENT, root_place=invented.root_place_id)
    city = compose(create_store(home), home, settings, SystemClock(), None)
    write_demo(city, invented, invented.as_of, lambda _words: None)
    city.close()
    return home


@pytest.fixture(scope="session")
def served(folder: Path, invented: DemoCity) -> Iterator[Served]:
    """Serve it, with limits that no test meets by chance."""
    city = open_demo(folder, replace(PATIENT, root_place=invented.root_place_id))
    with serving(city) as running:
        yield running
    city.close()


@pytest.fixture
def untried(served: Served) -> Iterator[None]:
    """Let a test begin, and those after it, as if nobody had tried anything: limits are kept in the store."""
    later = datetime.now(UTC) + timedelta(days=1)
    served.city.engine.tries.sweep(later)
    yield
    served.city.engine.tries.sweep(later)


@pytest.fixture(scope="session")
def dispatcher(served: Served) -> Iterator[httpx.Client]:
    """Sign in as the dispatcher of the whole city, lens V2."""
    with served.signed_in("dispatcher") as client:
        yield client


@pytest.fixture(scope="session")
def leader(served: Served) -> Iterator[httpx.Client]:
    """Sign in as the leader, lens V1."""
    with served.signed_in("leader") as client:
        yield client


@pytest.fixture(scope="session")
def street(served: Served) -> Iterator[httpx.Client]:
    """Sign in as the dispatcher of one street, lens V2."""
    with served.signed_in("street") as client:
        yield client


@pytest.fixture
def nobody(served: Served) -> Iterator[httpx.Client]:
    """Ask without signing in."""
    with served.client() as client:
        yield client
