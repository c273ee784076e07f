"""Cubes as they are declared: what of persons and households may be counted by which dimensions, and how deep.

A cube is data (``residents.toml``). Nothing else of a protected entity is ever
released: a question that is not a cut of a declared cube is refused.
"""

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal

from huitian.base.entities import ENTITIES
from huitian.errors import CubeInvalid
from huitian.model.place import LEVELS
from huitian.model.query import Condition, Row

Kind = Literal["value", "age"]
Audience = Literal["outside", "inside"]
AUDIENCES: tuple[Audience, ...] = ("outside", "inside")
UNKNOWN = "unknown"
AGE_STEP_Y, AGE_TOP_Y = 5, 85
CUT_SIGN, EQUALS = ";", "="
TRUE, FALSE = "yes", "no"
WORDS: dict[tuple[str, str], tuple[str, str]] = {
    ("sex", "female"): ("女", "female"), ("sex", "male"): ("男", "male"),
    ("hukou", TRUE): ("户籍在本地", "registered here"), ("hukou", FALSE): ("户籍不在本地", "registered elsewhere"),
    ("kind", "family"): ("家庭户", "families"), ("kind", "collective"): ("集体户", "collective"),
    **{(name, UNKNOWN): ("不详", "unknown") for name in ("age", "sex", "hukou", "kind")},
}  # fmt: skip
FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Dimension:
    """One way to divide the members of a place.

    Attributes:
        name: As in a cut: ``age``.
        column: Column of the entity.
        kind: ``age``: bands of five years, top 85+, from a year of birth; ``value``: as it is.
        values: Every value, the finest there is; rows with none of them count as ``unknown``.
        groups: Coarser values that may be asked for too, each with its values.
        is_sensitive: Whether knowing it of one person harms: a group is shown only where several values occur.
        fine_level: Deepest level of places at which single values are told, below it only groups; empty: all.
    """

    name: str
    column: str
    kind: Kind
    values: tuple[str, ...]
    groups: tuple[tuple[str, tuple[str, ...]], ...] = ()
    is_sensitive: bool = False
    fine_level: str = ""

    def held(self, value: str) -> tuple[str, ...]:
        """Return the finest values that a value stands for."""
        return dict(self.groups).get(value, (value,))

    def words(self, value: str) -> tuple[str, str]:
        """Return how a value is called, Chinese then English."""
        return WORDS.get((self.name, value), (value, value))

    def conditions(self, value: str, on: date) -> tuple[Condition, ...]:
        """Return what rows of a value meet on a day; for exact counts, which no release answers."""
        if value == UNKNOWN:
            return (Condition(self.column, "is_null"),)
        held = self.held(value)
        if self.kind == "age":
            spans = [age_span(band) for band in held]
            oldest, youngest = max(last for _, last in spans), min(first for first, _ in spans)
            return (
                Condition(self.column, "ge", on.year - oldest), Condition(self.column, "le", on.year - youngest),
            )  # fmt: skip
        if set(held) <= {TRUE, FALSE}:
            return (Condition(self.column, "eq", held == (TRUE,)),)
        return (Condition(self.column, "in", held),)

    @property
    def told(self) -> tuple[str, ...]:
        """Every value that a cut may name, coarser ones first."""
        return (*(name for name, _ in self.groups), *self.values)

    def value_of(self, row: Row, on: date) -> str:
        """Return the value of a row on a day."""
        raw = row[self.column]
        if raw is None:
            return UNKNOWN
        if self.kind == "age":
            return age_band(on.year - int(raw))
        if isinstance(raw, bool):
            raw = TRUE if raw else FALSE
        return str(raw) if str(raw) in self.values else UNKNOWN


@dataclass(frozen=True, slots=True)
class Cube:
    """Counts of one entity by place and dimensions.

    Attributes:
        cube_id: Its name.
        entity: ``person`` or ``household``.
        dimensions: By what; empty counts members only.
        tree_id: Tree whose places it has; empty for every tree, which only a cube without dimensions may have.
        level: Deepest level of places; empty for every place.
    """

    cube_id: str
    entity: str
    dimensions: tuple[Dimension, ...] = ()
    tree_id: str = ""
    level: str = ""


def age_band(age_y: int) -> str:
    """Return the band of five years that holds an age; who is not born yet counts as 0."""
    start = min(max(age_y, 0) // AGE_STEP_Y * AGE_STEP_Y, AGE_TOP_Y)
    return f"{AGE_TOP_Y}+" if start == AGE_TOP_Y else f"{start}-{start + AGE_STEP_Y - 1}"


def age_span(band: str) -> tuple[int, int]:
    """Return the first and last age of a band."""
    if band.endswith("+"):
        return int(band[:-1]), 200
    first, _, last = band.partition("-")
    return int(first), int(last)


AGE_BANDS = tuple(age_band(start) for start in range(0, AGE_TOP_Y + 1, AGE_STEP_Y))


def read_cubes(file: Path) -> list[Cube]:
    """Return the cubes of a file.

    Raises:
        CubeInvalid: It is no TOML, or a cube in it cannot be counted.
    """
    try:
        told = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CubeInvalid(file=file.name, why=str(error)) from error
    try:
        return [cube_of(one, file.name) for one in told.get("cube", [])]
    except (KeyError, TypeError, AttributeError) as error:
        raise CubeInvalid(file=file.name, why=repr(error)) from error


def cube_of(told: dict[str, Any], file: str) -> Cube:
    """Return a cube as a file says it.

    Raises:
        CubeInvalid: It cannot be counted.
    """
    cube = Cube(
        str(told["id"]), str(told["entity"]), tuple(dimension_of(one) for one in told.get("dimension", [])),
        str(told.get("tree", "")), str(told.get("level", "")),
    )  # fmt: skip
    entity = ENTITIES.get(cube.entity)
    if entity is None or entity.release != "protected" or "cell_key" not in {c.name for c in entity.columns}:
        raise CubeInvalid(file=file, why=f"{cube.cube_id}: {cube.entity!r} is no protected register")
    columns = {c.name for c in entity.columns}
    for dimension in cube.dimensions:
        held = [value for _, values in dimension.groups for value in values]
        if dimension.column not in columns:
            raise CubeInvalid(file=file, why=f"{cube.cube_id}: no column {dimension.column!r}")
        if len(dimension.values) < 2 or len(set(held)) != len(held) or not set(held) <= set(dimension.values):
            raise CubeInvalid(file=file, why=f"{cube.cube_id}: values of {dimension.name!r}")
    levels = {cube.level, *(dimension.fine_level for dimension in cube.dimensions)}
    if not levels <= {"", *LEVELS}:
        raise CubeInvalid(file=file, why=f"{cube.cube_id}: levels are {', '.join(LEVELS)}")
    if cube.dimensions and not (cube.tree_id and cube.level):
        raise CubeInvalid(file=file, why=f"{cube.cube_id}: dimensions need a tree and a deepest level")
    return cube


def dimension_of(told: dict[str, Any]) -> Dimension:
    """Return a dimension as a file says it."""
    kind: Kind = "age" if told.get("kind") == "age" else "value"
    values = AGE_BANDS if kind == "age" else tuple(str(v) for v in told["values"])
    groups = tuple((str(name), tuple(str(v) for v in held)) for name, held in told.get("groups", {}).items())
    return Dimension(
        str(told["name"]), str(told["column"]), kind, values, groups, bool(told.get("sensitive", False)),
        str(told.get("fine_level", "")),
    )  # fmt: skip


def checked(cubes: Iterable[Cube]) -> tuple[Cube, ...]:
    """Return cubes that can be protected together.

    Two cubes of one entity share nothing but their totals: with a dimension in common they would be two windows
    on one table, whose protection would have to be worked out over the product of both.

    Raises:
        CubeInvalid: They cannot.
    """
    found = tuple(cubes)
    seen: dict[tuple[str, str], str] = {}
    for cube in found:
        for column in {dimension.column for dimension in cube.dimensions}:
            other = seen.setdefault((cube.entity, column), cube.cube_id)
            if other != cube.cube_id:
                raise CubeInvalid(file=cube.cube_id, why=f"{column} is a dimension of {other} already")
    if len({cube.cube_id for cube in found}) != len(found):
        raise CubeInvalid(file=found[0].cube_id, why="two cubes of one name")
    return found


def built_in() -> list[Cube]:
    """Return the cubes that ship."""
    return read_cubes(FOLDER / "residents.toml")


def cut_of(chosen: Sequence[tuple[str, str]]) -> str:
    """Return a cut as text: ``age=60+;sex=female``, dimensions in order of their names; empty for the total."""
    return CUT_SIGN.join(f"{name}{EQUALS}{value}" for name, value in sorted(chosen))
