"""Catalogue declarations: what the city's data base can be asked for."""

from dataclasses import dataclass
from typing import Literal

from huitian.model.scope import Mask, Release

Kind = Literal["text", "integer", "real", "boolean", "instant", "date", "geometry", "json"]
Standing = Literal["anchor", "place", "open", "city"]
"""How a row belongs to a place: by dated anchors, by its own place id, to everybody, or to whole-city readers."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of an entity.

    Attributes:
        name: snake_case, equal in SQL, JSON and TypeScript.
        kind: Value kind.
        title_zh: Column heading.
        title_en: Column heading.
        unit: Unit id of ``units``; empty where it has none.
        v1: Mask under lens V1.
        v2: Mask under lens V2 (V3 sees it whole, unless it is ``secret``).
    """

    name: str
    kind: Kind
    title_zh: str
    title_en: str
    unit: str = ""
    v1: Mask = "full"
    v2: Mask = "full"


@dataclass(frozen=True, slots=True)
class Entity:
    """One entity of the catalogue.

    Attributes:
        name: Singular noun of the glossary.
        title_zh: Chinese name.
        title_en: English name.
        key: Key columns.
        columns: All columns that may leave the store.
        standing: How a row belongs to a place.
        release: Whether its counts are protected.
        instant: Column that says when a row happened; empty for lasting things.
        label: Column that names a row to a person.
        group: Group of the catalogue, by which roles say what they may read: ``open`` is for everybody.
    """

    name: str
    title_zh: str
    title_en: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    standing: Standing
    release: Release = "exact"
    instant: str = ""
    label: str = ""
    group: str = "work"

    def column(self, name: str) -> Column | None:
        """Return the column of that name, or None."""
        return next((c for c in self.columns if c.name == name), None)
