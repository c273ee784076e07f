"""Opening the ferry of a folder: of a city, or of an outside host."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import cast

from huitian.api.photos import cleaned
from huitian.app.city import OpenCity, open_city
from huitian.app.outside import OutsideEngine, open_outside
from huitian.cases.following import Following
from huitian.cases.letters import Letters
from huitian.clock import Clock
from huitian.errors import NotAPicture, TooLarge
from huitian.ferry.inside import Inside
from huitian.ferry.keys import FerryKeys, read_keys
from huitian.ferry.outside import Outside
from huitian.ferry.parts import FerryParts, Side
from huitian.settings import Settings, read_settings


@contextmanager
def open_ferry(folder: Path, clock: Clock | None = None) -> Iterator[FerryParts]:
    """Open the ferry of a folder; the folder may be served meanwhile.

    Raises:
        CityMissing: There is none in the folder.
        FerryKeyMissing: It has no keys.
    """
    settings = read_settings(folder)
    is_outside = settings.is_outside
    city = open_outside(folder, settings, clock) if is_outside else open_city(folder, settings, clock)
    try:
        yield ferry_of(city, read_keys(folder))
    finally:
        city.close()


def ferry_of(city: OpenCity, keys: FerryKeys) -> FerryParts:
    """Return the ferry of an open city or outside host."""
    settings: Settings = city.settings
    side: Side
    if settings.is_outside:
        engine = cast("OutsideEngine", city.engine)
        side = Outside(city.engine.records, city.planner, city.clock, engine.sealed_files, engine.empty_log)
    else:
        letters = cast("Letters", city.letters)
        following = cast("Following", city.following)
        side = Inside(city.parts, letters, following, city.engine.files, city.engine.events, keys,
                      partial(cleaned_photo, most_mpx=settings.max_photo_mpx))  # fmt: skip
    return FerryParts(city.folder, city.engine.records, city.planner, city.clock, settings, keys, side)


def cleaned_photo(content: bytes, most_mpx: int) -> bytes | None:
    """Return a photo decoded and encoded anew, as one that is sent to the city itself; None where it is none."""
    try:
        return cleaned(content, most_mpx).content
    except (NotAPicture, TooLarge):
        return None
