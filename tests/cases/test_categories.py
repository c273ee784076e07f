"""Categories: complete, and a guess that shows its words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huitian.cases.categories import guess_category, read_categories

ALL = read_categories()


def test_there_are_twenty_four_and_one_more() -> None:
    assert list(ALL.by_code) == [*(f"A{n:02d}" for n in range(1, 25)), "A99"]
    for one in ALL.by_code.values():
        assert one.title_zh
        assert one.title_en
        assert one.grade in (1, 2, 3, 4)
        assert one.owner_kinds
        assert len(set(one.keywords)) == len(one.keywords)


@pytest.mark.parametrize(
    ("text", "code", "word"),
    [
        ("我家暖气不热，室温只有 15 度", "A12", "暖气不热"),
        ("小区停水两天了", "A09", "停水"),
        ("单位拖欠工资三个月", "A21", "拖欠工资"),
        ("孩子入学问题，学校说学区不对", "A18", "入学"),
        ("楼下广场舞扰民", "A06", "广场舞"),
        ("路灯不亮，井盖松动", "A07", "井盖"),
    ],
)
def test_a_guess_says_which_words_it_used(text: str, code: str, word: str) -> None:
    guess = guess_category(text)
    assert guess.category_code == code
    assert word in guess.matched
    assert 0.3 < guess.confidence < 1


def test_a_word_inside_a_longer_one_counts_once() -> None:
    assert guess_category("暖气不热").matched == ("暖气不热",)


def test_no_word_is_no_guess() -> None:
    assert guess_category("您好") == ("A99", 0.0, ())


@given(st.text(max_size=200))
def test_any_text_has_a_category_and_a_grade(text: str) -> None:
    guess = guess_category(text)
    assert guess.category_code in ALL.by_code
    assert 0 <= guess.confidence < 1
    assert all(word in text for word in guess.matched)
    assert ALL.grade_of(guess.category_code, text) in (1, 2, 3, 4)
