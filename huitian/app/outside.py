"""An outside host: a folder of its own with the public page, published data, and letters on their way."""

from dataclasses import replace
from pathlib import Path

from huitian.app.city import OpenCity, compose
from huitian.clock import Clock, SystemClock
from huitian.engine.embedded import EmbeddedEngine, create_store, open_engine
from huitian.engine.files import FolderFiles
from huitian.errors import CityExists, CityMissing, FerryPeerUnknown, OutsideNotReady, WrongSide
from huitian.ferry.keys import FerryKeys, PublicKey, make_keys, public_key_of, read_keys
from huitian.ferry.mailbox import OutsideFollowing, OutsideLetters
from huitian.ferry.reference import PREFIX_FACT, fact, told_settings
from huitian.ferry.sealed_files import SealedFiles
from huitian.model.query import Condition, Query
from huitian.plugin import Packs
from huitian.settings import CITY_FILE, Settings, city_text, read_settings


class CityKey:
    """The key of the city, as the store of an outside host has it; read when it is needed.

    Args:
        city: The composed folder; set once it is there.
    """

    def __init__(self) -> None:
        self.city: OpenCity | None = None

    def __call__(self) -> PublicKey:
        """Return the key.

        Raises:
            FerryPeerUnknown: The city is not trusted yet.
        """
        if self.city is not None:
            rows = self.city.engine.records.read(
                self.city.planner.raw("ferry_peer"),
                Query("ferry_peer", (Condition("public_key", "ne", ""),), limit=1),
            ).rows
            if rows:
                return public_key_of(rows[0]["public_key"])
        raise FerryPeerUnknown(peer_id="city")

    def seal(self, content: bytes, purpose: bytes) -> bytes:
        """Return the content closed for the city."""
        return self().seal(content, purpose)


class OutsideEngine(EmbeddedEngine):
    """The embedded engine of an outside host: its photos are sealed for the city as they come in."""

    def __init__(self, folder: Path, busy_timeout_s: float, key: CityKey, clock: Clock) -> None:
        super().__init__(folder, busy_timeout_s)
        self._sealed = SealedFiles(folder / "files", key, clock)

    @property
    def files(self) -> FolderFiles:
        """Photos, sealed."""
        return self._sealed

    @property
    def sealed_files(self) -> SealedFiles:
        """Photos, sealed, with what the ferry asks of them."""
        return self._sealed


def make_outside(folder: Path, name: str) -> FerryKeys:
    """Make the folder of an outside host: settings, an empty store, keys. Idempotent under the same name.

    Raises:
        CityExists: There is a city in the folder.
        FerryKeyUnusable: The name cannot be used, or the folder has another.
    """
    if (folder / CITY_FILE).exists():
        if not read_settings(folder).is_outside:
            raise CityExists(home=str(folder))
        return make_keys(folder, name)
    folder.mkdir(parents=True, exist_ok=True)
    keys = make_keys(folder, name)
    (folder / CITY_FILE).write_text(city_text({"is_outside": True}), encoding="utf-8")
    create_store(folder, read_settings(folder).busy_timeout_s).close()
    return keys


def open_outside(folder: Path, settings: Settings | None = None, clock: Clock | None = None) -> OpenCity:
    """Open the folder of an outside host.

    Args:
        folder: The folder.
        settings: Its settings; None reads ``city.toml`` and the environment. What the city published of its own
            counts for them.
        clock: The time; None is the machine's.

    Raises:
        CityMissing: There is none in the folder.
        WrongSide: It is the folder of a city.
        FerryKeyMissing: Its keys are gone.
    """
    own = settings or read_settings(folder)
    if not (folder / CITY_FILE).exists():
        raise CityMissing(home=str(folder))
    if not own.is_outside:
        raise WrongSide(home=str(folder), side_zh="城市", side_en="a city")
    keys, key = read_keys(folder), CityKey()
    open_engine(folder, own.busy_timeout_s).close()
    watch = clock or SystemClock()
    engine = OutsideEngine(folder, own.busy_timeout_s, key, watch)
    base = compose(engine, folder, own, watch, None)
    known = replace(own, **told_settings(base.engine.records, base.planner))
    if known != own:
        base = compose(engine, folder, known, watch, None)
    letters = OutsideLetters(base.parts, keys.name, key)
    city = replace(
        base, letters=letters, following=OutsideFollowing(base.parts, letters), packs=Packs(()),
    )  # fmt: skip
    key.city = city
    return city


def check_ready(city: OpenCity) -> None:
    """Refuse to serve an outside host that knows nothing of its city yet.

    Raises:
        OutsideNotReady: The published data has not come.
    """
    if fact(city.engine.records, city.planner, PREFIX_FACT) is None:
        raise OutsideNotReady(home=str(city.folder))
