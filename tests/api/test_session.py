"""Signing in: the cookie, the token, wrong passwords, locks, and what is kept."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from http.cookies import SimpleCookie
from pathlib import Path

import httpx
import pytest

from huitian.api.reader import COOKIE
from huitian.api.sign_in import TRIES_OF_ADDRESS, SignIn, add_user, is_password, new_user
from huitian.api.tries import Tries
from huitian.app import open_city
from huitian.app.demo import open_demo
from huitian.clock import ManualClock
from huitian.errors import InvalidInput, TooManyRequests, UserExists, WrongPassword
from huitian.model.query import Query
from tests.api.serving import Served, problem, serving


def password_of(client: httpx.Client) -> str:
    return str(client.get("/v1/session").json()["demo_users"][0]["password"])


def test_nobody_is_signed_in_at_first(nobody: httpx.Client) -> None:
    told = nobody.get("/v1/session").json()
    assert told["user"] is None
    assert told["csrf"] is None
    assert told["is_demo"] is True
    assert told["is_oidc"] is False
    assert {user["role"] for user in told["demo_users"]} >= {"leader", "dispatcher", "grid_worker"}


def test_signing_in_sets_a_cookie_that_scripts_cannot_read(nobody: httpx.Client) -> None:
    body = {"user_name": "dispatcher", "password": password_of(nobody)}
    answer = nobody.post("/v1/session", json=body)
    assert answer.status_code == 200
    cookie = SimpleCookie(answer.headers["set-cookie"])[COOKIE]
    assert cookie["httponly"]
    assert cookie["samesite"].lower() == "strict"
    assert cookie["path"] == "/"
    assert not cookie["secure"]
    assert answer.headers["cache-control"] == "no-store"
    user = answer.json()["user"]
    assert (user["role"], user["lens"], user["place_id"]) == ("dispatcher", "V2", None)
    assert user["org_name"]
    assert {"work", "data"} <= set(user["reads"])
    assert "audit" not in user["reads"]
    assert user["acts_as"] == ["dispatcher"]
    again = nobody.get("/v1/session").json()
    assert again["user"] == user
    assert again["csrf"] == answer.json()["csrf"]


def test_the_cookie_is_secure_behind_https(folder: Path, served: Served) -> None:
    city = open_demo(folder, replace(served.city.settings, is_https=True))
    with serving(city) as running, running.client() as client:
        answer = client.post("/v1/session", json={"user_name": "leader", "password": password_of(client)})
        assert SimpleCookie(answer.headers["set-cookie"])[COOKIE]["secure"]
        assert "max-age" in answer.headers["strict-transport-security"]
    city.close()


def test_only_the_hash_of_a_token_is_kept(served: Served, nobody: httpx.Client) -> None:
    nobody.post("/v1/session", json={"user_name": "street", "password": password_of(nobody)})
    token = nobody.cookies[COOKIE]
    assert len(token) >= 43
    planner = served.city.planner
    rows = planner.read(planner.system("session"), Query("session", limit=1000)).rows
    assert token not in str(rows)
    assert hashlib.sha256(token.encode()).hexdigest() in {row["session_hash"] for row in rows}


@pytest.mark.parametrize("user_name", ["dispatcher", "no_such_user", "", "张三", "x" * 2000])
def test_a_wrong_password_says_nothing_about_the_name(nobody: httpx.Client, user_name: str) -> None:
    answer = nobody.post("/v1/session", json={"user_name": user_name, "password": "wrong"})
    if len(user_name) > 1024:
        problem(answer, 422, "invalid_input")
    else:
        problem(answer, 401, "wrong_password")
    assert COOKIE not in nobody.cookies


def test_signing_out_ends_the_session(served: Served) -> None:
    with served.signed_in("leader") as client:
        token = client.cookies[COOKIE]
        assert client.delete("/v1/session").status_code == 204
        assert client.get("/v1/session").json()["user"] is None
        assert client.delete("/v1/session").status_code == 204
        with served.client() as thief:
            thief.cookies.set(COOKIE, token)
            assert thief.get("/v1/session").json()["user"] is None


def test_a_changing_request_needs_the_token_of_its_session(served: Served) -> None:
    with served.signed_in("dispatcher") as client:
        client.headers.pop("X-CSRF-Token")
        body = {"body": "路灯不亮", "idempotency_key": "csrf-key-1"}
        problem(client.post("/v1/cases", json=body), 403, "csrf_missing")
        problem(client.post("/v1/cases", json=body, headers={"X-CSRF-Token": "x"}), 403, "csrf_missing")
        problem(client.delete("/v1/session"), 403, "csrf_missing")
        assert client.get("/v1/session").json()["user"] is not None


def test_a_request_of_another_site_is_refused(nobody: httpx.Client) -> None:
    body = {"user_name": "leader", "password": password_of(nobody)}
    answer = nobody.post("/v1/session", json=body, headers={"Sec-Fetch-Site": "cross-site"})
    problem(answer, 403, "csrf_missing")


@pytest.mark.usefixtures("untried")
def test_wrong_passwords_lock_the_account_for_this_address(folder: Path, served: Served) -> None:
    city = open_demo(folder, replace(served.city.settings, lockout_tries=3))
    with serving(city) as running, running.client() as client:
        right = {"user_name": "leader", "password": password_of(client)}
        for _ in range(3):
            problem(client.post("/v1/session", json={**right, "password": "no"}), 401, "wrong_password")
        answer = client.post("/v1/session", json=right)
        told = problem(answer, 429, "too_many_requests")
        assert int(answer.headers["retry-after"]) == told["retry_after_s"] > 0
        assert client.post("/v1/session", json={**right, "user_name": "street"}).status_code == 200
    city.close()


@pytest.mark.usefixtures("untried")
def test_guesses_sent_at_once_are_counted_one_by_one(folder: Path, served: Served) -> None:
    city = open_demo(folder, replace(served.city.settings, lockout_tries=3))
    sign_in = SignIn(city)

    def guess(n: int) -> str:
        with pytest.raises((WrongPassword, TooManyRequests)) as caught:
            sign_in.start("leader", f"wrong {n}", "192.0.2.1")
        return str(caught.value.code)

    with ThreadPoolExecutor(40) as at_once:
        said = list(at_once.map(guess, range(40)))
    assert said.count("wrong_password") == 3
    city.close()


@pytest.mark.usefixtures("untried")
def test_two_servers_of_a_city_count_together_and_a_restart_forgives_nothing(
    folder: Path, served: Served
) -> None:
    settings = replace(served.city.settings, lockout_tries=4)
    cities = [open_demo(folder, settings) for _ in range(2)]
    password = cities[0].demo.password if cities[0].demo else ""
    servers = [SignIn(city) for city in cities]
    for n in range(4):
        with pytest.raises(WrongPassword):
            servers[n % 2].start("leader", "wrong", "192.0.2.7")
    for city in cities:
        city.close()
    again = open_demo(folder, settings)
    with pytest.raises(TooManyRequests):
        SignIn(again).start("leader", password, "192.0.2.7")
    assert SignIn(again).start("leader", password, "192.0.2.8").token
    again.close()


def test_addresses_cannot_be_read_from_the_store(served: Served) -> None:
    tries = Tries(served.city, "letter", 5, 60.0)
    tries.count("192.0.2.77")
    with served.city.engine.records.reading() as connection:
        kept = connection.exec_driver_sql("SELECT key_hash FROM try_count").scalars().all()
    assert tries.window("192.0.2.77").key_hash in kept
    assert not any("192.0.2" in key for key in kept)
    assert hashlib.sha256(b"letter 192.0.2.77").hexdigest()[:40] not in kept


@pytest.mark.usefixtures("untried")
def test_signing_in_rightly_uses_up_no_try(folder: Path, served: Served) -> None:
    city = open_demo(folder, replace(served.city.settings, lockout_tries=1))
    assert city.demo is not None
    sign_in = SignIn(city)
    for _ in range(TRIES_OF_ADDRESS + 1):
        sign_in.start("leader", city.demo.password, "192.0.2.1")
    city.close()


def tried_from(client: httpx.Client, origin: str) -> int:
    body = {"user_name": "leader", "password": "no"}
    return client.post("/v1/session", json=body, headers={"X-Forwarded-For": origin}).status_code


@pytest.mark.usefixtures("untried")
@pytest.mark.parametrize(("trusted", "last"), [("", 429), ("127.0.0.1", 401), ("192.0.2.0/24", 429)])
def test_only_a_trusted_proxy_says_where_a_guess_came_from(
    folder: Path, served: Served, trusted: str, last: int
) -> None:
    city = open_demo(folder, replace(served.city.settings, lockout_tries=2, trusted_proxies=trusted))
    with serving(city) as running, running.client() as client:
        assert [tried_from(client, f"198.51.100.{n}") for n in range(3)] == [401, 401, last]
    city.close()


def test_a_session_ends_by_itself(folder: Path, served: Served) -> None:
    clock = ManualClock(served.city.clock.now())
    city = open_demo(folder, served.city.settings, clock)
    with serving(city) as running, running.signed_in("leader") as client:
        assert client.get("/v1/entities").status_code == 200
        clock.advance(timedelta(hours=city.settings.session_hours))
        problem(client.get("/v1/entities"), 401, "not_signed_in")
        assert client.get("/v1/session").json()["user"] is None
    city.close()


def test_a_city_that_is_no_demo_shows_no_accounts(folder: Path, served: Served) -> None:
    city = open_city(folder, served.city.settings)
    with serving(city) as running, running.client() as client:
        told = client.get("/v1/session").json()
        assert (told["is_demo"], told["demo_users"]) == (False, [])
        assert client.get("/v1/city").json()["is_demo"] is False
    city.close()


def test_accounts_are_added_once_with_a_hashed_password(served: Served) -> None:
    user = new_user("Zhang.San", "a long password", "张三", "grid_worker", "V2", least_chars=10)
    assert "a long password" not in str(user)
    assert is_password(user.account["password_hash"], "a long password")
    add_user(served.city, user)
    with pytest.raises(UserExists):
        add_user(served.city, user)
    with served.client() as client:
        body = {"user_name": "zhang.san", "password": "a long password"}
        assert client.post("/v1/session", json=body).json()["user"]["display_name"] == "张三"
    for name, password in (("", "a long password"), ("a b", "a long password"), ("abc", "short")):
        with pytest.raises(InvalidInput):
            new_user(name, password, "", "leader", "V1")


def test_tries_slide(served: Served) -> None:
    clock = ManualClock(served.city.clock.now())
    tries = Tries(served.city, "slide", 2, 10.0, clock.now)
    tries.count("a")
    clock.advance(timedelta(seconds=6))
    tries.count("a")
    tries.count("b")
    with pytest.raises(TooManyRequests) as caught:
        tries.count("a")
    assert caught.value.facts["retry_after_s"] == 4
    clock.advance(timedelta(seconds=4))
    tries.count("a")
    with pytest.raises(TooManyRequests):
        tries.check("a")
    tries.forget("a")
    tries.check("a")
