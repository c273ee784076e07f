"""Letters: what is taken, what is not and why, following and rating, and how often."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from huitian.app.demo import open_demo
from tests.api.serving import Served, problem, serving

KEYS = iter(range(10**6))


def letter(**more: Any) -> dict[str, Any]:
    return {"body": "三号楼二单元没有暖气", "idempotency_key": f"letter-key-{next(KEYS)}", **more}


def test_the_code_in_an_address_opens_nothing(nobody: httpx.Client) -> None:
    receipt = nobody.post("/v1/letters", json=letter()).json()
    answer = nobody.get(f"/v1/letters/{receipt['case_no']}", params={"code": receipt["follow_code"]})
    assert problem(answer, 422, "invalid_input")["field"] == "X-Follow-Code"


def test_a_letter_gives_a_number_and_a_code(nobody: httpx.Client) -> None:
    answer = nobody.post("/v1/letters", json=letter())
    assert answer.status_code == 201, answer.text
    receipt = answer.json()
    assert set(receipt) == {"case_no", "follow_code"}
    told = nobody.get(
        f"/v1/letters/{receipt['case_no']}", headers={"X-Follow-Code": receipt["follow_code"]}
    ).json()
    assert told["case_no"] == receipt["case_no"]
    assert told["state"] == "pending_dispatch"
    assert told["promised_by"]
    assert told["can_rate"] is False
    assert [level["state"] for level in told["levels"]][:2] == ["done", "now"]
    assert told["steps"][0]["words"] == "三号楼二单元没有暖气"


def test_whoever_is_signed_in_writes_as_a_resident(served: Served) -> None:
    with served.signed_in("leader") as client:
        client.headers.pop("X-CSRF-Token")
        receipt = client.post("/v1/letters", json=letter()).json()
        told = client.get(
            f"/v1/letters/{receipt['case_no']}", headers={"X-Follow-Code": receipt["follow_code"]}
        ).json()
        assert told["steps"][0]["org_name"] is None


def test_the_same_letter_twice_is_one(nobody: httpx.Client) -> None:
    body = letter()
    first, again = (nobody.post("/v1/letters", json=body).json() for _ in range(2))
    assert first == again
    problem(nobody.post("/v1/letters", json={**body, "body": "别的事情"}), 409, "key_reused")


@pytest.mark.parametrize(
    "body",
    [
        "<script>alert(1)</script><b>路灯</b>",
        "=cmd|' /C calc'!A1",
        "emoji 🏚️ 很长\n第二行\t制表",
        "\u202e反向",
        "a\u0000b",
    ],
)
def test_words_stay_the_characters_that_they_are(
    nobody: httpx.Client, dispatcher: httpx.Client, body: str
) -> None:
    receipt = nobody.post("/v1/letters", json=letter(body=body)).json()
    told = nobody.get(
        f"/v1/letters/{receipt['case_no']}", headers={"X-Follow-Code": receipt["follow_code"]}
    ).json()
    kept = body.replace("\x00", "").strip()
    assert told["steps"][0]["words"] == kept
    row = dispatcher.get("/v1/cases", params={"q": receipt["case_no"]}).json()["items"][0]
    assert dispatcher.get(f"/v1/cases/{row['case_id']}").json()["words"]["body"] == kept


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"body": ""}, "body"), ({"body": "   \n"}, "body"), ({"body": "字" * 100_000}, "body"),
        ({"body": None}, "body"), ({"body": "\ud800"}, "body"), ({"file_ids": ["\udfff"]}, "file_ids"),
        ({"idempotency_key": "short"}, "idempotency_key"),
        ({"lon": 116.4}, "lon"), ({"lon": 400, "lat": 40}, "lon"), ({"lon": "east", "lat": 40}, "lon"),
        ({"place_id": "admin:none"}, "place_id"), ({"building_id": "none"}, "building_id"),
        ({"category_code": "Z99"}, "category_code"), ({"phone": "call me"}, "phone"), ({"name": "名" * 100}, "name"),
        ({"address_note": "址" * 501}, "address_note"), ({"file_ids": ["a" * 64]}, "file_ids"),
        ({"file_ids": ["../../etc/passwd"]}, "file_ids"), ({"file_ids": "none"}, "file_ids"),
        ({"is_anonymous": "perhaps"}, "is_anonymous"),
    ],
)  # fmt: skip
def test_a_letter_that_cannot_be_taken_says_why(
    nobody: httpx.Client, more: dict[str, Any], field: str
) -> None:
    # httpx writes UTF-8, in which half a character cannot be sent; JSON escapes can.
    content = json.dumps(letter(**more)).encode()
    answer = nobody.post("/v1/letters", content=content, headers={"Content-Type": "application/json"})
    told = problem(answer, 422, "invalid_input")
    assert told["field"].split(".")[0] == field


def test_a_letter_of_100000_characters_is_told_its_length(nobody: httpx.Client, served: Served) -> None:
    told = problem(nobody.post("/v1/letters", json=letter(body="字" * 100_000)), 422, "invalid_input")
    assert "100000" in told["detail_zh"]
    assert str(served.city.settings.max_letter_chars) in told["detail_zh"]


def test_a_body_without_end_is_not_read(nobody: httpx.Client) -> None:
    told = problem(nobody.post("/v1/letters", json=letter(body="x" * (3 << 20))), 413, "too_large")
    assert "2 MB" in told["limit"]


def test_json_that_is_none(nobody: httpx.Client) -> None:
    headers = {"Content-Type": "application/json"}
    for content in (b"", b"[]", b"null", b"{", b"\xff\xfe", b'{"lon": NaN}', b"[" * 100_000):
        problem(nobody.post("/v1/letters", content=content, headers=headers), 422, "invalid_input")
    problem(
        nobody.post("/v1/letters", content=b"body=x", headers={"Content-Type": "text/plain"}),
        422,
        "invalid_input",
    )


def test_a_wrong_code_and_a_number_that_is_not_there_are_alike(nobody: httpx.Client) -> None:
    receipt = nobody.post("/v1/letters", json=letter()).json()
    wrong = nobody.get(f"/v1/letters/{receipt['case_no']}", headers={"X-Follow-Code": "AAAA-AAAA"})
    missing = nobody.get("/v1/letters/XX20200101000001", headers={"X-Follow-Code": receipt["follow_code"]})
    assert problem(wrong, 404, "not_found")["entity"] == problem(missing, 404, "not_found")["entity"]
    problem(nobody.get(f"/v1/letters/{receipt['case_no']}"), 422, "invalid_input")
    rating = {"code": "AAAA-AAAA", "solved": "solved", "idempotency_key": "rate-wrong-1"}
    problem(nobody.post(f"/v1/letters/{receipt['case_no']}/rating", json=rating), 404, "not_found")


def test_a_letter_is_not_rated_before_it_is_answered(nobody: httpx.Client) -> None:
    receipt = nobody.post("/v1/letters", json=letter()).json()
    rating = {"code": receipt["follow_code"], "solved": "solved", "idempotency_key": "rate-early-1"}
    path = f"/v1/letters/{receipt['case_no']}/rating"
    problem(nobody.post(path, json=rating), 409, "step_not_possible")
    problem(nobody.post(path, json={**rating, "solved": "perhaps"}), 422, "invalid_input")
    problem(
        nobody.post(path, json={"code": receipt["follow_code"], "idempotency_key": "k" * 9}),
        422,
        "invalid_input",
    )


@pytest.mark.usefixtures("untried")
def test_so_many_an_hour_and_no_more(folder: Path, served: Served) -> None:
    settings = replace(served.city.settings, max_letters_per_h=2, max_wrong_codes_per_h=2, max_photos_per_h=1)
    city = open_demo(folder, settings)
    with serving(city) as running, running.client() as client:
        for _ in range(2):
            assert client.post("/v1/letters", json=letter()).status_code == 201
        answer = client.post("/v1/letters", json=letter())
        assert int(answer.headers["retry-after"]) > 3000
        problem(answer, 429, "too_many_requests")
        for _ in range(2):
            problem(client.get("/v1/letters/XX1", headers={"X-Follow-Code": "A"}), 404, "not_found")
        problem(client.get("/v1/letters/XX1", headers={"X-Follow-Code": "A"}), 429, "too_many_requests")
        problem(client.post("/v1/files", files={"file": b"no"}), 415, "not_a_picture")
        problem(client.post("/v1/files", files={"file": b"no"}), 429, "too_many_requests")
    city.close()


def test_categories_are_open(nobody: httpx.Client) -> None:
    told = nobody.get("/v1/categories").json()
    assert told["n_total"] == len(told["items"]) > 10
    assert all(one["title_zh"] and one["title_en"] for one in told["items"])
