"""Answers about persons and about who looked at them, for the OpenAPI document: invented, as no real one is printed."""

from typing import Any

TAKEN = {
    "taking_id": "p-4f1d0c2a9b7e6f5d", "purpose_id": "home_visit", "ticket": "走访〔2026〕12号", "about": "household",
    "about_id": "d-1", "taken_at": "2026-02-14T01:00:00Z", "until_at": "2026-02-14T01:30:00Z",
}  # fmt: skip
PEOPLE: dict[str, Any] = {
    "list_purposes": {
        "response": {
            "declared": [{
                "purpose_id": "home_visit", "title_zh": "入户走访", "title_en": "Visit a home",
                "about": ["household"],
                "opens": ["household.*", "occupancy.*", "person.*"], "most_min": 120, "needs_ticket": True,
                "is_sensitive": False,
            }],
            "taken": [TAKEN],
        },
    },
    "take_purpose": {
        "request": {"purpose": "home_visit", "about": "household", "about_id": "d-1", "minutes": 30,
                    "ticket": "走访〔2026〕12号", "is_confirmed": False},
        "response": TAKEN,
    },
    "read_home": {
        "response": {
            "dwelling_id": "d-1",
            "households": [{
                "household_id": "h-1", "kind": "family", "n_persons": 1,
                "persons": [{"birth_year": 1961, "sex": "2", "is_registered": True, "name": None, "phone": None,
                             "id_number": None}],
            }],
            "purposes": [TAKEN],
        },
    },
    "list_audit_rows": {
        "response": {
            "rows": [{
                "seq": 17, "done_at": "2026-02-14T01:00:02Z", "act": "look", "user_id": "u-7", "user_name": "committee",
                "role": "committee", "lens": "V3", "entity": "household", "fields": ["kind", "n_persons"],
                "n_subjects": 1, "subject_ids": ["h-1"], "place_id": "admin:110199001001",
                "purpose_id": "home_visit", "ticket": "走访〔2026〕12号", "route": "GET /v1/homes/{dwelling_id}",
                "request_id": "0c5b2a9d4e7f1a6b", "row_hash": "9f86d081884c7d659a2feaa0c55ad015",
            }],
            "n_total": 1, "next_before": None,
        },
    },
    "read_audit_state": {
        "response": {
            "n_rows": 17, "head": "17:9f86d081884c7d659a2feaa0c55ad015", "n_checked": 17, "state": "whole",
            "broken_seq": None, "looks_a_day_alarm": 200,
            "unusual": [{"user_id": "u-7", "user_name": "committee", "n_looks": 3, "n_subjects": 2, "n_at_night": 0,
                         "n_most_a_day": 2, "is_over_alarm": False}],
        },
    },
    "list_household_looks": {
        "response": {
            "looks": [{
                "seq": 17, "done_at": "2026-02-14T01:00:02Z", "user_name": "committee", "org_name": "东街道第一居委会",
                "role": "committee", "home": "1号楼 301", "place_name": "第一社区", "fields": ["kind", "n_persons"],
                "purpose_id": "home_visit", "purpose_zh": "入户走访", "purpose_en": "Visit a home",
                "ticket": "走访〔2026〕12号", "fields_zh": ["类别", "人数"], "fields_en": ["Kind", "Persons"],
            }],
            "next_before": None,
        },
    },
}  # fmt: skip
