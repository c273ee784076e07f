"""A ladder file: reads TOML into a ``Ladder`` and says exactly where it breaks the rules."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from huitian.cases.forms import form_of
from huitian.errors import LadderInvalid
from huitian.model.case import ActionRule, Branch, ClockRule, Ladder

FIRST = "accept"
"""The action of step 1."""
UNDO = "undo"

STAMPED = frozenset({"dispatched_at", "signed_at", "contacted_at", "replied_at", "visited_at", "closed_at"})
SETTABLE = frozenset({"owner_org_id", "category_code", "grade", "is_contacted", "solved", "satisfied"})
UNIT_S = {"min": 60, "h": 3600, "d": 86400}
TOP = {
    "ladder_id", "rule_set", "effective_from", "effective_to", "first_state", "open_states", "owner_roles",
    "watch_ratio", "urgent_ratio", "states", "levels", "channels", "roles", "actions", "clocks",
}  # fmt: skip
OF_ACTION = {
    "title", "said", "first", "from", "to", "in_any_state", "roles", "is_public", "can_undo", "stays_in",
    "stamps", "sets", "clears", "claims", "climbs", "is_remark", "within_s", "since", "max_per_org", "branches",
    "facts", "words", "files",
}  # fmt: skip
OF_CLOCK = {"clock_id", "title", "starts", "stops", "limits", "calendar", "is_main", "levels", "restarts"}
OF_BRANCH = {"fact", "equals", "to", "clears", "max_times"}
_MISSING = object()


class Part:
    """One table of a ladder file with its path, so that every complaint names the line of thought to it."""

    def __init__(self, file_name: str, path: str, table: Mapping[str, Any], known: set[str] | None) -> None:
        self.file_name, self.path, self.table = file_name, path, table
        unknown = sorted(set(table) - known) if known is not None else []
        if unknown:
            self.fail(unknown[0], f"there is no such key here; known: {', '.join(sorted(known or ()))}")

    def fail(self, key: str, why: str) -> None:
        """Raise ``LadderInvalid`` about one key of this table."""
        raise LadderInvalid(file_name=self.file_name, field=f"{self.path}.{key}".strip("."), why=why)

    def get(self, key: str, kind: type, default: Any = _MISSING) -> Any:
        """Return the value of a key, checked for its kind."""
        value = self.table.get(key, default)
        if value is _MISSING:
            self.fail(key, "it is missing")
        if value is not default and (
            not isinstance(value, kind) or (kind is int and isinstance(value, bool))
        ):
            self.fail(key, f"it must be {_KINDS[kind]}, not {value!r}")
        return value

    def among(self, key: str, known: Sequence[str] | Mapping[str, Any] | frozenset[str]) -> tuple[str, ...]:
        """Return a list of names, each of which must be known."""
        names: list[str] = self.get(key, list, [])
        for name in names:
            if str(name).partition(":")[0] not in known:
                self.fail(key, f"{name!r} is not known; known: {', '.join(known)}")
        return tuple(names)

    def one_of(self, key: str, known: Mapping[str, Any] | frozenset[str], default: Any = _MISSING) -> Any:
        """Return one name that must be known."""
        name = self.get(key, str, default)
        if name is not default and name not in known:
            self.fail(key, f"{name!r} is not known; known: {', '.join(known)}")
        return name

    def below(self, key: str, name: str, known: set[str] | None) -> "Part":
        """Return the table ``key.name``."""
        table = self.table[key][name] if name else self.table[key]
        path = f"{self.path}.{key}.{name}".strip(".")
        if not isinstance(table, Mapping):
            raise LadderInvalid(file_name=self.file_name, field=path, why="it must be a table")
        return Part(self.file_name, path, table, known)

    def pair(self, key: str = "") -> tuple[str, str]:
        """Return ``(zh, en)`` of a title."""
        part = self if not key else Part(self.file_name, f"{self.path}.{key}", self.get(key, dict), None)
        return part.get("zh", str), part.get("en", str)

    def pairs(self, key: str, known: set[str] | None = None) -> dict[str, tuple[str, str]]:
        """Return code → (zh, en) of a table of titles."""
        named = self.get(key, dict)
        return {code: self.below(key, code, {"zh", "en"} | (known or set())).pair() for code in named}


def read_ladder(path: Path, working_day_h: int = 8) -> Ladder:
    """Read one ladder file.

    Raises:
        LadderInvalid: It is not TOML, a key is unknown or missing, a name is used that the file does not declare.
    """
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise LadderInvalid(file_name=path.name, field="file", why=str(error)) from error
    return ladder_of(table, path.name, working_day_h)


def ladder_of(table: Mapping[str, Any], file_name: str, working_day_h: int = 8) -> Ladder:
    """Turn a parsed ladder file into a ladder; see ``read_ladder``."""
    top = Part(file_name, "", table, TOP)
    states, levels = top.pairs("states"), top.pairs("levels", {"climbs_to"})
    roles, names = top.pairs("roles"), top.get("actions", dict)
    for needed in (FIRST, UNDO):
        if needed not in names:
            top.fail(f"actions.{needed}", "every ladder needs this action")
    actions = {name: _action(top.below("actions", name, OF_ACTION), name, states, roles) for name in names}
    clocks = []
    for index, one in enumerate(top.get("clocks", list)):
        part = Part(file_name, f"clocks[{index}]", one, OF_CLOCK)
        clocks.append(_clock(part, actions, levels, working_day_h))
    watch, urgent = top.get("watch_ratio", float, 0.7), top.get("urgent_ratio", float, 0.9)
    if not 0 < watch <= urgent <= 1:
        top.fail("watch_ratio", f"0 < watch ({watch}) ≤ urgent ({urgent}) ≤ 1 must hold")
    since, until = top.get("effective_from", date), top.get("effective_to", date, None)
    if until is not None and until <= since:
        top.fail("effective_to", f"{until} is not after effective_from {since}")
    first_state = top.one_of("first_state", states)
    open_states = top.among("open_states", states)
    if first_state not in open_states:
        top.fail("open_states", f"the first state {first_state!r} must be open")
    return Ladder(
        ladder_id=top.get("ladder_id", str), rule_set=top.get("rule_set", str), states=states,
        open_states=open_states, levels=levels, actions=_complete(actions, states, open_states), clocks=tuple(clocks),
        effective_from=since, effective_to=until, first_state=first_state, climbs_to=_climbs(top, levels),
        channels=_channels(top, levels), roles=roles, owner_roles=top.among("owner_roles", roles),
        watch_ratio=watch, urgent_ratio=urgent,
    )  # fmt: skip


def _action(
    part: Part, name: str, states: Mapping[str, Any], roles: Mapping[str, Any]
) -> tuple[ActionRule, bool]:
    table = part.table
    title, said = part.pair("title"), part.pair("said")
    to_state = part.one_of("to", states, None)
    branches = tuple(_branch(part, i, one, states) for i, one in enumerate(part.get("branches", list, [])))
    files = part.get("files", dict, None)
    fields = {key: part.get(key, dict, {}) for key in ("facts", "words")}
    for key, named in fields.items():
        for field in named:
            part.below(key, field, None).pair("title")
    sets = part.get("sets", dict, {})
    for column, fact in sets.items():
        if column not in SETTABLE:
            part.fail("sets", f"{column!r} cannot be set; it can be: {', '.join(sorted(SETTABLE))}")
        for one in str(fact).split(":"):
            if one not in fields["facts"]:
                part.fail("sets", f"the form has no fact {one!r}")
    since = part.one_of("since", STAMPED, "")
    within = part.get("within_s", str, "")
    if bool(since) != bool(within):
        part.fail("since", "within_s and since go together")
    rule = ActionRule(
        action=name, title_zh=title[0], title_en=title[1], said_zh=said[0], said_en=said[1],
        from_states=part.among("from", states), to_state=to_state, roles=part.among("roles", roles),
        schema=form_of(fields["facts"], fields["words"], files), is_public=part.get("is_public", bool, True),
        can_undo=part.get("can_undo", bool, False), stays_in=part.among("stays_in", states), branches=branches,
        stamps=part.among("stamps", STAMPED), sets=sets, clears=part.among("clears", STAMPED | SETTABLE),
        claims=part.get("claims", bool, False), climbs=part.get("climbs", bool, False),
        is_remark=part.get("is_remark", bool, False), within_s=_seconds(part, "within_s", within) if within else 0,
        since=since, max_per_org=part.get("max_per_org", int, 0),
    )  # fmt: skip
    return rule, bool(table.get("in_any_state", False))


def _branch(part: Part, index: int, table: Any, states: Mapping[str, Any]) -> Branch:
    here = Part(part.file_name, f"{part.path}.branches[{index}]", table, OF_BRANCH)
    fact = here.get("fact", str)
    if fact not in part.table.get("facts", {}):
        here.fail("fact", f"the form has no fact {fact!r}")
    return Branch(
        fact, here.get("equals", object), here.one_of("to", states), here.among("clears", STAMPED | SETTABLE),
        here.get("max_times", int, 0),
    )  # fmt: skip


def _complete(
    actions: Mapping[str, tuple[ActionRule, bool]], states: Mapping[str, Any], open_states: tuple[str, ...]
) -> dict[str, ActionRule]:
    """Fill in the states of actions that name none: all open ones, or every one."""
    done = {}
    for name, (rule, in_any_state) in actions.items():
        given = () if name == FIRST else rule.from_states or (tuple(states) if in_any_state else open_states)
        values = {slot: getattr(rule, slot) for slot in ActionRule.__slots__}
        done[name] = ActionRule(**(values | {"from_states": given}))
    return done


def _clock(
    part: Part,
    actions: Mapping[str, tuple[ActionRule, bool]],
    levels: Mapping[str, Any],
    working_day_h: int,
) -> ClockRule:
    title = part.pair("title")
    calendar = part.one_of("calendar", frozenset({"calendar", "working"}), "calendar")
    limits = {}
    for grade, limit in part.get("limits", dict).items():
        if grade not in {"all", "1", "2", "3", "4"}:
            part.fail("limits", f"{grade!r} is not a grade; it is 1, 2, 3, 4 or all")
        limits[0 if grade == "all" else int(grade)] = _seconds(
            part, "limits", limit, working_day_h if calendar == "working" else 24
        )
    if 0 not in limits and set(limits) != {1, 2, 3, 4}:
        part.fail("limits", "it must name all of 1, 2, 3, 4, or all")
    starts = part.among("starts", actions)
    if not starts:
        part.fail("starts", "a clock that nothing starts")
    return ClockRule(
        clock_id=part.get("clock_id", str), title_zh=title[0], title_en=title[1], starts=starts,
        stops=part.among("stops", actions), limits_s=limits, calendar=calendar,
        is_main=part.get("is_main", bool, False), levels=part.among("levels", levels),
        restarts=part.get("restarts", bool, False),
    )  # fmt: skip


def _seconds(part: Part, key: str, written: Any, day_h: int = 24) -> int:
    match = re.fullmatch(r"([1-9]\d{0,4})(min|h|d)", str(written))
    if match is None:
        part.fail(key, f"{written!r} is not a limit like 30min, 2h or 7d")
        return 0
    unit_s = day_h * UNIT_S["h"] if match[2] == "d" else UNIT_S[match[2]]
    return int(match[1]) * unit_s


def _climbs(top: Part, levels: Mapping[str, Any]) -> dict[str, str]:
    named = {code: top.table["levels"][code].get("climbs_to") for code in levels}
    for code, above in named.items():
        if above is not None and above not in levels:
            top.fail(f"levels.{code}.climbs_to", f"{above!r} is not a level")
    return {code: above for code, above in named.items() if above is not None}


def _channels(top: Part, levels: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    done = {}
    for code in top.get("channels", dict):
        part = top.below("channels", code, {"level", "prefix"})
        prefix = part.get("prefix", str)
        if not re.fullmatch(r"[A-Z]{2}", prefix):
            part.fail("prefix", f"{prefix!r} is not two capital letters")
        done[code] = (part.one_of("level", levels), prefix)
    return done


_KINDS: Mapping[type, str] = {
    str: "a text", int: "a whole number", float: "a number", bool: "true or false", list: "a list",
    dict: "a table", date: "a date", object: "a value",
}  # fmt: skip
