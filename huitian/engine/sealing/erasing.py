"""Removing what lies in the store of erased subjects; their keys are destroyed in the vault."""

from collections.abc import Sequence

from sqlalchemy import Connection, delete, null, or_, update

from huitian.engine.sealing.fields import SEALED
from huitian.engine.tables import sealed_index


def erase_values(connection: Connection, subject_ids: Sequence[str]) -> int:
    """Set every personal value of subjects to missing, and forget by what they are found; returns how many rows."""
    n_rows = 0
    for lies in SEALED.values():
        beginning = f"{lies.kind}:"
        ids = [one.removeprefix(beginning) for one in subject_ids if one.startswith(beginning)]
        if ids:
            # A JSON column takes None for the JSON null.
            nothing = {lies.table.c[name]: null() for name in lies.columns}
            is_there = or_(*(lies.table.c[name].is_not(None) for name in lies.columns))
            found = connection.execute(
                update(lies.table).where(lies.table.c[lies.column].in_(ids), is_there).values(nothing)
            )
            n_rows += found.rowcount
    connection.execute(delete(sealed_index).where(sealed_index.c.subject_id.in_(list(subject_ids))))
    return n_rows
