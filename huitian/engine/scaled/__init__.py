"""The scaled engine: PostgreSQL 15 or newer, several API workers over one store, files in a shared folder."""

from huitian.engine.scaled.postgres import shown, with_password
from huitian.engine.scaled.store import ScaledEngine, create_scaled, open_scaled

__all__ = ["ScaledEngine", "create_scaled", "open_scaled", "shown", "with_password"]
