"""Posts and shifts by file: what is kept, what is refused and why, and who has a grant by them."""

from datetime import UTC, datetime, timedelta

from huitian.base.granting import ADMINISTRATION, Granting, Wanted
from huitian.base.grants import Holdings
from huitian.base.rosters import duty_of, on_duty
from huitian.clock import ManualClock
from tests.ingest.towns import Town

POSTS = """岗位,单位,名称,账号
p-1,c-1,值班长,
p-2,none,值班长,
"""
POST_MAP = """source_id = "posts"
entity = "post"
[columns]
post_id = "岗位"
org_id = "单位"
title = "名称"
user_name = "账号"
"""
ROSTER = """班次,单位,岗位,地方,账号,姓名,能办,顶替,上班,下班
d1,c-1,p-1,990101001,Wang,测试甲,派单,,2099-01-01 08:00,2099-01-01 16:00
d2,c-1,p-1,990101001,,测试乙,派单,测试甲,2099-01-01 16:00,2099-01-02 00:00
d3,c-1,p-1,990101001,,测试丙,派单,,2099-01-01 16:00,2099-01-01 08:00
d4,c-1,none,990101001,,测试丁,派单,,2099-01-01 08:00,2099-01-01 16:00
d5,c-1,p-1,990101001,,,派单,,2099-01-01 08:00,2099-01-01 16:00
d6,c-1,p-1,990101999,,测试戊,派单,,2099-01-01 08:00,2099-01-01 16:00
"""
ROSTER_MAP = """source_id = "roster"
entity = "duty"
tree = "admin"
[columns]
duty_id = "班次"
org_id = "单位"
post_id = "岗位"
place_code = "地方"
user_name = "账号"
person_name = "姓名"
can_do = "能办"
instead_of = "顶替"
starts_at = "上班"
ends_at = "下班"
"""
MORNING = datetime(2099, 1, 1, 1, tzinfo=UTC)


def test_a_roster_comes_by_file_and_says_who_is_on_duty(streets: Town) -> None:
    with streets.city.engine.records.writing() as writing:
        writing.add("organisation", [{"org_id": "c-1", "name": "值班室", "kind": "centre"}])
        writing.add("user_account", [{"user_id": "u-wang", "user_name": "wang", "is_demo": False}])
    posts = streets.load("csv", POSTS, POST_MAP, name="posts")
    assert (posts.n_written, posts.n_rejected) == (1, 1)
    found = streets.load("csv", ROSTER, ROSTER_MAP)
    assert (found.n_written, found.n_rejected) == (2, 4), found
    why = {row["source_key"]: row["reason_code"] for row in streets.rows("reject")}
    assert why == {
        "p-2": "unknown_code",
        "d3": "bad_date",
        "d4": "unknown_code",
        "d5": "missing_value",
        "d6": "unknown_code",
    }
    planner = streets.city.planner
    assert [row["person_name"] for row in on_duty(planner, planner.system("duty"), MORNING)] == ["测试甲"]
    told = duty_of(planner, "V1", ["c-1"], MORNING)["c-1"][0]
    assert (told["person_name"], told["phone"]) == ("测试某", None)
    again = streets.load("csv", ROSTER, ROSTER_MAP)
    assert again.n_written == 0, "the same file again writes nothing"


def test_who_is_on_duty_has_the_grant_of_the_post(streets: Town) -> None:
    test_a_roster_comes_by_file_and_says_who_is_on_duty(streets)
    city, clock = streets.city, ManualClock(MORNING)
    granting = Granting(city.engine.records, city.planner, clock)
    granting.add(ADMINISTRATION, Wanted("street_dispatcher", "V2", "admin:990101001", post_id="p-1"))
    holdings = Holdings(city.engine.records, city.planner, clock)
    account = {"user_id": "u-wang", "user_name": "wang", "org_id": None}
    (acting,) = holdings.sets_of(account)
    assert acting.ends_at == datetime(2099, 1, 1, 8, tzinfo=UTC)
    clock.advance(timedelta(hours=7))
    assert holdings.sets_of(account) == []
