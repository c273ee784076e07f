import pytest

from tools.house_rules.module_names import check


@pytest.mark.parametrize(
    "path",
    [
        "huitian/base/utils.py",
        "huitian/helpers/dates.py",
        "huitian/core/__init__.py",
        "web/src/types.ts",
        "web/src/common/a.vue",
        "tools/const.py",
        "huitian/cases/service.py",
    ],
)
def test_a_pattern_is_found(repository, path):
    assert [one.path for one in check(repository({path: ""}))] == [path]


@pytest.mark.parametrize(
    "path",
    ["huitian/base/places.py", "huitian/services_desk.py", "docs/core.md", "tests/test_utility_poles.py"],
)
def test_a_subject_passes(repository, path):
    assert not list(check(repository({path: ""})))
