"""Which place a row belongs to: by code, padded code, name, outline; and what a split does to what stands there."""

from datetime import date

from huitian.model.query import Condition
from tests.ingest.towns import LETTER_HEAD, LETTER_MAP, STREET_MAP, STREETS, Town, features, square

HOUSES = "编号,名称,经度,纬度\nb1,甲楼,116.12,40.02\n"
HOUSE_MAP = """
source_id = "houses"
entity = "building"
[columns]
building_id = "编号"
name = "名称"
lon = "经度"
lat = "纬度"
"""
DWELLINGS = "房屋,楼,单元,房号\nh1,b1,1,401\nh2,b1,2,401\n"
DWELLING_MAP = """
source_id = "dwellings"
entity = "dwelling"
[columns]
dwelling_id = "房屋"
building_id = "楼"
unit_no = "单元"
room_no = "房号"
"""
AT_HOME = """编号,时间,内容,楼,房屋,地址
k1,2026-01-05,暖气不热,,h1,
k2,2026-01-05,暖气不热,b1,,甲楼2单元401室
k3,2026-01-05,暖气不热,b1,h9,
"""
AT_HOME_MAP = """
source_id = "hotline"
entity = "case"
[columns]
source_key = "编号"
reported_at = "时间"
body = "内容"
building_id = "楼"
dwelling_id = "房屋"
address_note = "地址"
"""
COMMUNITY_MAP = STREET_MAP.replace('"street"', '"community"').replace('"streets"', '"communities"')
ORG_MAP = """
source_id = "orgs"
entity = "organisation"
[columns]
org_id = "id"
name = "name"
kind = { value = "community" }
place_code = "place"
lon = "lon"
lat = "lat"
"""


def test_a_place_without_a_parent_code_lies_where_its_outline_does(streets: Town) -> None:
    content = features(({"编码": "c1", "名称": "甲社区"}, square(116.12, 40.02, 0.02)),
                       ({"编码": "c2", "名称": "乙社区"}, square(116.5, 40.02, 0.02)))  # fmt: skip
    streets.load("geojson", content, COMMUNITY_MAP, name="c")
    parents = {row["code"]: row["parent_id"] for row in streets.rows("place") if row["level"] == "community"}
    assert parents == {"c1": "admin:990101001", "c2": "admin:990101"}


def test_letters_of_a_table_name_their_home_by_code_or_in_words(streets: Town) -> None:
    """The building gives their point, and a home that nobody knows is told and left out."""
    for content, told, name in (
        (HOUSES, HOUSE_MAP, "h"),
        (DWELLINGS, DWELLING_MAP, "d"),
        (AT_HOME, AT_HOME_MAP, "l"),
    ):
        assert streets.load("csv", content, told, name=name).n_rejected == 0
    cases = {row["case_id"]: row for row in streets.rows("case")}
    assert [row["building_id"] for row in cases.values()] == ["b1"] * 3
    assert {(row["lon"], row["lat"], row["place_id"]) for row in cases.values()} == {
        (116.12, 40.02, "admin:990101001")
    }
    where = Condition("field", "eq", "dwelling_id")
    assert {row["words"] for row in streets.rows("case_words", where)} == {"h1", "h2"}
    (finding,) = streets.findings("home_elsewhere")
    assert finding["object_id"] in cases


def test_the_root_that_was_made_is_met_by_its_code(town: Town) -> None:
    content = features(({"编码": "990101", "名称": "星澜区"}, square(116.0, 39.95, 0.6, 0.3)))
    told = STREET_MAP.replace('"street"', '"district"')
    assert town.load("geojson", content, told).n_written == 1
    (root,) = town.rows("place")
    assert (root["place_id"], root["parent_id"]) == ("admin:990101", None)
    assert root["area_m2"] > 0


def test_a_root_with_another_code_is_a_finding(town: Town) -> None:
    told = STREET_MAP.replace('"street"', '"district"')
    town.load("geojson", features(({"编码": "990199", "名称": "别区"}, square(116.0, 39.95))), told)
    (finding,) = town.findings("several_roots")
    assert finding["facts"] == {"place_ids": ["admin:990101", "admin:990199"]}


def test_objects_are_told_by_code_padded_code_or_name(streets: Town) -> None:
    content = "id,name,place,lon,lat\no1,甲,990101001,,\no2,乙,990101002000,,\no3,丙,柳塘街道,,\no4,丁,无此街,,\n" \
              "o5,戊,无此街,116.15,40.05\no6,己,990101001,116.25,40.05\n"  # fmt: skip
    report = streets.load("csv", content, ORG_MAP)
    assert report.reasons == {"unknown_code": 1}
    stands = {row["org_id"]: row["place_id"] for row in streets.rows("organisation")}
    first, second = "admin:990101001", "admin:990101002"
    assert stands == {"o1": first, "o2": second, "o3": second, "o5": first, "o6": first}
    how = {row["object_id"]: row["located_by"] for row in streets.rows("anchor")}
    assert how == {"o1": "code", "o2": "code", "o3": "code", "o5": "point", "o6": "code"}


def test_codes_of_letters_must_be_known(town: Town) -> None:
    told = LETTER_MAP.replace("[[steps]]", 'category_code = "类"\nchannel = "渠"\ngrade = "级"\n[[steps]]', 1)
    head = LETTER_HEAD.replace("\n", ",类,渠,级\n")
    rows = ["A12,C01,3", "Z99,C01,3", "A12,C77,3", "A12,C01,9", ",,"]
    content = head + "".join(f"L{n},2026-01-05,暖气不热,,,,,{row}\n" for n, row in enumerate(rows))
    report = town.load("letters", content, told)
    assert (report.n_written, report.reasons) == (2, {"unknown_code": 3})


SPLIT = features(
    ({"编码": "990101001", "名称": "鹿鸣街道"}, square(116.1, 40.0)),
    ({"编码": "990101002", "名称": "柳塘街道", "止": "2025-07-01"}, square(116.2, 40.0)),
    ({"编码": "990101003", "名称": "柳塘东街道", "起": "2025-07-01"}, square(116.25, 40.0, 0.05)),
    ({"编码": "990101004", "名称": "柳塘西街道", "起": "2025-07-01"}, square(116.2, 40.0, 0.05)),
)
DATED_MAP = STREET_MAP + 'valid_from = "起"\nvalid_to = "止"\n'


def test_a_split_makes_an_edition_keeps_lineage_and_moves_what_stands_there(streets: Town) -> None:
    point = "id,name,place,lon,lat\no1,甲,,116.28,40.05\no2,乙,990101002,,\n"
    streets.load("csv", point, ORG_MAP)
    letters = f"{LETTER_HEAD}L1,2025-05-05,灯不亮,116.21,40.05,,\n"
    streets.load("letters", letters, LETTER_MAP)
    streets.load("geojson", SPLIT, DATED_MAP, name="split")
    editions = streets.rows("edition")
    assert [(row["edition_no"], row["valid_from"], row["valid_to"]) for row in editions] == [
        (1, date(2000, 1, 1), date(2025, 7, 1)),
        (2, date(2025, 7, 1), None),
    ]
    lineage = {
        row["to_id"]: (row["from_id"], row["kind"], row["share_ratio"]) for row in streets.rows("lineage")
    }
    assert lineage == {
        "admin:990101003": ("admin:990101002", "split", 0.5),
        "admin:990101004": ("admin:990101002", "split", 0.5),
    }
    found = {
        (row["object_id"][:1], row["valid_from"].year): row["place_id"]
        for row in streets.rows("anchor", Condition("object_id", "ne", "o2"))
    }
    assert found == {
        ("o", 2000): "admin:990101002",
        ("o", 2025): "admin:990101003",
        ("c", 2025): "admin:990101004",
    } | {("c", 2025): "admin:990101004"}
    # What is known only by the code of the place that ended stands at the place above, from then on.
    named = streets.rows("anchor", Condition("object_id", "eq", "o2"), sort=("valid_from",))
    assert [row["place_id"] for row in named] == ["admin:990101002", "admin:990101"]


def test_a_split_that_is_loaded_twice_changes_nothing(streets: Town) -> None:
    streets.load("geojson", SPLIT, DATED_MAP, name="split")
    before = (streets.rows("lineage"), streets.rows("edition_place"), streets.rows("anchor"))
    last = streets.city.engine.events.last_seq()
    streets.load("geojson", SPLIT, DATED_MAP, name="split")
    assert (streets.rows("lineage"), streets.rows("edition_place"), streets.rows("anchor")) == before
    assert streets.city.engine.events.last_seq() == last


def test_objects_loaded_before_their_places_are_anchored_when_those_come(town: Town) -> None:
    town.load("csv", "id,name,place,lon,lat\no1,甲,,116.15,40.05\n", ORG_MAP)
    assert town.rows("anchor") == []
    assert len(town.findings("object_unlocated")) == 1
    town.load("geojson", STREETS, STREET_MAP, name="streets")
    assert [row["place_id"] for row in town.rows("anchor")] == ["admin:990101001"]
    assert town.findings("object_unlocated") == []
