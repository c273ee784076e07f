"""A PostgreSQL that is too old is refused in words, before anything is written."""

from pathlib import Path

import pytest

from huitian.engine.scaled import create_scaled, postgres
from huitian.errors import StoreServerOld
from tests.servers.postgres import Server

pytestmark = pytest.mark.contract


def test_an_old_server_is_refused(
    postgres_server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = postgres_server.database()
    monkeypatch.setattr(postgres, "LEAST_VERSION", 99)
    with pytest.raises(StoreServerOld) as caught:
        create_scaled(address, tmp_path)
    assert "99" in str(caught.value.words("en"))
    monkeypatch.undo()
    create_scaled(address, tmp_path).close()


@pytest.mark.parametrize(
    ("told", "is_old"), [("14.11 (Debian 14.11-1)", True), ("9.6", True), ("15.0", False), ("18beta1", False)]
)
def test_what_a_server_says_of_its_version(told: str, is_old: bool) -> None:
    if is_old:
        with pytest.raises(StoreServerOld):
            postgres.check_version(told, "here")
    else:
        postgres.check_version(told, "here")
