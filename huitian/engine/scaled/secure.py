"""TLS to PostgreSQL, asked for in the address as its own programs are: ``?sslmode=verify-full&sslrootcert=FILE``."""

import ssl
from collections.abc import Mapping
from typing import Literal

MODES = ("disable", "prefer", "require", "verify-ca", "verify-full")
"""``prefer`` takes TLS where the server has it. ``require`` hides what is said, but not from who stands in between;
``verify-full`` also knows the server by its name."""
KEYS = frozenset({"sslmode", "sslrootcert"})


def is_sound(query: Mapping[str, object]) -> bool:
    """Return whether what stands behind the ``?`` of an address is known."""
    return set(query) <= KEYS and query.get("sslmode", "require") in MODES


def context_of(query: Mapping[str, object]) -> ssl.SSLContext | Literal[False] | None:
    """Return the TLS of a connection: False is none at all, None is whatever the server has.

    Args:
        query: ``sslmode``, one of ``MODES``, ``prefer`` where it is missing; ``sslrootcert``, a file of
            certificates of authorities, those of the system where it is missing.

    Raises:
        OSError: The file cannot be read, or holds no certificate (``ssl.SSLError`` is one).
    """
    file = str(query["sslrootcert"]) if "sslrootcert" in query else None
    mode = query.get("sslmode", "verify-full" if file else "prefer")
    if mode in {"disable", "prefer"}:
        return False if mode == "disable" else None
    context = ssl.create_default_context(cafile=file)
    context.check_hostname = mode == "verify-full"
    if mode == "require":
        context.verify_mode = ssl.CERT_NONE
    return context
