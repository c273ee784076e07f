"""Passwords of accounts that are there: whether one has any, and changing one's own."""

from huitian.api.city import City
from huitian.api.password_policy import check_password
from huitian.api.sign_in import HASHER, TRIES_OF_ADDRESS, Account, is_password
from huitian.api.tries import Tries, count_together
from huitian.errors import NotFound, WrongPassword
from huitian.model.audit import Entry
from huitian.model.query import Condition, Query, Row


def change_password(city: City, account: Account, old: str, new: str, address: str) -> None:
    """Give the own account a new password; its sessions go on until they are ended.

    Raises:
        WrongPassword: The old one is wrong, or the account has none.
        InvalidInput: The new one is one that others guess.
        TooManyRequests: Too many wrong ones.
    """
    settings = city.settings
    window_s = settings.lockout_min * 60
    of_account = Tries(city, "account", settings.lockout_tries, window_s)
    of_address = Tries(city, "address", settings.lockout_tries * TRIES_OF_ADDRESS, window_s)
    key = f"{address} {account.user_name}"
    count_together((of_account, key), (of_address, address))
    row = account_row(city, "user_id", account.user_id)
    if row is None or not row["password_hash"] or not is_password(row["password_hash"], old):
        raise WrongPassword
    city.engine.tries.give_back([of_account.window(key).key_hash], [of_address.window(address).key_hash])
    check_password(
        new, settings.min_password_chars, account.user_name, may_be_common=settings.may_password_be_common
    )
    kept, own = HASHER.hash(new), account.scope()
    with city.engine.records.writing() as writing:
        # Only instead of the very one that was proven: an administrator may have set another meanwhile.
        proven = {"user_id": account.user_id, "password_hash": row["password_hash"]}
        if not writing.change("user_account", proven, {"password_hash": kept}):
            raise WrongPassword
        writing.chain([Entry("sign_in", own.user_id, own.role, own.lens, own.grant_ids, "user_account",
                             ("password_hash",), place_id=own.place_id)])  # fmt: skip


def has_password(city: City, user_id: str) -> bool:
    """Return whether an account signs in with a password; else it comes from elsewhere only."""
    row = account_row(city, "user_id", user_id)
    return bool(row and row["password_hash"])


def user_id_named(city: City, user_name: str) -> str:
    """Return the account of a name.

    Raises:
        NotFound: There is none.
    """
    row = account_row(city, "user_name", user_name.strip().casefold())
    if row is None:
        raise NotFound(entity="user_account", object_id=user_name)
    return str(row["user_id"])


def account_row(city: City, column: str, equals: str) -> Row | None:
    """Return the row of an account; None where there is none."""
    query = Query("user_account", (Condition(column, "eq", equals),), limit=2)
    rows = city.planner.read(city.planner.system("user_account"), query).rows
    return rows[0] if rows else None
