"""A stream ends with the grants that it rests on, on every server of the store."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from huitian.api.sign_in import add_user, new_user
from huitian.app.demo import open_demo
from huitian.base.granting import ADMINISTRATION, Granting, Wanted
from tests.api.serving import WAIT_S, Served, problem, serving
from tests.api.test_stream import Heard, listening

pytestmark = pytest.mark.served


def test_a_grant_that_is_taken_back_ends_its_stream_within_5_s_on_every_server(
    folder: Path, served: Served
) -> None:
    settings = replace(served.city.settings, sse_heartbeat_s=300)
    cities = [open_demo(folder, settings) for _ in range(2)]
    user = new_user("taken.back", "鹤望兰 一天一开 九朵", "", "committee", "V2")
    add_user(cities[0], user)
    granting = Granting(cities[1].engine.records, cities[1].planner, cities[1].clock)
    with serving(cities[0]) as running, running.client() as client, listening(running, "leader") as other:
        client.post("/v1/session", json={"user_name": "taken.back", "password": "鹤望兰 一天一开 九朵"})
        heard = Heard(client)
        heard.thread.start()
        assert heard.is_open.wait(WAIT_S)
        granting.revoke(ADMINISTRATION, user.grant.grant_id)
        assert heard.is_over.wait(5)
        problem(client.get("/v1/entities"), 401, "not_signed_in")
        assert not other.is_over.is_set()
    for city in cities:
        city.close()


def test_a_grant_that_ends_by_itself_ends_its_stream(folder: Path, served: Served) -> None:
    city = open_demo(folder, replace(served.city.settings, sse_heartbeat_s=300))
    user = new_user("ends.soon", "鹤望兰 一天一开 九朵", "", "committee", "V2")
    add_user(city, user)
    granting = Granting(city.engine.records, city.planner, city.clock)
    with serving(city) as running, running.client() as client:
        granting.change(ADMINISTRATION, user.grant.grant_id, 1, city.clock.now() + timedelta(seconds=2), None)
        client.post("/v1/session", json={"user_name": "ends.soon", "password": "鹤望兰 一天一开 九朵"})
        heard = Heard(client)
        heard.thread.start()
        assert heard.is_open.wait(WAIT_S)
        assert heard.is_over.wait(WAIT_S)
    city.close()


def test_a_session_picks_among_the_grants_of_its_account(folder: Path, served: Served) -> None:
    city = open_demo(folder, served.city.settings)
    user = new_user("two.hats", "鹤望兰 一天一开 九朵", "", "committee", "V2", "admin:110100")
    add_user(city, user)
    granting = Granting(city.engine.records, city.planner, city.clock)
    granting.add(ADMINISTRATION, Wanted("leader", "V1", None, user.account["user_id"]))
    with serving(city) as running, running.client() as client:
        answer = client.post(
            "/v1/session", json={"user_name": "two.hats", "password": "鹤望兰 一天一开 九朵"}
        )
        client.headers["X-CSRF-Token"] = answer.json()["csrf"]
        told = answer.json()["user"]
        assert (told["role"], len(told["sets"])) == ("leader", 2)
        heard = Heard(client)
        heard.thread.start()
        assert heard.is_open.wait(WAIT_S)
        picked = client.put("/v1/session/acting", json={"acting": told["sets"][1]["key"]}).json()["user"]
        assert (picked["role"], picked["lens"]) == ("committee", "V2")
        assert client.get("/v1/session").json()["user"]["role"] == "committee"
        assert heard.is_over.wait(WAIT_S), "it was opened under the other grants"
        problem(client.put("/v1/session/acting", json={"acting": "x"}), 422, "grant_not_possible")
    city.close()
