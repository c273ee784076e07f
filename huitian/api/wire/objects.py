"""Layers, buildings, photos and panels, on the wire."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class LayerClasses:
    """What the classes of a layer mean: the property ``class`` of a feature is 1 to the number of limits.

    Attributes:
        limits: Lower limit of each class, rising.
        unit_zh: Unit of the limits.
        unit_en: Unit of the limits.
        cell_m: Side of the squares whose middle the features are, in metres; null where they are none.
        k: Squares with fewer persons are not there.
    """

    limits: list[float]
    unit_zh: str
    unit_en: str
    cell_m: int | None
    k: int


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer of the map.

    Attributes:
        layer_id: ``place.street``, ``building``, ``case``, ``road``, ….
        title_zh: Chinese name.
        title_en: English name.
        geometry_kind: ``point``, ``line`` or ``polygon``.
        entity: Catalogue entity its features come from.
        classes: What its classes mean; null where it has none.
    """

    layer_id: str
    title_zh: str
    title_en: str
    geometry_kind: str
    entity: str
    classes: LayerClasses | None = None


@dataclass(frozen=True, slots=True)
class Unit:
    """One entrance of a building.

    Attributes:
        unit_no: Its number.
        n_floors: Floors; null where not known.
        n_dwellings: Homes on it.
    """

    unit_no: str
    n_floors: int | None
    n_dwellings: int


@dataclass(frozen=True, slots=True)
class Floor:
    """One floor of one unit.

    Attributes:
        unit_no: The unit; null where floors are not told by unit.
        floor_no: Negative below ground.
        n_dwellings: Homes on it.
    """

    unit_no: str | None
    floor_no: int
    n_dwellings: int


@dataclass(frozen=True, slots=True)
class Dwelling:
    """One home.

    Attributes:
        dwelling_id: Its code.
        unit_no: Its unit.
        floor_no: Its floor.
        room_no: Room number; null where hidden.
        occupancy: ``resident``, ``let``, ``vacant``, ``business``, ``unverified``; null where not known.
        floor_area_m2: Floor area in square metres; null where not known.
        n_cases: Open cases; null where the reader may not count them.
        recent: Category → cases that were reported in the last ``recent_h`` hours of the building; those without a
            category are under the empty name.
    """

    dwelling_id: str
    unit_no: str | None
    floor_no: int | None
    room_no: str | None
    occupancy: str | None
    floor_area_m2: float | None
    n_cases: int | None
    recent: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Riser:
    """Homes above one another that share a trouble which hardly anybody else in the building has.

    Attributes:
        unit_no: Its unit; empty where there is none.
        room: Position on the floor, ``02``.
        category_code: What they have in common.
        dwelling_ids: Its homes, from the lowest to the highest that has it.
        with_ids: Those of them that have it.
        n_others: Homes of the other risers.
        n_others_with: Those of them that have it.
        case_ids: The cases, the newest first; the list does not say which is of which home.
    """

    unit_no: str
    room: str
    category_code: str
    dwelling_ids: list[str]
    with_ids: list[str]
    n_others: int
    n_others_with: int
    case_ids: list[str]


@dataclass(frozen=True, slots=True)
class BuildingPage:
    """A building with what is inside.

    Attributes:
        building_id: Its code.
        name: Its name; null where not given.
        name_en: Its English name; null where not given.
        place_id: Where it stands today; null where no outline holds it.
        place_path: Names from below the root down; null where it has no place.
        use: What it is used for.
        structure: How it is built.
        n_floors_above: Floors above ground.
        n_floors_below: Floors below ground.
        n_units: Entrances.
        n_dwellings: Homes.
        height_m: Height in metres.
        built_year: Year.
        lon: Degrees.
        lat: Degrees.
        attributes: Whatever else the source said; empty for the public.
        load_id: Load that wrote the row; null for the public.
        n_cases: Open cases in it; null where the reader may not count them.
        units: Entrances; empty where the reader may not see inside.
        floors: Floors.
        dwellings: Homes.
        recent_h: How many hours count as recent.
        riser: The riser that is proposed; null where none stands out.
        as_of: Aware UTC instant of the reading.
    """

    building_id: str
    name: str | None
    name_en: str | None
    place_id: str | None
    place_path: str | None
    use: str | None
    structure: str | None
    n_floors_above: int | None
    n_floors_below: int | None
    n_units: int | None
    n_dwellings: int | None
    height_m: float | None
    built_year: int | None
    lon: float | None
    lat: float | None
    attributes: Mapping[str, Any]
    load_id: str | None
    n_cases: int | None
    units: list[Unit]
    floors: list[Floor]
    dwellings: list[Dwelling]
    recent_h: int
    riser: Riser | None
    as_of: datetime


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A photo that was taken in.

    Attributes:
        file_id: Its SHA-256; the same photo gives the same id.
        media_type: ``image/jpeg`` or ``image/png``.
        n_bytes: Size as kept.
        width_px: Width as kept.
        height_px: Height as kept.
    """

    file_id: str
    media_type: str
    n_bytes: int
    width_px: int
    height_px: int


@dataclass(frozen=True, slots=True)
class Pack:
    """A scenario pack that is switched on.

    Attributes:
        pack_id: Its id.
        title_zh: Chinese name.
        title_en: English name.
        stage: ``pilot`` or ``on``.
    """

    pack_id: str
    title_zh: str
    title_en: str
    stage: str


@dataclass(frozen=True, slots=True)
class PanelSet:
    """What the packs put on one end.

    Attributes:
        packs: The packs that have panels there.
        panels: The panels, in the grammar ``panel/1`` (docs/reference/panel.schema.json), in order.
        takes_remarks: Whether words on a panel are kept here; not on a host outside, which has nobody to read them.
    """

    packs: list[Pack]
    panels: list[Mapping[str, Any]]
    takes_remarks: bool
