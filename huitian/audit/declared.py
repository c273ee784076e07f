"""Purposes that may be stated: data, in ``purposes.toml`` and in a city's own file of that name."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, cast, get_args

from huitian.base.entities import ENTITIES
from huitian.base.planner import OF_PLACES
from huitian.errors import PurposesInvalid
from huitian.model.scope import AboutKind

OURS = Path(__file__).with_name("purposes.toml")
FILE_NAME = "purposes.toml"
LISTS = ("roles", "about", "opens")
FLAGS = ("needs_ticket", "is_sensitive", "enabled")
LONGEST_MIN = 24 * 60


@dataclass(frozen=True, slots=True)
class DeclaredPurpose:
    """One purpose that may be stated.

    Attributes:
        purpose_id: Its id.
        title_zh: Chinese name.
        title_en: English name.
        roles: Who may state it.
        about: What it may be stated about.
        opens: Fields that it opens, ``entity.column`` or ``entity.*``.
        most_min: Longest time, in minutes.
        needs_ticket: Whether the number of a piece of work must be given.
        is_sensitive: Whether it must be confirmed a second time.
    """

    purpose_id: str
    title_zh: str
    title_en: str
    roles: frozenset[str]
    about: tuple[AboutKind, ...]
    opens: frozenset[str]
    most_min: int
    needs_ticket: bool = False
    is_sensitive: bool = False


@cache
def shipped_purposes() -> Mapping[str, DeclaredPurpose]:
    """Return the purposes that ship."""
    return purposes_of(OURS.read_text(encoding="utf-8"), {})


def read_purposes(folder: Path) -> Mapping[str, DeclaredPurpose]:
    """Return the purposes of a city: those that ship, with those of its own file in their place.

    Raises:
        PurposesInvalid: The file is not TOML, or breaks the form.
    """
    path = folder / FILE_NAME
    if not path.is_file():
        return shipped_purposes()
    try:
        told = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise PurposesInvalid(key="", why_zh=str(error), why_en=str(error)) from error
    return purposes_of(told, shipped_purposes())


def opened_to(purposes: Mapping[str, DeclaredPurpose]) -> dict[str, frozenset[str]]:
    """Return which fields purposes open to each role that may state them."""
    found: dict[str, frozenset[str]] = {}
    for one in purposes.values():
        for role in one.roles:
            found[role] = found.get(role, frozenset()) | one.opens
    return found


def purposes_of(text: str, ours: Mapping[str, DeclaredPurpose]) -> dict[str, DeclaredPurpose]:
    """Return the purposes that a text declares, over those that are there already.

    Raises:
        PurposesInvalid: See ``read_purposes``.
    """
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise PurposesInvalid(
            key="", why_zh=f"不是合法的 TOML：{error}", why_en=f"no valid TOML: {error}"
        ) from error
    named = table.get("purposes", {})
    if set(table) - {"purposes"} or not isinstance(named, dict):
        raise PurposesInvalid(
            key="", why_zh="只能写 [purposes.编号]", why_en="only tables [purposes.ID] may stand here"
        )
    found = dict(ours)
    for purpose_id, entry in named.items():
        if isinstance(entry, dict) and entry.get("enabled") is False:
            found.pop(purpose_id, None)
        else:
            found[purpose_id] = one_purpose(purpose_id, entry)
    return found


def one_purpose(purpose_id: str, entry: Any) -> DeclaredPurpose:
    """Return one purpose of a file, checked.

    Raises:
        PurposesInvalid: It breaks the form.
    """

    def wrong(key: str, zh: str, en: str) -> PurposesInvalid:
        return PurposesInvalid(key=f"purposes.{purpose_id}.{key}".strip("."), why_zh=zh, why_en=en)

    if not isinstance(entry, dict):
        raise wrong("", "应为一张表", "it must be a table")
    for key in entry:
        if key not in {"title", "most_min", *LISTS, *FLAGS}:
            raise wrong(key, "没有这个键", "there is no such key")
    title = entry.get("title")
    if not isinstance(title, dict) or not all(
        isinstance(title.get(x), str) and title[x] for x in ("zh", "en")
    ):
        raise wrong("title", '应为 { zh = "…", en = "…" }', 'it must be { zh = "…", en = "…" }')
    for key in LISTS:
        told = entry.get(key)
        if not isinstance(told, list) or not told or not all(isinstance(one, str) for one in told):
            raise wrong(key, "应为文字的列表", "it must be a list of words")
    for key in FLAGS:
        if not isinstance(entry.get(key, False), bool):
            raise wrong(key, "应为 true 或 false", "it must be true or false")
    if set(entry["about"]) - set(get_args(AboutKind)):
        raise wrong("about", "应为 case、household、place", "it must be of case, household, place")
    for one in entry["opens"]:
        entity, _, column = one.partition(".")
        if entity not in ENTITIES or (column != "*" and ENTITIES[entity].column(column) is None):
            raise wrong("opens", f"没有字段 {one}", f"there is no field {one}")
    if "place" in entry["about"] and {one.partition(".")[0] for one in entry["opens"]} - OF_PLACES:
        told = "、".join(sorted(OF_PLACES))
        raise wrong("opens", f"针对一片地方的用途只能打开 {told}", f"of a place it opens only {told}")
    minutes = entry.get("most_min", 30)
    if isinstance(minutes, bool) or not isinstance(minutes, int) or not 1 <= minutes <= LONGEST_MIN:
        raise wrong(
            "most_min", f"应为 1–{LONGEST_MIN} 的整数", f"it must be a whole number, 1 to {LONGEST_MIN}"
        )
    return DeclaredPurpose(
        purpose_id, title["zh"], title["en"], frozenset(entry["roles"]),
        cast("tuple[AboutKind, ...]", tuple(entry["about"])), frozenset(entry["opens"]), minutes,
        entry.get("needs_ticket", False), entry.get("is_sensitive", False),
    )  # fmt: skip
