"""The scaled engine: PostgreSQL 15 or newer, several API workers over one store, files in a shared folder."""

from huitian.engine.scaled.store import ScaledEngine, open_scaled

__all__ = ["ScaledEngine", "open_scaled"]
