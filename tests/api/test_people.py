"""Accounts, grants and duty over HTTP: who may list, give, pass on and take back, and what the second is told."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from huitian.api.accounts import change_names
from huitian.api.sign_in import add_user, new_user
from huitian.app import OpenCity
from huitian.app.demo import open_demo
from huitian.base.granting import ADMINISTRATION, Granting, Wanted
from tests.api.serving import Served, problem, serving
from tests.api.test_cases import new_case, take

PASSWORD = "鹤望兰 一天一开 九朵"


@pytest.fixture
def own(folder: Path, served: Served) -> Iterator[Served]:
    """Serve the small city with two administrators and somebody to give to."""
    city = open_demo(folder, served.city.settings)
    for name, role in (("boss.one", "data_admin"), ("boss.two", "data_admin"), ("new.one", "grid_worker")):
        if not any(row["user_name"] == name for row in users_of(city)):
            place = None if role == "data_admin" else city.settings.root_place
            add_user(city, new_user(name, PASSWORD, "测试新", role, "V2", place))
    with serving(city) as running:
        yield running
    city.close()


def users_of(city: OpenCity) -> list[dict[str, Any]]:
    from huitian.model.query import Query

    return list(
        city.planner.read(city.planner.system("user_account"), Query("user_account", limit=1000)).rows
    )


@contextmanager
def signed_in(own: Served, name: str) -> Iterator[httpx.Client]:
    with own.client() as client:
        answer = client.post("/v1/session", json={"user_name": name, "password": PASSWORD})
        assert answer.status_code == 200, answer.text
        client.headers["X-CSRF-Token"] = answer.json()["csrf"]
        yield client


def one_user(client: httpx.Client, name: str) -> dict[str, Any]:
    items = client.get("/v1/users", params={"find": name}).json()["items"]
    return next(one for one in items if one["user_name"] == name)


def test_an_administrator_gives_changes_and_takes_back(own: Served) -> None:
    end = (own.city.clock.now() + timedelta(days=3)).isoformat()
    body = {"idempotency_key": "give-key-1", "role": "committee", "lens": "V2", "user_name": "new.one",
            "place_id": own.city.settings.root_place, "expires_at": end, "purpose": "代班"}  # fmt: skip
    with signed_in(own, "boss.one") as first, signed_in(own, "boss.two") as second:
        given = first.post("/v1/grants", json=body)
        assert given.status_code == 201, given.text
        grant = given.json()
        assert (grant["state"], grant["role_zh"], grant["can_change"]) == ("in_force", "社区工作者", True)
        assert first.post("/v1/grants", json=body).json()["grant_id"] == grant["grant_id"]
        problem(first.post("/v1/grants", json=body | {"role": "grid_worker"}), 409, "key_reused")
        seen = one_user(second, "new.one")
        assert grant["grant_id"] in {one["grant_id"] for one in seen["grants"]}
        path = f"/v1/grants/{grant['grant_id']}"
        changed = first.put(path, json={"expected_version": 1, "expires_at": None, "purpose": "长期"}).json()
        assert (changed["version"], changed["expires_at"]) == (2, None)
        told = problem(
            second.put(path, json={"expected_version": 1, "expires_at": end}), 409, "stale_version"
        )
        assert (told["actual_version"], told["purpose"]) == (2, "长期")
        revoked = second.post(f"{path}/revocation", json={"expected_version": 2})
        assert revoked.json()["state"] == "revoked"
        assert second.post(f"{path}/revocation", json={"expected_version": 2}).status_code == 200
        problem(first.put(path, json={"expected_version": 3}), 404, "not_found")


def test_nobody_gives_to_himself_nor_looks_who_may_not(own: Served, street: httpx.Client) -> None:
    with signed_in(own, "boss.one") as boss:
        body = {"idempotency_key": "give-key-2", "role": "dispatcher", "lens": "V2", "user_name": "boss.one"}
        more = boss.post("/v1/grants", json=body | {"lens": "V3", "user_name": "new.one"})
        assert problem(more, 422, "grant_not_possible")["field"] == "lens", "he sees V2 himself"
        problem(boss.post("/v1/grants", json=body), 403, "not_allowed")
        told = problem(
            boss.post("/v1/grants", json=body | {"user_name": "nobody"}), 422, "grant_not_possible"
        )
        assert told["field"] == "user"
    problem(street.get("/v1/users"), 403, "not_allowed")


def test_the_holder_passes_a_part_on(own: Served) -> None:
    granting = Granting(own.city.engine.records, own.city.planner, own.city.clock)
    user_id = next(row["user_id"] for row in users_of(own.city) if row["user_name"] == "new.one")
    place_id = own.city.settings.root_place
    given = granting.add(ADMINISTRATION, Wanted("street_dispatcher", "V2", place_id, user_id))
    end = (own.city.clock.now() + timedelta(days=3)).isoformat()
    body = {"idempotency_key": f"part-{given.grant_id}", "role": "committee", "lens": "V2",
            "user_name": "boss.two", "place_id": place_id, "expires_at": end}  # fmt: skip
    with signed_in(own, "new.one") as client:
        mine = client.get("/v1/grants").json()
        assert given.grant_id in {one["grant_id"] for one in mine["items"] if one["can_delegate"]}
        path = f"/v1/grants/{given.grant_id}/delegations"
        part = client.post(path, json=body)
        assert part.status_code == 201, part.text
        assert part.json()["delegated_from"] == given.grant_id
        passed = client.get("/v1/grants").json()["passed_on"]
        assert [one["user_name"] for one in passed] == ["boss.two"]
        assert passed[0]["grants"][0]["can_change"]
        problem(
            client.post(path, json=body | {"idempotency_key": "part-key-9", "lens": "V3"}),
            422,
            "grant_not_possible",
        )
        problem(client.post("/v1/grants", json=body), 403, "not_allowed")
        naive = body | {"idempotency_key": "part-key-8", "expires_at": "2099-01-01T00:00:00"}
        problem(client.post(path, json=naive), 422, "invalid_input")
    granting.revoke(ADMINISTRATION, given.grant_id)
    with signed_in(own, "boss.two") as other:
        assert other.get("/v1/session").json()["user"]["role"] == "data_admin"


def test_who_is_told_of_is_named_in_the_language_of_the_reader(own: Served) -> None:
    change_names(own.city, "boss.one", "测试新一", "Ceshi Xinyi")
    body = {"idempotency_key": "named-key-1", "role": "committee", "lens": "V2", "user_name": "new.one",
            "place_id": own.city.settings.root_place, "expires_at": None}  # fmt: skip
    pair = ("Ceshi Xinyi", "测试新一")
    with signed_in(own, "boss.one") as client:
        client.headers["Accept-Language"] = "en"
        given = client.post("/v1/grants", json=body)
        assert given.status_code == 201, given.text
        assert (given.json()["granted_by"], given.json()["granted_by_zh"]) == pair
        who = client.get("/v1/session").json()["user"]
        assert (who["display_name"], who["display_name_zh"]) == pair
        found = client.get("/v1/users", params={"find": "xinyi"}).json()["items"]
        assert [(one["display_name"], one["display_name_zh"]) for one in found] == [pair]
        assert any(one["granted_by"] == "Ceshi Xinyi" for one in one_user(client, "new.one")["grants"])
        place = client.get("/v1/packs").json()["places"][0]["place_id"]
        stage = {"place_id": place, "stage": "pilot"}
        (cell,) = (one for one in client.put("/v1/packs/mailbox/stage", json=stage).json()["places"][0]["cells"]
                   if one["pack_id"] == "mailbox")  # fmt: skip
        assert (cell["changed_by"], cell["changed_by_zh"]) == pair
        assert cell["decided_in_name"].isascii(), "places too"
        client.put("/v1/packs/mailbox/stage", json=stage | {"stage": None})
        client.headers["Accept-Language"] = "zh-CN"
        who = client.get("/v1/session").json()["user"]
        assert (who["display_name"], who["display_name_zh"]) == ("测试新一", None)
    with own.signed_in("auditor") as auditor:
        wanted = {"act": "grant", "limit": 50}
        rows = auditor.get("/v1/audit/rows", params=wanted, headers={"Accept-Language": "en"}).json()["rows"]
        assert pair in {(row["user_name"], row["user_name_zh"]) for row in rows}
        assert "Ceshi" not in auditor.get("/v1/audit/rows.csv", params=wanted).text, (
            "a file names who it was as written"
        )


def test_who_acted_in_a_case_and_who_is_on_duty_has_an_english_name(
    served: Served, dispatcher: httpx.Client, nobody: httpx.Client
) -> None:
    english = {"Accept-Language": "en"}
    demo = nobody.get("/v1/session", headers=english).json()["demo_users"]
    names = {one["user_name"]: (one["display_name"], one["display_name_zh"]) for one in demo}
    assert names["dispatcher"] == ("Ceshi Yi", "测试乙")
    case = new_case(served, dispatcher)
    take(dispatcher, case, "note", words={"note": "看过"})
    step = dispatcher.get(f"/v1/cases/{case['case_id']}", headers=english).json()["steps"][-1]
    assert (step["actor_name"], step["actor_name_zh"]) == names["dispatcher"]
    duty = dispatcher.get("/v1/duty", headers=english).json()["items"]
    assert duty
    assert all(one["person_name"].startswith("Ceshi ") and one["person_name_zh"] for one in duty)
    owners = dispatcher.get(f"/v1/cases/{case['case_id']}/owners", headers=english).json()["items"]
    shifts = [shift for one in owners for shift in one["on_duty"]]
    assert all(shift["person_name"].startswith("Ceshi ") for shift in shifts)
    with served.signed_in("leader") as wall:
        duty = wall.get("/v1/duty", headers=english).json()["items"]
        assert all(not one["person_name"].isascii() and one["person_name_zh"] is None for one in duty), (
            "under the least lens a surname is all that is told"
        )


def test_who_is_on_duty_in_the_own_place(own: Served, dispatcher: httpx.Client, street: httpx.Client) -> None:
    everywhere = dispatcher.get("/v1/duty").json()["items"]
    here = street.get("/v1/duty").json()["items"]
    place_id = street.get("/v1/session").json()["user"]["place_id"]
    assert {one["place_id"] for one in here} == {place_id}
    assert 0 < len(here) < len(everywhere)
    assert all(one["person_name"].startswith("测试") and one["phone"].startswith("120") for one in everywhere)
    then = dispatcher.get("/v1/duty", params={"at": "2000-01-01T00:00:00Z", "place": place_id})
    assert then.json()["items"] == []
    problem(dispatcher.get("/v1/duty", params={"at": "2026-01-01T00:00:00"}), 422, "invalid_input")
    case_id = dispatcher.get("/v1/cases", params={"limit": 1}).json()["items"][0]["case_id"]
    owners = dispatcher.get(f"/v1/cases/{case_id}/owners").json()["items"]
    assert all("on_duty" in one for one in owners)
