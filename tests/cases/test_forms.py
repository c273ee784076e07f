"""What is refused says what is wrong, why, and who or what could: actions, roles, states and forms."""

import pytest

from huitian.errors import InvalidInput, NotAllowed, NotFound, StepNotPossible
from tests.cases.conftest import DISPATCHER, GRID1, HEAT, LEADER, STREET2, Town
from tests.cases.test_log import TO_COM1, n_steps


def test_an_unknown_action_says_which_there_are(town: Town) -> None:
    opened = town.write()
    with pytest.raises(InvalidInput, match="known: accept, dispatch, sign") as caught:
        town.take(DISPATCHER, opened.case_id, "whistle", 1)
    assert "没有“whistle”这个动作" in caught.value.words("zh")


def test_a_role_that_may_not_is_told_who_does(town: Town) -> None:
    opened = town.write()
    with pytest.raises(NotAllowed) as caught:
        town.take(GRID1, opened.case_id, "dispatch", 1, facts=TO_COM1)
    assert caught.value.words("zh") == "没有权限：“派单”由调度员、街道值班长、社区工作者办理"
    with pytest.raises(NotAllowed):
        town.take(LEADER, opened.case_id, "dispatch", 1, facts=TO_COM1)
    assert town.take(LEADER, opened.case_id, "note", 1, words={"note": "请重视"})["version"] == 2


def test_a_department_works_only_on_its_own(town: Town) -> None:
    opened = town.write()
    town.take(DISPATCHER, opened.case_id, "dispatch", 1, facts=TO_COM1)
    with pytest.raises(NotAllowed, match="only cases of your own body"):
        town.take(HEAT, opened.case_id, "sign", 2)


def test_a_case_of_another_street_is_not_there(town: Town) -> None:
    opened = town.write()
    with pytest.raises(NotFound):
        town.take(STREET2, opened.case_id, "note", 1, words={"note": "看看"})


def test_a_wrong_state_says_which_it_needs(town: Town) -> None:
    opened = town.write()
    with pytest.raises(StepNotPossible) as caught:
        town.take(GRID1, opened.case_id, "reply", 1, words={"reply": "好了"})
    assert caught.value.words("zh") == "“待派”状态下不能“反馈”：要先到“已签收”或“办理中”或“重办”"
    assert "To be dispatched" in caught.value.words("en")


@pytest.mark.parametrize(
    ("action", "facts", "words", "field", "zh"),
    [
        ("dispatch", {}, {}, "facts.org_id", "“承办单位”必须填写"),
        ("dispatch", {"org_id": 5}, {}, "facts.org_id", "“承办单位”应为 string 类型"),
        ("dispatch", {"org_id": "org:nobody"}, {}, "org_id", "没有这个单位"),
        ("dispatch", {"org_id": "org:heat", "extra": 1}, {}, "facts.extra", "表单没有这一项；可填：is_suggested、org_id"),  # noqa: E501
        ("dispatch", {"org_id": "org:heat"}, {"note": "长" * 2001}, "words.note", "“派单意见”最多 2000 字，现有 2001 字"),  # noqa: E501
        ("note", {}, {"note": ""}, "words.note", "“备注”至少 1 字，现有 0 字"),
        ("classify", {"category_code": "Z1"}, {}, "category_code", "没有这个类别"),
        ("classify", {"category_code": "A01", "grade": 9}, {}, "facts.grade", "“等级”只能取：1, 2, 3, 4"),
        ("locate", {"lon": 116.0}, {}, "lon", "经度和纬度要同时填写"),
        ("locate", {"lon": 190.0, "lat": 1.0}, {}, "facts.lon", "“经度”不能大于 180"),
        ("locate", {"lon": 1.0, "lat": 1.0}, {}, "lon", "请在本城范围内选点、选地方或选楼栋"),
        ("locate", {"place_id": "admin:9"}, {}, "place_id", "没有这个地方"),
    ],
)  # fmt: skip
def test_a_form_that_is_wrong_says_what_and_why(town: Town, action, facts, words, field, zh) -> None:  # type: ignore[no-untyped-def]
    opened = town.write()
    with pytest.raises(InvalidInput) as caught:
        town.take(DISPATCHER, opened.case_id, action, 1, facts=facts, words=words)
    assert (caught.value.facts["field"], caught.value.facts["why_zh"]) == (field, zh)
    assert caught.value.facts["why_en"] != zh
    assert n_steps(town) == 1
