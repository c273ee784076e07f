"""Which city a store holds: a number that a city gets when it is made and keeps wherever it goes."""

import uuid

from huitian.engine.copying import AnyEngine, Snapshot, reading, shapes
from huitian.model.query import Row

CITY_ID = "city_id"
FACTS = "city_fact"


def new_city_id() -> Row:
    """Return the fact that tells which city it is, for one that is being made."""
    return {"fact": CITY_ID, "told": uuid.uuid4().hex}


def city_id_in(rows: Snapshot) -> str | None:
    """Return which city a store holds; None where it says nothing."""
    shape = next(one for one in shapes() if one.name == FACTS)
    if not rows.has(shape.name):
        return None
    return next((told for chunk in rows.chunks(shape) for fact, told in chunk if fact == CITY_ID), None)


def city_id_of(engine: AnyEngine) -> str:
    """Return which city a store holds; one that was made before there were such numbers gets its own."""
    with reading(engine) as rows:
        found = city_id_in(rows)
    if found:
        return found
    with engine.records.writing() as writing:
        writing.add(FACTS, [new_city_id()])
    with reading(engine) as rows:
        return city_id_in(rows) or ""
