"""Roles are data: what ships, what a city changes, and what is said of a file that is wrong."""

from pathlib import Path

import pytest

from huitian.audit.declared import opened_to, purposes_of, shipped_purposes
from huitian.base.entities import ENTITIES
from huitian.base.roles import GROUPS, read_roles, shipped_roles
from huitian.errors import RolesInvalid

NIGHT = """
[roles.night_watch]
title = { zh = "夜班", en = "Night watch" }
reads = ["work"]
acts_as = ["street_dispatcher"]
lens_most = "V2"
"""


def test_every_entity_is_in_a_group_that_is_known() -> None:
    assert {one.group for one in ENTITIES.values()} <= set(GROUPS)


def test_rows_of_the_system_are_read_by_no_role() -> None:
    assert shipped_roles().readers("system") == frozenset()
    assert shipped_roles().of("system").may_read("system")


def test_a_role_that_no_file_knows_may_nothing() -> None:
    role = shipped_roles().of("nobody")
    assert role.may_read("open")
    assert not any(role.may_count(group) for group in GROUPS if group != "open")


def test_no_role_gives_one_that_sees_more_than_itself() -> None:
    roles = shipped_roles()
    for role in roles.by_code.values():
        for code in role.gives:
            given = roles.of(code)
            assert given.reads <= role.reads | {"packs", "looks"}, (role.code, code)
            assert given.lens_most <= role.lens_most
            assert not given.is_whole_city


def test_a_city_adds_a_role_and_changes_one(tmp_path: Path) -> None:
    own = '[roles.leader]\ntitle = { zh = "首长", en = "Head" }\nreads = ["work"]\nlens_most = "V1"\n'
    (tmp_path / "roles.toml").write_text(NIGHT + own, "utf-8")
    roles = read_roles(tmp_path)
    assert roles.of("night_watch").acts_as == ("street_dispatcher",)
    assert (roles.of("leader").title_zh, roles.of("leader").counts) == ("首长", frozenset())
    assert roles.of("auditor") == shipped_roles().of("auditor")


@pytest.mark.parametrize(
    ("text", "line", "key", "said"),
    [
        ("[roles.night_watch\n", 1, "", "TOML"),
        (NIGHT.replace('"work"', '"everything"'), 4, "roles.night_watch.reads", "everything"),
        (NIGHT.replace("acts_as", "act_as"), 5, "roles.night_watch.act_as", "no such key"),
        (NIGHT.replace("V2", "V9"), 6, "roles.night_watch.lens_most", "V9"),
        (NIGHT.replace('en = "Night watch"', 'en = ""'), 3, "roles.night_watch.title", "zh"),
        (NIGHT + 'gives = ["mayor"]\n', 7, "roles.night_watch.gives", "mayor"),
        (NIGHT + "is_whole_city = 1\n", 7, "roles.night_watch.is_whole_city", "true or false"),
        ("[roles.system]\ntitle = {}\n", 1, "roles.system", "not system"),
        ("[rolls.leader]\n", 1, "rolls", "only [roles"),
        ('roles = "all"\n', 1, "roles", "tables"),
        ("[roles.x]\n", 1, "roles.x", "code"),
    ],
)  # fmt: skip
def test_a_file_that_is_wrong_is_told_by_line_and_key(
    tmp_path: Path, text: str, line: int, key: str, said: str
) -> None:
    (tmp_path / "roles.toml").write_text(text, "utf-8")
    with pytest.raises(RolesInvalid) as caught:
        read_roles(tmp_path)
    facts = caught.value.facts
    assert (facts["line"], facts["key"]) == (line, key)
    assert said in str(facts["why_en"])


def test_what_a_shipped_role_gives_may_no_more_than_it() -> None:
    roles = shipped_roles().opening(opened_to(shipped_purposes()))
    pairs = [(roles.of(given), role) for role in roles.by_code.values() for given in role.gives]
    assert pairs
    assert [(given.code, given.beyond(role)) for given, role in pairs if given.beyond(role)] == []
    assert roles.of("street_dispatcher").beyond(roles.of("dispatcher")) == [
        "looks", "packs", "person_identity.id_number", "person_identity.name", "person_identity.phone",
    ]  # fmt: skip


def test_what_a_purpose_of_the_city_opens_to_a_role_is_not_passed_on_by_one_to_which_it_does_not() -> None:
    text = """
[purposes.meters]
title = { zh = "抄表", en = "Read meters" }
roles = ["grid_worker", "leader"]
about = ["household"]
opens = ["household.*", "person_identity.phone"]
"""
    roles = shipped_roles().opening(opened_to(purposes_of(text, shipped_purposes())))
    worker = roles.of("grid_worker")
    assert worker.beyond(roles.of("dispatcher")) == ["person_identity.phone"], (
        "household.* it opens in an emergency"
    )
    assert worker.beyond(roles.of("committee")) == []
    assert roles.of("leader").opens == frozenset(), "who may not ask to see more states no purpose"
