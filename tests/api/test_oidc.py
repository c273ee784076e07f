"""Signing in at an issuer: who comes in, and everything that does not hold."""

import base64
import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from huitian.api import oidc
from huitian.api.claims import read_claims
from huitian.api.oidc import REFETCHES, check_address, page_of
from huitian.api.own_password import user_id_named
from huitian.api.reader import COOKIE
from huitian.api.sign_in import TRIES_OF_ADDRESS, SignIn, add_user, new_user
from huitian.app import open_city
from huitian.base.roles import shipped_roles
from huitian.clock import ManualClock
from huitian.errors import ClaimsInvalid, OidcRefused
from huitian.model.query import Condition, Query
from huitian.settings import Settings
from tests.api.issuer import CLIENT, SECRET, Issuer, issuing
from tests.api.serving import Served, problem, serving
from tests.cases.conftest import make_town
from tests.waiting import WAIT_S, until

pytestmark = pytest.mark.served


@pytest.fixture(scope="module")
def issuer() -> Iterator[Issuer]:
    with issuing() as running:
        yield running


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory, issuer: Issuer) -> Iterator[Served]:
    """Serve a small city with an issuer, and an account of the name that it tells."""
    home = tmp_path_factory.mktemp("oidc")
    make_town(home).engine.close()
    opened = open_city(
        home,
        Settings(oidc_issuer=issuer.base, oidc_client_id=CLIENT, oidc_client_secret=SECRET, lockout_tries=50),
    )
    add_user(opened, new_user("oidc.zhou", "a-heron-in-the-reeds", "周", "dispatcher", "V2"))
    with serving(opened) as running:
        yield running
    opened.close()


@pytest.fixture(autouse=True)
def honest(issuer: Issuer) -> None:
    issuer.wrong, issuer.forge, issuer.is_away = {}, None, False
    issuer.person = {"sub": "s-1", "preferred_username": "oidc.zhou"}


def sent_back(client: httpx.Client, issuer: Issuer, to: str = "/desk/cases") -> str:
    """Begin, sign in at the issuer, and return where it sends the browser back to."""
    began = client.get("/v1/oidc/start", params={"to": to})
    assert began.status_code == 303, began.text
    return issuer.sign_in(began.headers["location"])


def test_who_has_an_account_comes_in_and_goes_on_where_it_wanted(city: Served, issuer: Issuer) -> None:
    with city.client() as client:
        assert client.get("/v1/session").json()["is_oidc"] is True, "the sign-in form offers it"
        answer = client.get(sent_back(client, issuer))
        assert answer.status_code == 200, answer.text
        assert 'content="0;url=/desk/cases"' in answer.text
        assert "samesite=strict" in answer.headers["set-cookie"].lower()
        assert client.get("/v1/session").json()["user"]["user_name"] == "oidc.zhou"
        assert client.get("/v1/cases").status_code == 200
    issuer.person = {"sub": "s-1", "preferred_username": "renamed", "name#en": " Zhou Li "}
    with city.client() as client:
        assert client.get(sent_back(client, issuer)).status_code == 200
        who = client.get("/v1/session", headers={"Accept-Language": "en"}).json()["user"]
        assert who["user_name"] == "oidc.zhou", "the link counts, not the name"
        assert (who["display_name"], who["display_name_zh"]) == ("Zhou Li", "周"), "its English name is kept"
    for no_name in ({}, {"name#en": "x" * 61}, {"name#en": ["Li"]}, {"name#en": " "}):
        issuer.person = {"sub": "s-1", "preferred_username": "renamed", **no_name}
        with city.client() as client:
            assert client.get(sent_back(client, issuer)).status_code == 200
            who = client.get("/v1/session", headers={"Accept-Language": "en"}).json()["user"]
            assert who["display_name"] == "Zhou Li", no_name
    records, planner = city.city.engine.records, city.city.planner
    asked = Query("audit_row", (Condition("entity", "eq", "user_account"),), limit=100)
    rows = records.read(planner.system("audit_row"), asked).rows
    (named,) = (row for row in rows if "named" in row["details"])
    assert named["details"] == {"named": user_id_named(city.city, "oidc.zhou")}
    assert (named["act"], list(named["fields"])) == ("sign_in", ["name_en"])
    assert "Zhou Li" not in str(rows), "the audit tells that the name was changed, not to what"


def test_a_second_person_of_the_same_name_does_not_come_in(city: Served, issuer: Issuer) -> None:
    with city.client() as client:
        assert client.get(sent_back(client, issuer)).status_code == 200
    issuer.person = {"sub": "s-other", "preferred_username": "oidc.zhou"}
    with city.client() as client:
        problem(client.get(sent_back(client, issuer)), 401, "oidc_refused")
        assert COOKIE not in client.cookies
    records, planner = city.city.engine.records, city.city.planner
    rows = records.read(planner.system("audit_row"), Query("audit_row")).rows
    (linked,) = (row for row in rows if row["entity"] == "sign_in_link")
    assert linked["details"] == {"linked": linked["user_id"]}


def test_keys_of_the_issuer_rotate(city: Served, issuer: Issuer) -> None:
    for _ in range(2):
        issuer.rotate()
        with city.client() as client:
            assert client.get(sent_back(client, issuer)).status_code == 200


def test_nobody_without_an_account_comes_in(city: Served, issuer: Issuer) -> None:
    issuer.person = {"sub": "s-2", "preferred_username": "stranger"}
    with city.client() as client:
        told = problem(client.get(sent_back(client, issuer)), 403, "oidc_unknown_account")
        assert "stranger" not in str(told)
        assert COOKIE not in client.cookies


def unsigned(token: str, claims: dict[str, Any]) -> str:
    head = base64.urlsafe_b64encode(json.dumps({"alg": "none"}).encode()).decode().rstrip("=")
    body = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    return f"{head}.{body}."


def altered(token: str, claims: dict[str, Any]) -> str:
    head, _, mark = token.split(".")
    body = base64.urlsafe_b64encode(json.dumps({**claims, "sub": "s-9"}).encode()).decode().rstrip("=")
    return f"{head}.{body}.{mark}"


@pytest.mark.parametrize(
    ("wrong", "forge"),
    [
        ({"iss": "https://elsewhere.example"}, None),
        ({"aud": "another-client"}, None),
        ({"aud": [CLIENT, "another"], "azp": "another"}, None),
        ({"nonce": "another-nonce"}, None),
        ({"exp": int(time.time()) - 3600}, None),
        ({"iat": int(time.time()) + 3600, "exp": int(time.time()) + 7200}, None),
        ({"sub": None}, None),
        ({}, unsigned),
        ({}, altered),
        ({}, lambda _token, _claims: "no.token.atall"),
        ({}, lambda _token, _claims: ""),
    ],
)
def test_identity_tokens_that_do_not_hold_are_refused(
    city: Served, issuer: Issuer, wrong: dict[str, Any], forge: Any
) -> None:
    issuer.wrong, issuer.forge = wrong, forge
    with city.client() as client:
        problem(client.get(sent_back(client, issuer)), 401, "oidc_refused")
        assert COOKIE not in client.cookies


def test_an_answer_is_good_once_and_only_for_who_asked(city: Served, issuer: Issuer) -> None:
    with city.client() as client, city.client() as thief:
        back = sent_back(client, issuer)
        problem(thief.get(back), 401, "oidc_refused")
        kept = client.cookies["huitian_oidc"]
        assert client.get(back).status_code == 200
        client.cookies.set("huitian_oidc", kept, path="/v1/oidc")
        assert client.get(back).status_code in {401, 429}, "the same answer again"
        client.cookies.set("huitian_oidc", kept[:-1] + "0", path="/v1/oidc")
        problem(client.get(back), 401, "oidc_refused")
        problem(client.get("/v1/oidc/back"), 401, "oidc_refused")


def test_invented_key_ids_do_not_make_us_ask_for_ever(city: Served, issuer: Issuer) -> None:
    with city.client() as client:
        assert client.get(sent_back(client, issuer)).status_code == 200, "the keys of now are known"
    before, published = issuer.n_keys_asked, issuer.published
    issuer.rotate()
    # Signed with a key that the issuer never publishes.
    issuer.published = published
    for _ in range(REFETCHES + 3):
        with city.client() as client:
            problem(client.get(sent_back(client, issuer)), 401, "oidc_refused")
    assert issuer.n_keys_asked - before <= REFETCHES
    issuer.key = published


@contextmanager
def fresh(folder: Path, issuer: Issuer, tries: int) -> Iterator[Served]:
    """Serve a city that has not asked its issuer for anything."""
    make_town(folder).engine.close()
    told = Settings(
        oidc_issuer=issuer.base, oidc_client_id=CLIENT, oidc_client_secret=SECRET, lockout_tries=tries
    )
    opened = open_city(folder, told)
    add_user(opened, new_user("oidc.zhou", "a-heron-in-the-reeds", "周", "dispatcher", "V2"))
    try:
        with serving(opened) as running:
            yield running
    finally:
        opened.close()


def test_a_slow_issuer_holds_up_nobody_else(tmp_path: Path, issuer: Issuer) -> None:
    before = issuer.n_asked
    issuer.awake.clear()
    with fresh(tmp_path, issuer, 100) as city, city.client() as client, ThreadPoolExecutor(45) as pool:
        starts = [pool.submit(client.get, "/v1/oidc/start", timeout=WAIT_S) for _ in range(45)]
        try:
            until(lambda: issuer.n_asked >= before + 8, "nobody asked the issuer")
            assert client.get("/v1/places").status_code == 200
        finally:
            issuer.awake.set()
        assert {one.result().status_code for one in starts} == {303}


def test_an_issuer_that_just_failed_is_not_asked_again(
    tmp_path: Path, issuer: Issuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def n_asked_by(n_starts: int) -> int:
        before = issuer.n_asked
        for _ in range(n_starts):
            problem(client.get("/v1/oidc/start"), 401, "oidc_refused")
        return issuer.n_asked - before

    with fresh(tmp_path, issuer, 10) as city, city.client() as client:
        issuer.is_away = True
        monkeypatch.setattr(oidc, "FAILED_S", 0.0)
        assert n_asked_by(3) == 3
        monkeypatch.setattr(oidc, "FAILED_S", 600.0)
        assert n_asked_by(3) == 1


def test_an_address_begins_so_often_unless_it_comes_in(tmp_path: Path, issuer: Issuer) -> None:
    with fresh(tmp_path, issuer, 1) as city, city.client() as client:
        for _ in range(TRIES_OF_ADDRESS + 2):
            assert client.get(sent_back(client, issuer)).status_code == 200
        for _ in range(TRIES_OF_ADDRESS):
            assert client.get("/v1/oidc/start").status_code == 303
        problem(client.get("/v1/oidc/start"), 429, "too_many_requests")


CLAIMS = """
[[claims]]
claim = "groups"
value = "district-duty"
role = "dispatcher"
lens = "V2"

[[claims]]
claim = "realm_access.roles"
value = "street-duty"
role = "street_dispatcher"
lens = "V3"
place = "PLACE"

[[claims]]
claim = "job"
value = "ghost"
role = "committee"
lens = "V2"
place = "admin:404"
"""


def test_what_the_issuer_says_gives_grants_for_a_session_and_takes_them_back(
    tmp_path: Path, issuer: Issuer
) -> None:
    make_town(tmp_path).engine.close()
    place_id = "admin:110199001"
    (tmp_path / "claims.toml").write_text(CLAIMS.replace("PLACE", place_id), encoding="utf-8")
    clock = ManualClock(datetime.now(UTC))
    told = Settings(
        oidc_issuer=issuer.base, oidc_client_id=CLIENT, oidc_client_secret=SECRET, session_hours=8
    )
    opened = open_city(tmp_path, told, clock)
    add_user(opened, new_user("oidc.zhou", "a-heron-in-the-reeds", "周", "auditor", "V2"))
    person = {"sub": "s-1", "preferred_username": "oidc.zhou"}
    user_id = user_id_named(opened, "oidc.zhou")

    def held_after(said: dict[str, Any]) -> dict[str, Any]:
        """Sign in, and return role → end of the grants that hold then."""
        issuer.person = person | said
        with running.client() as client:
            assert client.get(sent_back(client, issuer)).status_code == 200
        account = SignIn(opened).account(user_id)
        assert account is not None
        return {one.scope.role: (one.scope.lens, one.scope.place_id, one.ends_at) for one in account.sets}

    hours = timedelta(hours=1)
    own = {"auditor": ("V2", None, None)}
    both = {"groups": ["x", "district-duty"], "realm_access": {"roles": ["street-duty"]}, "job": "ghost"}
    with serving(opened) as running:
        first, end = held_after(both), clock.now() + 8 * hours
        assert first == own | {"dispatcher": ("V2", None, end), "street_dispatcher": ("V3", place_id, end)}
        clock.advance(3 * hours)
        later = held_after({"groups": "district-duty"})
        assert later == own | {"dispatcher": ("V2", None, clock.now() + 8 * hours)}, "the rest is taken back"
        clock.advance(8 * hours)
        account = SignIn(opened).account(user_id)
        assert account is not None
        assert [one.scope.role for one in account.sets] == ["auditor"]
        assert set(held_after(both)) == {"auditor", "dispatcher", "street_dispatcher"}, "it comes again"
        assert held_after({"groups": ["district"], "realm_access": "street-duty"}) == own
    rows = opened.planner.read(
        opened.planner.system("audit_row"), Query("audit_row", sort=("seq",), limit=100)
    ).rows
    given = [(r["details"]["kind"], r["details"]["role"]) for r in rows if r["user_id"] == "issuer"]
    assert given == [
        ("granted", "dispatcher"), ("granted", "street_dispatcher"), ("changed", "dispatcher"),
        ("revoked", "street_dispatcher"), ("granted", "dispatcher"), ("granted", "street_dispatcher"),
        ("revoked", "dispatcher"), ("revoked", "street_dispatcher"),
    ]  # fmt: skip
    opened.close()


@pytest.mark.parametrize(
    "wrong",
    [
        "claims = 3",
        "[roles]",
        "[[claims]]\nclaim = 'g'\nvalue = 'x'\nrole = 'nobody'\nlens = 'V1'",
        "[[claims]]\nclaim = 'g'\nvalue = 'x'\nrole = 'leader'\nlens = 'V3'",
        "[[claims]]\nclaim = 'g'\nvalue = 'x'\nrole = 'committee'\nlens = 'V2'",
        "[[claims]]\nclaim = 'g'\nvalue = ['x']\nrole = 'leader'\nlens = 'V1'",
        "[[claims]]\nclaim = 'g'\nvalue = 'x'\nrole = 'leader'\nlens = 'V1'\ndays = 3",
        "[[claims]",
    ],
)
def test_a_file_of_claims_that_is_wrong_is_not_taken(tmp_path: Path, wrong: str) -> None:
    (tmp_path / "claims.toml").write_text(wrong, encoding="utf-8")
    with pytest.raises(ClaimsInvalid):
        read_claims(tmp_path, shipped_roles())


def test_a_city_without_an_issuer_says_so(tmp_path: Path) -> None:
    make_town(tmp_path).engine.close()
    opened = open_city(tmp_path, Settings())
    with serving(opened) as running, running.client() as client:
        problem(client.get("/v1/oidc/start"), 404, "oidc_missing")
    opened.close()


@pytest.mark.parametrize(
    "to", ["//evil.example", "https://evil.example", "/\\evil", "", "/\nSet-Cookie: x", "javascript:1"]
)
def test_nobody_is_sent_to_another_site(to: str) -> None:
    assert page_of(to) == "/desk"


@pytest.mark.parametrize(
    "address",
    ["http://169.254.169.254/latest", "file:///etc/passwd", "ftp://h/x", "https://u:p@h/x", "http://h", ""],
)
def test_only_https_is_asked(address: str) -> None:
    with pytest.raises(OidcRefused):
        check_address(address)
