"""The main journey on PostgreSQL: two server processes behind nginx, and both take part."""

import re
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bench.running import Running, demo_server
from tests.journey.conftest import Opener
from tests.journey.letter_way import letter_goes_all_the_way
from tests.needs import need
from tests.servers.nginx import nginx_before
from tests.servers.postgres import postgres
from tests.servers.small_city import make_small_city

pytestmark = pytest.mark.journey

ANSWERED = re.compile(r'huitian_worker_requests\{pid="(\d+)"\} (\S+)')


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Serve a small demo city from PostgreSQL by two processes behind nginx."""
    need("postgres")
    need("nginx")
    home = tmp_path_factory.mktemp("postgres") / "city"
    with postgres() as database:
        make_small_city(home, store_address=database.database())
        own = {"HUITIAN_WORKERS": "2", "HUITIAN_TRUSTED_PROXIES": "127.0.0.1"}
        with (
            demo_server(home, **own) as running,
            nginx_before(running.port) as base,
        ):
            yield replace(running, base=base, port=int(base.rpartition(":")[2]))


def test_a_letter_goes_all_the_way_over_two_processes(
    open_page: Opener, city: Running, tmp_path: Path
) -> None:
    letter_goes_all_the_way(open_page, tmp_path)
    with urllib.request.urlopen(f"{city.base}/metrics", timeout=60) as answer:
        told = answer.read().decode()
    answered = {pid: float(n) for pid, n in ANSWERED.findall(told)}
    assert len(answered) == 2
    assert min(answered.values()) > 10, answered
    assert 'store="scaled"' in told
