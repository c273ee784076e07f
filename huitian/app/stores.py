"""Which engine a city has: PostgreSQL where ``store_address`` names a database, else SQLite in its folder."""

from pathlib import Path

from huitian.engine.embedded import STORE, EmbeddedEngine, create_store, open_engine
from huitian.engine.files import own_folder
from huitian.engine.scaled import ScaledEngine, create_scaled, open_scaled, with_password
from huitian.engine.sealing import MasterSource, Vault
from huitian.engine.sealing.guarding import begin, guard
from huitian.engine.troubles import disk_told
from huitian.errors import BadSetting, FileUnreadable
from huitian.settings import Settings

AnyEngine = EmbeddedEngine | ScaledEngine


def open_store(folder: Path, settings: Settings) -> AnyEngine:
    """Open the store of a city; an older one is brought up to date.

    Args:
        folder: The city folder.
        settings: Its settings.

    Raises:
        CityMissing: There is none.
        StoreTooNew: It was written by a newer Huitian.
        StoreAway: The database does not answer.
        StoreRefused: The database does not let us in.
        StoreHalfMade: A move or a restore into it did not end.
        StoreMoved: Its city was moved elsewhere.
        KeysMissing: A key that its words are sealed under is not there.
        KeysWrong: A key is another than the one they are sealed under.
    """
    if not settings.store_address:
        engine: AnyEngine = open_engine(folder, settings.busy_timeout_s)
    else:
        engine = open_scaled(
            address_of(settings), folder, settings.busy_timeout_s, settings.store_connections
        )
    try:
        guard(engine, vault_of(folder, settings))
    except BaseException:
        engine.close()
        raise
    return engine


def make_store(folder: Path, settings: Settings) -> AnyEngine:
    """Make the store of a new city with its keys, or open the one that is there; raises as ``open_store``."""
    if not settings.store_address:
        engine: AnyEngine = create_store(folder, settings.busy_timeout_s)
    else:
        engine = create_scaled(
            address_of(settings), folder, settings.busy_timeout_s, settings.store_connections
        )
    try:
        vault = vault_of(folder, settings)
        guard(engine, vault)
        begin(engine, vault)
    except BaseException:
        engine.close()
        raise
    return engine


def vault_of(folder: Path, settings: Settings) -> Vault:
    """Return the keys of a city; off where it has none."""
    keys = folder / "keys"
    return Vault(keys, MasterSource(keys, settings.master_keys, settings.keys_command), settings.seal_cipher)


def bare_store(folder: Path, settings: Settings, address: str) -> AnyEngine:
    """Open a store as it is: not made, not brought up to date, whatever marks it has. For moves and restores.

    Args:
        folder: The city folder.
        settings: For how long to wait.
        address: Of PostgreSQL, with its password; empty is SQLite in the folder.
    """
    if not address:
        with disk_told(folder):
            own_folder((folder / STORE).parent)
        return EmbeddedEngine(folder, settings.busy_timeout_s)
    return ScaledEngine(address, folder, settings.busy_timeout_s, 2)


def address_of(settings: Settings, address: str = "") -> str:
    """Return an address of PostgreSQL with its password.

    Args:
        settings: Have the password, or the file it is in; an address that has one keeps it.
        address: The address; empty takes that of the settings.

    Raises:
        FileUnreadable: The file of the password cannot be read.
    """
    file, password = settings.store_password_file, settings.store_password
    if file is not None and not password:
        try:
            password = file.read_text(encoding="utf-8").strip("\r\n")
        except (OSError, UnicodeDecodeError) as error:
            raise FileUnreadable(file_name=str(file), why=str(error)) from error
    return with_password(address or settings.store_address, password)


def check_workers(settings: Settings) -> None:
    """Refuse more than one server process where the store takes only one.

    Raises:
        BadSetting: It does.
    """
    if settings.workers > 1 and not settings.store_address:
        raise BadSetting(
            where="", where_zh="城市设置或命令", where_en="The city or the command", name="workers",
            value=settings.workers, why="SQLite is served by one process; set store_address to use PostgreSQL",
            why_zh="SQLite 只由一个进程服务；要用多个请设 store_address 使用 PostgreSQL",
        )  # fmt: skip
