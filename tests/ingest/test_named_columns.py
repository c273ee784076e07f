"""What a load does to objects that are there already: it writes the columns that its mapping names, and no others."""

from datetime import date

from huitian.model.query import Condition, Row
from tests.ingest.towns import BUILDING_MAP, BUILDINGS, STREET_MAP, STREETS, Town

PART = 'source_id = "part"\nentity = "building"\n[columns]\nbuilding_id = "编号"\n'
AMEND = PART.replace("[columns]", 'mode = "amend"\n[columns]')


def building(town: Town, building_id: str) -> Row:
    (row,) = town.rows("building", Condition("building_id", "eq", building_id))
    return row


def street_of(town: Town, building_id: str) -> set[str]:
    return {
        row["place_id"]
        for row in town.rows("anchor", Condition("object_id", "eq", building_id))
        if row["valid_to"] is None
    }


def test_a_load_leaves_the_columns_that_it_does_not_name(streets: Town) -> None:
    streets.load("csv", BUILDINGS, BUILDING_MAP)
    report = streets.load("csv", "编号,结构\nb1,砖混\nb9,框架\n", PART + 'structure = "结构"\n')
    assert (report.n_written, report.n_rejected) == (2, 0)
    row = building(streets, "b1")
    assert (row["structure"], row["name"], row["n_floors_above"], row["lon"]) == ("砖混", "甲楼", 6, 116.15)
    assert (row["west"], row["load_id"]) == (116.15, report.load_id)
    assert street_of(streets, "b1") == {"admin:990101001"}
    assert building(streets, "b9")["name"] is None, "a new object has only what the file says"


def test_a_column_that_is_named_and_empty_is_emptied(streets: Town) -> None:
    streets.load("csv", BUILDINGS, BUILDING_MAP)
    streets.load("csv", "编号,名称\nb1,\n", PART + 'name = "名称"\n')
    assert building(streets, "b1")["name"] is None


def test_a_load_of_outlines_does_not_redraw_past_editions(town: Town) -> None:
    dated = STREET_MAP + 'valid_from = { value = "2021-07-01" }\n'
    town.load("geojson", STREETS, dated, name="dated")
    editions = town.rows("edition")
    town.load("geojson", STREETS, STREET_MAP.replace('"streets"', '"again"'), name="again")
    (row,) = town.rows("place", Condition("code", "eq", "990101001"))
    assert row["valid_from"] == date(2021, 7, 1)
    assert town.rows("edition") == editions
    moved = STREET_MAP.replace('"streets"', '"moved"') + 'valid_from = { value = "2000-01-01" }\n'
    town.load("geojson", STREETS, moved, name="moved")
    (row,) = town.rows("place", Condition("code", "eq", "990101001"))
    assert row["valid_from"] == date(2000, 1, 1), "a day that the file says counts, the first day too"


def test_coordinates_that_are_amended_move_the_object(streets: Town) -> None:
    streets.load("csv", BUILDINGS, BUILDING_MAP)
    streets.load("csv", "编号,经度,纬度\nb1,116.25,40.05\n", AMEND + 'lon = "经度"\nlat = "纬度"\n')
    row = building(streets, "b1")
    assert (row["lon"], row["west"], row["name"]) == (116.25, 116.25, "甲楼")
    assert street_of(streets, "b1") == {"admin:990101002"}


def test_a_place_that_is_amended_moves_the_object(streets: Town) -> None:
    streets.load("csv", "编号,街道\nb1,990101001\n", PART + 'place_code = "街道"\n')
    assert street_of(streets, "b1") == {"admin:990101001"}
    streets.load("csv", "编号,名称\nb1,甲楼\n", AMEND + 'name = "名称"\n', name="name")
    assert street_of(streets, "b1") == {"admin:990101001"}, "what was named stays named"
    told = AMEND + 'place_code = "街道"\n'
    streets.load("csv", "编号,街道\nb1,990101002\n", told, name="moved")
    assert street_of(streets, "b1") == {"admin:990101002"}
    report = streets.load("csv", "编号,街道\nb1,990101099\n", told, name="nowhere")
    assert report.reasons == {"unknown_code": 1}


def test_a_day_that_is_amended_dates_the_anchor(streets: Town) -> None:
    streets.load("csv", BUILDINGS, BUILDING_MAP)
    streets.load("csv", "编号,启用\nb1,2024-05-01\n", AMEND + 'valid_from = "启用"\n')
    (anchor,) = streets.rows("anchor", Condition("object_id", "eq", "b1"))
    assert anchor["valid_from"] == date(2024, 5, 1)
