"""Packs by place: what is off is not given, who may switch, what is counted, what is said."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from huitian.model.query import Query
from tests.api.serving import Served, problem

SECRET_PHONE = "13912345678"


@pytest.fixture(scope="module")
def data_admin(served: Served) -> Iterator[httpx.Client]:
    with served.signed_in("data_admin") as client:
        yield client


@pytest.fixture
def root(data_admin: httpx.Client) -> str:
    return str(data_admin.get("/v1/city").json()["root_place_id"])


@pytest.fixture
def own_street(street: httpx.Client) -> str:
    return str(street.get("/v1/session").json()["user"]["place_id"])


def switch(client: httpx.Client, place_id: str, stage: str | None, pack_id: str = "mailbox") -> Any:
    answer = client.put(f"/v1/packs/{pack_id}/stage", json={"place_id": place_id, "stage": stage})
    assert answer.status_code == 200, answer.text
    return answer.json()


def shown(client: httpx.Client, end: str = "desk", **more: str) -> dict[str, str]:
    answer = client.get("/v1/panels", params={"end": end, **more})
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert {panel["pack_id"] for panel in told["panels"]} == {pack["pack_id"] for pack in told["packs"]}
    return {pack["pack_id"]: pack["stage"] for pack in told["packs"]}


def cell(board: Any, place_id: str, pack_id: str = "mailbox") -> Any:
    row = next(place for place in board["places"] if place["place_id"] == place_id)
    return next(one for one in row["cells"] if one["pack_id"] == pack_id)


def test_a_pack_that_is_off_in_a_street_is_off_there_alone(
    data_admin: httpx.Client, street: httpx.Client, dispatcher: httpx.Client, root: str, own_street: str
) -> None:
    assert shown(street) == {"mailbox": "on", "overview": "on"}
    board = switch(data_admin, own_street, "off")
    one = cell(board, own_street)
    assert (one["stage"], one["is_own"], one["decided_in"]) == ("off", True, own_street)
    assert one["changed_by"]
    assert one["changed_at"]
    below = board["places"][1]
    assert cell(board, below["place_id"])["stage"] == "off"
    assert cell(board, below["place_id"])["is_own"] is False
    assert shown(street) == {"overview": "on"}
    assert shown(dispatcher) == {"mailbox": "on", "overview": "on"}
    assert shown(dispatcher, place=own_street) == {"overview": "on"}
    # The nearest decision counts, not the widest.
    switch(data_admin, root, "pilot")
    assert shown(dispatcher)["mailbox"] == "pilot"
    assert shown(street) == {"overview": "on"}
    switch(data_admin, own_street, None)
    assert shown(street)["mailbox"] == "pilot"
    switch(data_admin, root, None)
    assert shown(street) == shown(dispatcher) == {"mailbox": "on", "overview": "on"}


def test_the_same_decision_twice_is_one(data_admin: httpx.Client, served: Served, own_street: str) -> None:
    def n_decisions() -> int:
        planner = served.city.planner
        return planner.read(planner.system("pack_state"), Query("pack_state", limit=1)).n_total

    switch(data_admin, own_street, "pilot")
    before = n_decisions()
    first = cell(switch(data_admin, own_street, "pilot"), own_street)
    assert n_decisions() == before
    assert first["stage"] == "pilot"
    switch(data_admin, own_street, None)
    assert n_decisions() == before + 1


def test_a_street_switches_its_own_place_and_nobody_elses(
    street: httpx.Client, dispatcher: httpx.Client, leader: httpx.Client, root: str, own_street: str
) -> None:
    assert cell(switch(street, own_street, "on"), own_street)["is_own"]
    switch(street, own_street, None)
    other = next(p["place_id"] for p in dispatcher.get(f"/v1/places?parent={root}").json()["items"]
                 if p["place_id"] != own_street)  # fmt: skip
    for place_id in (root, other):
        answer = street.put("/v1/packs/mailbox/stage", json={"place_id": place_id, "stage": "off"})
        problem(answer, 403, "not_allowed")
        problem(street.get("/v1/packs", params={"place": place_id}), 403, "not_allowed")
        problem(street.get("/v1/panels", params={"end": "desk", "place": place_id}), 403, "not_allowed")
    body = {"place_id": own_street, "stage": "off"}
    problem(dispatcher.put("/v1/packs/mailbox/stage", json=body), 403, "not_allowed")
    problem(leader.put("/v1/packs/mailbox/stage", json=body), 403, "not_allowed")
    problem(dispatcher.get("/v1/packs"), 403, "not_allowed")
    board = leader.get("/v1/packs").json()
    assert board["can_switch"] is False
    assert all(one["changed_by"] is None for place in board["places"] for one in place["cells"])


def test_what_cannot_be_decided_is_refused(data_admin: httpx.Client, root: str) -> None:
    put = "/v1/packs/mailbox/stage"
    problem(data_admin.put("/v1/packs/none/stage", json={"place_id": root, "stage": "on"}), 404, "not_found")
    problem(data_admin.put(put, json={"place_id": "admin:none", "stage": "on"}), 404, "unknown_place")
    problem(data_admin.put(put, json={"place_id": root, "stage": "maybe"}), 422, "invalid_input")


def test_use_is_counted_by_place_and_day_without_persons(
    street: httpx.Client, data_admin: httpx.Client, served: Served, root: str, own_street: str
) -> None:
    before = cell(data_admin.get("/v1/packs").json(), root)
    uses = [{"pack_id": "mailbox", "n_shown": 2, "n_acted": 1}, {"pack_id": "none", "n_shown": 1}]
    for _ in range(2):
        answer = street.post("/v1/pack-uses", json={"uses": uses})
        assert (answer.status_code, answer.json()) == (202, {"n_counted": 1})
    board = data_admin.get("/v1/packs").json()
    for place_id in (root, own_street):
        now = cell(board, place_id)
        assert (now["n_shown"] - before["n_shown"], now["n_acted"] - before["n_acted"]) == (4, 2)
    planner = served.city.planner
    rows = planner.read(planner.system("pack_use"), Query("pack_use")).rows
    assert {frozenset(row) for row in rows} == {
        frozenset({"pack_id", "place_id", "used_on", "n_shown", "n_acted"})
    }
    days = data_admin.get("/v1/packs/mailbox/feedback").json()["days"]
    assert days[-1]["n_shown"] >= 4
    problem(
        street.post("/v1/pack-uses", json={"uses": [{"pack_id": "mailbox", "n_shown": -1}]}),
        422,
        "invalid_input",
    )


def test_a_remark_is_kept_once_and_without_who_said_it(
    street: httpx.Client, data_admin: httpx.Client, dispatcher: httpx.Client, served: Served, own_street: str
) -> None:
    said = {"panel_id": "mailbox.page_rates", "verdict": "unclear", "idempotency_key": "remark-key-1",
            "words": f"口径看不懂，请打{SECRET_PHONE}"}  # fmt: skip
    url = "/v1/packs/mailbox/feedback"
    first, again = street.post(url, json=said), street.post(url, json=said)
    assert (first.status_code, again.status_code) == (201, 201), first.text
    assert first.json() == again.json()
    problem(street.post(url, json=said | {"verdict": "wrong"}), 409, "key_reused")
    told = data_admin.get(url, params={"place": own_street}).json()
    assert (told["n_total"], told["counts"]) == (1, {"unclear": 1})
    assert told["items"][0]["place_id"] == own_street
    assert told["items"][0]["panel_zh"] == "三率"
    assert SECRET_PHONE not in str(told)
    planner = served.city.planner
    kept = planner.read(planner.system("pack_feedback"), Query("pack_feedback")).rows
    assert SECRET_PHONE not in str(kept)
    user_id = street.get("/v1/session").json()["user"]["user_id"]
    assert user_id not in str(kept)
    problem(dispatcher.get(url), 403, "not_allowed")
    problem(street.post(url, json=said | {"panel_id": "mailbox.none"}), 404, "not_found")
    problem(street.post(url, json=said | {"words": "长" * 301}), 422, "invalid_input")


def test_a_switch_is_an_event_for_every_open_page(
    served: Served, data_admin: httpx.Client, street: httpx.Client, root: str
) -> None:
    """The root lies above the reader's street: the street hears of it all the same."""
    with street.stream("GET", "/v1/stream", params={"topics": "pack_stage"}, timeout=20) as stream:
        lines = stream.iter_lines()
        switch(data_admin, root, "pilot")
        told = next(line for line in lines if line.startswith("data:") and "pack_switched" in line)
    assert '"stage":"pilot"' in told
    assert f'"place_id":"{root}"' in told
    switch(data_admin, root, None)


def test_the_owner_of_a_pack_is_told(data_admin: httpx.Client) -> None:
    cards = {card["pack_id"]: card for card in data_admin.get("/v1/packs").json()["packs"]}
    told = (cards["mailbox"]["owner_name"], cards["mailbox"]["owner_contact"])
    assert told == ("回天", "代码仓库的议题页")
    english = data_admin.get("/v1/packs/mailbox/feedback", headers={"Accept-Language": "en"}).json()["pack"]
    assert (english["owner_name"], english["owner_contact"]) == ("Huitian", "issues of the repository")


def test_residents_say_what_they_think_of_the_public_page(
    nobody: httpx.Client, data_admin: httpx.Client, served: Served
) -> None:
    said = {"panel_id": "mailbox.write", "verdict": "unclear", "words": f"打 {SECRET_PHONE} 没人接",
            "idempotency_key": "a-resident-said-so"}  # fmt: skip
    first = nobody.post("/v1/packs/mailbox/feedback", json=said)
    assert first.status_code == 201, first.text
    assert nobody.post("/v1/packs/mailbox/feedback", json=said).json() == first.json()
    kept = data_admin.get("/v1/packs/mailbox/feedback").json()["items"]
    mine = next(row for row in kept if row["feedback_id"] == first.json()["feedback_id"])
    assert SECRET_PHONE not in str(mine)
    inner = said | {"panel_id": "mailbox.page_rates", "idempotency_key": "another-one"}
    problem(nobody.post("/v1/packs/mailbox/feedback", json=inner), 404, "not_found")
    cross = {"Sec-Fetch-Site": "cross-site"}
    problem(nobody.post("/v1/packs/mailbox/feedback", json=said, headers=cross), 403, "csrf_missing")
    problem(
        data_admin.post("/v1/packs/mailbox/feedback", json=said, headers={"X-CSRF-Token": "x"}),
        403,
        "csrf_missing",
    )
