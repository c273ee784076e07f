"""One's own account: sessions from elsewhere, a new password, tokens of programs and all that is refused."""

import hashlib
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from huitian.api import own_password, tokens
from huitian.api.accounts import remove_user, set_password
from huitian.api.browsers import browser_of
from huitian.api.own_password import user_id_named
from huitian.api.password_policy import check_password, is_common
from huitian.api.reader import COOKIE
from huitian.api.sessions import MOST_SESSIONS
from huitian.api.sign_in import SignIn, add_user, new_user
from huitian.app.demo import open_demo
from huitian.base.granting import ADMINISTRATION, Granting, Wanted
from huitian.base.roles import Roles
from huitian.clock import ManualClock
from huitian.errors import InvalidInput
from huitian.model.query import Condition, Query
from huitian.model.scope import Scope
from tests.api.serving import Served, problem, serving

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0"
PASSWORD, OTHER = "a-heron-in-the-reeds", "seven-herons-left-late"


@pytest.fixture(scope="module")
def people(served: Served) -> Served:
    """Add accounts that only these tests use."""
    street = next(p.place_id for p in served.city.planner.places.by_id.values() if p.level == "street")
    accounts = (
        ("acc.lu", "street_dispatcher", "V2", street),
        ("acc.admin", "data_admin", "V2", None),
        ("acc.disp", "dispatcher", "V3", None),
    )
    for name, role, lens, place_id in accounts:
        add_user(served.city, new_user(name, PASSWORD, name, role, lens, place_id, None))
    return served


@contextmanager
def signed(
    served: Served, name: str, password: str = PASSWORD, agent: str = FIREFOX
) -> Iterator[httpx.Client]:
    with served.client(**{"User-Agent": agent}) as client:
        answer = client.post("/v1/session", json={"user_name": name, "password": password})
        assert answer.status_code == 200, answer.text
        client.headers["X-CSRF-Token"] = answer.json()["csrf"]
        yield client


@pytest.fixture
def lu(people: Served) -> Iterator[httpx.Client]:
    with signed(people, "acc.lu") as client:
        yield client
        client.delete("/v1/sessions", params={"keep_this": False})


def program(served: Served, secret: str) -> httpx.Client:
    return served.client(Authorization=f"Bearer {secret}")


def made(client: httpx.Client, **wanted: object) -> tuple[str, dict[str, object]]:
    answer = client.post("/v1/tokens", json={"title": "每日统计", "days": 30, **wanted})
    assert answer.status_code == 201, answer.text
    return answer.json()["secret"], answer.json()["token"]


def test_sessions_are_listed_with_when_where_and_which_browser(people: Served, lu: httpx.Client) -> None:
    with signed(people, "acc.lu", agent="curl/8") as elsewhere:
        first, second = lu.get("/v1/sessions").json()
        assert [one["is_this"] for one in (first, second)] == [False, True]
        assert (second["browser"], second["address"]) == ("Firefox 143 · Linux", "127.0.0.1")
        assert first["browser"] == ""
        assert second["seen_at"] >= second["began_at"]
        told = lu.get("/v1/sessions").text
        assert hashlib.sha256(lu.cookies[COOKIE].encode()).hexdigest() not in told
        assert lu.delete(f"/v1/sessions/{first['session_id']}").status_code == 204
        problem(elsewhere.get("/v1/entities"), 401, "not_signed_in")
        problem(lu.delete(f"/v1/sessions/{first['session_id']}"), 404, "not_found")
    assert lu.get("/v1/entities").status_code == 200


def test_signing_out_everywhere_keeps_this_session_or_none(people: Served, lu: httpx.Client) -> None:
    with signed(people, "acc.lu") as one, signed(people, "acc.lu") as two:
        assert lu.delete("/v1/sessions").json() == {"n_ended": 2}
        assert [c.get("/v1/entities").status_code for c in (lu, one, two)] == [200, 401, 401]
        assert lu.delete("/v1/sessions").json() == {"n_ended": 0}
        assert lu.delete("/v1/sessions", params={"keep_this": False}).json() == {"n_ended": 1}
        assert lu.get("/v1/entities").status_code == 401


def test_only_who_looks_after_accounts_ends_the_sessions_of_others(people: Served, lu: httpx.Client) -> None:
    with signed(people, "acc.admin") as admin, signed(people, "acc.disp") as other:
        assert len(admin.get("/v1/sessions", params={"user_name": "acc.lu"}).json()) == 1
        problem(other.get("/v1/sessions", params={"user_name": "acc.lu"}), 403, "not_allowed")
        problem(lu.delete("/v1/sessions", params={"user_name": "acc.admin"}), 403, "not_allowed")
        problem(admin.get("/v1/sessions", params={"user_name": "nobody.there"}), 404, "not_found")
        assert admin.delete("/v1/sessions", params={"user_name": "acc.lu"}).json() == {"n_ended": 1}
        assert lu.get("/v1/entities").status_code == 401


def test_a_session_that_is_not_used_ends(folder: Path, people: Served) -> None:
    clock = ManualClock(people.city.clock.now())
    city = open_demo(folder, replace(people.city.settings, session_idle_min=30), clock)
    with serving(city) as running, signed(running, "acc.lu") as client:
        for _ in range(3):
            clock.advance(timedelta(minutes=29))
            assert client.get("/v1/entities").status_code == 200
        clock.advance(timedelta(minutes=30))
        problem(client.get("/v1/entities"), 401, "not_signed_in")
        problem(client.get("/v1/entities"), 401, "not_signed_in")
    city.close()


@pytest.mark.usefixtures("untried")
def test_a_new_password_ends_the_other_sessions(people: Served) -> None:
    add_user(people.city, new_user("acc.pass", PASSWORD, "", "dispatcher", "V2"))
    with signed(people, "acc.pass") as client, signed(people, "acc.pass") as other:
        change = {"old_password": PASSWORD, "new_password": OTHER}
        problem(client.post("/v1/password", json={**change, "old_password": "wrong"}), 401, "wrong_password")
        for bad in ("short", "acc.pass-forever", "password2026!", "qwertyuiop123"):
            told = problem(
                client.post("/v1/password", json={**change, "new_password": bad}), 422, "invalid_input"
            )
            assert (told["field"], bad in str(told)) == ("password", False)
        client.headers.pop("X-CSRF-Token", "")
        problem(client.post("/v1/password", json=change), 403, "csrf_missing")
        client.headers["X-CSRF-Token"] = client.get("/v1/session").json()["csrf"]
        assert client.post("/v1/password", json=change).status_code == 204
        assert [c.get("/v1/entities").status_code for c in (client, other)] == [200, 401]
    with people.client() as client:
        old = client.post("/v1/session", json={"user_name": "acc.pass", "password": PASSWORD})
        problem(old, 401, "wrong_password")
    with signed(people, "acc.pass", OTHER) as client:
        assert client.get("/v1/entities").status_code == 200


@pytest.mark.usefixtures("untried")
def test_a_password_that_was_set_meanwhile_is_not_overwritten(
    people: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_user(people.city, new_user("acc.race", PASSWORD, "", "dispatcher", "V2"))
    newer = "nine-herons-came-back"
    monkeypatch.setattr(
        own_password, "check_password", lambda *_, **__: set_password(people.city, "acc.race", newer)
    )
    with signed(people, "acc.race") as client:
        change = {"old_password": PASSWORD, "new_password": OTHER}
        problem(client.post("/v1/password", json=change), 401, "wrong_password")
    with signed(people, "acc.race", newer) as client:
        assert client.get("/v1/entities").status_code == 200


def test_all_sessions_end_however_many_there_are(people: Served, lu: httpx.Client) -> None:
    user_id = new_user("acc.lu", PASSWORD, "", "dispatcher", "V2").account["user_id"]
    now = people.city.clock.now()
    row = {"user_id": user_id, "csrf": "x", "created_at": now, "expires_at": now + timedelta(hours=1)}
    with people.city.engine.records.writing() as writing:
        writing.add("session", [row | {"session_hash": f"many-{i}"} for i in range(MOST_SESSIONS + 1)])
    assert lu.delete("/v1/sessions").json() == {"n_ended": MOST_SESSIONS + 1}
    assert lu.get("/v1/entities").status_code == 200


def test_common_passwords_are_told_from_others() -> None:
    for common in ("password123", "P@ssw0rd2026", "1234567890", "aaaaaaaaaa", "qwertyuiop", "woaini1314", "13800138000",
                   "admin@2026", "abcabcabcabc", "19900101", "1qaz2wsx3edc", "beijing2026!"):  # fmt: skip
        assert is_common(common), common
    for good in (
        PASSWORD,
        OTHER,
        "回天有术不靠运气",
        "tR7#kq9LmZ2w",
        "correct horse battery staple",
        "x9-Kf.2vTq",
    ):
        assert not is_common(good), good
    for password, name in (("zhang.san-at-home", "zhang.san"), ("nas.gnahz-reversed", "zhang.san")):
        with pytest.raises(InvalidInput):
            check_password(password, 10, name)
    check_password("password123", 10, may_be_common=True)


def test_a_token_reads_what_its_owner_may_and_only_its_hash_is_kept(people: Served, lu: httpx.Client) -> None:
    secret, token = made(lu, is_own_role=True)
    rows = people.city.engine.records.read(people.city.planner.system("api_token"), Query("api_token")).rows
    assert secret not in str(rows)
    assert hashlib.sha256(secret.encode()).hexdigest() in str(rows)
    assert secret.startswith(str(token["prefix"]))
    assert secret not in lu.get("/v1/tokens").text
    with program(people, secret) as client:
        own, asked = lu.get("/v1/cases").json(), client.get("/v1/cases").json()
        assert [row["case_id"] for row in asked["items"]] == [row["case_id"] for row in own["items"]]
    listed = {one["token_id"]: one for one in lu.get("/v1/tokens").json()}
    assert listed[token["token_id"]]["used_at"] is not None


def test_a_program_reads_work_and_no_people_under_the_least_lens(people: Served) -> None:
    with signed(people, "acc.disp") as owner:
        secret, token = made(owner)
        assert (token["role"], token["lens"]) == ("integrator", "V1")
        with program(people, secret) as client:
            assert client.get("/v1/cases").status_code == 200
            problem(client.get("/v1/entities/person"), 403, "not_allowed")
            problem(client.get("/v1/entities/case_contact"), 403, "not_allowed")


def test_tokens_that_do_not_hold_are_refused_everywhere(people: Served, lu: httpx.Client) -> None:
    secret, token = made(lu)
    forged = secret[:-1] + ("A" if secret[-1] != "A" else "B")
    for bad in (forged, "huitian_", "x" * 5000, secret + "x", lu.cookies[COOKIE]):
        with program(people, bad) as client:
            problem(client.get("/v1/cases"), 401, "token_refused")
            problem(client.get("/v1/layers"), 401, "token_refused")
    with program(people, secret) as client:
        assert client.get("/v1/cases").status_code == 200
        assert lu.delete(f"/v1/tokens/{token['token_id']}").status_code == 204
        assert lu.delete(f"/v1/tokens/{token['token_id']}").status_code == 204
        problem(client.get("/v1/cases"), 401, "token_refused")


def test_a_token_is_over_at_its_time(folder: Path, people: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = ManualClock(people.city.clock.now())
    city = open_demo(folder, people.city.settings, clock)
    with serving(city) as running, signed(running, "acc.lu") as owner:
        secret, _ = made(owner, days=1)
        with program(running, secret) as client:
            clock.advance(timedelta(days=1) - timedelta(seconds=1))
            assert client.get("/v1/cases").status_code == 200
            clock.advance(timedelta(seconds=1))
            problem(client.get("/v1/cases"), 401, "token_refused")
        with signed(running, "acc.lu") as again:
            held = [one for one in again.get("/v1/tokens").json() if one["revoked_at"] is None]
            monkeypatch.setattr(tokens, "MOST_TOKENS", len(held))
            made(again, days=1)  # those that are over do not count
            monkeypatch.setattr(tokens, "MOST_TOKENS", 1)
            full = again.post("/v1/tokens", json={"title": "x", "days": 1})
            assert problem(full, 422, "invalid_input")["field"] == "title"
    city.close()


def test_a_token_reads_no_more_than_its_owner_when_the_file_of_roles_changes(
    people: Served, lu: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret, _ = made(lu)
    roles = people.city.planner.roles
    less = replace(roles.of("street_dispatcher"), reads=frozenset({"packs"}))
    with program(people, secret) as client:
        assert client.get("/v1/cases").status_code == 200
        monkeypatch.setattr(people.city.planner, "roles", Roles(dict(roles.by_code) | {less.code: less}))
        problem(client.get("/v1/cases"), 401, "token_refused")


def test_who_sees_the_whole_city_by_its_root_has_tokens_for_places_of_every_tree(people: Served) -> None:
    planner = people.city.planner
    elsewhere = next(p for p in planner.places.by_id if not p.startswith("admin:"))
    owner = Scope("u", people.city.settings.root_place, "V2", "dispatcher")
    assert tokens.lies_in(planner, elsewhere, owner)
    street = next(p.place_id for p in planner.places.by_id.values() if p.level == "street")
    assert not tokens.lies_in(planner, elsewhere, replace(owner, place_id=street))
    assert not tokens.lies_in(planner, "admin:nowhere", replace(owner, place_id=None))


def test_a_token_crosses_neither_its_place_nor_its_methods_nor_its_subjects(people: Served) -> None:
    places = people.city.planner.places
    street = next(p.place_id for p in places.by_id.values() if p.level == "street")
    with signed(people, "acc.disp") as owner, signed(people, "acc.lu") as narrow:
        secret, _ = made(owner, place_id=street, subjects=["cases", "entities"], is_own_role=True, lens="V2")
        with program(people, secret) as client:
            inside = {row["case_id"] for row in client.get("/v1/cases?limit=500").json()["items"]}
            assert inside == {r["case_id"] for r in narrow.get("/v1/cases?limit=500").json()["items"]}
            outside = {r["case_id"] for r in owner.get("/v1/cases?limit=500").json()["items"]} - inside
            problem(client.get(f"/v1/cases/{min(outside)}"), 404, "not_found")
            problem(client.get("/v1/loads"), 403, "not_allowed")
            body = {"body": "路灯不亮", "idempotency_key": "token-key-1"}
            problem(client.post("/v1/cases", json=body), 403, "not_allowed")
            for closed in ("/v1/tokens", "/v1/sessions", "/v1/account"):
                problem(client.get(closed), 403, "not_allowed")
        changing, _ = made(owner, methods=["GET", "POST"], subjects=["cases"], is_own_role=True)
        with program(people, changing) as client:
            assert client.post("/v1/cases", json=body).status_code == 201


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        ({"lens": "V3"}, "lens"),
        ({"place_id": "admin:nowhere"}, "place_id"),
        ({"days": 366}, "days"),
        ({"title": " "}, "title"),
        ({"subjects": ["account"]}, "subjects"),
        ({"methods": []}, "methods"),
        ({"methods": ["TRACE"]}, "methods"),
    ],
)
def test_a_token_for_more_than_its_owner_may_is_not_made(
    lu: httpx.Client, wanted: dict[str, object], field: str
) -> None:
    answer = lu.post("/v1/tokens", json={"title": "x", "days": 30, **wanted})
    assert field in problem(answer, 422, "invalid_input")["field"]


def test_a_token_ends_with_the_grants_it_was_made_under(people: Served) -> None:
    add_user(people.city, new_user("acc.gone", PASSWORD, "", "dispatcher", "V2"))
    with signed(people, "acc.gone") as owner:
        secret, _ = made(owner)
    with program(people, secret) as client:
        assert client.get("/v1/cases").status_code == 200
        records, planner = people.city.engine.records, people.city.planner
        user = next(r for r in records.read(planner.system("user_account"), Query("user_account")).rows
                    if r["user_name"] == "acc.gone")  # fmt: skip
        grants = [g for g in records.read(planner.system("grant"), Query("grant")).rows
                  if g["user_id"] == user["user_id"]]  # fmt: skip
        with records.writing() as writing:
            for grant in grants:
                writing.change(
                    "grant", {"grant_id": grant["grant_id"]}, {"revoked_at": people.city.clock.now()}
                )
        problem(client.get("/v1/cases"), 401, "token_refused")


def test_a_token_ends_with_its_own_grants_whatever_is_given_later(people: Served) -> None:
    city = people.city
    streets = [p.place_id for p in city.planner.places.by_id.values() if p.level == "street"][:3]
    granting = Granting(city.engine.records, city.planner, city.clock)
    add_user(city, new_user("acc.twice", PASSWORD, "", "street_dispatcher", "V2", streets[0]))
    user_id = user_id_named(city, "acc.twice")

    def give(place_id: str) -> str:
        return granting.add(ADMINISTRATION, Wanted("street_dispatcher", "V2", place_id, user_id)).grant_id

    def places_seen() -> tuple[str, ...]:
        account = SignIn(city).account(user_id)
        return () if account is None else account.scope().place_ids or ()

    second = give(streets[1])
    with signed(people, "acc.twice") as owner:
        (first,) = {g["grant_id"] for g in owner.get("/v1/grants").json()["items"]} - {second}
        secret, token = made(owner, is_own_role=True)
        narrow, told = made(owner, is_own_role=True, place_id=streets[0], other_place_ids=[streets[1]])
        assert told["place_name"] == "、".join(city.planner.places.by_id[one].name for one in streets[:2])
        give(streets[2])
        assert set(places_seen()) == set(streets)
        in_both = {r["case_id"] for one in streets[:2]
                   for r in owner.get("/v1/cases", params={"limit": 500, "place": one}).json()["items"]}  # fmt: skip
        with program(people, secret) as client, program(people, narrow) as other:
            for one in (client, other):
                seen = {r["case_id"] for r in one.get("/v1/cases", params={"limit": 500}).json()["items"]}
                assert seen == in_both, "what is given later is nothing to a token"
            granting.revoke(ADMINISTRATION, second)
            give(streets[1])
            assert set(places_seen()) == set(streets)
            left = {r["case_id"] for r in client.get("/v1/cases", params={"limit": 500}).json()["items"]}
            assert left < in_both
            problem(other.get("/v1/cases"), 401, "token_refused")
            granting.revoke(ADMINISTRATION, first)
            give(streets[0])
            assert set(places_seen()) == set(streets)
            problem(client.get("/v1/cases"), 401, "token_refused")
        assert token["other_place_ids"] == []


def test_a_program_is_limited_to_several_places(people: Served) -> None:
    streets = [p.place_id for p in people.city.planner.places.by_id.values() if p.level == "street"][:2]
    with signed(people, "acc.disp") as owner:
        secret, token = made(owner, place_id=streets[0], other_place_ids=[streets[1]])
        assert (token["role"], token["place_id"], token["other_place_ids"]) == (
            "integrator",
            streets[0],
            [streets[1]],
        )
        refused = owner.post(
            "/v1/tokens", json={"title": "x", "days": 1, "other_place_ids": ["admin:nowhere"]}
        )
        assert problem(refused, 422, "invalid_input")["field"] == "place_id"
        lists = [
            owner.get("/v1/cases", params={"limit": 500, "place": one}).json()["items"] for one in streets
        ]
        with program(people, secret) as client:
            seen = {r["case_id"] for r in client.get("/v1/cases", params={"limit": 500}).json()["items"]}
            assert seen == {row["case_id"] for items in lists for row in items}
            assert len(seen) < owner.get("/v1/cases").json()["n_total"]


def test_a_password_that_is_set_revokes_the_tokens_and_a_removed_account_leaves_nothing(
    people: Served,
) -> None:
    city = people.city

    def rows(entity: str) -> list[dict[str, object]]:
        where = (Condition("user_id", "eq", user_id),)
        return list(city.engine.records.read(city.planner.system(entity), Query(entity, where)).rows)

    newest = city.engine.records.read(
        city.planner.system("audit_row"), Query("audit_row", sort=("-seq",), limit=1)
    )
    user = new_user("acc.left", PASSWORD, "", "dispatcher", "V2")
    user_id = user.account["user_id"]
    add_user(city, user)
    with signed(people, "acc.left") as owner:
        first, _ = made(owner)
    set_password(city, "acc.left", OTHER)
    with program(people, first) as client:
        problem(client.get("/v1/cases"), 401, "token_refused")
    with signed(people, "acc.left", OTHER) as owner:
        second, _ = made(owner)
    now = city.clock.now()
    with city.engine.records.writing() as writing:
        link = {"issuer": "https://i.example", "subject": "s-left", "user_id": user_id, "linked_at": now}
        writing.add("sign_in_link", [link])
        taken = {"taking_id": "p-left", "user_id": user_id, "purpose_id": "x", "about_entity": "case", "about_id": "c",
                 "taken_at": now, "until_at": now}  # fmt: skip
        writing.add("purpose_taken", [taken])
    remove_user(city, "acc.left")
    tables = ("user_account", "session", "api_token", "sign_in_link", "purpose_taken")
    assert [name for name in tables if rows(name)] == []
    add_user(city, new_user("acc.left", PASSWORD, "", "dispatcher", "V2"))
    with program(people, second) as client:
        problem(client.get("/v1/cases"), 401, "token_refused")
    seen = (Condition("seq", "gt", newest.rows[0]["seq"] if newest.rows else 0),)
    kept = city.engine.records.read(city.planner.system("audit_row"), Query("audit_row", seen, sort=("seq",)))
    told = [key for row in kept.rows for key in row["details"] if user_id in str(row["details"][key])]
    assert told.count("password_set") == told.count("removed") == 1
    firsts = [row["details"]["kind"] for row in kept.rows if row["details"].get("to") == user_id]
    assert firsts == ["granted", "revoked", "granted"], "the first grant of an account too"


def test_another_account_cannot_revoke_a_token_but_an_administrator_can(
    people: Served, lu: httpx.Client
) -> None:
    secret, token = made(lu)
    with signed(people, "acc.disp") as other, signed(people, "acc.admin") as admin:
        problem(other.delete(f"/v1/tokens/{token['token_id']}"), 404, "not_found")
        answer = admin.delete(f"/v1/tokens/{token['token_id']}", params={"user_name": "acc.lu"})
        assert answer.status_code == 204
    with program(people, secret) as client:
        problem(client.get("/v1/cases"), 401, "token_refused")


def test_no_token_and_no_password_is_logged(
    people: Served, lu: httpx.Client, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    secret, _ = made(lu)
    with program(people, secret) as client:
        client.get("/v1/cases")
        client.get("/v1/tokens")
    lu.post("/v1/password", json={"old_password": "a-wrong-heron-42", "new_password": OTHER})
    told = "\n".join(record.getMessage() for record in caplog.records)
    assert "/v1/cases" in told
    for hidden in (secret, "a-wrong-heron-42", OTHER, lu.cookies[COOKIE], lu.headers["X-CSRF-Token"]):
        assert hidden not in told


def test_browsers_are_told_in_few_words() -> None:
    edge = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/141.0.0.0 Safari/537.36 Edg/141.0.0.0"
    assert browser_of(edge) == "Edge 141 · Windows"
    assert browser_of("<script>alert(1)</script>" * 50) == ""
