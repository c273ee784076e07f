"""What accounts are called."""

import pytest

from huitian.base.account_names import account_called, called, checked_name
from huitian.errors import InvalidInput


@pytest.mark.parametrize(
    ("written", "english", "lang", "name", "in_title"),
    [
        ("测试乙", "Ceshi Yi", "en", "Ceshi Yi", "测试乙"),
        ("测试乙", "Ceshi Yi", "zh", "测试乙", None),
        ("测试乙", None, "en", "测试乙", None),
        ("测试乙", "", "en", "测试乙", None),
        ("Ann Lee", "Ann Lee", "en", "Ann Lee", None),
        (None, None, "en", None, None),
    ],
)
def test_the_english_name_is_told_with_the_written_one_beside_it(
    written: str | None, english: str | None, lang: str, name: str | None, in_title: str | None
) -> None:
    told = called(written, english, lang)
    assert (told.name, told.name_zh) == (name, in_title)


def test_an_account_without_a_name_is_called_as_it_signs_in() -> None:
    row = {"user_id": "u-1", "user_name": "li", "display_name": None, "name_en": None}
    assert account_called(row, "en").name == "li"


@pytest.mark.parametrize("wrong", ["x" * 61, "two\nlines", "a\u202eb"])
def test_what_cannot_be_shown_is_no_name(wrong: str) -> None:
    assert checked_name("name_en", "  Ceshi Yi ") == "Ceshi Yi"
    with pytest.raises(InvalidInput):
        checked_name("name_en", wrong)
