"""What an administrator does with accounts that are there: who they are, a new password, their end."""

from huitian.api.city import City
from huitian.api.sign_in import HASHER, check_password
from huitian.engine.ports import Writing
from huitian.errors import NotFound
from huitian.model.query import Condition, Query, Row

MOST_USERS = 10_000


def list_users(city: City) -> list[Row]:
    """Return the accounts in order of name, without their passwords."""
    columns = ("user_name", "display_name", "role", "lens", "org_id", "place_id")
    query = Query("user_account", columns=columns, sort=("user_name",), limit=MOST_USERS)
    return list(city.planner.read(city.planner.system("user_account"), query).rows)


def set_password(city: City, user_name: str, password: str) -> None:
    """Give an account a new password; its sessions end.

    Raises:
        NotFound: There is no account of that name.
        InvalidInput: The password is too short.
    """
    check_password(password, city.settings.min_password_chars)
    kept = HASHER.hash(password)
    with city.engine.records.writing() as writing:
        user_id = user_id_of(city, writing, user_name)
        writing.change("user_account", {"user_id": user_id}, {"password_hash": kept})
        writing.remove("session", {"user_id": user_id})


def remove_user(city: City, user_name: str) -> None:
    """Remove an account and end its sessions; what it did stays in the logs under its id.

    Raises:
        NotFound: There is no account of that name.
    """
    with city.engine.records.writing() as writing:
        user_id = user_id_of(city, writing, user_name)
        writing.remove("session", {"user_id": user_id})
        writing.remove("user_account", {"user_id": user_id})


def user_id_of(city: City, writing: Writing, user_name: str) -> str:
    """Return the id of the account of a name.

    Raises:
        NotFound: There is none.
    """
    name = user_name.strip().casefold()
    query = Query("user_account", (Condition("user_name", "eq", name),), ("user_id",), limit=2)
    rows = writing.read(city.planner.system("user_account"), query).rows
    if not rows:
        raise NotFound(entity="user_account", object_id=user_name)
    return str(rows[0]["user_id"])
