"""What an account may do now: its grants in force, and those of the posts it holds or is on duty for.

A request acts under one set of grants of equal role, lens and organisation, whose subtrees add up. An account with
several sets picks one; unless it does, the set with the grant given last counts, those that an administrator gave
before those that somebody passed on: nobody changes what another acts as by passing something on to him.
"""

import secrets
from collections import defaultdict
from collections.abc import Callable, Container, Sequence
from datetime import UTC, datetime

from huitian.base.planner import Planner
from huitian.clock import Clock
from huitian.engine.ports import Records
from huitian.model.grant import Acting, Grant
from huitian.model.query import AnyOf, Condition, Page, Query, Row
from huitian.model.scope import Allowed, Scope

MOST_GRANTS = 10_000
FIELDS = tuple(Grant.__dataclass_fields__)
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
Read = Callable[[Allowed, Query], Page]
TOPIC = "grant"
"""Events of this topic are told to no stream: they tell servers whose streams to look at again."""


def grant_of(row: Row) -> Grant:
    """Return the grant of a stored row."""
    return Grant(**{name: row[name] for name in FIELDS})


def grant_row(grant: Grant) -> Row:
    """Return the stored row of a grant."""
    return {name: getattr(grant, name) for name in FIELDS}


class Holdings:
    """Who holds what now.

    Args:
        records: The rows.
        planner: Permission for every read, and the roles.
        clock: The time.
    """

    def __init__(self, records: Records, planner: Planner, clock: Clock) -> None:
        self._records, self._planner, self._clock = records, planner, clock

    def sets_of(self, account: Row, only: Container[str] | None = None) -> list[Acting]:
        """Return what an account may act as now, the default first; none where it has no grant in force.

        Args:
            account: ``user_id``, ``user_name`` and ``org_id`` of it.
            only: Grants that count; None for all.
        """
        now = self._clock.now()
        mine = (Condition("user_id", "eq", account["user_id"]), Condition("post_id", "not_null"))
        where = (AnyOf(mine), Condition("revoked_at", "is_null"))
        rows = self._records.read(
            self._planner.system("grant"), Query("grant", where, limit=MOST_GRANTS)
        ).rows
        held = (one for row in rows if (one := grant_of(row)).holds_at(now))
        grants = [one for one in held if only is None or one.grant_id in only]
        own = [(one, one.expires_at) for one in grants if one.user_id == account["user_id"]]
        if any(one.user_id is None for one in grants):
            ends = posts_of(self._records.read, self._planner, account["user_name"], now)
            of_posts = (one for one in grants if one.user_id is None and one.post_id in ends)
            own += [(one, earliest(one.expires_at, ends[one.post_id or ""])) for one in of_posts]
        return self._acting(account, own)

    def _acting(self, account: Row, grants: Sequence[tuple[Grant, datetime | None]]) -> list[Acting]:
        sets: dict[str, list[tuple[Grant, datetime | None]]] = defaultdict(list)
        newest_first = sorted(
            grants,
            key=lambda g: (g[0].delegated_from is None, g[0].granted_at or BEGINNING, g[0].grant_id),
            reverse=True,
        )
        for grant, end in newest_first:
            role = self._planner.roles.of(grant.role)
            # The lens that counts: a city that lowers the most of a role lowers it for the grants there are.
            key = f"{grant.role}/{role.least_of(grant.lens)}/{grant.org_id or account['org_id'] or ''}"
            sets[key].append((grant, end))
        return [
            Acting(key, self._scope(account, [one for one, _ in found]), earliest(*(end for _, end in found)))
            for key, found in sets.items()
        ]

    def _scope(self, account: Row, grants: Sequence[Grant]) -> Scope:
        first, role = grants[0], self._planner.roles.of(grants[0].role)
        places = list(dict.fromkeys(one.place_id for one in grants))
        if None in places:
            places = [None]
        # In order of id, so that equal grants make equal scopes whichever was given last.
        ids = tuple(sorted(one.grant_id for one in grants))
        return Scope(
            account["user_id"], places[0], role.least_of(first.lens), first.role, first.org_id or account["org_id"],
            other_place_ids=tuple(p for p in places[1:] if p is not None), acts_as=role.acts_as, grant_ids=ids,
        )  # fmt: skip


def posts_of(read: Read, planner: Planner, user_name: str, now: datetime) -> dict[str, datetime | None]:
    """Return the posts that an account fills now, with the end of its shift; None for whoever holds it."""
    by_name = Condition("user_name", "eq", user_name)
    on_duty = (by_name, Condition("starts_at", "le", now), Condition("ends_at", "gt", now))
    duties = read(
        planner.system("duty"), Query("duty", on_duty, ("post_id", "ends_at"), limit=MOST_GRANTS)
    ).rows
    ends: dict[str, datetime | None] = {}
    for row in duties:
        if row["post_id"] is not None:
            ends[row["post_id"]] = max(row["ends_at"], ends.get(row["post_id"]) or row["ends_at"])
    held = read(planner.system("post"), Query("post", (by_name,), ("post_id",), limit=MOST_GRANTS)).rows
    return ends | {row["post_id"]: None for row in held}


def new_grant_id() -> str:
    """Return an id for a new grant."""
    return f"g-{secrets.token_hex(8)}"


def chosen(sets: Sequence[Acting], wanted: str | None) -> Acting | None:
    """Return the set that was picked, else the default; None where there is none."""
    return next((one for one in sets if one.key == wanted), sets[0] if sets else None)


def earliest(*instants: datetime | None) -> datetime | None:
    """Return the earliest of some instants; None stands for never."""
    known = [one for one in instants if one is not None]
    return min(known) if known else None
