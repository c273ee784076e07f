"""Whatever bytes a file holds: a clear refusal, or every row is written, unchanged or rejected with a reason."""

import json
import os
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from huitian.app import OpenCity, make_city
from huitian.errors import HuitianError
from huitian.ingest.load import Limits, Loader
from huitian.ingest.mapping_file import read_mapping
from huitian.model.place import Place, Tree
from huitian.model.query import Condition, Query
from huitian.sources.kinds import source_kind

pytestmark = pytest.mark.fuzz

N_EXAMPLES = 4_000 if os.environ.get("HUITIAN_PROVE") else 400

BUILDINGS = """
source_id = "fuzz.buildings"
entity = "building"
[columns]
building_id = "code"
name = "name"
lon = "lon"
lat = "lat"
"""
OUTLINES = """
source_id = "fuzz.outlines"
entity = "feature"
layer = "fuzz"
[columns]
feature_id = "code"
name = "name"
geometry = "geometry"
"""
SQUARE = shapely.box(116.0, 40.0, 116.4, 40.4)


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenCity]:
    """Return a city of one place."""
    root = Place("admin:99", "admin", "99", "district", "区", None, date(2000, 1, 1), geometry=shapely.to_wkb(SQUARE),
                 label=(116.2, 40.2), area_m2=1.0)  # fmt: skip
    folder = tmp_path_factory.mktemp("fuzz") / "city"
    opened = make_city(folder, {}, root, Tree("admin", "行政", "Admin", ("district",)))
    yield opened
    opened.close()


def load(city: OpenCity, kind: str, content: bytes, mapping: str) -> None:
    """Load a file of these bytes and check that nothing was lost."""
    with tempfile.TemporaryDirectory() as folder:
        path, map_file = Path(folder) / f"file.{kind}", Path(folder) / "map.toml"
        path.write_bytes(content)
        map_file.write_text(mapping, encoding="utf-8")
        source = source_kind(kind)
        loader = Loader(city.engine.records, city.planner, city.clock, Limits(), city.stories)
        meant = read_mapping(map_file, source)
        try:
            report = loader.load(path, source, meant)
        except HuitianError:
            return  # A refusal in words; anything else fails the test.
        assert report.n_read == report.n_written + report.n_unchanged + report.n_rejected
        kept = city.engine.records.read(
            city.planner.system("reject"),
            Query("reject", (Condition("load_id", "eq", report.load_id),), limit=10_000),
        )
        assert len({row["row_no"] for row in kept.rows}) >= min(report.n_rejected, 1)
        again = loader.load(path, source, meant)
        assert again.n_written == 0, "the same file again changes nothing"


CELLS = st.text(max_size=12) | st.sampled_from(
    [
        "116.2",
        "40.2",
        "NaN",
        "inf",
        "-0",
        "１１６．２",
        "=1+1",
        '"',
        "a,b",
        "\r\n",
        "2030-01-01",
        "",
        "\x00",
        "'",
    ]
)


@settings(max_examples=N_EXAMPLES)
@given(
    st.lists(st.tuples(CELLS, CELLS, CELLS, CELLS), max_size=8),
    st.sampled_from(["utf-8", "gb18030", "utf-16"]),
)
def test_tables_of_any_cells(city: OpenCity, rows: list[tuple[str, ...]], encoding: str) -> None:
    quoted = [",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows]
    text = "\n".join(["code,name,lon,lat", *quoted])
    load(city, "csv", text.encode(encoding, errors="replace"), BUILDINGS)


@settings(max_examples=N_EXAMPLES)
@given(st.binary(max_size=400))
def test_files_of_any_bytes(city: OpenCity, content: bytes) -> None:
    load(city, "csv", content, BUILDINGS)
    load(city, "geojson", content, OUTLINES)


NUMBERS = (
    st.floats(allow_nan=True, allow_infinity=True, width=32)
    | st.integers(-400, 400)
    | st.none()
    | st.text(max_size=3)
)
POINTS = st.lists(NUMBERS, max_size=4)
SHAPES = st.fixed_dictionaries(
    {
        "type": st.sampled_from(["Point", "LineString", "Polygon", "MultiPolygon", "Circle", ""]),
        "coordinates": st.recursive(POINTS, lambda inner: st.lists(inner, max_size=4), max_leaves=12),
    }
)
FEATURES = st.fixed_dictionaries(
    {
        "type": st.just("Feature"),
        "properties": st.dictionaries(st.sampled_from(["code", "name"]), st.text(max_size=6) | NUMBERS)
        | st.none(),
        "geometry": SHAPES | st.none(),
    }
)


@settings(max_examples=N_EXAMPLES)
@given(st.lists(FEATURES, max_size=5))
def test_feature_collections_of_any_shapes(city: OpenCity, features: list[object]) -> None:
    content = json.dumps({"type": "FeatureCollection", "features": features}).encode()
    load(city, "geojson", content, OUTLINES)
