"""Accounts and grants as the desk shows them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from huitian.api.city import City
from huitian.api.wire.people import (
    DutyCard,
    DutyList,
    GrantCard,
    GrantState,
    NewGrant,
    OwnGrants,
    RoleCard,
    UserCard,
    UserList,
)
from huitian.base.account_names import (
    NAME_COLUMNS,
    NOBODY,
    Called,
    account_called,
    accounts_called,
    called,
)
from huitian.base.granting import Granting, Wanted
from huitian.base.grants import MOST_GRANTS, grant_of
from huitian.base.rosters import on_duty
from huitian.errors import GrantNotPossible, InvalidInput
from huitian.model.grant import Grant
from huitian.model.query import AnyOf, Condition, Query, Row, Where
from huitian.model.scope import Scope

MOST_USERS = 10_000
Names = Mapping[str | None, Called]
"""Account → what it is called."""


def user_list(city: City, scope: Scope, find: str, limit: int, lang: str = "zh") -> UserList:
    """Return accounts with their grants, as far as the reader may see them.

    Raises:
        NotAllowed: The role does not look at grants.
    """
    planner = city.planner
    allowed = planner.allow(scope, "grant")
    kept = (Condition("revoked_at", "is_null"), Condition("user_id", "not_null"))
    query = Query("grant", kept, sort=("-granted_at", "grant_id"), limit=MOST_GRANTS)
    grants: dict[str, list[Grant]] = defaultdict(list)
    for row in planner.read(allowed, query).rows:
        grants[row["user_id"]].append(grant_of(row))
    words = find.strip()
    where: Where = ()
    if words:
        where = (AnyOf(tuple(Condition(name, "contains", words) for name in NAME_COLUMNS[1:])),)
    users = accounts(city, where)
    if allowed.intervals is not None:
        users = [row for row in users if row["user_id"] in grants]
    names = named(accounts(city, ()) if words else users, lang)
    can_grant = Granting(city.engine.records, planner, city.clock).may_administer(scope)
    cards = cards_of(city, scope, users[:limit], grants, names, lang)
    return UserList(cards, len(users), role_cards(city), can_grant, allowed.as_of)


def own_grants(city: City, scope: Scope, lang: str = "zh") -> OwnGrants:
    """Return the reader's own grants in force, and what the reader passed on."""
    mine = AnyOf(
        (Condition("grant_id", "in", sorted(scope.grant_ids)), Condition("granted_by", "eq", scope.user_id))
    )
    where = (mine, Condition("revoked_at", "is_null"))
    query = Query("grant", where, sort=("-granted_at", "grant_id"), limit=MOST_GRANTS)
    rows = city.engine.records.read(city.planner.system("grant"), query).rows
    found = [grant_of(row) for row in rows]
    given: dict[str, list[Grant]] = defaultdict(list)
    for one in found:
        if one.grant_id not in scope.grant_ids and one.user_id is not None and one.delegated_from is not None:
            given[one.user_id].append(one)
    users = accounts(city, (Condition("user_id", "in", sorted({*given, scope.user_id})[:400]),))
    names = named(users, lang)
    own = [card(city, scope, one, names) for one in found if one.grant_id in scope.grant_ids]
    others = [row for row in users if row["user_id"] in given]
    return OwnGrants(own, cards_of(city, scope, others, given, names, lang), role_cards(city))


def duty_list(
    city: City, scope: Scope, place_id: str | None, at: datetime | None, lang: str = "zh"
) -> DutyList:
    """Return who is on duty in a place and below, as far as the reader may see it.

    Raises:
        UnknownPlace: There is no such place.
    """
    planner = city.planner
    rows = on_duty(planner, planner.allow(scope, "duty", place_id), at or city.clock.now())
    orgs = org_names(city, [row["org_id"] for row in rows], lang)
    called_by = [called(row["person_name"], row["person_name_en"], lang) for row in rows]
    cards = [
        DutyCard(
            row["duty_id"], row["org_id"], orgs.get(row["org_id"]), row["post_id"], row["place_id"],
            place.called(lang) if (place := planner.places.by_id.get(row["place_id"] or "")) else None, who.name,
            row["phone"], row["can_do"], row["instead_of"], row["starts_at"], row["ends_at"], who.name_zh,
        )
        for row, who in zip(rows, called_by, strict=True)
    ]  # fmt: skip
    return DutyList(cards, at or city.clock.now())


def org_names(city: City, org_ids: Sequence[str | None], lang: str = "zh") -> dict[str, str]:
    """Return organisation → name, English where there is one and ``lang`` is ``en``."""
    wanted = sorted({one for one in org_ids if one})
    found: dict[str, str] = {}
    for start in range(0, len(wanted), 400):
        where = (Condition("org_id", "in", wanted[start : start + 400]),)
        query = Query("organisation", where, ("org_id", "name", "name_en"), limit=401)
        for row in city.planner.read(city.planner.system("organisation"), query).rows:
            found[row["org_id"]] = (row["name_en"] if lang == "en" else None) or row["name"]
    return found


def cards_of(
    city: City, scope: Scope, users: Sequence[Row], grants: dict[str, list[Grant]], names: Names,
    lang: str = "zh",
) -> list[UserCard]:  # fmt: skip
    """Return accounts with their grants."""
    found = org_names(city, [row["org_id"] for row in users], lang)
    return [
        UserCard(row["user_id"], row["user_name"], who.name or "", found.get(row["org_id"] or ""),
                 [card(city, scope, one, names) for one in grants.get(row["user_id"], [])], who.name_zh)
        for row in users
        for who in (account_called(row, lang),)
    ]  # fmt: skip


def card(city: City, scope: Scope, grant: Grant, names: Names) -> GrantCard:
    """Return one grant as the reader sees it."""
    planner = city.planner
    role = planner.roles.of(grant.role)
    place = planner.places.by_id.get(grant.place_id or "")
    granting = Granting(city.engine.records, planner, city.clock)
    state = state_of(grant, city.clock.now())
    giver = names.get(grant.granted_by or "", NOBODY)
    can_change = state != "revoked" and granting.may_change(scope, grant)
    return GrantCard(
        grant.grant_id, grant.user_id, grant.post_id, grant.role, role.title_zh or grant.role,
        role.title_en or grant.role, grant.lens, grant.place_id, place.name if place else None,
        place.name_en if place else None, grant.purpose, state, grant.starts_at, grant.expires_at,
        giver.name, grant.granted_at, grant.delegated_from, grant.version, can_change,
        grant.grant_id in scope.grant_ids and state == "in_force", giver.name_zh,
    )  # fmt: skip


def state_of(grant: Grant, now: datetime) -> GrantState:
    """Return whether a grant holds."""
    if grant.revoked_at is not None:
        return "revoked"
    if grant.expires_at is not None and grant.expires_at <= now:
        return "ended"
    return "in_force" if grant.holds_at(now) else "coming"


def role_cards(city: City) -> list[RoleCard]:
    """Return all roles."""
    return [
        RoleCard(one.code, one.title_zh, one.title_en, one.lens_most, one.is_whole_city, sorted(one.gives))
        for one in city.planner.roles.by_code.values()
    ]


def accounts(city: City, where: Where) -> list[Row]:
    """Return id, names and organisation of accounts, in order of name."""
    columns = (*NAME_COLUMNS, "org_id")
    query = Query("user_account", where, columns, sort=("user_name",), limit=MOST_USERS)
    return list(city.planner.read(city.planner.system("user_account"), query).rows)


def named(users: Sequence[Row], lang: str) -> Names:
    """Return account → what it is called."""
    return {row["user_id"]: account_called(row, lang) for row in users}


def wanted_of(city: City, told: NewGrant) -> Wanted:
    """Return what a grant is to be, with the account that was named.

    Raises:
        GrantNotPossible: There is no such account.
        InvalidInput: An instant has no time zone.
    """
    for name in ("starts_at", "expires_at"):
        if (at := getattr(told, name)) is not None and at.tzinfo is None:
            raise InvalidInput(field=name, why="no time zone", why_zh="缺时区", why_en="it has no time zone")
    user_id = None
    if told.user_name is not None:
        found = accounts(city, (Condition("user_name", "eq", told.user_name.strip().casefold()),))
        if not found:
            raise GrantNotPossible(field="user", why_zh="没有这个账号", why_en="there is no such account")
        user_id = found[0]["user_id"]
    return Wanted(
        told.role, told.lens, told.place_id, user_id, told.post_id, None, told.purpose or None, told.starts_at,
        told.expires_at, told.idempotency_key,
    )  # fmt: skip


def shown(city: City, scope: Scope, grant: Grant, lang: str) -> GrantCard:
    """Return one grant after it was written."""
    return card(city, scope, grant, accounts_called(city.planner, (grant.granted_by,), lang))
