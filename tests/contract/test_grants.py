"""Grants on every engine: what adds up, what ends, what is passed on, and two who change one at once."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from huitian.base.granting import ADMINISTRATION, Granting, Wanted
from huitian.base.grants import Holdings, chosen
from huitian.base.planner import Planner
from huitian.base.roles import Roles, shipped_roles
from huitian.clock import ManualClock
from huitian.engine.ports import Engine
from huitian.errors import GrantNotPossible, KeyReused, NotAllowed, NotFound, StaleVersion
from huitian.model.grant import Acting, Grant
from huitian.model.query import Query, Tally
from huitian.model.scope import Scope
from tests.base.towns import NOW, settle

pytestmark = pytest.mark.contract

DAY = timedelta(days=1)
WEST, EAST = "admin:9901", "admin:9903"
PEOPLE = {
    name: {"user_id": f"u-{name}", "user_name": name, "org_id": None}
    for name in ("an", "bai", "chen", "boss")
}


class Town:
    """The small town with accounts, and a clock that the test sets."""

    def __init__(self, engine: Engine) -> None:
        self.engine, self.planner = engine, settle(engine)
        self.clock = ManualClock(NOW)
        self.planner = Planner(engine.records, self.clock, 10, 5)
        self.granting = Granting(engine.records, self.planner, self.clock)
        self.holdings = Holdings(engine.records, self.planner, self.clock)
        with engine.records.writing() as writing:
            writing.add("user_account", [row | {"display_name": name, "password_hash": "x", "is_demo": False}
                                         for name, row in PEOPLE.items()])  # fmt: skip

    def give(self, name: str, place_id: str | None, role: str = "street_dispatcher", lens: str = "V2",
             expires_at: datetime | None = None) -> Grant:  # fmt: skip
        wanted = Wanted(role, lens, place_id, f"u-{name}", expires_at=expires_at)  # type: ignore[arg-type]
        return self.granting.add(ADMINISTRATION, wanted)

    def sets(self, name: str) -> list[Acting]:
        return self.holdings.sets_of(PEOPLE[name])

    def scope(self, name: str) -> Scope:
        found = chosen(self.sets(name), None)
        assert found is not None
        return found.scope

    def n_seen(self, name: str) -> int:
        return int(
            self.planner.tally(self.planner.allow(self.scope(name), "building"), Tally("building"))[0]["n"]
        )


@pytest.fixture
def town(engine: Engine) -> Town:
    """Return the town."""
    return Town(engine)


def test_subtrees_of_equal_grants_add_up(town: Town) -> None:
    town.give("an", WEST)
    assert town.n_seen("an") == 5
    town.give("an", EAST)
    assert (len(town.sets("an")), town.n_seen("an")) == (1, 8)
    assert set(town.scope("an").place_ids or ()) == {WEST, EAST}


def test_of_grants_that_differ_one_set_counts_the_newest_unless_another_is_picked(town: Town) -> None:
    town.give("an", WEST)
    town.clock.advance(DAY)
    town.give("an", EAST, "committee")
    first, second = town.sets("an")
    assert (first.scope.role, town.n_seen("an")) == ("committee", 3)
    picked = chosen([first, second], second.key)
    assert picked is second
    assert chosen([first, second], "gone/V2/") is first, "what ended is picked no more"


def test_what_is_passed_on_to_somebody_is_not_what_he_acts_as_by_itself(town: Town) -> None:
    town.give("bai", EAST, "grid_worker")
    parent = town.give("an", WEST)
    town.clock.advance(DAY)
    wanted = Wanted("committee", "V2", WEST, "u-bai", expires_at=NOW + 2 * DAY)
    town.granting.delegate(town.scope("an"), parent.grant_id, wanted)
    own, passed_on = town.sets("bai")
    assert (own.scope.role, passed_on.scope.role) == ("grid_worker", "committee")
    assert town.scope("bai").place_ids == (EAST,)


def test_a_grant_holds_from_its_start_until_its_end(town: Town) -> None:
    wanted = Wanted("committee", "V2", WEST, "u-an", starts_at=NOW + DAY, expires_at=NOW + 2 * DAY)
    town.granting.add(ADMINISTRATION, wanted)
    assert town.sets("an") == []
    town.clock.advance(DAY)
    assert town.sets("an")[0].ends_at == NOW + 2 * DAY
    town.clock.advance(DAY - timedelta(microseconds=1))
    assert town.sets("an")
    town.clock.advance(timedelta(microseconds=1))
    assert town.sets("an") == [], "the end is the first instant at which it no longer holds"


def test_what_is_passed_on_ends_with_what_it_is_a_part_of(town: Town) -> None:
    parent = town.give("an", WEST, expires_at=NOW + 10 * DAY)
    wanted = Wanted("committee", "V2", WEST, "u-bai", expires_at=NOW + 9 * DAY)
    part = town.granting.delegate(town.scope("an"), parent.grant_id, wanted)
    further = replace(wanted, role="grid_worker", user_id="u-chen", expires_at=NOW + 8 * DAY)
    town.granting.delegate(town.scope("bai"), part.grant_id, further)
    town.granting.change(ADMINISTRATION, parent.grant_id, 1, NOW + 3 * DAY, None)
    assert {town.sets(name)[0].ends_at for name in ("an", "bai", "chen")} == {NOW + 3 * DAY}
    rows = town.engine.records.read(town.planner.system("audit_row"), Query("audit_row", sort=("seq",))).rows
    assert [row["details"]["to"] for row in rows if row["details"]["kind"] == "changed"] == [
        "u-an",
        "u-bai",
        "u-chen",
    ], "each that was shortened is in the audit"
    town.granting.revoke(ADMINISTRATION, parent.grant_id)
    assert [town.sets(name) for name in ("an", "bai", "chen")] == [[], [], []]
    with pytest.raises(NotFound):
        town.granting.delegate(ADMINISTRATION, parent.grant_id, wanted)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"place_id": "admin:99"}, "place_id"),
        ({"place_id": EAST}, "place_id"),
        ({"place_id": "admin:404"}, "place_id"),
        ({"lens": "V3"}, "lens"),
        ({"role": "dispatcher"}, "role"),
        ({"role": "department"}, "role"),
        ({"role": "nobody"}, "role"),
        ({"expires_at": None}, "expires_at"),
        ({"expires_at": NOW + 11 * DAY}, "expires_at"),
        ({"expires_at": NOW}, "expires_at"),
        ({"user_id": "u-an"}, "user"),
        ({"user_id": "u-nobody"}, "user"),
        ({"post_id": "p"}, "user"),
    ],
)
def test_nobody_passes_on_what_he_has_not(town: Town, change: dict[str, object], field: str) -> None:
    parent = town.give("an", WEST, expires_at=NOW + 10 * DAY)
    wanted = replace(Wanted("committee", "V2", WEST, "u-bai", expires_at=NOW + DAY), **change)  # type: ignore[arg-type]
    with pytest.raises(GrantNotPossible) as caught:
        town.granting.delegate(town.scope("an"), parent.grant_id, wanted)
    assert caught.value.facts["field"] == field


def test_nobody_passes_on_a_role_that_may_what_his_own_may_not(town: Town) -> None:
    roles = shipped_roles()
    dispatcher = replace(roles.of("dispatcher"), gives=frozenset({"street_dispatcher", "grid_worker"}))
    town.planner.roles = Roles(dict(roles.by_code) | {"dispatcher": dispatcher})
    parent = town.give("an", WEST, "dispatcher", expires_at=NOW + 10 * DAY)
    wanted = Wanted("street_dispatcher", "V2", WEST, "u-bai", expires_at=NOW + DAY)
    with pytest.raises(GrantNotPossible) as caught:
        town.granting.delegate(town.scope("an"), parent.grant_id, wanted)
    assert caught.value.facts["field"] == "role"
    assert "looks, packs" in str(caught.value.facts["why_en"])
    town.granting.delegate(town.scope("an"), parent.grant_id, replace(wanted, role="grid_worker"))


def test_what_an_administrator_for_a_time_gives_ends_with_what_he_administers_by(town: Town) -> None:
    first = town.give("boss", WEST, "data_admin")
    passed_on = Wanted("data_admin", "V2", WEST, "u-an", expires_at=NOW + 10 * DAY)
    part = town.granting.delegate(town.scope("boss"), first.grant_id, passed_on)
    theirs = town.give("chen", WEST, expires_at=NOW + 2 * DAY)
    an, wanted = town.scope("an"), Wanted("committee", "V2", WEST, "u-bai")
    for too_long in (None, NOW + 11 * DAY):
        with pytest.raises(GrantNotPossible) as caught:
            town.granting.add(an, replace(wanted, expires_at=too_long))
        assert caught.value.facts["field"] == "expires_at"
        with pytest.raises(GrantNotPossible):
            town.granting.change(an, theirs.grant_id, theirs.version, too_long, None)
    given = town.granting.add(an, replace(wanted, expires_at=NOW + 9 * DAY))
    assert given.delegated_from == part.grant_id
    given = town.granting.change(an, given.grant_id, given.version, NOW + 10 * DAY, None)
    with pytest.raises(GrantNotPossible):
        town.granting.change(an, given.grant_id, given.version, NOW + 11 * DAY, None)
    shorter = town.granting.change(an, theirs.grant_id, theirs.version, NOW + DAY, None)
    assert shorter.expires_at == NOW + DAY, "what others gave may be shortened"
    town.granting.revoke(ADMINISTRATION, part.grant_id)
    assert (town.sets("an"), town.sets("bai")) == ([], [])
    with pytest.raises(NotAllowed):
        town.granting.add(an, replace(wanted, expires_at=NOW + DAY))


def test_an_administrator_with_an_end_and_one_on_duty_give_no_longer_than_that(town: Town) -> None:
    town.give("boss", WEST, "data_admin", expires_at=NOW + 10 * DAY)
    wanted = Wanted("committee", "V2", WEST, "u-chen", expires_at=NOW + 11 * DAY)
    with pytest.raises(GrantNotPossible):
        town.granting.add(town.scope("boss"), wanted)
    town.give("boss", WEST, "data_admin")
    assert town.granting.add(town.scope("boss"), wanted).delegated_from is None, "one that is for good counts"
    fill_posts(town, "an", "bai")
    town.granting.add(ADMINISTRATION, Wanted("data_admin", "V2", WEST, post_id="p1"))
    with pytest.raises(GrantNotPossible):
        town.granting.add(town.scope("bai"), wanted)
    town.granting.add(town.scope("bai"), replace(wanted, expires_at=NOW + DAY))
    assert town.granting.add(town.scope("an"), replace(wanted, expires_at=None)).expires_at is None


def test_nothing_goes_back_to_who_gave_it(town: Town) -> None:
    parent = town.give("an", WEST, expires_at=NOW + 10 * DAY)
    wanted = Wanted("street_dispatcher", "V2", WEST, "u-bai", expires_at=NOW + DAY)
    part = town.granting.delegate(town.scope("an"), parent.grant_id, wanted)
    with pytest.raises(GrantNotPossible):
        town.granting.delegate(town.scope("bai"), part.grant_id, replace(wanted, user_id="u-an"))


def test_only_the_holder_passes_a_grant_on_and_only_an_administrator_gives_one(town: Town) -> None:
    parent = town.give("an", WEST)
    town.give("bai", EAST)
    wanted = Wanted("committee", "V2", WEST, "u-chen", expires_at=NOW + DAY)
    with pytest.raises(NotAllowed):
        town.granting.delegate(town.scope("bai"), parent.grant_id, wanted)
    with pytest.raises(NotAllowed):
        town.granting.add(town.scope("bai"), wanted)


def test_an_administrator_gives_in_his_own_place_and_not_to_himself(town: Town) -> None:
    town.give("boss", WEST, "data_admin")
    boss = town.scope("boss")
    assert town.granting.add(boss, Wanted("committee", "V2", WEST, "u-an")).granted_by == "u-boss"
    for wanted in (Wanted("committee", "V2", EAST, "u-an"), Wanted("leader", "V2", None, "u-an"),
                   Wanted("committee", "V2", WEST, "u-boss")):  # fmt: skip
        with pytest.raises(NotAllowed):
            town.granting.add(boss, wanted)
    elsewhere = town.give("bai", EAST)
    with pytest.raises(NotFound):
        town.granting.revoke(boss, elsewhere.grant_id)
    with pytest.raises(NotFound):
        town.granting.revoke(boss, boss.grant_ids[0])


def test_an_administrator_lets_nobody_see_more_than_he_sees(town: Town) -> None:
    town.give("boss", WEST, "data_admin")
    boss, wanted = town.scope("boss"), Wanted("committee", "V3", WEST, "u-an")
    with pytest.raises(GrantNotPossible) as caught:
        town.granting.add(boss, wanted)
    assert caught.value.facts["field"] == "lens"
    given = town.granting.add(ADMINISTRATION, replace(wanted, expires_at=NOW + 2 * DAY))
    for later in (None, NOW + 3 * DAY):
        with pytest.raises(GrantNotPossible) as caught:
            town.granting.change(boss, given.grant_id, 1, later, None)
        assert caught.value.facts["field"] == "lens"
    assert town.granting.change(boss, given.grant_id, 1, NOW + DAY, None).expires_at == NOW + DAY
    town.granting.revoke(boss, given.grant_id)
    town.granting.add(boss, replace(wanted, lens="V2"))


def test_an_account_is_emptied_whose_grants_are_parts_of_one_another(town: Town) -> None:
    first = town.give("boss", WEST, "data_admin")
    until = NOW + DAY
    part = Wanted("data_admin", "V2", WEST, "u-an", expires_at=until)
    town.granting.delegate(town.scope("boss"), first.grant_id, part)
    back = town.granting.add(town.scope("an"), Wanted("committee", "V2", WEST, "u-boss", expires_at=until))
    assert back.delegated_from is not None
    with town.engine.records.writing() as writing:
        town.granting.take_back_all(writing, ADMINISTRATION, "u-boss")
    assert (town.sets("boss"), town.sets("an")) == ([], [])


def test_who_gave_a_grant_changes_it_only_while_he_administers(town: Town) -> None:
    own = town.give("boss", WEST, "data_admin")
    given = town.granting.add(town.scope("boss"), Wanted("committee", "V2", WEST, "u-an"))
    assert town.granting.may_change(town.scope("boss"), given)
    town.granting.revoke(ADMINISTRATION, own.grant_id)
    town.give("boss", WEST)
    assert not town.granting.may_change(town.scope("boss"), given)


def test_a_role_of_a_place_is_not_given_for_the_whole_city(town: Town) -> None:
    with pytest.raises(GrantNotPossible) as caught:
        town.give("an", None)
    assert caught.value.facts["field"] == "place_id"
    assert town.give("an", None, "dispatcher").place_id is None


def test_what_was_passed_on_is_shortened_with_its_grant_and_never_lengthened(town: Town) -> None:
    parent = town.give("an", WEST, expires_at=NOW + 4 * DAY)
    wanted = Wanted("committee", "V2", WEST, "u-bai", expires_at=NOW + DAY)
    part = town.granting.delegate(town.scope("an"), parent.grant_id, wanted)
    for end in (NOW + 3 * DAY, None):
        parent = town.granting.change(ADMINISTRATION, parent.grant_id, parent.version, end, None)
        assert town.sets("bai")[0].ends_at == part.expires_at
    town.clock.advance(DAY)
    with pytest.raises(NotFound):
        town.granting.delegate(
            ADMINISTRATION, part.grant_id, replace(wanted, user_id="u-chen", expires_at=NOW + 2 * DAY)
        )


def test_of_a_post_whose_grant_ends_before_the_shift_nothing_is_passed_on_beyond_it(town: Town) -> None:
    fill_posts(town, "an", "bai")
    end = NOW + timedelta(hours=3)
    to_post = Wanted("street_dispatcher", "V2", WEST, post_id="p1", expires_at=end)
    given = town.granting.add(ADMINISTRATION, to_post)
    wanted = Wanted("committee", "V2", WEST, "u-chen", expires_at=end + timedelta(seconds=1))
    with pytest.raises(GrantNotPossible):
        town.granting.delegate(town.scope("bai"), given.grant_id, wanted)
    town.granting.delegate(town.scope("bai"), given.grant_id, replace(wanted, expires_at=end))


def test_who_administers_by_several_grants_gives_as_long_as_the_longest_that_holds(town: Town) -> None:
    town.give("boss", WEST, "data_admin", expires_at=NOW + DAY)
    longest = town.give("boss", WEST, "data_admin", expires_at=NOW + 5 * DAY)
    town.give("boss", EAST, "data_admin", expires_at=NOW + 9 * DAY)
    boss, wanted = town.scope("boss"), Wanted("committee", "V2", WEST, "u-an", expires_at=NOW + 5 * DAY)
    assert town.granting.add(boss, wanted).delegated_from == longest.grant_id
    with pytest.raises(GrantNotPossible):
        town.granting.add(boss, replace(wanted, expires_at=NOW + 6 * DAY))
    town.clock.advance(5 * DAY)
    with pytest.raises(NotAllowed):
        town.granting.add(boss, replace(wanted, expires_at=NOW + 6 * DAY))


def test_a_key_that_gave_something_else_gives_nothing(town: Town) -> None:
    wanted = Wanted("committee", "V2", WEST, "u-an", key="k1")
    given = town.granting.add(ADMINISTRATION, wanted)
    assert town.granting.add(ADMINISTRATION, wanted) == given
    with pytest.raises(KeyReused):
        town.granting.add(ADMINISTRATION, replace(wanted, place_id=EAST))


def test_the_second_of_two_administrators_is_told_what_the_first_did(town: Town) -> None:
    seen = town.give("an", WEST)
    town.granting.change(ADMINISTRATION, seen.grant_id, seen.version, NOW + DAY, "代班")
    with pytest.raises(StaleVersion) as caught:
        town.granting.change(ADMINISTRATION, seen.grant_id, seen.version, None, None)
    facts = caught.value.facts
    assert (facts["expected_version"], facts["actual_version"]) == (1, 2)
    assert (facts["expires_at"], facts["purpose"]) == (NOW + DAY, "代班")
    with pytest.raises(StaleVersion):
        town.granting.revoke(ADMINISTRATION, seen.grant_id, seen.version)
    done = town.granting.revoke(ADMINISTRATION, seen.grant_id, 2)
    assert town.granting.revoke(ADMINISTRATION, seen.grant_id, 2) == done, "the same again writes nothing"


def test_a_grant_to_a_post_is_of_who_holds_it_or_is_on_duty_for_it(town: Town) -> None:
    with town.engine.records.writing() as writing:
        writing.add("organisation", [{"org_id": "org:1", "name": "值班室", "kind": "centre"}])
        writing.add("post", [{"post_id": "p1", "org_id": "org:1", "title": "值班长", "user_name": "an"}])
        writing.add("duty", [{"duty_id": "d1", "org_id": "org:1", "post_id": "p1", "user_name": "bai",
                              "person_name": "测试乙", "starts_at": NOW + DAY, "ends_at": NOW + 2 * DAY}])  # fmt: skip
    town.granting.add(ADMINISTRATION, Wanted("street_dispatcher", "V2", WEST, post_id="p1"))
    assert (town.n_seen("an"), town.sets("bai")) == (5, [])
    town.clock.advance(DAY)
    assert town.n_seen("bai") == 5
    assert town.sets("bai")[0].ends_at == NOW + 2 * DAY, "a stream ends with the shift"
    town.clock.advance(DAY)
    assert town.sets("bai") == []
    assert town.sets("an")


def fill_posts(town: Town, holder: str, on_duty: str) -> None:
    """Let one account hold the post p1, and another be on duty for it until tomorrow."""
    with town.engine.records.writing() as writing:
        writing.add("organisation", [{"org_id": "org:1", "name": "值班室", "kind": "centre"}])
        writing.add("post", [{"post_id": "p1", "org_id": "org:1", "title": "值班长", "user_name": holder}])
        writing.add("duty", [{"duty_id": "d1", "org_id": "org:1", "post_id": "p1", "user_name": on_duty,
                              "person_name": "测试乙", "starts_at": NOW, "ends_at": NOW + DAY}])  # fmt: skip


@pytest.mark.parametrize(("holder", "on_duty"), [("boss", "an"), ("an", "boss")])
def test_a_post_that_one_fills_is_oneself(town: Town, holder: str, on_duty: str) -> None:
    fill_posts(town, holder, on_duty)
    town.give("boss", WEST, "data_admin")
    to_post = Wanted("street_dispatcher", "V2", WEST, post_id="p1", expires_at=NOW + DAY)
    with pytest.raises(NotAllowed):
        town.granting.add(town.scope("boss"), to_post)
    given = town.granting.add(ADMINISTRATION, to_post)
    boss = next(one.scope for one in town.sets("boss") if one.scope.role == "data_admin")
    assert not town.granting.may_change(boss, given)
    with pytest.raises(NotFound):
        town.granting.change(boss, given.grant_id, 1, None, None)
    with pytest.raises(NotFound):
        town.granting.revoke(boss, given.grant_id)
    town.give("bai", WEST, "data_admin")
    assert town.granting.may_change(town.scope("bai"), given)
    own = town.give("boss", EAST, expires_at=NOW + 2 * DAY)
    acting = next(one.scope for one in town.sets("boss") if own.grant_id in one.scope.grant_ids)
    with pytest.raises(GrantNotPossible):
        town.granting.delegate(acting, own.grant_id, replace(to_post, role="committee", place_id=EAST))


def test_what_is_passed_on_of_a_post_ends_with_the_shift(town: Town) -> None:
    fill_posts(town, "an", "bai")
    given = town.granting.add(ADMINISTRATION, Wanted("street_dispatcher", "V2", WEST, post_id="p1"))
    wanted = Wanted("committee", "V2", WEST, "u-chen", expires_at=NOW + DAY)
    later = NOW + DAY + timedelta(seconds=1)
    with pytest.raises(GrantNotPossible) as caught:
        town.granting.delegate(town.scope("bai"), given.grant_id, replace(wanted, expires_at=later))
    assert caught.value.facts["field"] == "expires_at"
    on_duty = town.scope("bai")
    part = town.granting.delegate(on_duty, given.grant_id, wanted)
    with pytest.raises(GrantNotPossible):
        town.granting.change(on_duty, part.grant_id, 1, later, None)
    town.clock.advance(DAY / 2)
    shorter = town.granting.change(on_duty, part.grant_id, 1, NOW + DAY - timedelta(hours=1), None)
    town.clock.advance(DAY / 2)
    with pytest.raises(GrantNotPossible):
        town.granting.change(on_duty, part.grant_id, shorter.version, later + DAY, None)
    held = town.granting.delegate(town.scope("an"), given.grant_id, replace(wanted, expires_at=later))
    assert held.expires_at == later, "whoever holds the post passes it on beyond a shift"


def test_nothing_goes_back_to_who_gave_the_first_grant_and_a_post_may_be_passed_to(town: Town) -> None:
    fill_posts(town, "chen", "chen")
    town.give("boss", WEST, "data_admin")
    given = town.granting.add(town.scope("boss"), Wanted("street_dispatcher", "V2", WEST, "u-an"))
    wanted = Wanted("committee", "V2", WEST, "u-boss", expires_at=NOW + DAY)
    with pytest.raises(GrantNotPossible):
        town.granting.delegate(town.scope("an"), given.grant_id, wanted)
    to_post = replace(wanted, user_id=None, post_id="p1")
    part = town.granting.delegate(town.scope("an"), given.grant_id, to_post)
    further = replace(to_post, user_id="u-bai", post_id=None)
    assert town.granting.delegate(town.scope("chen"), part.grant_id, further).delegated_from == part.grant_id
    with pytest.raises(GrantNotPossible):
        town.granting.delegate(town.scope("bai"), town.scope("bai").grant_ids[0], to_post)


def test_every_change_is_in_the_audit_in_its_transaction(town: Town) -> None:
    grant = town.give("an", WEST)
    town.granting.revoke(ADMINISTRATION, grant.grant_id)
    rows = town.engine.records.read(town.planner.system("audit_row"), Query("audit_row", sort=("seq",))).rows
    assert [(row["act"], row["details"]["kind"]) for row in rows] == [
        ("grant", "granted"),
        ("grant", "revoked"),
    ]
    with pytest.raises(GrantNotPossible):
        town.give("nobody", WEST)
    again = town.engine.records.read(town.planner.system("audit_row"), Query("audit_row"))
    assert again.n_total == 2
