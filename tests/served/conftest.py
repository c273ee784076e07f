"""One PostgreSQL server that asks for a password, and a small demo city on it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from huitian.engine.scaled import with_password
from tests.needs import need
from tests.served.city import Several, several
from tests.servers.postgres import Server, postgres
from tests.servers.small_city import make_small_city

PASSWORD = "a pass:word/with@signs"


@pytest.fixture(scope="session")
def guarded() -> Iterator[Server]:
    """Start a server that asks for a password."""
    need("postgres")
    with postgres(PASSWORD) as server:
        yield server


@pytest.fixture(scope="session")
def address(guarded: Server) -> str:
    """Return the address of a database for the city, without its password."""
    return guarded.database()


@pytest.fixture(scope="session")
def home(guarded: Server, address: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a small demo city in it; its folder does not hold the password."""
    folder = tmp_path_factory.mktemp("several") / "city"
    make_small_city(folder, store_address=with_password(address, PASSWORD), sse_heartbeat_s=1)
    text = (folder / "city.toml").read_text(encoding="utf-8")
    own = text.replace(with_password(address, PASSWORD), address)
    assert own != text
    (folder / "city.toml").write_text(own, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def two(home: Path) -> Iterator[Several]:
    """Serve it by two processes."""
    with several(home, HUITIAN_STORE_PASSWORD=PASSWORD) as server:
        yield server
