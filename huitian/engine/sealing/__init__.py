"""Personal words, photos and identifiers, sealed under a key of their subject; see ``vault``."""

from huitian.engine.sealing.masters import MasterSource
from huitian.engine.sealing.vault import Vault

__all__ = ["MasterSource", "Vault"]
