"""What accounts are called: as it is written, or in English where the reader's screens are."""

from collections.abc import Iterable
from dataclasses import dataclass

from huitian.base.planner import Planner
from huitian.errors import InvalidInput
from huitian.model.query import Condition, Query, Row

NAME_COLUMNS = ("user_id", "user_name", "display_name", "name_en")
MOST_NAME_CHARS = 60
AT_ONCE = 400


@dataclass(frozen=True, slots=True)
class Called:
    """What somebody is called.

    Attributes:
        name: In the language that was asked for; None where nobody wrote any.
        name_zh: As it is written, where ``name`` is the English one; else None.
    """

    name: str | None = None
    name_zh: str | None = None


NOBODY = Called()


def called(written: str | None, name_en: str | None, lang: str) -> Called:
    """Return what somebody is called: the English name for ``en`` where there is one."""
    if lang == "en" and name_en and name_en != written:
        return Called(name_en, written)
    return Called(written)


def account_called(row: Row, lang: str) -> Called:
    """Return what the account of a row with ``NAME_COLUMNS`` is called; at least as it signs in."""
    return called(row["display_name"] or row["user_name"], row["name_en"], lang)


def accounts_called(planner: Planner, user_ids: Iterable[str | None], lang: str) -> dict[str | None, Called]:
    """Return account → what it is called. Accounts that are gone are left out."""
    wanted = sorted({one for one in user_ids if one})
    found: dict[str | None, Called] = {}
    for start in range(0, len(wanted), AT_ONCE):
        where = (Condition("user_id", "in", wanted[start : start + AT_ONCE]),)
        query = Query("user_account", where, NAME_COLUMNS, limit=AT_ONCE)
        rows = planner.read(planner.system("user_account"), query).rows
        found |= {row["user_id"]: account_called(row, lang) for row in rows}
    return found


def checked_name(field: str, told: str) -> str:
    """Return a name without blanks around it.

    Raises:
        InvalidInput: It is too long, or holds what cannot be printed.
    """
    name = told.strip()
    if len(name) > MOST_NAME_CHARS or not name.isprintable():
        raise InvalidInput(
            field=field,
            why=f"at most {MOST_NAME_CHARS} characters, all printable",
            why_zh=f"至多 {MOST_NAME_CHARS} 个可显示的字符",
            why_en=f"at most {MOST_NAME_CHARS} characters, all printable",
        )
    return name
