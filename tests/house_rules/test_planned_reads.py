import pytest

from tools.house_rules.planned_reads import AROUND, check

ROUTE = "huitian/api/routes/secret.py"


@pytest.mark.parametrize(
    "line",
    [
        "city.planner.read(city.planner.system('person_identity'), Query('person_identity'))",
        "allowed = planner.raw('case_contact')",
        "ask = held.planner.system",
        "self._city.engine.records.read(allowed, query)",
        "records = city.engine.records",
        "with city.engine.records.writing() as writing: pass",
        "engine.events.read_since(allowed, 0, ())",
        "city.engine.files.open_file(allowed, file_id)",
        "getattr(city.engine, 'records').read(allowed, query)",
        "getattr(planner, 'system')('case')",
    ],
)
def test_a_route_that_reads_around_the_planner_is_found(repository, line):
    text = f"def read_all(city):\n    async def inner():\n        {line}\n"
    found = list(check(repository({ROUTE: text})))
    assert found
    assert {one.line_no for one in found} == {3}
    assert "declare inner" in found[0].words


def test_reads_by_permission_of_the_reader_pass(repository):
    text = (
        "def read(city, reader):\n"
        "    allowed = city.planner.allow(reader.scope, 'case')\n"
        "    return city.planner.read(allowed, Query('case')).rows, platform.system(), response.raw\n"
    )
    assert not list(check(repository({ROUTE: text})))


def test_what_is_declared_passes_and_must_be_needed(repository):
    path = "huitian/api/kept.py"
    assert not list(
        check(repository({path: "def check_kept(city):\n    city.planner.system('case_file')\n"}))
    )
    found = list(check(repository({path: "def check_kept(city):\n    pass\n"})))
    assert ["check_kept no longer" in one.words for one in found] == [True]


def test_another_function_of_the_same_file_is_not_declared(repository):
    path = "huitian/api/kept.py"
    text = "def check_kept(city):\n    city.planner.system('a')\ndef other(city):\n    city.planner.system('a')\n"
    assert [one.line_no for one in check(repository({path: text}))] == [4]


def test_every_declaration_says_why():
    assert all(len(why.split()) > 3 for why in AROUND.values())


def test_other_rooms_are_not_held(repository):
    assert not list(check(repository({"huitian/cases/log.py": "def f(p):\n    p.planner.raw('case')\n"})))
