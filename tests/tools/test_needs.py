import re

import pytest

from tests.needs import need
from tools import needs
from tools.groups import GROUPS, Need
from tools.places import ROOT


@pytest.fixture
def absent(monkeypatch):
    monkeypatch.setitem(needs.NEEDS, "nginx", Need(lambda: False, "no nginx"))
    monkeypatch.delenv("HUITIAN_REQUIRE", raising=False)


def test_what_is_missing_is_a_reason_to_skip(absent):
    with pytest.raises(pytest.skip.Exception, match="no nginx"):
        need("nginx")


@pytest.mark.parametrize("words", ["all", "fast,nginx"])
def test_what_is_required_may_not_be_missing(absent, monkeypatch, words):
    monkeypatch.setenv("HUITIAN_REQUIRE", words)
    with pytest.raises(pytest.fail.Exception, match="no nginx"):
        need("nginx")


def test_ci_requires_every_need_and_every_group_but_the_real_data():
    script = (ROOT / ".ci" / "run").read_text("utf-8")
    listed = re.search(r"\|\| require=(\S+)", script)
    assert listed is not None
    assert set(listed[1].split(",")) == {group.name for group in GROUPS} - {"real_data"} | set(needs.NEEDS)
