"""The hash by which a browser holds a script to what was declared (Subresource Integrity, W3C)."""

import base64
import hashlib


def hash_of(content: bytes) -> str:
    """Return ``sha256-`` and the digest of bytes in base64, as the ``integrity`` of a script."""
    return f"sha256-{base64.b64encode(hashlib.sha256(content).digest()).decode()}"
