"""What all tests share: generated examples are never timed, a busy machine is not a failure."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from tests.needs import need
from tests.servers.postgres import Server, postgres

settings.register_profile("huitian", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("huitian")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Server]:
    """Start one PostgreSQL server for all tests that need not kill it; each makes a database of its own."""
    need("postgres")
    with postgres() as server:
        yield server
