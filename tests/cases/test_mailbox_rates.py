"""The rates of the mailbox say what they count, and claim no rule that they do not keep."""

import pytest

from huitian.scenarios.mailbox.indicators import NUMBERS

RATES = [one for one in NUMBERS if one.number_id.endswith("_rate")]


@pytest.mark.parametrize("rate", RATES, ids=lambda one: one.number_id)
def test_a_rate_over_every_level_names_no_rule_set_and_says_so(rate) -> None:  # type: ignore[no-untyped-def]
    asked = {condition.column for condition in (*rate.where, *rate.window)}
    assert "ladder_level" not in asked
    assert rate.rule_set == ""
    assert "不是考核口径" in rate.definition_zh
    assert "at every level" in rate.definition_en


def test_a_late_contact_is_said_to_count() -> None:
    (rate,) = [one for one in RATES if one.number_id == "mailbox.response_rate"]
    assert "later than its limit counts" in rate.definition_en
