"""Keys under which a phone seals what a person has not sent yet, so that who signs in there next cannot read it."""

import base64
import hashlib
import hmac

from huitian.api.city import City
from huitian.model.query import Condition, Query

PURPOSE = b"huitian device key 1:"


def device_key(city: City, user_id: str) -> str | None:
    """Return the key of an account, 32 bytes in base64; None where the account has no password.

    It follows from the account's password hash (HMAC-SHA-256, RFC 2104) and is kept nowhere: the same from every
    server process, another after the password was changed. Nothing that the phone holds leads back to the password.
    """
    query = Query("user_account", (Condition("user_id", "eq", user_id),), columns=("password_hash",), limit=2)
    rows = city.planner.read(city.planner.system("user_account"), query).rows
    if not rows or not rows[0]["password_hash"]:
        return None
    made = hmac.new(rows[0]["password_hash"].encode(), PURPOSE + user_id.encode(), hashlib.sha256)
    return base64.b64encode(made.digest()).decode()
