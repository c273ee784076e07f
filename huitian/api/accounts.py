"""What an administrator does with accounts that are there: who they are, a new password, their end."""

import logging
from collections import defaultdict
from dataclasses import dataclass

from huitian.api.city import City
from huitian.api.password_policy import check_password
from huitian.api.sign_in import HASHER
from huitian.api.tokens import entry as token_entry
from huitian.base.account_names import NAME_COLUMNS, checked_name
from huitian.base.granting import ADMINISTRATION, Granting
from huitian.base.grants import MOST_GRANTS, TOPIC, grant_of
from huitian.engine.ports import Writing
from huitian.errors import InvalidInput, NotFound
from huitian.model.audit import Entry, Subject
from huitian.model.grant import Grant
from huitian.model.query import Condition, Event, Query, Row

MOST_USERS = 10_000
LOG = logging.getLogger("huitian.accounts")


@dataclass(frozen=True, slots=True)
class ListedUser:
    """An account with its grants.

    Attributes:
        user_id: Its id.
        user_name: Name it signs in with.
        display_name: Name that is shown.
        org_id: Organisation; None where it has none.
        grants: Grants that were not taken back, the newest first; some may not hold yet, or no longer.
    """

    user_id: str
    user_name: str
    display_name: str
    org_id: str | None
    grants: tuple[Grant, ...]


def granting_of(city: City) -> Granting:
    """Return what writes the grants of a city."""
    return Granting(city.engine.records, city.planner, city.clock)


def list_users(city: City) -> list[ListedUser]:
    """Return the accounts in order of name, without their passwords."""
    columns = ("user_id", "user_name", "display_name", "org_id")
    query = Query("user_account", columns=columns, sort=("user_name",), limit=MOST_USERS)
    grants: dict[str, list[Grant]] = defaultdict(list)
    held = (Condition("revoked_at", "is_null"), Condition("user_id", "not_null"))
    asked = Query("grant", held, sort=("-granted_at", "grant_id"), limit=MOST_GRANTS)
    for row in city.planner.read(city.planner.system("grant"), asked).rows:
        grants[row["user_id"]].append(grant_of(row))
    return [
        ListedUser(row["user_id"], row["user_name"], row["display_name"] or row["user_name"], row["org_id"],
                   tuple(grants[row["user_id"]]))
        for row in city.planner.read(city.planner.system("user_account"), query).rows
    ]  # fmt: skip


def change_names(
    city: City, user_name: str, display_name: str | None, name_en: str | None
) -> tuple[str, str | None]:
    """Change what an account is called; what is None stays. Idempotent.

    Returns:
        The name that is shown and the English one.

    Raises:
        NotFound: There is no account of that name.
        InvalidInput: A name is too long or cannot be printed, or the one that is shown is empty.
    """
    told: Row = {}
    if display_name is not None:
        told["display_name"] = checked_name("display_name", display_name)
        if not told["display_name"]:
            raise InvalidInput(
                field="display_name", why="empty", why_zh="不能为空", why_en="it may not be empty"
            )
    if name_en is not None:
        told["name_en"] = checked_name("name_en", name_en) or None
    with city.engine.records.writing() as writing:
        row = user_row_of(city, writing, user_name)
        new = {name: words for name, words in told.items() if row[name] != words}
        if new:
            writing.change("user_account", {"user_id": row["user_id"]}, new)
            writing.chain([entry_of_account(row["user_id"], "named", tuple(sorted(new)))])
    kept = {**row, **told}
    return kept["display_name"] or kept["user_name"], kept["name_en"]


def keep_english_name(city: City, user_id: str, told: object) -> None:
    """Keep what an issuer says that somebody is called in English; what is no name changes nothing. Idempotent."""
    if not isinstance(told, str) or not told.strip():
        return
    try:
        name = checked_name("name_en", told)
    except InvalidInput:
        LOG.warning("the English name of %s at the issuer is no name", user_id)
        return
    with city.engine.records.writing() as writing:
        query = Query("user_account", (Condition("user_id", "eq", user_id),), ("name_en",), limit=2)
        rows = writing.read(city.planner.system("user_account"), query).rows
        if rows and rows[0]["name_en"] != name:
            writing.change("user_account", {"user_id": user_id}, {"name_en": name})
            writing.chain([entry_of_account(user_id, "named", ("name_en",))])


def set_password(city: City, user_name: str, password: str) -> None:
    """Give an account a new password; its sessions end and its tokens are revoked.

    Raises:
        NotFound: There is no account of that name.
        InvalidInput: The password is too short.
    """
    check_password(
        password,
        city.settings.min_password_chars,
        user_name,
        may_be_common=city.settings.may_password_be_common,
    )
    kept = HASHER.hash(password)
    with city.engine.records.writing() as writing:
        user_id = user_id_of(city, writing, user_name)
        writing.change("user_account", {"user_id": user_id}, {"password_hash": kept})
        writing.remove("session", {"user_id": user_id})
        revoke_tokens(city, writing, user_id)
        writing.chain([entry_of_account(user_id, "password_set", ("password_hash",))])
        writing.emit(Event(TOPIC, "session_ended", {"user_ids": [user_id]}))


def remove_user(city: City, user_name: str) -> None:
    """Remove an account with its sessions, tokens, links and purposes, and end its grants.

    What it did stays in the logs under its id. An account of the same name gets the same id: nothing may be left that
    it would come to.

    Raises:
        NotFound: There is no account of that name.
    """
    with city.engine.records.writing() as writing:
        user_id = user_id_of(city, writing, user_name)
        for entity in ("session", "api_token", "sign_in_link", "purpose_taken"):
            writing.remove(entity, {"user_id": user_id})
        granting_of(city).take_back_all(writing, ADMINISTRATION, user_id)
        writing.remove("user_account", {"user_id": user_id})
        writing.chain([entry_of_account(user_id, "removed")])
        writing.emit(Event(TOPIC, "session_ended", {"user_ids": [user_id]}))


def revoke_tokens(city: City, writing: Writing, user_id: str) -> None:
    """Revoke the tokens of an account that hold; they stay listed."""
    where = (Condition("user_id", "eq", user_id), Condition("revoked_at", "is_null"))
    asked = Query("api_token", where, ("token_id",), limit=MOST_GRANTS)
    for row in writing.read(city.planner.system("api_token"), asked).rows:
        writing.change("api_token", {"token_id": row["token_id"]}, {"revoked_at": city.clock.now()})
        writing.chain([token_entry(ADMINISTRATION, row["token_id"], "revoked")])


def entry_of_account(user_id: str, what: str, fields: tuple[str, ...] = ()) -> Entry:
    """Return what the audit keeps of an account that a command changed."""
    by = ADMINISTRATION
    return Entry("sign_in", by.user_id, by.role, by.lens, by.grant_ids, "user_account", fields,
                 (Subject("user_account", user_id),), details={what: user_id})  # fmt: skip


def user_id_of(city: City, writing: Writing, user_name: str) -> str:
    """Return the id of the account of a name.

    Raises:
        NotFound: There is none.
    """
    return str(user_row_of(city, writing, user_name)["user_id"])


def user_row_of(city: City, writing: Writing, user_name: str) -> Row:
    """Return id, names and organisation of the account of a name.

    Raises:
        NotFound: There is none.
    """
    name = user_name.strip().casefold()
    query = Query("user_account", (Condition("user_name", "eq", name),), (*NAME_COLUMNS, "org_id"), limit=2)
    rows = writing.read(city.planner.system("user_account"), query).rows
    if not rows:
        raise NotFound(entity="user_account", object_id=user_name)
    return rows[0]
