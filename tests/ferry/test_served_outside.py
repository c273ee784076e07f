"""Two servers and two ferries as processes: from the letter to the answer to the rating, over HTTP."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.ferry.crossing import Crossing, photo
from tests.ferry.processes import COMMAND, ENVIRONMENT, WAIT_S, awaited, both_sides, started

pytestmark = pytest.mark.served
PASSWORD = "correct-horse-7"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a city with one outside host, and an account of a dispatcher."""
    folder = tmp_path_factory.mktemp("ferry")
    Crossing.begun(folder, "wx1").close()
    added = subprocess.run(
        [*COMMAND, "user", "add", str(folder / "city"), "disp", "--role", "dispatcher", "--password-stdin"],
        input=f"{PASSWORD}\n", text=True, capture_output=True, check=False, env=ENVIRONMENT, timeout=WAIT_S,
    )  # fmt: skip
    assert added.returncode == 0, added.stderr
    return folder


@pytest.fixture(scope="module")
def bases(home: Path) -> Iterator[tuple[str, str]]:
    """Serve both sides."""
    with both_sides(home) as running:
        yield running


def test_a_letter_all_the_way(bases: tuple[str, str]) -> None:
    one, other = (httpx.Client(base_url=base, timeout=WAIT_S) for base in bases)
    with one as outside, other as inside:
        send_answer_rate(outside, inside)


def send_answer_rate(outside: httpx.Client, inside: httpx.Client) -> None:
    """Send a letter with a photo outside, answer it inside, rate it outside."""
    kept = outside.post("/v1/files", files={"file": ("a.jpg", photo(), "image/jpeg")})
    assert kept.status_code == 201, kept.text
    letter = {"body": "暖气不热，请来看看", "idempotency_key": "served-0001", "name": "赵一一", "phone": "13911112222",
              "place_id": "admin:110199001001", "file_ids": [kept.json()["file_id"]]}  # fmt: skip
    receipt = outside.post("/v1/letters", json=letter).json()
    again = outside.post("/v1/letters", json=letter).json()
    assert receipt == again
    number = receipt["case_no"]
    assert number.startswith("WX")
    code = {"X-Follow-Code": receipt["follow_code"]}
    assert outside.get(f"/v1/letters/{number}", headers=code).json()["state"] == "pending_dispatch"

    answer = inside.post("/v1/session", json={"user_name": "disp", "password": PASSWORD})
    assert answer.status_code == 200, answer.text
    inside.headers["X-CSRF-Token"] = answer.json()["csrf"]
    found = awaited(lambda: inside.get("/v1/cases", params={"q": number}).json()["items"], bool)
    case_id = found[0]["case_id"]
    assert (found[0]["channel"], found[0]["n_files"]) == ("C10", 1)
    steps = (("dispatch", {"org_id": "org:com1"}, {}), ("sign", {}, {}), ("handle", {"is_contact": True}, {}),
             ("reply", {}, {"reply": "已修好"}))  # fmt: skip
    for version, (action, facts, words) in enumerate(steps, 1):
        step = {"action": action, "expected_version": version, "idempotency_key": f"step-{version:05d}",
                "facts": facts, "words": words}  # fmt: skip
        done = inside.post(f"/v1/cases/{case_id}/steps", json=step)
        assert done.status_code in {200, 201}, done.text
    view = awaited(
        lambda: outside.get(f"/v1/letters/{number}", headers=code).json(), lambda told: told["can_rate"]
    )
    assert [step["words"] for step in view["steps"] if step["action"] == "reply"] == ["已修好"]

    rating = {"code": receipt["follow_code"], "idempotency_key": "rate-00001", "is_contacted": True,
              "solved": "solved", "satisfied": "very"}  # fmt: skip
    rated = outside.post(f"/v1/letters/{number}/rating", json=rating)
    assert rated.status_code == 200, rated.text
    assert (rated.json()["satisfied"], rated.json()["can_rate"]) == ("very", False)
    case = awaited(
        lambda: inside.get(f"/v1/cases/{case_id}").json(), lambda told: told["satisfied"] == "very"
    )
    assert case["case_no"] == number


def test_only_the_public_page_is_there(bases: tuple[str, str]) -> None:
    with (
        httpx.Client(base_url=bases[0], timeout=WAIT_S) as outside,
        httpx.Client(base_url=bases[1]) as inside,
    ):
        for path in ("/v1/session", "/v1/city", "/v1/categories", "/v1/public/places", "/v1/panels?end=public",
                     "/healthz", "/readyz", "/metrics", "/docs/errors/not_found"):  # fmt: skip
            assert outside.get(path).status_code == 200, path
        assert outside.get("/v1/city").json()["name_zh"] == "海安区"
        assert outside.get("/v1/city").json()["box"] == [116.0, 40.0, 116.4, 40.2]
        assert {p["name"] for p in outside.get("/v1/public/places").json()["items"]} >= {"一社区", "东街道"}
        assert outside.get("/").headers["location"] == "/public"
        paths = inside.get("/openapi.json").json()["paths"]
        n_gone = 0
        for path, operations in paths.items():
            shown = path.replace("{", "").replace("}", "")
            for method in operations:
                answer = outside.request(
                    method.upper(), shown, json={} if method in {"post", "put"} else None
                )
                if (method, path) not in THERE:
                    assert answer.status_code in {404, 405}, (method, path, answer.status_code)
                    assert answer.json()["code"] in {"not_found", "method_not_allowed"}
                    n_gone += 1
        assert n_gone > 20
        for path in ("/openapi.json", "/desk", "/cockpit", "/mobile"):
            assert outside.get(path).status_code == 404, path


THERE = {
    ("get", "/v1/session"), ("get", "/v1/city"), ("get", "/v1/public/places"), ("get", "/v1/panels"),
    ("post", "/v1/letters"), ("get", "/v1/letters/{case_no}"), ("post", "/v1/letters/{case_no}/rating"),
    ("get", "/v1/categories"), ("post", "/v1/files"), ("get", "/healthz"), ("get", "/readyz"), ("get", "/metrics"),
    ("post", "/v1/csp-reports"),
}  # fmt: skip


def test_bad_input_is_met_as_inside(bases: tuple[str, str]) -> None:
    with httpx.Client(base_url=bases[0], timeout=WAIT_S) as outside:
        letter = {"body": "路灯坏了", "idempotency_key": "served-bad-1"}
        for more, field in (({"body": " "}, "body"), ({"place_id": "admin:nowhere"}, "place_id"),
                            ({"building_id": "b:1"}, "building_id"), ({"phone": "x"}, "phone"),
                            ({"file_ids": ["0" * 64]}, "file_ids"), ({"category_code": "Z9"}, "category_code"),
                            ({"lon": 116.0}, "lon")):  # fmt: skip
            answer = outside.post("/v1/letters", json=letter | more)
            assert (answer.status_code, answer.json()["field"]) == (422, field), answer.text
        crossed = outside.post("/v1/letters", json=letter, headers={"Sec-Fetch-Site": "cross-site"})
        assert crossed.json()["code"] == "csrf_missing"
        wrong = outside.get("/v1/letters/WX20260101000001", headers={"X-Follow-Code": "2222-2222"})
        assert wrong.status_code == 404
        spot = outside.post("/v1/letters", json=letter | {"lon": 116.05, "lat": 40.1})
        assert spot.status_code == 201, spot.text


def test_each_command_knows_its_folder(home: Path, tmp_path: Path) -> None:
    def run(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([*COMMAND, *words], capture_output=True, text=True, check=False, env=ENVIRONMENT,
                              timeout=WAIT_S)  # fmt: skip

    assert "[wrong_side]" in run("public", "serve", str(home / "city"), "--port", "0").stderr
    assert "[wrong_side]" in run("serve", str(home / "wx1"), "--port", "0").stderr
    assert run("public", "init", str(tmp_path / "new"), "--as", "wx7").returncode == 0
    assert "[outside_not_ready]" in run("public", "serve", str(tmp_path / "new"), "--port", "0").stderr
    assert "[city_exists]" in run("public", "init", str(home / "city")).stderr
    assert "[ferry_key_unusable]" in run("ferry", "trust", str(home / "city"), "nonsense").stderr
    mode = (tmp_path / "new" / "keys" / "ferry.key").stat().st_mode & 0o777
    assert mode == 0o600


def test_a_ferry_stops_when_told(home: Path, tmp_path: Path) -> None:
    words = ("ferry", "run", str(home / "wx1"), "--out", str(tmp_path / "o"), "--in", str(tmp_path / "i"))
    with started(*words, "--every", "600", until="ferry"):
        pass
