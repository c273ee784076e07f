"""What a stated purpose opens of a row, and the look that it makes: pure, so that ``planner`` alone decides."""

from collections.abc import Callable, Mapping, Sequence

from huitian.base.entities import ENTITIES
from huitian.base.masks import shown
from huitian.model.audit import Entry, Subject
from huitian.model.entity import Entity
from huitian.model.query import AnyOf, Condition, Query, Row
from huitian.model.scope import Mask, Purpose, Scope

SUBJECT_COLUMN = {"case": "case_id", "household": "household_id"}
"""Column by which a row belongs to what a purpose is about."""


def needed(declared: Entity, query: Query) -> Query:
    """Return a query that also reads what says whose a row is."""
    if not query.columns:
        return query
    has = {c.name for c in declared.columns}
    more = [*declared.key, *(n for n in ("case_id", "household_id", "place_id", "is_anonymous") if n in has)]
    added = tuple(name for name in dict.fromkeys(more) if name not in query.columns)
    return Query(query.entity, query.where, query.columns + added, query.sort, query.limit, query.offset)


def only_asked(rows: Sequence[Row], query: Query) -> list[Row]:
    """Return rows with no more columns than were asked for."""
    return [{n: row[n] for n in query.columns} for row in rows] if query.columns else list(rows)


def covers(purpose: Purpose, row: Row) -> bool:
    """Return whether a row belongs to the case or the home that a purpose is about; of a place only places know."""
    return purpose.about != "place" and row.get(SUBJECT_COLUMN[purpose.about]) in purpose.subject_ids


def closed_fields(declared: Entity) -> frozenset[str]:
    """Return the fields of protected rows that stay shut until a purpose opens them: all but keys and ids."""
    if declared.release != "protected":
        return frozenset()
    return frozenset(c.name for c in declared.columns if not c.name.endswith("_id")) - {*declared.key}


def unopened(declared: Entity, query: Query, purposes: Sequence[Purpose]) -> list[str]:
    """Return the closed fields that a query filters or sorts by, and that not each of some purposes opens."""
    asked = {
        one.column
        for item in query.where
        for one in (item.conditions if isinstance(item, AnyOf) else (item,))
    } | {name.removeprefix("-") for name in query.sort}
    return sorted(
        name
        for name in asked & closed_fields(declared)
        if not all(purpose.opens_field(declared.name, name) for purpose in purposes)
    )


def narrowing(purposes: Sequence[Purpose], query: Query) -> tuple[Purpose, ...]:
    """Return the purposes that a read of protected rows rests on: of the home that is asked for, else of a place."""
    of_homes = tuple(p for p in purposes if p.about == "household")
    asked = {
        one
        for c in query.where
        if isinstance(c, Condition)
        and c.column in {"household_id", "dwelling_id"}
        and c.operator in {"eq", "in"}
        for one in ([c.operand] if isinstance(c.operand, str) else c.operand)
    }
    named = tuple(p for p in of_homes if asked and asked <= p.subject_ids)
    return named or tuple(p for p in purposes if p.about == "place") or of_homes


def opened(
    entity: str, masks: Mapping[str, Mask], purposes: Sequence[Purpose], rows: Sequence[Row], *, is_v3: bool,
    belongs: Callable[[Purpose, Row], bool] = covers,
) -> tuple[list[Row], dict[Purpose, dict[str, set[int]]]]:  # fmt: skip
    """Return rows as their reader may see them, and which fields of which rows each purpose opened.

    Each row is opened by the purposes that it belongs to, by no other: a field of a protected row that none of
    them opens is hidden under every lens.

    Args:
        entity: Entity of the rows.
        masks: Masks where no purpose opens a column.
        purposes: Purposes that open something of the entity.
        rows: Rows as stored.
        is_v3: Whether a purpose takes masks away; else it only lets rows of protected entities be read.
        belongs: Whether a row belongs to what a purpose is about.
    """
    closed = closed_fields(ENTITIES[entity])
    done: list[Row] = []
    seen: dict[Purpose, dict[str, set[int]]] = {}
    for number, row in enumerate(rows):
        left, shut = dict(masks), {name for name in row if name in closed}
        for purpose in purposes:
            if not belongs(purpose, row):
                continue
            for name in [name for name in row if purpose.opens_field(entity, name)]:
                shut.discard(name)
                if is_v3 and masks.get(name) != "hidden":
                    left.pop(name, None)
                if row[name] is not None and name not in left:
                    seen.setdefault(purpose, {}).setdefault(name, set()).add(number)
        done.extend(shown(entity, left | dict.fromkeys(shut, "hidden"), [row]))
    return done, seen


def look_of(
    scope: Scope, declared: Entity, purpose: Purpose | None, fields: Mapping[str, set[int]], rows: Sequence[Row],
    places: Mapping[str, str | None],
) -> Entry:  # fmt: skip
    """Return the entry of a look.

    Args:
        scope: Who looked.
        declared: The entity.
        purpose: Why; None where none is needed.
        fields: Field → rows in which it was seen.
        rows: The rows as stored.
        places: Subject → where it stands, where the row itself does not say.
    """
    numbers = sorted(set().union(*fields.values()))
    key = subject_key(declared)
    ids = dict.fromkeys(str(rows[n][key]) for n in numbers)
    standing = {str(rows[n][key]): rows[n].get("place_id") for n in numbers}
    subjects = tuple(Subject(subject_entity(declared), one, standing[one] or places.get(one)) for one in ids)
    return Entry(
        "look", scope.user_id, scope.role, scope.lens, scope.grant_ids, declared.name, tuple(sorted(fields)), subjects,
        purpose.place_id if purpose else None, purpose.purpose_id if purpose else "",
        purpose.ticket if purpose else "", scope.origin.address_hash, scope.origin.route, scope.origin.request_id,
        {"taking_id": purpose.taking_id} if purpose else {},
    )  # fmt: skip


def subject_key(declared: Entity) -> str:
    """Return the column that says whose a row is: the case, the household, else the first key."""
    names = {c.name for c in declared.columns}
    return next((n for n in ("case_id", "household_id") if n in names), declared.key[0])


def subject_entity(declared: Entity) -> str:
    """Return the entity of ``subject_key``."""
    return {"case_id": "case", "household_id": "household", "person_id": "person"}.get(
        subject_key(declared), declared.name
    )
