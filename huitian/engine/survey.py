"""Finds out of which entities every object stands in the places of an edition; see ``standing``."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Engine, Select, and_, delete, func, insert, or_, select

from huitian.engine.bulk import bulk_of
from huitian.engine.standing import SETTLED
from huitian.engine.tables import EntityTable, anchor, edition, edition_place, standing_change, whole_standing
from huitian.model.query import Row

AT_ONCE = 400
"""Notes named by one statement."""


@dataclass(frozen=True, slots=True)
class Surveyed:
    """What a look at one entity found.

    Attributes:
        entity: The entity.
        change_ids: The notes that there were of its changes, in order.
        rows: Its rows of ``whole_standing``.
    """

    entity: str
    change_ids: Sequence[str]
    rows: Sequence[Row]


def look(sql: Engine) -> list[Surveyed]:
    """Look at every entity that changed, as the store stands at one instant, while others go on writing."""
    with bulk_of(sql.dialect.name).snapshot(sql) as connection:
        noted: dict[str, list[str]] = {}
        for entity, change_id in connection.execute(select(standing_change)):
            noted.setdefault(entity, []).append(change_id)
        return [
            Surveyed(entity, sorted(noted[entity]), whole_rows(connection, entity, SETTLED[entity]))
            for entity in sorted(noted)
            if entity in SETTLED
        ]


def keep(connection: Connection, found: Surveyed) -> bool:
    """Write down what was found, unless another look was quicker; what changed meanwhile has notes of its own.

    Every look takes away all notes that it saw, and writes only where it can. So of two that began with the same
    note one writes, and a look that saw less than another never writes after it.
    """
    own = standing_change.c.entity == found.entity
    parts = [found.change_ids[at : at + AT_ONCE] for at in range(0, len(found.change_ids), AT_ONCE)]
    there = 0
    for part in parts:
        # In one order, so that two looks do not wait crosswise.
        ids = select(standing_change.c.change_id).where(own, standing_change.c.change_id.in_(part))
        there += len(connection.execute(ids.order_by(standing_change.c.change_id).with_for_update()).all())
    if there < len(found.change_ids):
        return False
    for part in parts:
        connection.execute(delete(standing_change).where(own, standing_change.c.change_id.in_(part)))
    connection.execute(delete(whole_standing).where(whole_standing.c.entity == found.entity))
    if found.rows:
        connection.execute(insert(whole_standing), found.rows)
    return True


def whole_rows(connection: Connection, entity: str, lies: EntityTable) -> list[Row]:
    """Return the rows of ``whole_standing`` that are true of an entity."""
    n_rows = connection.execute(select(func.count()).select_from(lies.table)).scalar_one()
    if not n_rows:
        return []
    twice = set(connection.execute(standing_twice(lies)).scalars())
    ended: dict[str, date] = {row.tree_id: row.ended_on for row in connection.execute(last_ends(lies))}
    trees: dict[str, list[tuple[str, int, date]]] = {}
    for tree, place_id, n, since_on in connection.execute(standing_in(lies)):
        trees.setdefault(tree, []).append((place_id, n, since_on))
    found: list[Row] = []
    for tree, places in trees.items():
        if tree in twice or sum(n for _, n, _ in places) != n_rows:
            continue
        since_on = max([on for _, _, on in places] + ([ended[tree]] if tree in ended else []))
        for edition_id, ranks in ranks_since(connection, tree, since_on).items():
            if all(place_id in ranks for place_id, _, _ in places):
                own = [ranks[place_id] for place_id, _, _ in places]
                found.append({"entity": entity, "edition_id": edition_id, "since_on": since_on,
                              "rank_first": min(own), "rank_last": max(own)})  # fmt: skip
    return found


def standing_in(lies: EntityTable) -> Select[Any]:
    """Return the statement for how many rows stand in each place until further notice, and since when at the latest."""
    joined = lies.table.join(
        anchor,
        and_(anchor.c.entity == lies.anchor_entity, anchor.c.object_id == lies.table.c[lies.anchor_column]),
    )
    return (
        select(anchor.c.tree_id, anchor.c.place_id, func.count(), func.max(anchor.c.valid_from))
        .select_from(joined)
        .where(anchor.c.valid_to.is_(None))
        .group_by(anchor.c.tree_id, anchor.c.place_id)
    )


def standing_twice(lies: EntityTable) -> Select[Any]:
    """Return the statement for the trees in which an object stands in two places until further notice."""
    twice = (
        select(anchor.c.tree_id)
        .where(anchor.c.entity == lies.anchor_entity, anchor.c.valid_to.is_(None))
        .group_by(anchor.c.object_id, anchor.c.tree_id)
        .having(func.count() > 1)
        .subquery()
    )
    return select(twice.c.tree_id).distinct()


def last_ends(lies: EntityTable) -> Select[Any]:
    """Return the statement for the last day in each tree on which an anchor ends; from then on only open ones hold."""
    return (
        select(anchor.c.tree_id, func.max(anchor.c.valid_to).label("ended_on"))
        .where(anchor.c.entity == lies.anchor_entity, anchor.c.valid_to.is_not(None))
        .group_by(anchor.c.tree_id)
    )


def ranks_since(connection: Connection, tree: str, since_on: date) -> Mapping[str, Mapping[str, int]]:
    """Return by edition the ranks of the places of a tree, of editions that hold on a day or after it."""
    asked = (
        select(edition.c.edition_id, edition_place.c.place_id, edition_place.c.rank)
        .join(edition_place, edition_place.c.edition_id == edition.c.edition_id)
        .where(edition.c.tree_id == tree, or_(edition.c.valid_to.is_(None), edition.c.valid_to > since_on))
    )
    found: dict[str, dict[str, int]] = {}
    for edition_id, place_id, rank in connection.execute(asked):
        found.setdefault(edition_id, {})[place_id] = rank
    return found
