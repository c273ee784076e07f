"""A small demo city of its own for a test that serves it, on either store."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from huitian.app.city import compose
from huitian.app.demo import write_demo
from huitian.app.stores import make_store
from huitian.clock import SystemClock
from huitian.settings import CITY_FILE, city_text, read_settings
from huitian.simulate.city import demo_city
from huitian.simulate.scale import DemoScale

SMALL = DemoScale(n_buildings=300, person_share=0.01, n_enterprises=20, n_components=50, n_letters=200)
PATIENT = {"max_letters_per_h": 100_000, "max_photos_per_h": 100_000}
"""Limits that no test meets by chance."""


def make_small_city(home: Path, scale: DemoScale = SMALL, **values: Any) -> None:
    """Make it in a folder that is not there yet.

    Args:
        home: The folder.
        scale: How small.
        **values: Settings of the city that differ; ``store_address`` puts it on PostgreSQL.
    """
    home.mkdir()
    invented = demo_city(7, datetime.now(UTC), scale)
    own = {
        "name_zh": invented.name.zh, "name_en": invented.name.en, "root_place": invented.root_place_id,
    }  # fmt: skip
    (home / CITY_FILE).write_text(city_text(own | PATIENT | values), encoding="utf-8")
    settings = read_settings(home)
    city = compose(make_store(home, settings), home, settings, SystemClock(), None)
    write_demo(city, invented, invented.as_of, lambda _words: None)
    city.close()
