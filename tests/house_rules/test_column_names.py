import pytest

from tools.house_rules.column_names import check

TABLES = "huitian/engine/tables.py"


@pytest.mark.parametrize("name", ["order", "group", "case", "check", "user", "end", "Name"])
def test_a_keyword_is_found(repository, name):
    found = list(check(repository({TABLES: f"a = table('place',\n  text('{name}'))\n"})))
    assert [one.line_no for one in found] == [2]


def test_own_nouns_pass(repository):
    text = "a = table('place', key('place_id'), text('name'), whole('rank'), text('state'))\n"
    assert not list(check(repository({TABLES: text})))


def test_tables_that_are_gone_are_found(repository):
    assert [one.path for one in check(repository({"huitian/engine/ports.py": ""}))] == [TABLES]
