"""Masks of domain 06 §2."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huitian.base.masks import MASKS, free_text, masked


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


@given(st.text(alphabet="0123456789 abc电话", max_size=60))
def test_masking_twice_changes_nothing_more(words: str) -> None:
    assert free_text(free_text(words)) == free_text(words)


def test_snapping_moves_less_than_its_square_and_hides_where_in_it() -> None:
    one, two = MASKS["snap_500"](40.0701), MASKS["snap_500"](40.0702)
    assert one == two
    assert abs(one - 40.0701) * 111_320 <= 250.1


def test_missing_stays_missing() -> None:
    assert masked([{"name": None, "n": 1}], {"name": "surname"}) == [{"name": None, "n": 1}]
