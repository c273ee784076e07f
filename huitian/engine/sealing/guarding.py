"""What ties a store to its keys: the store names its key store, so that it is never opened without it."""

from typing import Protocol

from sqlalchemy import Engine, select

from huitian.engine import ports
from huitian.engine.files import FolderFiles
from huitian.engine.sealing.vault import Vault
from huitian.engine.tables import city_fact
from huitian.errors import KeysMissing, KeysWrong

FACT = "key_store"


class Sealable(ports.Engine, Protocol):
    """Stores whose personal values can be sealed."""

    @property
    def sql(self) -> Engine:
        """The record store."""
        ...

    @property
    def files(self) -> FolderFiles:
        """Blobs."""
        ...

    def attach(self, vault: Vault) -> None:
        """Seal from now on what is personal."""
        ...


def named_in(engine: Sealable) -> str:
    """Return which key store a store names; empty where nothing was sealed yet."""
    with engine.sql.connect() as connection:
        told = connection.execute(select(city_fact.c.told).where(city_fact.c.fact == FACT)).scalar()
    return str(told or "")


def guard(engine: Sealable, vault: Vault) -> None:
    """Give a store its keys, after seeing that they are its own.

    Raises:
        KeysMissing: One is not there.
        KeysWrong: One is another.
    """
    named = named_in(engine)
    if named:
        if not vault.path.is_file():
            raise KeysMissing(where=str(vault.path), what=vault.path.name)
        if vault.store.store_id != named:
            raise KeysWrong(where=str(vault.path), what=vault.path.name)
    engine.attach(vault)


def begin(engine: Sealable, vault: Vault) -> None:
    """Seal what is written from now on; makes keys where there are none. Idempotent."""
    store = vault.make()
    with engine.records.writing() as writing:
        writing.add("city_fact", [{"fact": FACT, "told": store.store_id}])
