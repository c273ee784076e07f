"""Dedupe: the same key twice in one file, and rows that are in the city already, equal."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import shapely
from shapely import Geometry

from huitian.ingest.batch import Batch, Draft, refused


def dedupe(batch: Batch, seen: dict[str, int]) -> Batch:
    """Refuse rows whose key an earlier good row of this file has: the first wins.

    Args:
        batch: Checked rows.
        seen: Key → row of the file; grows by the keys of this batch.

    Returns:
        The batch, each draft with its content hash.
    """
    outcome = []
    for draft in batch.drafts:
        first = seen.setdefault(draft.source_key, draft.row_no)
        if first != draft.row_no:
            outcome.append(refused(draft, "duplicate_key", key=draft.source_key, row_no=first))
        else:
            outcome.append(replace(draft, content_hash=content_hash(draft)))  # type: ignore[arg-type]
    return batch.sifted(outcome)


def without_unchanged(batch: Batch, known: Mapping[str, str]) -> Batch:
    """Take out the rows that were loaded before with the same content.

    Args:
        batch: Rows with their content hash.
        known: Key → content hash of the rows of this source in the city.
    """
    changed = tuple(draft for draft in batch.drafts if known.get(draft.source_key) != draft.content_hash)
    return replace(batch, drafts=changed, n_unchanged=batch.n_unchanged + len(batch.drafts) - len(changed))


def content_hash(draft: Draft) -> str:
    """Return a hash over the values of a row; equal rows of two files have equal hashes."""
    words = json.dumps(draft.values, sort_keys=True, ensure_ascii=True, default=_plain)
    return hashlib.sha256(words.encode()).hexdigest()[:32]


def _plain(value: Any) -> str:
    if isinstance(value, Geometry):
        return shapely.to_wkb(value, hex=True, byte_order=1)  # type: ignore[no-any-return]
    if isinstance(value, datetime | date):
        return value.isoformat()
    raise TypeError(type(value).__name__)


__all__ = ["Draft", "content_hash", "dedupe", "without_unchanged"]
