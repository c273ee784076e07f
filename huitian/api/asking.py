"""What a request asks for: parameters in words, turned into the declarative reads of the city."""

import base64
import binascii
import hashlib
import math
import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any, NamedTuple

import msgspec
from fastapi import Query as Parameter

from huitian.clock import Clock, aware_utc
from huitian.errors import InvalidInput, UnknownField
from huitian.model.entity import Entity, Kind
from huitian.model.query import OPERATORS, Condition, Where
from huitian.model.scope import Allowed

Box = tuple[float, float, float, float]
MOST_OPERANDS = 200
MOST_CONDITIONS = 20
LONGEST_OPERAND = 500
FARTHEST = 1_000_000
WIDEST_INTEGER = 1 << 62
YEARS = (1900, 2199)
POINT = frozenset({"lon", "lat"})
BOX = frozenset({"west", "south", "east", "north"})
MOMENT = re.compile(r"@[a-z_]+(:[0-9]{1,5})?")

AtParameter = Annotated[
    str | None,
    Parameter(
        alias="at",
        max_length=40,
        description="Day (`2026-02-14`) or instant (`2026-02-14T09:00:00+08:00`) of the reading; absent is now.",
        examples=["2026-02-14"],
    ),
]
PlaceParameter = Annotated[
    str | None,
    Parameter(
        alias="place",
        max_length=100,
        description="Only what stands in this place and below.",
        examples=["admin:110199001"],
    ),
]
TreeParameter = Annotated[
    str | None, Parameter(alias="tree", max_length=40, description="Place tree; absent is the default tree.")
]
CursorParameter = Annotated[
    str | None, Parameter(alias="cursor", max_length=400, description="`next_cursor` of the page before.")
]
WhereParameter = Annotated[
    list[str],
    Parameter(
        alias="where",
        max_length=MOST_CONDITIONS,
        description="Condition `field:operator:value`; all must hold. Operators: "
        + ", ".join(f"`{name}`" for name in OPERATORS)
        + ". `in` takes values separated by commas, `box:overlaps:west,south,east,north` a box.",
        examples=["state:eq:dispatched"],
    ),
]
SortParameter = Annotated[
    str | None,
    Parameter(
        alias="sort",
        max_length=200,
        description="Columns, separated by commas; `-` before one sorts it downwards.",
        examples=["-reported_at"],
    ),
]
BoxParameter = Annotated[
    str | None,
    Parameter(
        alias="box",
        max_length=120,
        description="`west,south,east,north` in degrees.",
        examples=["116.40,40.05,116.43,40.08"],
    ),
]


def refused(field: str, why_zh: str, why_en: str) -> InvalidInput:
    """Return the error about one parameter, in both languages."""
    return InvalidInput(field=field, why=why_en, why_zh=why_zh, why_en=why_en)


def moment_of(at: str | None, clock: Clock) -> date | datetime | None:
    """Return the day or instant that is asked for; one that lies ahead is now.

    Raises:
        InvalidInput: It is neither.
        NaiveTime: An instant without its zone.
    """
    if at is None or at == "":
        return None
    try:
        if len(at) <= 10:
            return day_told(at, "at")
        return min(instant_told(at, "at"), clock.now())
    except ValueError as error:
        raise refused("at", "应为日期或带时区的时间", "a day or an instant with its zone") from error


def day_told(words: str, field: str) -> date:
    """Return the day that ISO words name.

    Raises:
        ValueError: They name none.
        InvalidInput: The year is out of reach.
    """
    day = date.fromisoformat(words)
    in_reach(day.year, field)
    return day


def instant_told(words: str, field: str) -> datetime:
    """Return the instant, aware UTC, that ISO words name.

    Raises:
        ValueError: They name none.
        NaiveTime: They name one without its zone.
        InvalidInput: The year is out of reach.
    """
    # An unescaped + of the zone arrives as a blank.
    instant = datetime.fromisoformat(
        words.replace(" ", "+") if words.count(" ") == 1 and "T" in words else words
    )
    in_reach(instant.year, field)
    return aware_utc(instant)


def in_reach(year: int, field: str) -> None:
    """Refuse years that no calendar of a city needs.

    Raises:
        InvalidInput: The year is out of reach.
    """
    if not YEARS[0] <= year <= YEARS[1]:
        raise refused(field, f"年份应在 {YEARS[0]}–{YEARS[1]}", f"the year must be {YEARS[0]} to {YEARS[1]}")


def box_of(words: str | None) -> Box | None:
    """Return the box that is asked for.

    Raises:
        InvalidInput: It is not four finite degrees in order.
    """
    if words is None or words == "":
        return None
    try:
        west, south, east, north = (float(part) for part in words.split(","))
    except ValueError as error:
        raise refused("box", "应为“西,南,东,北”四个数", "four numbers: west,south,east,north") from error
    good = all(math.isfinite(v) for v in (west, south, east, north))
    if not good or not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise refused(
            "box",
            "应为度数，且西不大于东、南不大于北",
            "degrees, west not above east, south not above north",
        )
    return west, south, east, north


def where_of(entity: Entity, allowed: Allowed, conditions: Sequence[str]) -> Where:
    """Return the conditions that are asked for; on a masked column none, it would tell what the mask hides.

    Raises:
        UnknownField: No such column that this reader may see whole.
        InvalidInput: The operator or the value cannot be used.
    """
    return tuple(condition_of(entity, allowed, words) for words in conditions)


def condition_of(entity: Entity, allowed: Allowed, words: str) -> Condition:
    """Return one condition of ``field:operator:value``."""
    name, _, rest = words.partition(":")
    operator, _, value = rest.partition(":")
    if operator not in OPERATORS:
        known = ", ".join(OPERATORS)
        raise refused(
            "where", f"没有这个比较；可用：{known}", f"no operator {operator[:20]!r}; known: {known}"
        )
    if len(value) > LONGEST_OPERAND and operator != "in":
        raise refused("where", f"最多 {LONGEST_OPERAND} 字", f"at most {LONGEST_OPERAND} characters")
    if name == "box":
        box = box_of(value) if operator == "overlaps" else None
        has_box = entity.column("west") is not None
        if box is None or not has_box or POINT & set(allowed.masks):
            raise UnknownField(entity=entity.name, field="box")
        return Condition("box", "overlaps", box)
    kind = open_column(entity, allowed, name)
    if operator in {"is_null", "not_null"}:
        return Condition(name, operator)
    if operator == "overlaps" or kind in {"geometry", "json"}:
        raise refused("where", f"“{name}”不能这样比较", f"{name} cannot be compared like that")
    if operator in {"contains", "starts"}:
        if kind != "text":
            raise refused("where", f"“{name}”不是文字", f"{name} is not a text")
        return Condition(name, operator, value)
    if operator == "in":
        values = value.split(",")
        if len(values) > MOST_OPERANDS:
            raise refused("where", f"最多 {MOST_OPERANDS} 个值", f"at most {MOST_OPERANDS} values")
        if kind == "instant" and any(one.startswith("@") for one in values):
            raise refused("where", "“in”不收 @ 时刻", "no @ moment among the values of in")
        return Condition(name, "in", [operand_of(kind, name, one) for one in values])
    return Condition(name, operator, operand_of(kind, name, value))


def open_column(entity: Entity, allowed: Allowed, name: str) -> Kind:
    """Return the kind of a column that this reader sees whole.

    Raises:
        UnknownField: There is none, or it is masked.
    """
    column = entity.column(name)
    # The box of a point would undo the mask of the point.
    is_hidden = name in allowed.masks or (name in BOX and bool(POINT & set(allowed.masks)))
    if column is None or name not in allowed.columns or is_hidden:
        raise UnknownField(entity=entity.name, field=name[:60])
    return column.kind


def operand_of(kind: Kind, name: str, value: str) -> Any:
    """Return a value of the kind of its column; a word that begins with ``@`` is a moment and stays.

    Raises:
        InvalidInput: It is of another kind.
    """
    try:
        match kind:
            case "integer":
                whole = int(value)
                if abs(whole) >= WIDEST_INTEGER:
                    raise ValueError(value)
                return whole
            case "real":
                number = float(value)
                if not math.isfinite(number):
                    raise ValueError(value)
                return number
            case "boolean":
                return {"true": True, "1": True, "false": False, "0": False}[value.lower()]
            case "date":
                return day_told(value, name)
            case "instant":
                if MOMENT.fullmatch(value):
                    return value
                return instant_told(value, name)
            case _:
                return value
    except (ValueError, KeyError) as error:
        raise refused("where", f"“{name}”应为 {kind} 类型", f"{name} must be of the kind {kind}") from error


def sort_of(entity: Entity, allowed: Allowed, words: str | None) -> tuple[str, ...]:
    """Return the columns to sort by.

    Raises:
        UnknownField: No such column that this reader may see whole.
    """
    found = tuple(part.strip() for part in (words or "").split(",") if part.strip())
    for part in found:
        kind = open_column(entity, allowed, part.removeprefix("-"))
        if kind in {"geometry", "json"}:
            raise refused("sort", "不能按这一列排序", f"{part} cannot be sorted by")
    return found


class Cursor(NamedTuple):
    """Where a page begins.

    Attributes:
        offset: Rows to pass over.
        as_of: Instant of the first page; None on the first.
    """

    offset: int
    as_of: datetime | None


def question_of(*parts: object) -> str:
    """Return a digest of what is asked, so that a cursor serves only the question it came from."""
    return hashlib.blake2b(msgspec.json.encode([str(part) for part in parts]), digest_size=6).hexdigest()


def cursor_of(words: str | None, question: str) -> Cursor:
    """Return where the page begins.

    Raises:
        InvalidInput: It is not the cursor of this question.
    """
    if not words:
        return Cursor(0, None)
    try:
        told = base64.urlsafe_b64decode(words.encode() + b"=" * (-len(words) % 4))
        of, offset, as_of = msgspec.json.decode(told, type=tuple[str, int, str])
        at = datetime.fromisoformat(as_of)
    except (ValueError, binascii.Error, msgspec.MsgspecError) as error:
        raise refused("cursor", "不是有效的页标", "it is no cursor") from error
    if of != question or not 0 < offset <= FARTHEST or at.tzinfo is None:
        why_en = "it belongs to another question; begin with the first page"
        raise refused("cursor", "页标不属于这次查询，请从第一页读起", why_en)
    in_reach(at.year, "cursor")
    return Cursor(offset, aware_utc(at))


def next_cursor(question: str, offset: int, n_rows: int, n_total: int, as_of: datetime) -> str | None:
    """Return the cursor of the page after; None on the last."""
    ahead = offset + n_rows
    if n_rows == 0 or ahead >= n_total or ahead > FARTHEST:
        return None
    told = msgspec.json.encode((question, ahead, as_of.isoformat()))
    return base64.urlsafe_b64encode(told).decode().rstrip("=")
