"""Quality rules: what is odd about a city, once each, closed when it no longer holds."""

from huitian.model.query import Condition
from tests.ingest.towns import (
    BUILDING_MAP,
    LETTER_HEAD,
    LETTER_MAP,
    STREET_MAP,
    STREETS,
    Town,
    features,
    square,
)

COMMUNITY_MAP = STREET_MAP.replace('"street"', '"community"').replace('"streets"', '"communities"')
HEAD = "编号,名称,层数,年份,经度,纬度\n"


def amend(town: Town, level: str, counts: dict[str, int], name: str) -> None:
    told = f'source_id = "{name}"\nentity = "place"\nmode = "amend"\nlevel = "{level}"\n[columns]\ncode = "key"\n' \
           '[attributes]\nn_residents = { from = "n", kind = "integer" }\n'  # fmt: skip
    town.load("json", {code: {"n": n} for code, n in counts.items()}, told, name=name)


def test_a_building_inside_its_community_but_outside_every_street(streets: Town) -> None:
    content = features(({"编码": "c1", "名称": "甲社区"}, square(116.18, 39.95, 0.04, 0.1)))
    streets.load("geojson", content, COMMUNITY_MAP, name="c")
    streets.load("csv", HEAD + "in,楼,6,1998,116.19,40.02\nout,楼,6,1998,116.19,39.97\n", BUILDING_MAP)
    (finding,) = streets.findings("object_outside_level")
    assert finding["finding_id"] == "object_outside_level:building:out:street"
    assert (finding["place_id"], finding["facts"]["level"]) == ("admin:c1", "street")
    assert "甲社区" in finding["words_zh"]
    assert "every street" in finding["words_en"]


def test_a_finding_keeps_its_first_instant_and_is_closed_when_mended(streets: Town) -> None:
    told = COMMUNITY_MAP + 'parent_code = { value = "990101001" }\n'
    content = features(({"编码": "c1", "名称": "甲社区"}, square(116.15, 40.05, 0.01, 0.2)))
    streets.load("geojson", content, told, name="c")
    (before,) = streets.findings("place_sticks_out")
    assert before["severity"] == "warning"
    assert before["facts"]["out_ratio"] == 0.75
    streets.now_at = streets.now_at.replace(day=20)
    streets.load("csv", HEAD + "b,楼,6,1998,116.155,40.06\n", BUILDING_MAP)
    (again,) = streets.findings("place_sticks_out")
    assert again == before
    mended = features(({"编码": "c1", "名称": "甲社区"}, square(116.15, 40.05, 0.01, 0.05)))
    streets.load("geojson", mended, told, name="c2")
    assert streets.findings("place_sticks_out") == []
    (closed,) = streets.rows("finding", Condition("rule_id", "eq", "place_sticks_out"))
    assert closed["is_open"] is False


def test_counts_that_do_not_add_up(streets: Town) -> None:
    root = {"990101": 1000}
    amend(streets, "district", root, "root")
    amend(streets, "street", {"990101001": 400}, "one-street")
    assert streets.findings("children_do_not_add_up") == [], "not every child has the count"
    amend(streets, "street", {"990101001": 400, "990101002": 595}, "both")
    assert streets.findings("children_do_not_add_up") == [], "half a per cent is rounding"
    amend(streets, "street", {"990101001": 400, "990101002": 500}, "less")
    (finding,) = streets.findings("children_do_not_add_up")
    assert finding["object_id"] == "admin:990101"
    assert finding["facts"] == {"attribute": "n_residents", "said": 1000.0, "sum": 900.0, "n_parts": 2,
                                "parts": "place", "gap_ratio": -0.1}  # fmt: skip
    assert "居住人口为 1,000" in finding["words_zh"]


def test_counts_of_buildings_are_held_against_their_place(streets: Town) -> None:
    told = BUILDING_MAP + '[attributes]\nn_residents = { from = "人", kind = "integer" }\n'
    amend(streets, "street", {"990101001": 100}, "street")
    streets.load(
        "csv",
        HEAD.replace("\n", ",人\n") + "a,楼,6,1998,116.15,40.05,30\nb,楼,6,1998,116.15,40.06,40\n",
        told,
    )
    (finding,) = streets.findings("children_do_not_add_up")
    assert finding["finding_id"] == "children_do_not_add_up:place:admin:990101001:n_residents:building"
    assert (finding["facts"]["sum"], finding["facts"]["n_parts"]) == (70, 2)


def test_a_reply_before_its_letter_and_a_step_without_a_date(town: Town) -> None:
    content = (
        LETTER_HEAD
        + "L1,2026-01-05,灯不亮,,,物业,2025-01-06\nL2,2026-01-05,没水,,,水务,\nL3,2026-01-05,好,,,,\n"
    )
    town.load("letters", content, LETTER_MAP)
    (early,) = town.findings("reply_before_report")
    assert early["facts"]["n_days"] == 364
    (undated,) = town.findings("step_undated")
    assert undated["facts"]["actions"] == ["reply", "close"]
    assert "反馈" in undated["words_zh"]
    states = sorted(row["state"] for row in town.rows("case"))
    assert states == ["closed", "closed", "pending_dispatch"]


def test_objects_that_stand_nowhere(streets: Town) -> None:
    streets.load("csv", HEAD + "far,楼,6,1998,116.7,40.3\nnone,楼,6,1998,,\n", BUILDING_MAP)
    found = {row["object_id"]: row["words_en"] for row in streets.findings("object_unlocated")}
    assert "outside every outline" in found["far"]
    assert "no coordinates" in found["none"]
    told = 'source_id = "o"\nentity = "organisation"\n[columns]\norg_id = "id"\nname = "n"\nkind = "k"\n'
    streets.load("csv", "id,n,k\nd,水务局,department\nf,物业,property_firm\n", told)
    assert {row["object_id"] for row in streets.findings("object_unlocated")} == {"far", "none", "f"}


def test_a_city_without_outlines_has_nothing_to_hold_against(town: Town) -> None:
    town.load("csv", HEAD + "a,楼,6,1998,116.15,40.05\n", BUILDING_MAP)
    assert {row["rule_id"] for row in town.rows("finding")} == {"object_unlocated"}


def test_streets_alone_are_in_order(streets: Town) -> None:
    assert streets.rows("finding") == []
    assert streets.load("geojson", STREETS, STREET_MAP, name="streets").n_open_findings == 0
