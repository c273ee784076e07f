"""Who looked at what, changed, took away or granted it, and why: an append-only, hash-chained log."""

from huitian.audit.purposes import Purposes
from huitian.audit.writing import Audit

__all__ = ["Audit", "Purposes"]
