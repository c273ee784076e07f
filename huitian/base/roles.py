"""Roles: what each may read, count, do and pass on. Data, in ``roles.toml`` and in a city's own file of that name.

This is the one place that decides what a role may; a ladder of cases only says which part takes which step, and
``acts_as`` says which parts a role plays. A role that no file knows may do nothing.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from huitian.errors import RolesInvalid
from huitian.model.scope import LENSES, Lens

OURS = Path(__file__).with_name("roles.toml")
FILE_NAME = "roles.toml"
SYSTEM = "system"
PUBLIC_ROLE = "resident"
GROUPS = (
    "open",
    "work",
    "people",
    "handling",
    "data",
    "findings",
    "packs",
    "access",
    "audit",
    "looks",
    "system",
)
"""Groups of the catalogue. ``looks`` is who looked at what in a place; no role reads ``system``."""
ACTS = ("users", "grants", "packs", "keys", "audit", "loads")
CODE = re.compile(r"[a-z][a-z0-9_]{1,39}")
LISTS = ("reads", "counts", "acts_as", "administers", "gives")
FLAGS = ("may_ask_v3", "is_whole_city")
KNOWN = ("title", *LISTS, "lens_most", *FLAGS)


@dataclass(frozen=True, slots=True)
class Role:
    """One role.

    Attributes:
        code: Its code.
        title_zh: Chinese name.
        title_en: English name.
        reads: Groups whose rows it may read.
        counts: Groups that it may count without reading a row.
        acts_as: Parts that it plays in ladders.
        administers: Acts of administration.
        gives: Roles that its holder may pass on, besides his own.
        lens_most: The most that it may see.
        may_ask_v3: Whether its holder may ask to see more for a purpose.
        is_whole_city: Whether it may be granted without a place, and sees what belongs to no place.
        opens: Fields that the purposes which it may state open, ``entity.column`` or ``entity.*``; no file of roles
            says it, the one of purposes does.
    """

    code: str
    title_zh: str = ""
    title_en: str = ""
    reads: frozenset[str] = frozenset()
    counts: frozenset[str] = frozenset()
    acts_as: tuple[str, ...] = ()
    administers: frozenset[str] = frozenset()
    gives: frozenset[str] = frozenset()
    lens_most: Lens = "V1"
    may_ask_v3: bool = False
    is_whole_city: bool = False
    opens: frozenset[str] = frozenset()

    def may_read(self, group: str) -> bool:
        """Return whether rows of a group of the catalogue may be read."""
        return group == "open" or group in self.reads

    def may_count(self, group: str) -> bool:
        """Return whether a group may be counted."""
        return self.may_read(group) or group in self.counts

    def beyond(self, other: "Role") -> list[str]:
        """Return what this role may and another may not; the parts that it plays in ladders and its lens aside.

        A street gives the part of a committee in order that somebody plays it: that is what ``gives`` says.
        """
        flags = [name for name in FLAGS if getattr(self, name) and not getattr(other, name)]
        counted = {one for one in self.counts if not other.may_count(one)}
        opened = {one for one in self.opens - other.opens if f"{one.partition('.')[0]}.*" not in other.opens}
        return sorted(
            {*(self.reads - other.reads), *counted, *(self.administers - other.administers), *flags, *opened}
        )

    def least_of(self, lens: Lens) -> Lens:
        """Return a lens, or the most that this role may see where that is less."""
        return min(lens, self.lens_most, key=LENSES.index)


@dataclass(frozen=True, slots=True)
class Roles:
    """All roles of a city.

    Attributes:
        by_code: Code → role, in the order of the files.
    """

    by_code: Mapping[str, Role] = field(default_factory=dict)

    def of(self, code: str) -> Role:
        """Return a role; of a code that no file knows one that may do nothing."""
        return ALL_RIGHTS if code == SYSTEM else self.by_code.get(code) or Role(code)

    def opening(self, opens: Mapping[str, frozenset[str]]) -> "Roles":
        """Return these roles with the fields that purposes open to each."""
        return Roles({
            code: replace(role, opens=opens.get(code, frozenset()) if role.may_ask_v3 else frozenset())
            for code, role in self.by_code.items()
        })  # fmt: skip

    def administering(self, act: str) -> frozenset[str]:
        """Return the roles that may do an act of administration."""
        return frozenset(code for code, role in self.by_code.items() if act in role.administers)

    def readers(self, group: str) -> frozenset[str]:
        """Return the roles that may read rows of a group."""
        return frozenset(code for code, role in self.by_code.items() if role.may_read(group))


ALL_RIGHTS = Role(
    SYSTEM, "系统", "System", frozenset(GROUPS), acts_as=(SYSTEM,), administers=frozenset(ACTS), lens_most="V3",
    is_whole_city=True,
)  # fmt: skip
"""What the product itself may; no file changes it and nobody is granted it."""


@cache
def shipped_roles() -> Roles:
    """Return the roles that ship."""
    return Roles({role.code: role for role in roles_of(OURS.read_text(encoding="utf-8"), OURS.name, ())})


def read_roles(folder: Path | None = None) -> Roles:
    """Return the roles of a city: those that ship, with those of its own file in their place.

    Args:
        folder: The city folder; None, or one without the file, gives those that ship.

    Raises:
        RolesInvalid: The file is not TOML, or breaks the form; says the line, the key, what and what to do.
    """
    path = None if folder is None else folder / FILE_NAME
    if path is None or not path.is_file():
        return shipped_roles()
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise RolesInvalid(
            file_name=FILE_NAME, line=1, key="", why_zh=str(error), why_en=str(error)
        ) from error
    ours = shipped_roles().by_code
    return Roles(dict(ours) | {role.code: role for role in roles_of(text, FILE_NAME, ours)})


def roles_of(text: str, file_name: str, known: Iterable[str]) -> list[Role]:
    """Return the roles that a text declares.

    Args:
        text: TOML.
        file_name: For complaints.
        known: Codes of roles that are declared elsewhere.

    Raises:
        RolesInvalid: See ``read_roles``.
    """
    complaint = Complaint(file_name, text)
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"line (\d+)", str(error))
        complaint.at("", "", f"不是合法的 TOML：{error}", f"it is no valid TOML: {error}",
                     int(found[1]) if found else 1)  # fmt: skip
    for key in table:
        if key != "roles":
            complaint.at("", key, "这里只能写 [roles.…]", "only [roles.…] may stand here")
    named = table.get("roles", {})
    if not isinstance(named, dict):
        complaint.at("", "roles", "应为表 [roles.编号]", "it must be tables [roles.CODE]")
    codes = {*known, *named}
    return [one_role(complaint, code, entry, codes) for code, entry in named.items()]


@dataclass(frozen=True, slots=True)
class Complaint:
    """Says where a file of roles is wrong.

    Attributes:
        file_name: The file.
        text: What stands in it.
    """

    file_name: str
    text: str

    def at(self, code: str, key: str, zh: str, en: str, line: int | None = None) -> None:
        """Raise about one key of one role."""
        where = f"roles.{code}.{key}".strip(".") if code else key
        raise RolesInvalid(
            file_name=self.file_name, line=line or self.line_of(code, key), key=where, why_zh=zh, why_en=en
        )

    def line_of(self, code: str, key: str) -> int:
        """Return the line where a key of a role stands, or the role, or 1."""
        found, is_inside = 1, not code
        for number, line in enumerate(self.text.splitlines(), 1):
            words = line.strip()
            if words.startswith("["):
                is_inside = words.strip("[] ") == f"roles.{code}" if code else words.strip("[] ") == key
                found = number if is_inside else found
            elif is_inside and key and re.match(rf'"?{re.escape(key)}"?\s*=', words):
                return number
        return found


def one_role(complaint: Complaint, code: str, entry: Any, codes: set[str]) -> Role:
    """Return one role of a file, checked."""
    if not CODE.fullmatch(code) or code == SYSTEM:
        complaint.at(code, "", "编号应为小写字母开头的英文、数字、下划线，且不能是 system",
                     "a code is lower-case letters, digits and _, and not system")  # fmt: skip
    if not isinstance(entry, dict):
        complaint.at(code, "", "应为一张表", "it must be a table")
    for key in entry:
        if key not in KNOWN:
            complaint.at(code, key, f"没有这个键；可用：{'、'.join(KNOWN)}",
                         f"there is no such key; known: {', '.join(KNOWN)}")  # fmt: skip
    title = entry.get("title")
    if not isinstance(title, dict) or not all(
        isinstance(title.get(x), str) and title[x] for x in ("zh", "en")
    ):
        complaint.at(code, "title", '应为 { zh = "…", en = "…" }', 'it must be { zh = "…", en = "…" }')
    lists = {name: a_list(complaint, code, name, entry.get(name, []), codes) for name in LISTS}
    lens = entry.get("lens_most", "V1")
    if lens not in LENSES:
        complaint.at(
            code, "lens_most", f"应为 V1、V2 或 V3，不是 {lens!r}", f"it must be V1, V2 or V3, not {lens!r}"
        )
    flags = {name: entry.get(name, False) for name in FLAGS}
    for name, flag in flags.items():
        if not isinstance(flag, bool):
            complaint.at(code, name, "应为 true 或 false", "it must be true or false")
    return Role(
        code, title["zh"], title["en"], frozenset(lists["reads"]), frozenset(lists["counts"]),
        tuple(lists["acts_as"]), frozenset(lists["administers"]), frozenset(lists["gives"]), lens, **flags,
    )  # fmt: skip


def a_list(complaint: Complaint, code: str, name: str, told: Any, codes: set[str]) -> list[str]:
    """Return a list of names of a role, each of which must be known."""
    if not isinstance(told, list) or not all(isinstance(one, str) for one in told):
        complaint.at(code, name, "应为文字的列表", "it must be a list of words")
    known = {
        "reads": set(GROUPS) - {SYSTEM}, "counts": set(GROUPS) - {SYSTEM}, "administers": set(ACTS), "gives": codes,
    }.get(name)  # fmt: skip
    for one in told:
        if known is not None and one not in known:
            words = sorted(known)
            complaint.at(code, name, f"不认识 {one!r}；可用：{'、'.join(words)}",
                         f"{one!r} is not known; known: {', '.join(words)}")  # fmt: skip
    return list(told)
