"""The embedded engine: SQLite, an outbox in it, and a folder of files; one server process."""

from huitian.engine.embedded.store import STORE, EmbeddedEngine, create_store, open_engine

__all__ = ["STORE", "EmbeddedEngine", "create_store", "open_engine"]
