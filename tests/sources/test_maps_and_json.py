"""GeoJSON and tables in JSON: what is read, what is a fault, what is refused as a whole."""

import json
from pathlib import Path
from typing import Any

import pytest

from huitian.errors import FileUnreadable
from huitian.sources import plain_json
from huitian.sources.kinds import source_kind
from huitian.sources.rows import OpenedFile

POINT = {"type": "Point", "coordinates": [116.3, 40.1]}


def opened(tmp_path: Path, kind: str, content: Any, **options: Any) -> OpenedFile:
    path = tmp_path / "file.json"
    path.write_bytes(
        content if isinstance(content, bytes) else json.dumps(content, ensure_ascii=False).encode()
    )
    source = source_kind(kind)
    defaults = {name: option.default for name, option in source.options.items()}
    return source.opener()(path, defaults | options)


def feature(properties: Any, geometry: Any = POINT, **more: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": geometry, **more}


def test_features_become_rows(tmp_path: Path) -> None:
    told = {
        "type": "FeatureCollection",
        "features": [feature({"a": 1}, id=7), feature({"b": 2}), feature(None)],
    }
    file = opened(tmp_path, "geojson", told)
    assert file.columns == ("a", "b", "id", "geometry")
    rows = list(file.rows())
    assert rows[0].values == {"a": 1, "b": None, "id": 7, "geometry": POINT}
    assert [row.row_no for row in rows] == [1, 2, 3]
    assert list(file.rows()) == rows, "a second pass reads the same"


def test_nan_is_read_so_that_its_row_can_be_named(tmp_path: Path) -> None:
    content = b'{"type":"FeatureCollection","features":[{"type":"Feature","properties":{},' \
              b'"geometry":{"type":"Point","coordinates":[NaN,40]}}]}'  # fmt: skip
    (row,) = opened(tmp_path, "geojson", content).rows()
    assert row.values["geometry"]["coordinates"][0] != row.values["geometry"]["coordinates"][0]


def test_gb18030_and_an_old_reference_system(tmp_path: Path) -> None:
    told = {
        "type": "FeatureCollection",
        "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4547"}},
        "features": [feature({"名称": "回龙观街道办事处所在地，天通苑北街道" * 4})],
    }
    file = opened(tmp_path, "geojson", json.dumps(told, ensure_ascii=False).encode("gb18030"))
    assert file.facts == {"encoding": "gb18030", "crs": "urn:ogc:def:crs:EPSG::4547"}
    assert next(file.rows()).values["名称"].startswith("回龙观")


def test_something_that_is_no_feature_is_a_fault(tmp_path: Path) -> None:
    rows = list(
        opened(tmp_path, "geojson", {"type": "FeatureCollection", "features": ["x", feature({})]}).rows()
    )
    assert [row.fault is None for row in rows] == [False, True]


@pytest.mark.parametrize(
    ("kind", "content", "why"),
    [
        ("geojson", {"type": "Topology"}, "not a FeatureCollection"),
        ("geojson", b'{"type": "FeatureCollection", "features": [', "not JSON from line 1"),
        ("json", 7, "neither a list"),
        ("json", b"[" * 100_000, "nested too deeply"),
    ],
)
def test_what_is_refused_as_a_whole(tmp_path: Path, kind: str, content: Any, why: str) -> None:
    with pytest.raises(FileUnreadable) as caught:
        opened(tmp_path, kind, content)
    assert why in caught.value.words("en")


def test_a_file_that_is_too_large_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plain_json, "MOST_MB", 0)
    with pytest.raises(FileUnreadable) as caught:
        opened(tmp_path, "json", [{"a": 1}])
    assert "the limit is 0 MB" in caught.value.words("en")


def test_objects_by_key(tmp_path: Path) -> None:
    file = opened(tmp_path, "json", {"110": {"n": 3}, "111": {"n": 4, "x": None}, "112": 5})
    assert file.columns == ("key", "n", "x")
    rows = list(file.rows())
    assert rows[0].values == {"key": "110", "n": 3, "x": None}
    assert rows[2].fault is not None
    assert rows[2].fault.reason_code == "not_an_object"


def test_a_table_inside_an_answer(tmp_path: Path) -> None:
    told = {"result": {"rows": [{"a": 1}, {"a": 2}]}}
    assert len(list(opened(tmp_path, "json", told, inside="result.rows").rows())) == 2
    with pytest.raises(FileUnreadable):
        opened(tmp_path, "json", told, inside="result.nothing")


def test_letters_come_as_csv_or_json(tmp_path: Path) -> None:
    assert next(opened(tmp_path, "letters", [{"id": 1}]).rows()).values == {"id": 1}
    assert next(opened(tmp_path, "letters", "id,内容\n1,楼道灯不亮\n".encode()).rows()).values["id"] == "1"
