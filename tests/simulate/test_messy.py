"""The messy pile: each file is broken exactly where its truth says, and readable with its mapping."""

import csv
import io
import json
import math
from collections import Counter

import numpy as np
import pytest
import shapely

from huitian.ingest.mapping_file import read_mapping
from huitian.simulate import export_messy
from huitian.simulate.messy.outlines import to_gcj02
from huitian.sources.datum import from_wgs84
from huitian.sources.kinds import source_kind


@pytest.fixture(scope="module")
def pile(city, tmp_path_factory):
    directory = tmp_path_factory.mktemp("messy")
    export_messy(directory, city)
    return directory


@pytest.fixture(scope="module")
def truth(pile):
    return json.loads((pile / "truth.json").read_text("utf-8"))["files"]


def table(pile, truth, name):
    text = (pile / name).read_bytes().decode(truth[name]["encoding"])
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_it_is_the_same_again(city, pile, tmp_path):
    export_messy(tmp_path / "again", city)
    for path in sorted(pile.rglob("*")):
        if path.is_file():
            assert path.read_bytes() == (tmp_path / "again" / path.relative_to(pile)).read_bytes()


def test_index_and_truth_name_every_file(pile, truth):
    names = {path.name for path in pile.iterdir() if path.is_file()}
    assert names == {*truth, "INDEX.txt", "truth.json"}
    index = (pile / "INDEX.txt").read_text("utf-8")
    for name, told in truth.items():
        assert f"huitian load DIR {told['kind']} {name} --map {told['map']}" in index
        assert (pile / told["map"]).is_file()


def test_mappings_can_be_read(pile, truth):
    for told in truth.values():
        assert read_mapping(pile / told["map"], source_kind(told["kind"])).source_id.startswith("messy.")


def test_counts_add_up(pile, truth):
    for name, told in truth.items():
        n_rejected = sum(one["n"] for one in told["rejected"].values())
        assert told["n_written"] == told["n_rows"] - n_rejected
        assert all(one["n"] == len(one["keys"]) for part in ("rejected", "kept", "findings", "oddities")
                   for one in told[part].values())  # fmt: skip
        if name.endswith(".csv"):
            assert len(table(pile, truth, name)) == told["n_rows"]
        else:
            assert len(json.loads((pile / name).read_text("utf-8"))["features"]) == told["n_rows"]


def test_tables_are_gb18030_without_a_mark(pile):
    for name in ("buildings.csv", "letters.csv"):
        raw = (pile / name).read_bytes()
        assert not raw.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\x84\x31\x95\x33"))
        with pytest.raises(UnicodeDecodeError):
            raw.decode("utf-8")


def test_buildings_are_broken_where_said(pile, truth):
    rows, rejected = table(pile, truth, "buildings.csv"), truth["buildings.csv"]["rejected"]
    assert {"结构", "楼高", "单元数"}.isdisjoint(rows[0])
    lon = {row["楼栋编号"]: row["经度"] for row in rows}
    swapped = [key for key, value in lon.items() if value and 39 < float(value) < 41]
    assert sorted(swapped) == sorted(rejected["swapped_coordinates"]["keys"])
    assert len(swapped) == 5
    nan = [key for key, value in lon.items() if value and math.isnan(float(value))]
    assert sorted(nan) == sorted(rejected["not_finite"]["keys"])
    doubles = [key for key, n in Counter(row["楼栋编号"] for row in rows).items() if key and n > 1]
    assert sorted(doubles) == sorted(rejected["duplicate_key"]["keys"])
    built = {sign for row in rows for sign in "-/年" if sign in row["竣工日期"]}
    assert built == {"-", "/", "年"}
    assert sum(not row["楼栋编号"].isascii() for row in rows) == 25


def test_letters_are_broken_where_said(pile, truth):
    rows, told = table(pile, truth, "letters.csv"), truth["letters.csv"]
    by_key = {row["工单编号"]: row for row in rows}
    assert max(len(row["诉求内容"]) for row in rows) == 100_000
    (long,) = told["rejected"]["too_long"]["keys"]
    assert len(by_key[long]["诉求内容"]) == 100_000
    assert sum("\n" in row["诉求内容"] for row in rows) >= 100
    formulas = [row["工单编号"] for row in rows if row["诉求内容"][:1] in "=+@-"]
    assert sorted(formulas) == sorted(told["kept"]["formula_text"]["keys"])
    assert any(by_key[key]["诉求内容"].startswith("=HYPERLINK") for key in formulas)
    markup = [row["工单编号"] for row in rows if "<" in row["诉求内容"]]
    assert sorted(markup) == sorted(told["kept"]["markup_text"]["keys"])
    for key in told["findings"]["reply_before_report"]["keys"]:
        row = by_key[key]
        digits = [[int(part) for part in "".join(c if c.isdigit() else " " for c in row[name]).split()]
                  for name in ("答复时间", "来电时间")]  # fmt: skip
        assert digits[0][:3] < digits[1][:3]


def test_communities_are_in_gcj02_and_one_crosses_itself(city, pile, truth):
    features = json.loads((pile / "communities.geojson").read_text("utf-8"))["features"]
    told = truth["communities.geojson"]["rejected"]
    shapes = {str(f["properties"]["社区代码"]): f["geometry"] for f in features}
    crossing = [code for code, shape in shapes.items()
                if shape and not shapely.from_geojson(json.dumps(shape)).is_valid]  # fmt: skip
    assert crossing == told["self_crossing"]["keys"]
    places = {p.code: p for p in city.places if p.level == "community" and p.valid_to is None}
    code = next(code for code in shapes if shapes[code] and code not in crossing)
    lonlat = shapely.get_coordinates(shapely.from_wkb(places[code].geometry))
    moved = shapely.get_coordinates(shapely.from_geojson(json.dumps(shapes[code])))
    assert np.abs(moved - lonlat).max() > 0.001
    assert np.abs(moved - np.column_stack(from_wgs84(lonlat[:, 0], lonlat[:, 1], "gcj02"))).max() < 1e-6


def test_its_own_shift_is_that_of_the_readers():
    lonlat = np.array([[116.27, 40.04], [116.45, 40.13], [116.36, 40.085]])
    wanted = np.column_stack(from_wgs84(lonlat[:, 0], lonlat[:, 1], "gcj02"))
    assert np.abs(to_gcj02(lonlat) - wanted).max() < 1e-9
