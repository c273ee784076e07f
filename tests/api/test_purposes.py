"""A purpose is stated before a person is seen; every look is in the audit, and the community sees it."""

import csv
import io
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from huitian.audit.reading import guarded
from huitian.audit.verify import verify
from huitian.clock import SHANGHAI
from huitian.model.query import Condition, Query
from tests.api.serving import Served


@pytest.fixture
def handler(served: Served) -> Iterator[httpx.Client]:
    """Sign in as who may see the households of one community, lens V3."""
    with served.signed_in("household") as client:
        yield client
        for one in client.get("/v1/purposes").json()["taken"]:
            client.delete(f"/v1/purposes/taken/{one['taking_id']}")


@pytest.fixture
def auditor(served: Served) -> Iterator[httpx.Client]:
    """Sign in as the auditor."""
    with served.signed_in("auditor") as client:
        yield client


@pytest.fixture(scope="session")
def home(served: Served) -> str:
    """Return a home of the handler's community with somebody in it whose name is known."""
    planner = served.city.planner
    with served.signed_in("household") as client:
        place_id = client.get("/v1/session").json()["user"]["place_id"]
    known = {r["person_id"] for r in planner.read(planner.system("person_identity"),
                                                  Query("person_identity", limit=100_000)).rows}  # fmt: skip
    persons = planner.read(planner.system("person"), Query("person", limit=100_000)).rows
    lived_in = {r["household_id"] for r in persons if r["person_id"] in known}
    for row in planner.read(planner.system("occupancy"), Query("occupancy", limit=100_000)).rows:
        if row["household_id"] in lived_in and planner.is_inside(row["place_id"], (place_id,)):
            return str(row["dwelling_id"])
    raise AssertionError("nobody lives there")


def state(client: httpx.Client, purpose: str, about: str, about_id: str, **more: Any) -> httpx.Response:
    told = {
        "purpose": purpose,
        "about": about,
        "about_id": about_id,
        "minutes": 20,
        "ticket": "回〔2026〕7号",
    } | more
    return client.post("/v1/purposes/taken", json=told)


def looks(served: Served, user_name: str) -> list[dict[str, Any]]:
    planner = served.city.planner
    query = Query("audit_row", (Condition("user_id", "eq", f"demo-{user_name}"), Condition("act", "eq", "look")),
                  sort=("seq",), limit=10_000)  # fmt: skip
    return list(planner.read(planner.system("audit_row"), query).rows)


def test_a_home_needs_a_purpose_and_each_look_is_recorded(
    served: Served, handler: httpx.Client, home: str
) -> None:
    refused = handler.get(f"/v1/homes/{home}")
    assert (refused.status_code, refused.json()["code"]) == (403, "purpose_missing")
    assert "POST /v1/purposes/taken" in refused.json()["what_to_do_en"]
    before = looks(served, "household")
    assert state(handler, "home_visit", "household", home).status_code == 201
    shown = handler.get(f"/v1/homes/{home}").json()
    assert shown["households"]
    assert shown["households"][0]["persons"][0]["name"] is None
    assert shown["purposes"][0]["ticket"] == "回〔2026〕7号"
    new = looks(served, "household")[len(before) :]
    assert {row["entity"] for row in new} == {"occupancy", "household", "person"}
    assert {(row["purpose_id"], row["ticket"], row["role"], row["lens"]) for row in new} == {
        ("home_visit", "回〔2026〕7号", "committee", "V3")
    }
    assert {row["route"] for row in new} == {"GET /v1/homes/{dwelling_id}"}
    assert all(row["request_id"] and row["address_hash"] for row in new)
    fields = {row["entity"]: row["fields"] for row in new}
    assert set(fields["household"]) <= {"household_id", "kind", "n_persons"}
    assert "birth_year" in fields["person"]
    assert "cell_key" not in fields["person"]
    assert verify(served.city.engine).broken == ()  # type: ignore[arg-type]


def test_a_sensitive_purpose_is_confirmed_and_opens_names(
    served: Served, handler: httpx.Client, home: str
) -> None:
    refused = state(handler, "verify_identity", "household", home)
    assert (refused.status_code, refused.json()["code"]) == (422, "purpose_unfit")
    assert state(handler, "verify_identity", "household", home, is_confirmed=True).status_code == 201
    persons = [p for h in handler.get(f"/v1/homes/{home}").json()["households"] for p in h["persons"]]
    names = [p["name"] for p in persons if p["name"]]
    assert names
    assert not any("*" in name for name in names)
    with served.signed_in("committee") as committee:
        newest = committee.get("/v1/looks").json()["looks"][0]
    assert {"身份·姓名", "身份·电话", "身份·身份证号"} <= set(newest["fields_zh"])


@pytest.mark.parametrize(
    ("purpose", "about", "more"),
    [
        ("home_visit", "household", {"ticket": ""}),
        ("home_visit", "household", {"ticket": "找 13812345678"}),
        ("home_visit", "household", {"minutes": 500}),
        ("home_visit", "case", {}),
    ],
)
def test_what_a_purpose_asks_for_must_be_there(
    handler: httpx.Client, home: str, purpose: str, about: str, more: dict[str, Any]
) -> None:
    assert state(handler, purpose, about, home, **more).json()["code"] == "purpose_unfit"


def test_who_may_not_ask_cannot_state_a_purpose(
    auditor: httpx.Client, leader: httpx.Client, home: str
) -> None:
    for client in (auditor, leader):
        assert client.get("/v1/purposes").json() == {"declared": [], "taken": []}
        assert state(client, "home_visit", "household", home).json()["code"] == "not_allowed"


def test_a_purpose_that_is_over_opens_nothing(served: Served, handler: httpx.Client, home: str) -> None:
    taken = state(handler, "home_visit", "household", home).json()
    assert handler.get(f"/v1/homes/{home}").status_code == 200
    ended = datetime.now(SHANGHAI) - timedelta(seconds=1)
    with served.city.engine.records.writing() as writing:
        writing.change("purpose_taken", {"taking_id": taken["taking_id"]}, {"until_at": ended})
    assert handler.get(f"/v1/homes/{home}").json()["code"] == "purpose_missing"
    assert handler.get("/v1/purposes").json()["taken"] == []


def test_stating_it_again_prolongs_it(handler: httpx.Client, home: str) -> None:
    first = state(handler, "home_visit", "household", home, minutes=5).json()
    second = state(handler, "home_visit", "household", home, minutes=50).json()
    assert second["taking_id"] == first["taking_id"]
    assert second["until_at"] > first["until_at"]
    assert len(handler.get("/v1/purposes").json()["taken"]) == 1


def test_rows_of_persons_are_only_those_that_the_purpose_is_about(
    served: Served, handler: httpx.Client, home: str
) -> None:
    assert handler.get("/v1/entities/person").json()["code"] == "purpose_missing"
    assert state(handler, "home_visit", "household", home).status_code == 201
    of_home = handler.get("/v1/entities/person").json()
    living = {h["household_id"] for h in handler.get(f"/v1/homes/{home}").json()["households"]}
    names = [c["name"] for c in of_home["columns"]]
    assert "household_id" in names
    assert {row["household_id"] for row in of_home["rows"]} <= living
    assert of_home["n_total"] == len(of_home["rows"]) > 0


def test_a_visit_is_about_who_lives_in_a_home_today(served: Served, handler: httpx.Client, home: str) -> None:
    today, day = served.city.planner.today(), timedelta(days=1)
    times = {
        "moved-out": (today - 400 * day, today),
        "comes-soon": (today + day, None),
        "moved-in": (today, None),
    }
    building = Query("dwelling", (Condition("dwelling_id", "eq", home),), ("building_id",), limit=1)
    system = served.city.planner.system
    where = dict(served.city.planner.read(system("dwelling"), building).rows[0])
    with served.city.engine.records.writing() as writing:
        for name, (begin, end) in times.items():
            writing.put("household", [where | {"household_id": name, "cell_key": 1}])
            told = {"household_id": name, "dwelling_id": home, "valid_from": begin, "valid_to": end}
            writing.put("occupancy", [where | told])
            writing.put("person", [where | {"person_id": name, "household_id": name, "cell_key": 1}])
    assert state(handler, "home_visit", "household", home).status_code == 201
    for entity in ("household", "occupancy", "person"):
        rows = handler.get(f"/v1/entities/{entity}", params={"limit": 200}).json()["rows"]
        assert {row["household_id"] for row in rows} & set(times) == {"moved-in"}, entity
    with served.city.engine.records.writing() as writing:
        for entity in ("household", "occupancy"):
            writing.remove(entity, {"household_id": list(times)})
        writing.remove("person", {"person_id": list(times)})


def test_the_contact_of_a_case_is_masked_until_a_purpose_is_stated(
    served: Served, handler: httpx.Client
) -> None:
    cases = handler.get("/v1/cases", params={"limit": 50}).json()["items"]
    pages = (handler.get(f"/v1/cases/{one['case_id']}").json() for one in cases)
    page = next(p for p in pages if p["contact"] and p["contact"]["phone"])
    assert "*" in page["contact"]["phone"]
    n_before = len(looks(served, "household"))
    handler.get(f"/v1/cases/{page['case_id']}")
    assert len(looks(served, "household")) == n_before
    assert state(handler, "handle_case", "case", page["case_id"]).status_code == 201
    opened = handler.get(f"/v1/cases/{page['case_id']}").json()
    assert "*" not in opened["contact"]["phone"]
    new = looks(served, "household")[n_before:]
    assert {"case_contact"} <= {row["entity"] for row in new}
    assert all(row["n_subjects"] == 1 for row in new)


def test_a_community_sees_who_looked_at_its_households(
    served: Served, handler: httpx.Client, home: str
) -> None:
    state(handler, "home_visit", "household", home, ticket="W-77")
    handler.get(f"/v1/homes/{home}")
    with served.signed_in("committee") as committee:
        found = committee.get("/v1/looks").json()["looks"]
    mine = [one for one in found if one["ticket"] == "W-77"]
    assert len(mine) == 1
    assert (mine[0]["user_name"], mine[0]["purpose_en"]) == ("测试庚", "Visit a home")
    assert mine[0]["home"]
    assert "人·出生年" in mine[0]["fields_zh"]
    assert "person.birth_year" in mine[0]["fields"]
    with served.signed_in("leader") as other:
        assert other.get("/v1/looks").status_code == 403


def test_the_auditor_filters_exports_and_sees_the_chain(
    served: Served, auditor: httpx.Client, handler: httpx.Client, home: str
) -> None:
    state(handler, "home_visit", "household", home, ticket="=1+1")
    handler.get(f"/v1/homes/{home}")
    told = auditor.get(
        "/v1/audit/rows", params={"user": "demo-household", "act": "purpose", "limit": 1}
    ).json()
    assert told["rows"][0]["ticket"] == "=1+1"
    assert told["rows"][0]["subject_ids"] == [home]
    assert told["next_before"] == told["rows"][0]["seq"] or told["n_total"] == 1
    by_subject = auditor.get("/v1/audit/rows", params={"subject": home}).json()
    assert {row["act"] for row in by_subject["rows"]} == {"purpose"}
    out = auditor.get("/v1/audit/rows.csv", params={"user": "demo-household", "act": "purpose"})
    cells = [cell for row in csv.reader(io.StringIO(out.text.removeprefix("\ufeff"))) for cell in row]
    assert "'=1+1" in cells
    assert not any(cell.startswith("=") for cell in cells)
    exported = auditor.get("/v1/audit/rows", params={"act": "export"}).json()["rows"][0]
    assert exported["user_id"] == "demo-auditor"
    state_now = auditor.get("/v1/audit/state").json()
    assert (state_now["state"], state_now["broken_seq"]) == ("whole", None)
    assert state_now["head"].partition(":")[0] == str(state_now["n_rows"])
    assert handler.get("/v1/audit/rows").status_code == 403


def test_more_looks_than_the_alarm_leave_one_finding_and_block_nothing(
    served: Served, handler: httpx.Client, home: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(served.city.audit, "_looks_a_day", 2)
    state(handler, "home_visit", "household", home)
    assert [handler.get(f"/v1/homes/{home}").status_code for _ in range(6)] == [200] * 6
    planner = served.city.planner
    found = Query("finding", (Condition("rule_id", "eq", "looks_a_day"),), limit=10)
    assert [row["object_id"] for row in planner.read(planner.system("finding"), found).rows] == [
        "demo-household"
    ]


def test_nothing_is_shown_when_the_look_cannot_be_written(
    served: Served, handler: httpx.Client, home: str
) -> None:
    state(handler, "home_visit", "household", home)
    with served.city.engine.sql.begin() as connection:  # type: ignore[attr-defined]
        connection.execute(text("CREATE TRIGGER no_more BEFORE INSERT ON audit_row "
                                "BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END"))  # fmt: skip
    answer = handler.get(f"/v1/homes/{home}")
    with served.city.engine.sql.begin() as connection:  # type: ignore[attr-defined]
        connection.execute(text("DROP TRIGGER no_more"))
    assert answer.status_code >= 500
    assert "birth_year" not in answer.text


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "\t=1", " =1"])
def test_no_cell_is_a_formula(cell: str) -> None:
    assert guarded(cell) == f"'{cell}"
    assert guarded("测试甲") == "测试甲"
