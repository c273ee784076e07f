"""What a mapping can fill: the entities that can be loaded, and the columns of each."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from huitian.base.entities import ENTITIES

ValueKind = Literal["text", "integer", "real", "boolean", "date", "instant", "geometry", "point", "json"]
VALUE_KINDS: tuple[ValueKind, ...] = (
    "text", "integer", "real", "boolean", "date", "instant", "geometry", "point", "json",
)  # fmt: skip

_OURS = {"load_id", "load_seq", "west", "south", "east", "north", "cell_key"}
"""Columns that ingest fills itself."""


@dataclass(frozen=True, slots=True)
class Target:
    """One column that a mapping can fill.

    Attributes:
        name: Its name.
        kind: Kind of its values.
        title_zh: Chinese name.
        title_en: English name.
        unit: Unit of the catalogue; empty where it has none.
        is_must: Whether no row can do without it.
    """

    name: str
    kind: ValueKind
    title_zh: str
    title_en: str
    unit: str = ""
    is_must: bool = False


_PLACE_CODE = Target("place_code", "text", "所在地方编码", "Code of the place it is in")
_EXTRA: Mapping[str, tuple[Target, ...]] = {
    "place": (Target("parent_code", "text", "上级编码", "Code of the place above"),),
    "building": (_PLACE_CODE,),
    "organisation": (_PLACE_CODE,),
    "component": (_PLACE_CODE,),
    "duty": (_PLACE_CODE,),
    "feature": (
        Target("lon", "real", "经度", "Longitude"),
        Target("lat", "real", "纬度", "Latitude"),
    ),
    "person": (
        Target("name", "text", "姓名", "Name"),
        Target("phone", "text", "电话", "Phone"),
        Target("id_number", "text", "身份证号", "ID number"),
    ),
    "case": (
        Target("source_key", "text", "来源单号", "Number in its source", is_must=True),
        Target("reported_at", "instant", "反映时间", "When it was reported", is_must=True),
        Target("title", "text", "标题", "Heading"),
        Target("body", "text", "诉求内容", "Words of the resident"),
        Target("kind", "text", "种类", "Kind"),
        Target("channel", "text", "渠道", "Channel"),
        Target("category_code", "text", "类别", "Category"),
        Target("grade", "integer", "等级", "Grade"),
        Target("lon", "real", "经度", "Longitude"),
        Target("lat", "real", "纬度", "Latitude"),
        Target("building_id", "text", "楼栋", "Building"),
        Target("dwelling_id", "text", "房屋", "Home"),
        Target("address_note", "text", "地址说明", "Address in words"),
        Target("name", "text", "称呼", "Name of the writer"),
        Target("phone", "text", "电话", "Phone of the writer"),
        _PLACE_CODE,
    ),
}
_HIDDEN: Mapping[str, frozenset[str]] = {
    "place": frozenset({"place_id", "tree_id", "level", "parent_id"}),
    "feature": frozenset({"layer_id"}),
}
_MUST: Mapping[str, frozenset[str]] = {
    "place": frozenset({"code", "name"}),
    "organisation": frozenset({"name", "kind"}),
    "occupancy": frozenset({"valid_from"}),
    "post": frozenset({"org_id", "title"}),
    "duty": frozenset({"org_id", "person_name", "starts_at", "ends_at"}),
    "unit": frozenset({"building_id"}),
    "floor": frozenset({"building_id"}),
    "dwelling": frozenset({"building_id"}),
}
LOADABLE = (
    "place", "building", "unit", "floor", "dwelling", "household", "occupancy", "person", "organisation",
    "component", "layer", "feature", "dispatch_rule", "post", "duty", "case",
)  # fmt: skip
"""Categories are none of them: they come with Huitian, and letters are classified by those and no others."""
ANCHORED = ("building", "organisation", "component")
"""Entities whose rows are anchored by their own point or place."""


@cache
def targets_of(entity: str) -> Mapping[str, Target]:
    """Return the columns of an entity that a mapping can fill, by name; ``attributes`` is not one of them.

    Places are keyed by ``code``, letters by ``source_key``; every other entity by the key of the catalogue.
    ``point`` fills ``lon`` and ``lat`` at once.
    """
    declared = ENTITIES[entity]
    found: dict[str, Target] = {}
    if entity != "case":
        hidden = _OURS | {"place_id", "attributes"} | _HIDDEN.get(entity, frozenset())
        if entity == "dispatch_rule":
            hidden -= {"place_id"}
        must = _MUST.get(entity, frozenset())
        for column in declared.columns:
            if column.name not in hidden:
                found[column.name] = Target(column.name, column.kind, column.title_zh, column.title_en,
                                            column.unit, column.name in must)  # fmt: skip
    found |= {target.name: target for target in _EXTRA.get(entity, ())}
    if "lon" in found:
        found["point"] = Target("point", "point", "坐标点", "Point")
    return found


def key_of(entity: str) -> tuple[str, ...]:
    """Return the target columns that make the key of a row where a mapping says nothing."""
    if entity == "place":
        return ("code",)
    if entity == "case":
        return ("source_key",)
    return ENTITIES[entity].key


def object_id_column(entity: str) -> str:
    """Return the column of the store that ``source_row.object_id`` names."""
    return "place_id" if entity == "place" else ENTITIES[entity].key[0]


def has_attributes(entity: str) -> bool:
    """Return whether rows keep whatever else the source says."""
    return entity != "case" and ENTITIES[entity].column("attributes") is not None


def has_outline(entity: str) -> bool:
    """Return whether rows have a geometry."""
    return ENTITIES[entity].column("geometry") is not None
