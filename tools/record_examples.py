"""Write huitian/api/examples.json: what a server really answers, for the OpenAPI document.

Run it when a shape on the wire changed: ``python -m tools.record_examples``.
"""

import json
import re
import sys
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any

from bench.running import Running, Session, demo_server
from tools.places import ROOT
from tools.unseen_examples import PEOPLE

FILE = ROOT / "huitian" / "api" / "examples.json"
MOST_ITEMS = 1
SECRET = re.compile(r"^(csrf|password|follow_code)$")
Ask = Callable[..., Any]

TOKEN = {
    "token_id": "t-4f1d0c2a9b7e6f5d", "prefix": "huitian_k3Vx9Q", "title": "每日统计", "role": "integrator",
    "lens": "V1",
    "place_id": "admin:110199001", "place_name": "东街道", "other_place_ids": [],
    "methods": ["GET"], "subjects": ["cases", "numbers"],
    "created_at": "2026-02-14T01:00:00Z", "expires_at": "2026-05-15T01:00:00Z", "used_at": None, "revoked_at": None,
    "state": "active",
}  # fmt: skip
UNSEEN: dict[str, Any] = {
    **{
        name: {"response": told}
        for name, told in {
            "read_account": {
                "min_password_chars": 10, "session_hours": 12, "session_idle_min": 0, "token_most_days": 365,
                "token_subjects": ["cases", "numbers", "places"], "has_password": True,
            },
            "list_sessions": [{
                "session_id": "0c5b2a9d4e7f1a6b8c3d", "began_at": "2026-02-14T00:30:00Z",
                "seen_at": "2026-02-14T01:00:00Z", "ends_at": "2026-02-14T12:30:00Z", "address": "192.0.2.7",
                "browser": "Firefox 143 · Linux", "is_this": True,
            }],
            "end_sessions": {"n_ended": 2},
            "list_tokens": [TOKEN],
        }.items()
    },
    "add_token": {
        "request": {"title": "每日统计", "days": 90, "lens": None, "place_id": "admin:110199001", "other_place_ids": [],
                    "methods": ["GET"], "subjects": ["cases", "numbers"], "is_own_role": False},
        "response": {"secret": "…", "token": TOKEN},
    },
    "change_own_password": {"request": {"old_password": "…", "new_password": "…"}},
    "read_device_key": {"response": {"key": "…"}},
    "keep_file": {
        "response": {
            "file_id": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            "media_type": "image/jpeg", "n_bytes": 184_320, "width_px": 3024, "height_px": 4032,
        },
    },
    "list_rejects": {
        "response": {
            "items": [{
                "row_no": 17, "source_key": "B-0017", "reason_code": "out_of_box",
                "reason_zh": "坐标 0，0 不在本城范围内。",
                "reason_en": "0, 0 is outside the box of the city.",
                "raw": {"编号": "B-0017", "经度": "0", "纬度": "0"},
            }],
            "n_total": 1, "next_cursor": None,
        },
    },
    "list_findings": {
        "response": {
            "items": [{
                "finding_id": "f-1", "rule_id": "building.outside_street", "entity": "building",
                "object_id": "9901140010010001", "place_id": None, "severity": "warning",
                "words_zh": "楼栋不在任何街道之内。",
                "words_en": "The building is outside every street.",
                "facts": {"lon": 116.2, "lat": 40.0}, "found_at": "2026-02-14T01:00:00Z", "load_id": "demo",
                "is_open": True,
            }],
            "n_total": 1, "counts": {"building.outside_street": 1}, "next_cursor": None,
        },
    },
}  # fmt: skip
"""Answers that are secret, or that a fresh demo city does not give: it rejected nothing and finds nothing."""


def main() -> int:
    """Record every operation once, in the order of a letter's life."""
    with demo_server() as running:
        told = recorded(running)
    FILE.write_text(json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True) + "\n", "utf-8")
    print(f"{FILE.relative_to(ROOT)}: {len(told)} operations")
    return 0


def recorded(running: Running) -> dict[str, Any]:
    """Return request and response by operation."""
    told: dict[str, Any] = {}
    staff = running.sign_in("dispatcher")
    data = running.sign_in("data_admin")

    def ask(
        name: str, path: str, body: Any = None, who: Session | None = staff, method: str | None = None, **more: str
    ) -> Any:  # fmt: skip
        headers = {"Content-Type": "application/json"} | more
        if who is not None:
            headers |= {"Cookie": who.cookie, "X-CSRF-Token": who.csrf}
        content = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{running.base}{path}", content, headers, method=method)
        with urllib.request.urlopen(request, timeout=60) as answer:
            found = json.load(answer)
        told[name] = {"response": shortened(found)} | ({} if body is None else {"request": hidden(body)})
        return found

    reads(ask, data)
    life_of_a_letter(ask)
    told["start_session"] = {
        "request": {"user_name": "dispatcher", "password": "…"},
        "response": told["read_session"]["response"] | {"demo_users": []},
    }
    return told | UNSEEN | PEOPLE


def reads(ask: Ask, data: Session) -> None:
    """Ask what changes nothing."""
    ask("read_session", "/v1/session")
    city = ask("read_city", "/v1/city", who=None)
    root = city["root_place_id"]
    street = ask("list_places", f"/v1/places?parent={root}")["items"][0]
    ask("read_place", f"/v1/places/{street['place_id']}")
    lon, lat = street["label"]
    ask("locate_point", f"/v1/locate?lon={lon}&lat={lat}", who=None)
    ask("list_public_places", "/v1/public/places", who=None)
    ask("list_layers", "/v1/layers")
    ask("read_layer", "/v1/layers/case?limit=1")
    ask("count_entity_rows", "/v1/entities/case/counts?by=state&by=ladder_level")
    building = ask("read_entity_rows", "/v1/entities/building?limit=1")["rows"][0]
    ask("read_building", f"/v1/buildings/{building['building_id']}")
    ask("list_entities", "/v1/entities")
    ask("list_numbers", "/v1/numbers")
    ask("read_number", "/v1/numbers/cases.open")
    ask("read_number_rows", "/v1/numbers/cases.open/rows?limit=1")
    ask("read_number_units", "/v1/numbers/cases.open/units")
    ask("read_number_series", "/v1/numbers/cases.open/series?n=1")
    ask("read_number_forecast", "/v1/numbers/cases.reported_today/forecast?hours=1")
    ask("list_headlines", "/v1/headlines")
    ask("list_calendar_days", "/v1/calendar?from=2026-10-01&to=2026-10-01", who=None)
    ask("list_sources", "/v1/sources")
    ask("list_panels", "/v1/panels?end=cockpit", who=None)
    packs(ask, data, street["place_id"])
    people(ask, data, street["place_id"])
    ask("list_categories", "/v1/categories", who=None)
    load = ask("list_loads", "/v1/loads", who=data)["items"][0]
    ask("read_load", f"/v1/loads/{load['load_id']}", who=data)
    ask("read_health", "/healthz", who=None)
    ask("read_readiness", "/readyz", who=None)
    ask("read_health_parts", "/v1/health", who=data)


def packs(ask: Ask, data: Session, street_id: str) -> None:
    """Put a pack into pilot in one street, use it, say something about it, and look."""
    ask(
        "switch_pack",
        "/v1/packs/mailbox/stage",
        {"place_id": street_id, "stage": "pilot"},
        who=data,
        method="PUT",
    )
    ask("count_uses", "/v1/pack-uses", {"uses": [{"pack_id": "mailbox", "n_shown": 1, "n_acted": 1}]})
    remark = {"panel_id": "mailbox.page_rates", "verdict": "unclear", "words": "请写明不含哪些诉求。",
              "idempotency_key": "3a1f77c0-8a52-4f0b-9c5d-2e7b6a1d9f40"}  # fmt: skip
    ask("remark_on_panel", "/v1/packs/mailbox/feedback", remark)
    ask("list_packs", "/v1/packs", who=data)
    ask("list_remarks", "/v1/packs/mailbox/feedback", who=data)


def people(ask: Ask, data: Session, street_id: str) -> None:
    """Give a grant, pass a part of it on, change it, take it back, and look."""
    session = ask("read_session", "/v1/session")["user"]
    ask("act_as", "/v1/session/acting", {"acting": session["acting"]}, method="PUT")
    until = "2099-01-01T00:00:00Z"
    new = {"idempotency_key": "8d1c5b7e-people-1", "role": "street_dispatcher", "lens": "V2", "place_id": street_id,
           "user_name": "committee", "purpose": "代班", "starts_at": None, "expires_at": until}  # fmt: skip
    grant = ask("add_grant", "/v1/grants", new, who=data)
    path = f"/v1/grants/{grant['grant_id']}"
    change = {"expected_version": 1, "expires_at": "2098-01-01T00:00:00Z", "purpose": "代班"}
    ask("change_grant", path, change, who=data, method="PUT")
    own = ask("list_grants", "/v1/grants")["items"][0]
    part = new | {"idempotency_key": "8d1c5b7e-people-2", "user_name": "grid_worker", "role": "grid_worker"}
    ask("delegate_grant", f"/v1/grants/{own['grant_id']}/delegations", part)
    ask("list_duty", f"/v1/duty?place={street_id}")
    ask("list_users", "/v1/users?find=committee", who=data)
    ask("revoke_grant", f"{path}/revocation", {"expected_version": 2}, who=data)


def life_of_a_letter(ask: Ask) -> None:
    """Write a letter, deal with it, and rate it."""
    grid = ask("list_places", "/v1/places?level=grid&limit=1")["items"][0]
    lon, lat = grid["label"]
    body = {
        "body": "3号楼2单元没有暖气，家里有老人。", "idempotency_key": "5b1f0f5c-7d1e-4f0e-9a57-0d6c3f9b1a11",
        "lon": lon, "lat": lat, "name": "测试甲", "phone": "12013800138", "is_anonymous": False, "file_ids": [],
    }  # fmt: skip
    ask("open_case", "/v1/cases", body)
    receipt = ask("open_letter", "/v1/letters", body, who=None)
    row = ask("list_cases", f"/v1/cases?q={receipt['case_no']}")["items"][0]
    path = f"/v1/cases/{row['case_id']}"
    owner = ask("suggest_owners", f"{path}/owners")["items"][0]
    ask("find_similar_cases", f"{path}/similar")
    forms: dict[str, Any] = {
        "dispatch": ({"org_id": owner["org_id"], "is_suggested": True}, {"note": "请今日上门。"}),
        "sign": ({}, {}),
        "reply": ({"result": "solved"}, {"reply": "已恢复供暖，室温 20 度。"}),
    }
    version = row["version"]
    for action, (facts, words) in forms.items():
        step = {
            "action": action, "expected_version": version, "facts": facts, "words": words, "file_ids": [],
            "idempotency_key": f"6f1d0c2a-{action}-{version}",
        }  # fmt: skip
        version = ask("take_step", f"{path}/steps", step)["version"]
    ask("read_case", path)
    code = receipt["follow_code"]
    ask("follow_letter", f"/v1/letters/{receipt['case_no']}", who=None, **{"X-Follow-Code": code})
    rating = {"code": code, "is_contacted": True, "solved": "solved", "satisfied": "yes", "words": "谢谢",
              "idempotency_key": "0c8a6f1e-2b7d-4c39-8e55-7f1a2b3c4d5e"}  # fmt: skip
    ask("rate_letter", f"/v1/letters/{receipt['case_no']}/rating", rating, who=None)


def hidden(value: Any) -> Any:
    """Return a body without its secrets."""
    return {name: "7K3M-9QXA" if name == "code" else one for name, one in value.items()}


def shortened(value: Any, name: str = "") -> Any:
    """Return an answer with at most one item a list, and without its secrets."""
    if isinstance(value, dict):
        return {key: shortened(one, key) for key, one in value.items()}
    if isinstance(value, list):
        is_coordinates = bool(value) and not isinstance(value[0], dict)
        return value[:6] if is_coordinates else [shortened(one) for one in value[:MOST_ITEMS]]
    return "7K3M-9QXA" if SECRET.match(name) and isinstance(value, str) else value


if __name__ == "__main__":
    try:
        sys.exit(main())
    except urllib.error.HTTPError as error:
        sys.exit(f"{error.url}: {error.code} {error.read().decode()[:500]}")
