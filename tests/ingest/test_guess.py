"""Guessed mappings: from the names of columns alone, and shown so that they can be mended."""

import tomllib
from pathlib import Path

import pytest

from huitian.errors import MappingInvalid
from huitian.ingest.guess import guess_mapping
from huitian.ingest.mapping import RowMap
from huitian.ingest.mapping_file import mapping_of
from huitian.sources.kinds import source_kind
from tests.ingest.towns import STREETS, Town, features, square


def guess(town: Town, kind: str, content: object, name: str = "file.csv") -> RowMap:
    source = source_kind(kind)
    path = town.file(content, name)
    options = {option: row.default for option, row in source.options.items()}
    mapping, as_toml = guess_mapping(source, path, source.opener()(path, options))
    again = mapping_of(tomllib.loads(as_toml), source, "(guessed)")
    assert again == mapping, "the text that is shown is the mapping"
    return mapping


def sources(mapping: RowMap) -> dict[str, str]:
    return {name: column.said for name, column in mapping.columns.items()}


def test_buildings(town: Town) -> None:
    mapping = guess(town, "csv", "楼栋编码,名称, 地上层数 ,经度,纬度\nb1,甲,6,116.1,40.0\n")
    assert mapping.entity == "building"
    assert sources(mapping) == {"building_id": "楼栋编码", "name": "名称", "n_floors_above": "地上层数",
                                "lon": "经度", "lat": "纬度"}  # fmt: skip


def test_places_with_their_level_from_the_codes(town: Town) -> None:
    mapping = guess(town, "geojson", STREETS, "街道 2024.geojson")
    assert (mapping.entity, mapping.level, mapping.source_id) == ("place", "street", "街道-2024")
    with pytest.raises(MappingInvalid) as caught:
        guess(town, "geojson", features(({"编码": "7", "名称": "甲"}, square(116.1, 40.0))))
    assert "level" in caught.value.words("en")


def test_letters_without_words_for_codes(town: Town) -> None:
    mapping = guess(
        town, "letters", "工单编号,来电时间,诉求内容,类别,渠道\n1,2026-01-05,灯不亮,物业管理,热线\n"
    )
    assert sources(mapping) == {"source_key": "工单编号", "reported_at": "来电时间", "body": "诉求内容"}
    mapping = guess(town, "letters", "工单编号,来电时间,楼栋编码,详细地址,房屋编码\n1,2026-01-05,b1,,\n")
    assert {"building_id": "楼栋编码", "address_note": "详细地址",
            "dwelling_id": "房屋编码"}.items() <= sources(mapping).items()  # fmt: skip


def test_a_map_of_anything_is_a_layer(town: Town) -> None:
    line = {"type": "LineString", "coordinates": [[116.1, 40.0], [116.2, 40.1]]}
    mapping = guess(town, "geojson", features(({"road": "甲路"}, line)), "roads.geojson")
    assert (mapping.entity, mapping.layer, mapping.key) == ("feature", "roads", ("content",))
    mapping = guess(town, "csv", "id,X,Y\n1,116.1,40.0\n", "trees.csv")
    assert (mapping.entity, mapping.key) == ("feature", ("feature_id",))


@pytest.mark.parametrize(
    ("kind", "content", "words"),
    [
        ("csv", "a,b\n1,2\n", "do not tell what this is"),
        ("letters", "内容\n灯不亮\n", "When it was reported"),
    ],
)
def test_what_cannot_be_guessed_says_what_is_missing(town: Town, kind: str, content: str, words: str) -> None:
    with pytest.raises(MappingInvalid) as caught:
        guess(town, kind, content)
    assert words in caught.value.words("en")


def test_a_guess_depends_on_the_name_of_the_file_only_for_the_source(town: Town) -> None:
    a = guess(town, "csv", "楼栋编码\nb1\n", "a.csv")
    b = guess(town, "csv", "楼栋编码\nb1\n", "b.csv")
    assert (a.columns, a.source_id, b.source_id) == (b.columns, "a", "b")
    assert Path(a.file_name).name == "(guessed)"
