"""Cases over HTTP: a letter goes all the way, two people at once, one key twice."""

from typing import Any

import httpx

from huitian.model.query import Condition, Query
from tests.api.serving import Served, problem
from tests.api.test_letters import letter


def take(client: httpx.Client, case: dict[str, Any], action: str, **more: Any) -> httpx.Response:
    body = {"action": action, "expected_version": case["version"], "facts": {}, "words": {},
            "idempotency_key": f"{case['case_id']}-{action}-{case['version']}", **more}  # fmt: skip
    return client.post(f"/v1/cases/{case['case_id']}/steps", json=body)


def new_case(served: Served, client: httpx.Client, **more: Any) -> dict[str, Any]:
    with served.client() as nobody:
        receipt = nobody.post("/v1/letters", json=letter(**more)).json()
    row = client.get("/v1/cases", params={"q": receipt["case_no"]}).json()["items"][0]
    page: dict[str, Any] = client.get(f"/v1/cases/{row['case_id']}").json()
    return page | {"follow_code": receipt["follow_code"]}


def test_a_letter_goes_all_the_way(served: Served, dispatcher: httpx.Client, nobody: httpx.Client) -> None:
    grid = dispatcher.get("/v1/places", params={"level": "grid", "limit": 1}).json()["items"][0]
    lon, lat = grid["label"]
    case = new_case(served, dispatcher, lon=lon, lat=lat, name="测试甲", phone="12013800138")
    assert case["place_id"] == grid["place_id"]
    assert case["contact"]["name"] != "测试甲"
    before = dispatcher.get("/v1/numbers/cases.open", params={"place": grid["place_id"]}).json()["value"]

    owners = dispatcher.get(f"/v1/cases/{case['case_id']}/owners").json()["items"]
    assert abs(sum(owners[0]["weights"].values()) - 1) < 1e-9
    facts = {"org_id": owners[0]["org_id"], "is_suggested": True}
    case = take(dispatcher, case, "dispatch", facts=facts).json()
    assert (case["state"], case["owner_name"]) == ("dispatched", owners[0]["name"])
    for action, words in (
        ("sign", {}),
        ("handle", {"note": "去看了"}),
        ("reply", {"reply": "修好了，请查看。"}),
    ):
        answer = take(dispatcher, case, action, words=words)
        assert answer.status_code == 200, answer.text
        case = answer.json()
    assert case["state"] == "replied"

    code = {"code": case_code(served, case["case_no"])}
    path = f"/v1/letters/{case['case_no']}"
    told = nobody.get(path, headers={"X-Follow-Code": code["code"]}).json()
    assert told["can_rate"] is True
    assert "修好了，请查看。" in {step["words"] for step in told["steps"]}
    rating = {**code, "is_contacted": True, "solved": "solved", "satisfied": "very", "words": "谢谢",
              "idempotency_key": f"rate-{case['case_no']}"}  # fmt: skip
    rated = nobody.post(f"{path}/rating", json=rating)
    assert rated.status_code == 200, rated.text
    assert (rated.json()["solved"], rated.json()["satisfied"]) == ("solved", "very")
    assert nobody.post(f"{path}/rating", json=rating).json() == rated.json()

    case = dispatcher.get(f"/v1/cases/{case['case_id']}").json()
    closed = take(dispatcher, case, "close").json()
    assert closed["closed_at"]
    after = dispatcher.get("/v1/numbers/cases.open", params={"place": grid["place_id"]}).json()
    assert after["value"] == before - 1


def case_code(served: Served, case_no: str) -> str:
    """Return the follow code of a case, as the writer has it; the store keeps only its hash."""
    from huitian.cases.follow import follow_code, secret_of

    city = served.city
    query = Query("case", (Condition("case_no", "eq", case_no),), columns=("case_id",))
    case_id = city.planner.read(city.planner.system("case"), query).rows[0]["case_id"]
    secret = secret_of(city.engine.records, city.planner)
    assert secret is not None
    return follow_code(secret, case_id)


def test_the_second_writer_is_told_what_changed(served: Served, dispatcher: httpx.Client) -> None:
    case = new_case(served, dispatcher)
    assert take(dispatcher, case, "note", words={"note": "先到的"}).status_code == 200
    answer = take(dispatcher, case, "note", words={"note": "后到的"}, idempotency_key="second-writer")
    told = problem(answer, 409, "stale_version")
    assert told["expected_version"] == case["version"]
    assert [step["action"] for step in told["steps"]] == ["note"]


def test_one_key_is_one_step(served: Served, dispatcher: httpx.Client) -> None:
    case = new_case(served, dispatcher)
    first, again = (take(dispatcher, case, "note", words={"note": "一次"}) for _ in range(2))
    assert first.status_code == again.status_code == 200
    assert len(again.json()["steps"]) == len(case["steps"]) + 1
    key = f"{case['case_id']}-note-{case['version']}"
    facts = {"category_code": "A01"}
    problem(take(dispatcher, first.json(), "classify", facts=facts, idempotency_key=key), 409, "key_reused")


def test_what_cannot_be_done_says_why(served: Served, dispatcher: httpx.Client, leader: httpx.Client) -> None:
    case = new_case(served, dispatcher)
    problem(take(dispatcher, case, "sign"), 409, "step_not_possible")
    problem(take(leader, case, "dispatch", facts={"org_id": "org-heat"}), 403, "not_allowed")
    wrong: list[dict[str, Any]] = [
        {"facts": {}}, {"facts": {"org_id": "none"}}, {"facts": {"org_id": 1}}, {"facts": {"x": 1}},
        {"facts": {"org_id": "org-heat"}, "file_ids": ["a" * 64]}, {"words": {"note": "x" * 9999}},
    ]  # fmt: skip
    for more in wrong:
        problem(take(dispatcher, case, "dispatch", **more), 422, "invalid_input")
    problem(take(dispatcher, case, "dance"), 422, "invalid_input")
    problem(take(dispatcher, case, "note", words={"note": "x"}, expected_version=99), 422, "invalid_input")
    problem(take(dispatcher, case, "note", words={"note": "x"}, expected_version=2**70), 422, "invalid_input")
    problem(dispatcher.get("/v1/cases/none"), 404, "not_found")
    actions = {one["action"]: one for one in case["actions"]}
    assert actions["dispatch"]["can"] is True
    assert actions["sign"]["can"] is False
    assert actions["sign"]["why_not_zh"]
    assert actions["sign"]["why_not_en"]


def test_a_step_that_moves_a_case_out_of_sight_is_told_as_taken(
    served: Served, dispatcher: httpx.Client, street: httpx.Client
) -> None:
    places = dispatcher.get("/v1/places", params={"level": "grid", "limit": 500}).json()["items"]
    own = street.get("/v1/session").json()["user"]["place_id"]
    inside = next(one for one in places if one["place_id"].startswith(own))
    outside = next(one for one in places if not one["place_id"].startswith(own))
    case = new_case(served, dispatcher, lon=inside["label"][0], lat=inside["label"][1])
    facts = dict(zip(("lon", "lat"), outside["label"], strict=True))
    answers = [take(street, case, "locate", facts=facts) for _ in range(2)]
    for answer in answers:
        assert answer.status_code == 200, answer.text
        told = answer.json()
        assert set(told) == {"case_id", "version", "moved_zh", "moved_en"}
        assert (told["case_id"], told["version"]) == (case["case_id"], case["version"] + 1)
    problem(street.get(f"/v1/cases/{case['case_id']}"), 404, "not_found")
    page = dispatcher.get(f"/v1/cases/{case['case_id']}").json()
    assert (page["version"], page["place_id"]) == (case["version"] + 1, outside["place_id"])


def test_a_case_of_another_street_is_not_there(
    served: Served, dispatcher: httpx.Client, street: httpx.Client
) -> None:
    own = street.get("/v1/session").json()["user"]["place_id"]
    items = dispatcher.get("/v1/cases", params={"limit": 200}).json()["items"]
    foreign = next(one for one in items if one["place_id"] and not one["place_id"].startswith(own))
    problem(street.get(f"/v1/cases/{foreign['case_id']}"), 404, "not_found")
    problem(street.get(f"/v1/cases/{foreign['case_id']}/owners"), 404, "not_found")
    problem(take(street, foreign, "note", words={"note": "x"}), 404, "not_found")


def test_the_wall_hears_no_words_and_no_names(
    dispatcher: httpx.Client, leader: httpx.Client, served: Served
) -> None:
    case = new_case(served, dispatcher, name="测试乙", phone="12013800138", address_note="三号楼501")
    page = leader.get(f"/v1/cases/{case['case_id']}")
    for words in ("测试乙", "13800138", "501", "三号楼二单元"):
        assert words not in page.text
    assert page.json()["contact"] is None


def test_the_queue_filters_counts_and_pages(dispatcher: httpx.Client, street: httpx.Client) -> None:
    told = dispatcher.get("/v1/cases", params={"is_open": True, "limit": 500}).json()
    assert all(one["closed_at"] is None for one in told["items"])
    assert sum(told["counts"].values()) == told["n_total"]
    due = [one["due_at"] for one in told["items"] if one["due_at"]]
    assert due == sorted(due)
    state = max(told["counts"], key=told["counts"].__getitem__)
    of_state = dispatcher.get("/v1/cases", params={"state": state, "is_open": True}).json()
    assert of_state["n_total"] == told["counts"][state]
    assert of_state["counts"] == told["counts"]
    newest = dispatcher.get("/v1/cases", params={"limit": 3}).json()
    ahead = dispatcher.get("/v1/cases", params={"limit": 3, "cursor": newest["next_cursor"]}).json()
    times = [one["reported_at"] for one in newest["items"] + ahead["items"]]
    assert times == sorted(times, reverse=True)
    mine = street.get("/v1/cases", params={"owner": "me", "limit": 500}).json()
    assert all(one["is_mine"] for one in mine["items"])
    for bad in ("abc", "-1", "1e3", "9" * 12):
        problem(dispatcher.get("/v1/cases", params={"cursor": bad}), 422, "invalid_input")


def test_a_grid_worker_reports(served: Served) -> None:
    with served.signed_in("grid_worker") as client:
        answer = client.post("/v1/cases", json=letter(body="井盖破损", category_code="A01"))
        assert answer.status_code == 201, answer.text
        # Not located: whoever reads one community cannot see it, the dispatcher of the city can.
        with served.signed_in("dispatcher") as other:
            page = other.get(f"/v1/cases/{answer.json()['case_id']}").json()
    assert (page["channel"], page["category_code"]) == ("C05", "A01")


def test_places_are_named_in_the_language_of_the_reader(served: Served, dispatcher: httpx.Client) -> None:
    grid = dispatcher.get("/v1/places", params={"level": "grid", "limit": 1}).json()["items"][0]
    case = new_case(served, dispatcher, lon=grid["label"][0], lat=grid["label"][1])
    path = f"/v1/cases/{case['case_id']}"
    english = dispatcher.get(path, headers={"Accept-Language": "en"}).json()
    assert (case["place_name"], english["place_name"]) == (grid["name"], grid["name_en"])
    assert english["place_path"].isascii()
    assert not case["place_path"].isascii()
