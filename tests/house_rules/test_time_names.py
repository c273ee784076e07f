import pytest

from tools.house_rules.time_names import check


@pytest.mark.parametrize(
    "field",
    ["closed: datetime", "opened: datetime | None = None", "day: date", "a_at: date", "format: datetime"],
)
def test_a_time_that_does_not_say_so_is_found(repository, field):
    assert len(list(check(repository({"huitian/model/a.py": f"class A:\n    {field}\n"})))) == 1


@pytest.mark.parametrize(
    "field",
    ["closed_at: datetime", "as_of: datetime", "at: datetime", "valid_from: date", "born_on: date | None"],
)
def test_names_that_say_so_pass(repository, field):
    assert not list(check(repository({"huitian/model/a.py": f"class A:\n    {field}\n"})))
