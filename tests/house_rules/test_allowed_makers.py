import pytest

from tools.house_rules.allowed_makers import check

PLANNER = {"huitian/base/planner.py": "allowed = Allowed('case')\n"}


@pytest.mark.parametrize(
    "line",
    [
        "a = Allowed('case')",
        "a = scope.Allowed('case')",
        "a = object.__new__(Allowed)",
        "a = dataclasses.replace(allowed, intervals=None)",
        "a = replace(self.allowed, k=0)",
        "a = copy.copy(allowed)",
    ],
)
def test_only_the_planner_makes_one(repository, line):
    found = list(check(repository({**PLANNER, "huitian/api/routes.py": f"x = 1\n{line}\n"})))
    assert [(one.path, one.line_no) for one in found] == [("huitian/api/routes.py", 2)]


def test_the_class_hands_out_none_of_its_own(repository):
    text = "class Allowed:\n    @classmethod\n    def everything(cls):\n        return cls('case')\n"
    assert [one.line_no for one in check(repository({**PLANNER, "huitian/model/scope.py": text}))] == [4]


def test_the_planner_and_readers_are_free(repository):
    text = "def read(allowed: Allowed) -> None:\n    query = replace(query, limit=1)\n"
    assert not list(check(repository({**PLANNER, "huitian/engine/ports.py": text})))


def test_a_planner_that_is_gone_is_found(repository):
    found = check(repository({"huitian/base/places.py": ""}))
    assert [one.path for one in found] == ["huitian/base/planner.py"]


def test_without_its_folder_there_is_nothing_to_hold(repository):
    assert not list(check(repository({"huitian/model/place.py": ""})))
