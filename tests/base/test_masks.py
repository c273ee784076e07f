"""Masks of domain 06 §2."""

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huitian.base import personal_words
from huitian.base.entities import ENTITIES
from huitian.base.masks import MASKS, free_text, masked, shown
from huitian.base.planner import masks_of
from huitian.model.query import Row
from huitian.model.scope import Lens


@pytest.mark.parametrize(
    ("mask", "value", "shown"),
    [
        ("surname", "张三丰", "张某"),
        ("surname", "欧阳锋", "欧阳某"),
        ("middle", "张三丰", "张*丰"),
        ("middle", "张三", "张*"),
        ("middle", "王", "*"),
        ("phone", "13812345678", "138****5678"),
        ("phone", "010-81234567", "010-****4567"),
        ("phone", "12345", "*****"),
        ("id_number", "11010519491231002X", "110***********002X"),
        ("id_number", "123", "***"),
        ("hidden", "anything", None),
    ],
)
def test_masks(mask: str, value: str, shown: str | None) -> None:
    assert MASKS[mask](value) == shown  # type: ignore[index]


def test_free_text_masks_what_points_to_a_person() -> None:
    words = "我是李四，电话13812345678，身份证11010519491231002X，车京A12B34，邮箱lisi@example.com，座机01081234567"
    shown = free_text(words)
    for secret in ("13812345678", "11010519491231002X", "A12B34", "lisi@", "81234567"):
        assert secret not in shown
    assert "138****5678" in shown


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("+8613812345678", "+86138****5678"),
        ("打008613812345678找我", "打0086138****5678找我"),
        ("(+86) 138 1234 5678", "(+86) 138****5678"),
        ("138-1234-5678。", "138****5678。"),
        ("138 12 34 56 78", "138****5678"),
        ("电话１３８１２３４５６７８！", "电话138****5678！"),
        ("138\u200b1234\u200b5678", "138****5678"),
        ("1.13812345678 2.13987654321", "1.138****5678 2.139****4321"),
        ("010 8123 4567", "010-****4567"),
        ("（010）81234567", "（010-****4567"),
        ("+86 10 81234567", "+86 10-****4567"),
        ("110105491231002", "110********1002"),
        ("110105 19491231 002X", "110***********002X"),
        ("证件ID11010519491231002x", "证件ID110***********002X"),
        ("卡号4111 1111 1111 1111", "卡号************1111"),
        ("6222021234567890128", "***************0128"),
        (".lisi@example.com", ".***@example.com"),
    ],
)
def test_numbers_are_found_however_they_are_typed(words: str, shown: str) -> None:
    assert free_text(words) == shown


@pytest.mark.parametrize(
    "words",
    ["2号楼3单元501室，11月2日 10:30", "单号20260302000123", "1234567890123456", "东经116.34123456789012"],
)
def test_other_numbers_stay(words: str) -> None:
    assert free_text(words) == words


NUMBERS = st.sampled_from(
    ["13812345678", "01081234567", "11010519491231002X", "110105491231002", "4111111111111111"]
)


@given(NUMBERS, st.data(), st.text(alphabet="甲，！ab", max_size=8), st.booleans())
def test_no_way_of_typing_a_number_gets_it_through(
    number: str, data: st.DataObject, around: str, is_wide: bool
) -> None:
    groups = {"1381": (3, 7), "0108": (3, 7), "1101": (6, 14), "4111": (4, 8, 12)}[number[:4]]
    cuts = groups if number != "110105491231002" else (6, 12)
    separator = data.draw(st.sampled_from(["", " ", "-"]))
    typed = separator.join(number[a:b] for a, b in zip((0, *cuts), (*cuts, len(number)), strict=True))
    if is_wide:
        typed = "".join(chr(ord(c) + 0xFEE0) if c.isdigit() else c for c in typed)
    shown = free_text(f"{around}{typed}{around}")
    plain = "".join(c for c in unicodedata.normalize("NFKC", shown) if c.isdigit() or c in "Xx")
    assert number[4:-4] not in plain
    assert len(plain) <= 8
    assert shown.startswith(around)
    assert shown.endswith(around)


@pytest.mark.parametrize("part", ["1", "1 ", "0", "138 ", "a@", "a.", "86", "+86 ", "4111 ", "京A", "１"])
def test_the_time_is_linear(part: str) -> None:
    def took_s(n: int) -> float:
        words, begun_s = part * n, time.process_time()
        free_text(words)
        return time.process_time() - begun_s

    took_s(1_000)
    assert took_s(40_000) < 30 * max(took_s(4_000), 0.002)


def test_a_source_row_keeps_no_person() -> None:
    row = {"姓名": "张三丰", "Contact_Phone": 13812345678, "手机号码": "１３８", "n": 13812345678, "lon": 116.3412,
           "备注": "找13812345678", "more": [{"id_number": "x", "is_open": True, "车": None}]}  # fmt: skip
    assert MASKS["source_row"](row) == {
        "姓名": None, "Contact_Phone": None, "手机号码": None, "n": "138****5678", "lon": 116.3412,
        "备注": "找138****5678", "more": [{"id_number": None, "is_open": True, "车": None}],
    }  # fmt: skip


def test_attributes_count_no_persons() -> None:
    told = {
        "n_residents": 3,
        "n_workers": 4,
        "jzrk": 5,
        "总人口": 6,
        "old_persons": 7,
        "n_lifts": 2,
        "use": "shop",
    }
    assert MASKS["uncounted"](told) == {"n_lifts": 2, "use": "shop"}


@pytest.mark.parametrize("lens", ["V1", "V2", "V3"])
def test_secrets_leave_under_no_lens(lens: Lens) -> None:
    for entity, column in (("case_step", "idempotency_key"), ("case_contact", "follow_code_hash"),
                           ("user_account", "password_hash"), ("session", "session_hash")):  # fmt: skip
        assert masks_of(ENTITIES[entity], lens)[column] == "hidden"


def test_what_the_wall_may_not_read() -> None:
    for entity, column in (("case_step", "facts"), ("case_words", "words"), ("reject", "raw"),
                           ("building", "attributes"), ("place", "attributes")):  # fmt: skip
        assert masks_of(ENTITIES[entity], "V1")[column] == "hidden"


@pytest.mark.parametrize(("lens", "phone"), [("V1", None), ("V2", None), ("V3", "13812345678")])
@pytest.mark.parametrize("told", [{"is_anonymous": True}, {"is_anonymous": 1}, {"is_anonymous": None}, {}])
def test_an_anonymous_writer_is_not_named(lens: Lens, phone: str | None, told: Row) -> None:
    row = {"case_id": "c", "name": "张三丰", "phone": "13812345678", **told}
    masks = masks_of(ENTITIES["case_contact"], lens)
    assert [(r["name"], r["phone"]) for r in shown("case_contact", masks, [row])] == [(None, phone)]
    (open_row,) = shown("case_contact", masks, [row | {"is_anonymous": False}])
    assert open_row["phone"] == {"V1": None, "V2": "138****5678", "V3": "13812345678"}[lens]


@given(st.text(alphabet="0123456789 -abc电话Xx@.+*京A１", max_size=80))
def test_masking_twice_changes_nothing_more(words: str) -> None:
    assert free_text(free_text(words)) == free_text(words)


def test_snapping_moves_less_than_its_square_and_hides_where_in_it() -> None:
    one, two = MASKS["snap_500"](40.0701), MASKS["snap_500"](40.0702)
    assert one == two
    assert abs(one - 40.0701) * 111_320 <= 250.1


def test_missing_stays_missing() -> None:
    assert masked([{"name": None, "n": 1}], {"name": "surname"}) == [{"name": None, "n": 1}]


@pytest.mark.parametrize("name", ["PHONE", "LANDLINE", "ID_NUMBER", "CARD", "PLATE", "EMAIL"])
@given(data=st.data())
def test_a_text_that_is_not_looked_through_has_nothing_to_find(name: str, data: st.DataObject) -> None:
    found = data.draw(st.from_regex(getattr(personal_words, name)))
    assert personal_words.SOMETHING.search(found.translate(personal_words.FLAT))
