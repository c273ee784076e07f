"""Bad input: a clear reason each, the rest loaded, nothing lost."""

from typing import Any

import pytest

from huitian.errors import FileUnreadable, MappingInvalid
from huitian.model.query import Condition
from tests.ingest.towns import (
    BUILDING_MAP,
    BUILDINGS,
    LETTER_HEAD,
    LETTER_MAP,
    STREET_MAP,
    Town,
    features,
    square,
)

GOOD = "good,好楼,6,1998,116.15,40.05\n"
BOW_TIE = {
    "type": "Polygon",
    "coordinates": [[[116.3, 40.0], [116.4, 40.1], [116.4, 40.0], [116.3, 40.1], [116.3, 40.0]]],
}


@pytest.mark.parametrize(
    ("row", "reason", "words"),
    [
        ("b,楼,6,1998,NaN,40.05", "not_finite", "经度"),
        ("b,楼,6,1998,116.15,inf", "not_finite", "纬度"),
        ("b,楼,6,1998,40.05,116.15", "swapped_coordinates", "40.05"),
        ("b,楼,6,1998,0,0", "out_of_box", "0.0"),
        ("b,楼,6,1998,116.15,", "missing_value", "纬度"),
        ("b,楼,六层,1998,116.15,40.05", "not_a_number", "六层"),
        ("b,楼,6.5,1998,116.15,40.05", "not_a_number", "6.5"),
        ("b,楼,6,2099,116.15,40.05", "future_date", "2099"),
        (",楼,6,1998,116.15,40.05", "missing_value", "编号"),
        ("good,又一栋,6,1998,116.15,40.05", "duplicate_key", "第 2 行"),
        ("b,楼,6,1998,116.15,40.05,多一格", "too_many_cells", "7"),
        ('b,"楼,6,1998,116.15,40.05', "open_quote", "引号"),
        (f"b,{'长' * 100_000},6,1998,116.15,40.05", "too_long", "100000"),
    ],
)
def test_a_bad_row_is_kept_with_its_reason(streets: Town, row: str, reason: str, words: str) -> None:
    content = f"编号,名称,层数,年份,经度,纬度\n{GOOD}{row}\nlast,末楼,6,1998,116.25,40.05\n"
    report = streets.load("csv", content, BUILDING_MAP)
    assert (report.n_read, report.n_written, report.n_rejected) == (3, 2, 1)
    assert report.reasons == {reason: 1}
    (kept,) = streets.rows("reject")
    assert (kept["row_no"], kept["reason_code"]) == (3, reason)
    assert words in kept["reason_zh"]
    assert kept["reason_en"] != kept["reason_zh"]
    assert [value for value in kept["raw"].values() if value], "the raw row is kept"
    assert [one.row_no for one in report.examples] == [3]


def test_a_long_letter_is_kept_whole(town: Town) -> None:
    body = "扰民" * 50_000
    report = town.load(
        "letters", f"{LETTER_HEAD}L1,2026-01-05,{body},,,,\nL2,2026-01-05,灯不亮,,,,\n", LETTER_MAP
    )
    assert report.reasons == {"too_long": 1}
    (kept,) = town.rows("reject")
    assert kept["raw"]["内容"] == body
    assert "上限 5000" in kept["reason_zh"]
    assert len(town.rows("case")) == 1


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ("L1,2031-01-05,灯不亮,,,,", "future_date"),
        ("L1,上周三,灯不亮,,,,", "bad_date"),
        ("L1,2026-02-30,灯不亮,,,,", "bad_date"),
        ("L1,,灯不亮,,,,", "missing_value"),
        ("L1,2026-01-05,灯不亮,nan,40.05,,", "not_finite"),
        ("L1,2026-01-05,灯不亮,40.05,116.15,,", "swapped_coordinates"),
    ],
)
def test_a_bad_letter_does_not_become_a_case(town: Town, cells: str, reason: str) -> None:
    report = town.load("letters", f"{LETTER_HEAD}{cells}\nL2,2026-01-05,好,,,,\n", LETTER_MAP)
    assert report.reasons == {reason: 1}
    assert len(town.rows("case")) == 1


def test_html_and_formulas_stay_the_characters_that_they_are(town: Town) -> None:
    formula = '"=HYPERLINK(""http://example.invalid"",""领奖"")"'
    html = "<script>alert(1)</script>电梯坏了"
    report = town.load(
        "letters",
        f"{LETTER_HEAD}L1,2026-01-05,{formula},,,,\nL2,2026-01-05,{html},,,,\nL3,2026-01-05,-5℃还没供暖,,,,\n",
        LETTER_MAP,
    )
    assert (report.n_written, report.n_rejected) == (3, 0)
    words = {row["words"] for row in town.rows("case_words") if row["field"] == "body"}
    assert {'=HYPERLINK("http://example.invalid","领奖")', html} <= words
    assert report.notes == {"formula_text:内容": 2, "markup_text:内容": 1}
    (note,) = town.findings("formula_text")
    assert note["facts"] == {"field": "内容", "entity": "case", "n": 2, "row_nos": [2, 4]}
    assert note["severity"] == "notice"


def test_phones_and_negative_numbers_are_no_formulas(streets: Town) -> None:
    told = """
source_id = "o"
entity = "organisation"
[columns]
org_id = "id"
name = "name"
kind = { value = "department" }
duty_phone = "phone"
uscc = "code"
"""
    report = streets.load("csv", "id,name,phone,code\n1,甲,+86 10 6970 0000,-12.5\n", told)
    assert report.notes == {}


def test_a_self_crossing_outline_says_where(town: Town) -> None:
    content = features(({"编码": "990101003", "名称": "蝴蝶街道"}, BOW_TIE), ({"编码": "990101004", "名称": "正街道"},
                                                                  square(116.5, 40.0)))  # fmt: skip
    report = town.load("geojson", content, STREET_MAP)
    assert report.reasons == {"self_crossing": 1}
    (kept,) = town.rows("reject")
    assert "116.350000, 40.050000" in kept["reason_zh"]
    assert "make_valid" in kept["reason_en"]
    assert kept["raw"]["geometry"] == BOW_TIE


def test_a_self_crossing_outline_is_mended_where_the_mapping_asks(town: Town) -> None:
    content = features(({"编码": "990101003", "名称": "蝴蝶街道"}, BOW_TIE))
    report = town.load("geojson", content, 'repair = "make_valid"\n' + STREET_MAP)
    assert (report.n_written, report.n_rejected) == (1, 0)
    assert report.notes == {"outline_mended:geometry": 1}
    (place,) = town.rows("place", Condition("code", "eq", "990101003"))
    # Two triangles of a tenth of a degree: nothing is lost.
    assert place["area_m2"] == pytest.approx(0.1 * 0.1 / 2 * 85_300 * 111_000, rel=0.01)


@pytest.mark.parametrize(
    ("shape", "reason"),
    [
        ({"type": "Polygon", "coordinates": [[[116.1, 40.0], [float("nan"), 40.0], [116.2, 40.1]]]}, "not_finite"),
        ({"type": "Polygon", "coordinates": []}, "bad_geometry"),
        ({"type": "Polygon", "coordinates": "x"}, "bad_geometry"),
        ({"type": "Kreis", "coordinates": [1, 2]}, "bad_geometry"),
        ({"type": "Polygon"}, "bad_geometry"),
        ({"type": "LineString", "coordinates": [[116.1, 40.0], [116.2, 40.0]]}, "bad_geometry"),
        ("POLYGON ((", "bad_geometry"),
        ([1, 2], "bad_geometry"),
        ({"type": "Polygon", "coordinates": [[[40.0, 116.1], [40.1, 116.1], [40.1, 116.2], [40.0, 116.1]]]},
         "swapped_coordinates"),
        ({"type": "Polygon", "coordinates": [[[2.1, 48.0], [2.2, 48.0], [2.2, 48.1], [2.1, 48.0]]]}, "out_of_box"),
    ],
)  # fmt: skip
def test_a_bad_outline(town: Town, shape: Any, reason: str) -> None:
    report = town.load("geojson", features(({"编码": "990101003", "名称": "街道"}, shape)), STREET_MAP)
    assert report.reasons == {reason: 1}
    town.rows("reject")


def test_swapped_coordinates_are_told_before_the_city_has_a_box(town: Town) -> None:
    town.limits = type(town.limits)(box=None)
    content = "编号,名称,层数,年份,经度,纬度\nb,楼,6,1998,40.05,116.15\n"
    assert town.load("csv", content, BUILDING_MAP).reasons == {"swapped_coordinates": 1}


def test_an_empty_file(town: Town) -> None:
    for content in (b"", b"\xef\xbb\xbf\r\n"):
        with pytest.raises(FileUnreadable) as caught:
            town.load("csv", content, BUILDING_MAP)
        assert "空" in caught.value.words("zh")
    assert town.rows("load") == []


def test_a_file_with_a_heading_only_is_a_load_of_nothing(town: Town) -> None:
    report = town.load("csv", "编号,名称,层数,年份,经度,纬度\n", BUILDING_MAP)
    assert (report.outcome, report.n_read) == ("done", 0)


def test_a_wrong_encoding_is_refused_with_what_it_looks_like(town: Town) -> None:
    told = BUILDING_MAP + '[options]\nencoding = "utf-8"\n'
    with pytest.raises(FileUnreadable) as caught:
        town.load("csv", BUILDINGS.encode("gb18030"), told)
    assert "gb18030" in caught.value.words("zh")
    assert town.load("csv", BUILDINGS.encode("gb18030"), BUILDING_MAP).n_written == 2


def test_a_missing_key_column_is_refused_and_another_is_taken_as_missing(streets: Town) -> None:
    with pytest.raises(FileUnreadable) as caught:
        streets.load("csv", "名称,层数\n甲,6\n", BUILDING_MAP)
    assert "编号" in caught.value.words("zh")
    report = streets.load("csv", "编号,名称,经度,纬度\nb1,甲,116.15,40.05\n", BUILDING_MAP)
    assert report.absent == ("层数", "年份")
    (building,) = streets.rows("building")
    assert building["n_floors_above"] is None


def test_a_mapping_for_another_file(town: Town) -> None:
    with pytest.raises(MappingInvalid) as caught:
        town.load("csv", "x,y\n1,2\n", BUILDING_MAP)
    assert "x, y" in caught.value.words("en")


def test_columns_that_nothing_reads_are_told(streets: Town) -> None:
    report = streets.load("csv", "编号,名称,层数,年份,经度,纬度,备注\nb1,甲,6,1998,116.1,40.05,旧\n",
                          'rest = "drop"\n' + BUILDING_MAP)  # fmt: skip
    assert report.unread == ("备注",)
    assert streets.load("csv", BUILDINGS, BUILDING_MAP, name="b").unread == ()


def test_lone_surrogates_and_nul_do_not_stop_a_load(streets: Town) -> None:
    content = b'[{"id": "b1", "name": "a\\ud800b\\u0000c"}]'
    told = 'source_id = "s"\nentity = "building"\n[columns]\nbuilding_id = "id"\nname = "name"\n'
    assert streets.load("json", content, told).n_written == 1
    assert streets.rows("building")[0]["name"] == "a\N{REPLACEMENT CHARACTER}bc"


def test_what_was_broken_is_taken_when_the_file_is_mended(streets: Town) -> None:
    broken = BUILDINGS + "b3,丙楼,六,2005,116.25,40.05\n"
    assert streets.load("csv", broken, BUILDING_MAP).n_rejected == 1
    report = streets.load("csv", broken.replace("六", "6"), BUILDING_MAP)
    assert (report.n_written, report.n_unchanged, report.n_rejected) == (1, 2, 0)
