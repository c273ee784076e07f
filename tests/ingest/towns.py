"""A small city for tests of loads: one district, made as ``huitian init`` makes it, and files written on the spot."""

import json
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from huitian.app import OpenCity, make_city
from huitian.clock import FixedClock
from huitian.ingest.load import Limits, Loader, Watch
from huitian.ingest.mapping import RowMap
from huitian.ingest.mapping_file import mapping_of
from huitian.ingest.report import LoadReport
from huitian.model.place import FIRST_DAY, LEVELS, Place, Tree
from huitian.model.query import Condition, Query, Row
from huitian.sources.kinds import source_kind
from tests.base.towns import NOW

BOX = (116.0, 39.9, 116.8, 40.4)
DISTRICT = Place("admin:990101", "admin", "990101", "district", "星澜区", None, FIRST_DAY, name_en="Xinglan")


class Town:
    """A city that files can be loaded into."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        tree = Tree("admin", "行政区划", "Administrative division", LEVELS[1:])
        self.city: OpenCity = make_city(folder / "city", {"name_zh": "星澜区"}, DISTRICT, tree)
        self.limits = Limits(box=BOX)
        self.now_at = NOW

    def mapping(self, kind: str, told: str | dict[str, Any]) -> RowMap:
        table = tomllib.loads(told) if isinstance(told, str) else told
        return mapping_of(table, source_kind(kind), "test.toml")

    def file(self, content: Any, name: str = "file") -> Path:
        path = self.folder / name
        if isinstance(content, bytes):
            path.write_bytes(content)
        elif isinstance(content, str):
            path.write_text(content, encoding="utf-8", newline="")
        else:
            path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
        return path

    def load(
        self, kind: str, content: Any, told: str | dict[str, Any], *, name: str = "file", is_dry: bool = False,
        should_stop: Callable[[], bool] = lambda: False,
    ) -> LoadReport:  # fmt: skip
        city = self.city
        loader = Loader(city.engine.records, city.planner, FixedClock(self.now_at), self.limits, city.stories)
        watch = Watch(should_stop=should_stop)
        path = self.file(content, name)
        return loader.load(path, source_kind(kind), self.mapping(kind, told), is_dry=is_dry, watch=watch)

    def rows(self, entity: str, *where: Condition, sort: tuple[str, ...] = ()) -> list[Row]:
        query = Query(entity, where, sort=sort, limit=100_000)
        return list(self.city.engine.records.read(self.city.planner.system(entity), query).rows)

    def rejects(self) -> dict[int, str]:
        return {row["row_no"]: row["reason_code"] for row in self.rows("reject")}

    def findings(self, rule_id: str) -> list[Row]:
        return self.rows("finding", Condition("rule_id", "eq", rule_id), Condition("is_open", "eq", True))


def square(west: float, south: float, width: float = 0.1, height: float = 0.1) -> dict[str, Any]:
    """Return the plain GeoJSON of a box by its corner and size in degrees."""
    east, north = west + width, south + height
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def features(*rows: tuple[dict[str, Any], Any]) -> dict[str, Any]:
    """Return a FeatureCollection of (properties, geometry)."""
    made = [{"type": "Feature", "properties": told, "geometry": shape} for told, shape in rows]
    return {"type": "FeatureCollection", "features": made}


STREETS = features(
    ({"编码": "990101001", "名称": "鹿鸣街道"}, square(116.1, 40.0)),
    ({"编码": "990101002", "名称": "柳塘街道"}, square(116.2, 40.0)),
)
STREET_MAP = """
source_id = "streets"
entity = "place"
level = "street"
[columns]
code = "编码"
name = "名称"
geometry = "geometry"
"""
BUILDING_MAP = """
source_id = "buildings"
entity = "building"
[columns]
building_id = "编号"
name = "名称"
n_floors_above = "层数"
built_year = "年份"
lon = "经度"
lat = "纬度"
"""
BUILDINGS = "编号,名称,层数,年份,经度,纬度\nb1,甲楼,6,1998,116.15,40.05\nb2,乙楼,18,2005,116.25,40.05\n"
LETTER_MAP = """
source_id = "hotline"
entity = "case"
[columns]
source_key = "编号"
reported_at = "时间"
body = "内容"
lon = "经度"
lat = "纬度"
owner = "承办"
replied_at = { from = "答复时间", kind = "instant" }
[[steps]]
action = "reply"
at = "replied_at"
when = "owner"
org = "owner"
undated = "at_report"
[[steps]]
action = "close"
at = "replied_at"
when = "owner"
undated = "at_report"
"""
LETTER_HEAD = "编号,时间,内容,经度,纬度,承办,答复时间\n"
