"""What a mapping does to a row: codes, templates, patterns, units, datums, several columns for one."""

import numpy as np
import pytest
from pyproj import Transformer

from huitian.model.query import Condition
from huitian.sources.datum import from_wgs84
from tests.ingest.towns import STREET_MAP, STREETS, Town, features, square

HEAD = 'source_id = "s"\nentity = "building"\n'


def building(town: Town, columns: str, content: str, head: str = HEAD) -> dict[str, object]:
    report = town.load("csv", content, f"{head}[columns]\n{columns}\n")
    assert report.n_rejected == 0, report.examples
    (row,) = town.rows("building")
    return row


def test_codes_of_a_table(streets: Town) -> None:
    told = 'building_id = "id"\nuse = { from = "用途", map = { "住宅" = "residential" }%s }'
    assert building(streets, told % "", "id,用途\nb,住宅\n")["use"] == "residential"
    refused = streets.load("csv", "id,用途\nb,仓库\n", f"{HEAD}[columns]\n{told % ''}\n")
    assert refused.reasons == {"unknown_code": 1}
    for unknown, kept in (("keep", "仓库"), ("missing", None)):
        row = building(streets, told % f', unknown = "{unknown}"', "id,用途\nb,仓库\n")
        assert row["use"] == kept


def test_a_template_pads_and_is_missing_with_its_parts(streets: Town) -> None:
    columns = 'building_id = { template = "{街}-{号:04}" }\nname = { template = "{街}{名}" }'
    row = building(streets, columns, "街,号,名\n甲, ７ ,\n")
    assert (row["building_id"], row["name"]) == ("甲-0007", None)


def test_the_first_of_several_columns_that_has_something(streets: Town) -> None:
    columns = 'building_id = "id"\nname = { from = ["a", "b"], pattern = "^(.+)号楼" }'
    assert building(streets, columns, "id,a,b\nb,-,8号楼\n")["name"] == "8"


def test_units_are_converted(streets: Town) -> None:
    columns = 'building_id = "id"\nheight_m = { from = "h", unit = "km" }'
    assert building(streets, columns, "id,h\nb,0.055\n")["height_m"] == pytest.approx(55.0)


def test_full_width_codes_are_mended_and_names_left(streets: Town) -> None:
    row = building(streets, 'building_id = "id"\nname = "n"', "id,n\nＢ１２,Ｂ座\n")
    assert (row["building_id"], row["name"]) == ("B12", "Ｂ座")


def test_the_rest_becomes_attributes_unless_it_is_dropped(streets: Town) -> None:
    content = "id,备注,空\nb,旧楼,\n"
    assert building(streets, 'building_id = "id"', content)["attributes"] == {"备注": "旧楼"}
    row = building(streets, 'building_id = "id"', content, 'rest = "drop"\n' + HEAD)
    assert row["attributes"] == {"备注": "旧楼"}, "what another mapping gave stays"


def test_an_amending_load_adds_to_what_is_there(streets: Town) -> None:
    told = 'source_id = "p"\nentity = "place"\nmode = "amend"\nlevel = "street"\n[columns]\ncode = "key"\n' \
           '[attributes]\nn_residents = { from = "人口", kind = "integer" }\n'  # fmt: skip
    report = streets.load(
        "json", {"990101001": {"人口": "81,200"}, "990109999": {"人口": 3}}, told, name="pop"
    )
    assert (report.n_written, report.reasons) == (1, {"unknown_code": 1})
    (place,) = streets.rows("place", Condition("code", "eq", "990101001"))
    assert place["attributes"] == {"n_residents": 81200}
    assert place["name"] == "鹿鸣街道"
    assert place["geometry"] is not None
    streets.load("geojson", STREETS, STREET_MAP.replace('name = "名称"', 'name = "编码"'), name="again")
    (place,) = streets.rows("place", Condition("code", "eq", "990101001"))
    assert (place["name"], place["attributes"]) == ("990101001", {"n_residents": 81200, "名称": "鹿鸣街道"})


@pytest.mark.parametrize("datum", ["gcj02", "bd09"])
def test_coordinates_of_another_datum(streets: Town, datum: str) -> None:
    lon, lat = from_wgs84(np.array([116.15]), np.array([40.05]), datum)
    head = f'datum = "{datum}"\n' + HEAD
    columns = 'building_id = "id"\npoint = { from = "坐标" }'
    row = building(streets, columns, f'id,坐标\nb,"{lon[0]},{lat[0]}"\n', head)
    assert row["lon"] == pytest.approx(116.15, abs=1e-9)
    assert row["lat"] == pytest.approx(40.05, abs=1e-9)


def test_coordinates_of_a_projected_system(streets: Town) -> None:
    # CGCS2000 in a zone of three degrees around 117 E.
    x, y = Transformer.from_crs("EPSG:4490", "EPSG:4548", always_xy=True).transform(116.15, 40.05)
    assert 400_000 < x < 500_000
    assert 4_400_000 < y < 4_500_000
    columns = 'building_id = "id"\nlon = "x"\nlat = "y"'
    row = building(streets, columns, f"id,x,y\nb,{x},{y}\n", 'crs = "EPSG:4548"\n' + HEAD)
    assert row["lon"] == pytest.approx(116.15, abs=1e-9)
    assert row["lat"] == pytest.approx(40.05, abs=1e-9)


def test_wkt_in_a_table_and_a_point_from_an_outline(streets: Town) -> None:
    columns = 'building_id = "id"\ngeometry = "wkt"'
    wkt = '"POLYGON ((116.15 40.05, 116.16 40.05, 116.16 40.06, 116.15 40.06, 116.15 40.05))"'
    row = building(streets, columns, f"id,wkt\nb,{wkt}\n")
    assert (row["lon"], row["lat"]) == (pytest.approx(116.155), pytest.approx(40.055))
    assert (row["west"], row["north"], row["place_id"]) == (116.15, 40.06, "admin:990101001")


def test_layers_features_and_points_of_a_table(streets: Town) -> None:
    told = 'source_id = "r"\nentity = "feature"\nkey = "content"\nlayer = { id = "road", zh = "道路", en = "Roads" }\n'
    line = {"type": "LineString", "coordinates": [[116.1, 40.0], [116.2, 40.1]]}
    content = features(({"名": "甲路"}, line), ({"名": "乙路"}, line), ({"名": "乙路"}, line))
    report = streets.load(
        "geojson", content, told + '[columns]\nname = "名"\ngeometry = "geometry"\n', name="r"
    )
    assert (report.n_written, report.reasons) == (2, {"duplicate_key": 1})
    assert [(r["layer_id"], r["title_zh"], r["geometry_kind"]) for r in streets.rows("layer")] == [
        ("road", "道路", "line")
    ]
    told = 'source_id = "t"\nentity = "feature"\nlayer = "tree"\n[columns]\nfeature_id = "id"\nlon = "x"\nlat = "y"\n'
    assert streets.load("csv", "id,x,y\nt1,116.15,40.05\n", told).n_written == 1
    (tree,) = streets.rows("feature", Condition("layer_id", "eq", "tree"))
    assert (tree["west"], tree["north"]) == (116.15, 40.05)


def test_dwellings_and_people_hang_on_buildings_that_are_there(streets: Town) -> None:
    building(streets, 'building_id = "id"\nlon = "x"\nlat = "y"', "id,x,y\nb1,116.15,40.05\n")
    told = 'source_id = "d"\nentity = "dwelling"\n[columns]\ndwelling_id = "id"\nbuilding_id = "楼"\nroom_no = "室"\n'
    report = streets.load("csv", "id,楼,室\nd1,b1,401\nd2,b9,402\n", told)
    assert (report.n_written, report.reasons) == (1, {"unknown_code": 1})
    told = 'source_id = "p"\nentity = "person"\n[columns]\nperson_id = "id"\nbuilding_id = "楼"\nname = "姓名"\n' \
           'birth_year = "年"\n'  # fmt: skip
    report = streets.load("csv", "id,楼,姓名,年\np1,b1,张三,1980\np2,b1,,2099\n", told)
    assert report.reasons == {"future_date": 1}
    (person,) = streets.rows("person")
    assert (person["place_id"], "name" in person) == ("admin:990101001", False)
    assert 0 <= person["cell_key"] < 2**31
    assert [row["name"] for row in streets.rows("person_identity")] == ["张三"]


def test_an_area_of_a_source_wins_over_the_measured_one(town: Town) -> None:
    told = STREET_MAP + 'area_m2 = { from = "面积", unit = "km2" }\n'
    town.load(
        "geojson", features(({"编码": "990101003", "名称": "街", "面积": 5}, square(116.1, 40.0))), told
    )
    (place,) = town.rows("place", Condition("level", "eq", "street"))
    assert place["area_m2"] == 5_000_000
