"""Figures narrowed by whoever asks: ``cases.open;category_code=A12`` is a figure like any other.

The part after ``;`` adds conditions, in the form of RFC 3986 section 3.3 for parameters of a path segment. Because
it is part of the id, value, rows, places below and series of a narrowed figure are asked for like those of any
other, and its rows recount.
"""

from collections.abc import Sequence
from dataclasses import replace

from huitian.base.entities import ENTITIES
from huitian.base.planner import Planner
from huitian.errors import UnknownNumber
from huitian.indicators.cubes.declared import UNKNOWN, Cube, Dimension, cut_of
from huitian.model.entity import Column, Entity
from huitian.model.number import NumberDefinition
from huitian.model.query import Condition, Query

SIGN, EQUALS = ";", "="
LONGEST_VALUE = 60


def base_of(number_id: str) -> str:
    """Return the id of the definition that a figure narrows; its own where it narrows none."""
    return number_id.partition(SIGN)[0]


def narrowed_id(number_id: str, column: str, value: str) -> str:
    """Return the id of a figure with one more condition."""
    return f"{number_id}{SIGN}{column}{EQUALS}{value}"


class Narrowing:
    """Makes definitions of narrowed figures."""

    def __init__(self, planner: Planner, cubes: Sequence[Cube] = ()) -> None:
        self._planner = planner
        self._cubes = cubes
        self._titles: dict[str, tuple[str, str]] = {}

    def narrowed(self, definition: NumberDefinition, number_id: str) -> NumberDefinition:
        """Return a definition with the conditions of an id.

        Args:
            definition: The figure before its conditions.
            number_id: Its id with them.

        Raises:
            UnknownNumber: A condition is none, on a column that does not narrow it, or of a value that is none.
        """
        entity = ENTITIES[definition.entity]
        if entity.release == "protected":
            return self._cut(definition, entity, number_id)
        # A mask would be undone by asking for one value after the other, a protected count by cutting it small.
        columns = {c.name: c for c in entity.columns if c.v1 == c.v2 == "full" and entity.release == "exact"}
        seen: set[str] = set()
        for part in number_id.split(SIGN)[1:]:
            name, sign, value = part.partition(EQUALS)
            if (
                not sign
                or name in seen
                or name not in definition.narrows
                or name not in columns
                or not 0 < len(value) <= LONGEST_VALUE
            ):
                raise UnknownNumber(number_id=number_id)
            seen.add(name)
            definition = self._with(definition, number_id, columns[name], value)
        return replace(definition, number_id=number_id)

    def _cut(self, definition: NumberDefinition, entity: Entity, number_id: str) -> NumberDefinition:
        """Return a protected figure with its conditions: a cut of a declared cube, or a filter that is none."""
        chosen: list[tuple[str, str]] = []
        conditions: list[Condition] = []
        dimensions: dict[str, tuple[Cube, Dimension]] = {
            d.name: (cube, d) for cube in self._cubes if cube.entity == entity.name for d in cube.dimensions
        }
        columns = {c.name: c for c in entity.columns if c.name not in {"cell_key", "load_id", "load_seq"}}
        own: set[str] = set()
        for part in number_id.split(SIGN)[1:]:
            name, sign, value = part.partition(EQUALS)
            if not sign or not 0 < len(value) <= LONGEST_VALUE or name in {n for n, _ in chosen}:
                raise UnknownNumber(number_id=number_id)
            if name in dimensions and value in (*dimensions[name][1].told, UNKNOWN):
                own.add(dimensions[name][0].cube_id)
            elif name in columns and columns[name].kind in {"text", "integer"}:
                own.update(("", name))
                is_whole = columns[name].kind == "integer"
                if is_whole and not value.isdecimal():
                    raise UnknownNumber(number_id=number_id)
                conditions.append(Condition(name, "eq", int(value) if is_whole else value))
            else:
                raise UnknownNumber(number_id=number_id)
            chosen.append((name, value))
        if len(own) == 1:
            told = [dimensions[name][1].words(value) for name, value in chosen]
        else:
            told = [(value, value) for _, value in chosen]
            conditions += [
                c for name, value in chosen if name in dimensions for c in dimensions[name][1].conditions(
                    value, self._planner.today())
            ]  # fmt: skip
        title_zh, title_en = ("、".join(zh for zh, _ in told), ", ".join(en for _, en in told))
        return replace(
            definition,
            number_id=number_id,
            title_zh=f"{definition.title_zh} · {title_zh}",
            title_en=f"{definition.title_en} · {title_en}",
            definition_zh=f"{definition.definition_zh}只计：{title_zh}。",
            definition_en=f"{definition.definition_en} Only {title_en}.",
            where=(*definition.where, *conditions),
            cut=cut_of(chosen) if len(own) == 1 and not definition.where else None,
        )

    def _with(
        self, definition: NumberDefinition, number_id: str, column: Column, value: str
    ) -> NumberDefinition:
        if column.kind not in {"text", "integer"} or (column.kind == "integer" and not value.isdecimal()):
            raise UnknownNumber(number_id=number_id)
        zh, en = self.title(column.name, value, number_id)
        operand: str | int = int(value) if column.kind == "integer" else value
        return replace(
            definition,
            title_zh=f"{definition.title_zh} · {zh}",
            title_en=f"{definition.title_en} · {en}",
            definition_zh=f"{definition.definition_zh}只计{column.title_zh}为“{zh}”的。",
            definition_en=f"{definition.definition_en} Only those whose {column.title_en.lower()} is {en}.",
            where=(*definition.where, Condition(column.name, "eq", operand)),
        )

    def title(self, column: str, value: str, number_id: str) -> tuple[str, str]:
        """Return how a value is called in Chinese and in English.

        Raises:
            UnknownNumber: A category that there is not.
        """
        if column != "category_code":
            return value, value
        if value not in self._titles:
            rows = self._planner.read(
                self._planner.system("category"), Query("category", columns=("category_code", "title_zh", "title_en"),
                                                        limit=10_000),
            ).rows  # fmt: skip
            self._titles = {r["category_code"]: (r["title_zh"], r["title_en"] or r["title_zh"]) for r in rows}
        if value not in self._titles:
            raise UnknownNumber(number_id=number_id)
        return self._titles[value]
