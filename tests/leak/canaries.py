"""A small city with strings planted in it that must not leave by the wrong door, and who may see which."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from huitian.api.sign_in import add_user, new_user
from huitian.app import OpenCity, open_city
from huitian.base.anchors import Standing, stand
from huitian.clock import ManualClock
from huitian.model.case import Letter
from huitian.model.query import Condition, Query
from huitian.model.scope import Lens, Scope
from huitian.settings import Settings
from tests.cases.conftest import START, make_town

PASSWORD = "canary-password-1"
NAME, PHONE, ID_NUMBER = "钱牡丹", "13911112222", "11010519491231002X"
HIDDEN_NAME, HIDDEN_PHONE = "赵隐名", "13922223333"
SOURCE_NAME, SOURCE_PHONE = "孙来源", "13933334444"
WORDS, ADDRESS_NOTE = "蟹青色的水管又裂了", "鹤望巷七号后门"
HOME_CODE = "home-8820417"
"""All staff see that there is this home; which case is about it, only who stated a purpose: see ``test_canaries``."""
LON, LAT = 116.051237, 40.101239
N_RESIDENTS = 7_341_907


@dataclass(frozen=True, slots=True)
class Planted:
    """The city and what was planted in it.

    Attributes:
        city: The open city.
        canaries: What it is → the string as it would read.
        filling: Parameter of a path or a required one of a query → the values to ask with.
        follow_code: Of the first letter.
        case_of_home: Number and id of the case that is about the home.
    """

    city: OpenCity
    canaries: Mapping[str, tuple[str, ...]]
    filling: Mapping[str, tuple[str, ...]]
    follow_code: str
    case_of_home: tuple[str, str]


READERS: Mapping[str, tuple[str, Lens, str | None]] = {
    "leader": ("leader", "V1", None),
    "data_admin": ("data_admin", "V2", None),
    "in_place": ("street_dispatcher", "V2", "admin:110199001"),
    "elsewhere": ("street_dispatcher", "V2", "admin:110199002"),
    "authorised": ("dispatcher", "V3", None),
    "with_purpose": ("dispatcher", "V3", None),
}
"""Account → role, lens and place. The public has none."""

WORK = {"words", "address_note", "point"}
MAY_SEE: Mapping[str, set[str]] = {
    "public": set(),
    "leader": set(),
    "data_admin": WORK,
    "in_place": WORK,
    "elsewhere": set(),
    "authorised": WORK,
    "with_purpose": WORK | {"name", "phone", "id_number", "home"},
}
"""Reader → exactly the canaries that reach them. Nobody sees a secret or the name of an anonymous writer."""


def planted(folder: Path) -> Planted:
    """Make the city in a folder and plant everything."""
    make_town(folder).engine.close()
    city = open_city(
        folder,
        Settings(root_place="admin:110199", lockout_tries=1_000, max_wrong_codes_per_h=10_000),
        ManualClock(START),
    )
    for name, (role, lens, place_id) in READERS.items():
        add_user(city, new_user(name, PASSWORD, "", role, lens, place_id, "org:street1"))
    with city.engine.records.writing() as writing:
        writing.add("building", [{"building_id": "b1", "name": "一号楼", "lon": 116.02, "lat": 40.05, "west": 116.02,
                                  "south": 40.05, "east": 116.02, "north": 40.05,
                                  "attributes": {"n_residents": N_RESIDENTS}}])  # fmt: skip
        writing.add("dwelling", [{"dwelling_id": HOME_CODE, "building_id": "b1", "unit_no": "2", "floor_no": 4,
                                  "room_no": "402"}])  # fmt: skip
        stand(
            writing, city.planner.places, "building", [Standing("b1", 116.02, 40.05, None, date(2020, 1, 1))]
        )
    body = f"{WORDS}，身份证{ID_NUMBER}，电话+86 {PHONE}。"
    opened = city.letters.open_case(
        Letter(body, "canary-key-1", lon=LON, lat=LAT, address_note=ADDRESS_NOTE, name=NAME, phone=PHONE,
               dwelling_id=HOME_CODE)
    )  # fmt: skip
    city.letters.open_case(
        Letter("路灯不亮", "canary-key-2", lon=116.06, lat=40.11, name=HIDDEN_NAME, phone=HIDDEN_PHONE,
               is_anonymous=True)
    )  # fmt: skip
    raw = {"姓名": SOURCE_NAME, "联系电话": SOURCE_PHONE, "备注": f"找{SOURCE_PHONE}"}
    with city.engine.records.writing() as writing:
        writing.add("load", [{"load_id": "load-1", "kind": "csv", "file_name": "rows.csv", "file_hash": "h",
                              "map_hash": "m", "state": "done", "n_read": 1, "n_written": 0,
                              "n_unchanged": 0, "n_rejected": 1, "n_done_rows": 1,
                              "started_at": START, "finished_at": START, "load_seq": 1}])  # fmt: skip
        writing.add("reject", [{"load_id": "load-1", "row_no": 1, "source_key": SOURCE_PHONE, "reason_code": "no_key",
                                "reason_zh": f"“{SOURCE_PHONE}”不是编码", "reason_en": f"{SOURCE_PHONE} is no code",
                                "raw": raw}])  # fmt: skip
        writing.add("finding", [{"finding_id": "f1", "rule_id": "r", "entity": "building", "object_id": "b1",
                                 "place_id": "admin:110199001001", "severity": "notice", "words_zh": "看",
                                 "words_en": "look", "facts": raw, "found_at": START, "load_id": "load-1",
                                 "is_open": True}])  # fmt: skip
    who = Query("user_account", (Condition("user_name", "eq", "with_purpose"),), ("user_id",), limit=1)
    (account,) = city.engine.records.read(city.planner.system("user_account"), who).rows
    stated = Scope(account["user_id"], None, "V3", "dispatcher", "org:street1")
    city.purposes.take(stated, "handle_case", "case", opened.case_id, 60)
    filling = {
        "case_id": (opened.case_id,), "case_no": (opened.case_no,), "building_id": ("b1",),
        "load_id": ("load-1",), "file_id": ("none",), "place_id": ("admin:110199", "admin:110199001001"),
        "lon": (str(LON),), "lat": (str(LAT),), "end": ("desk", "cockpit", "mobile", "public"),
        "from": ("2026-03-01",), "to": ("2026-03-02",),
        "dwelling_id": ("none",), "pack_id": ("mailbox",), "by": ("place_id", "name"),
    }  # fmt: skip
    return Planted(
        city, canaries_of(city), filling, opened.follow_code, (opened.case_no, opened.case_id)
    )  # fmt: skip


def canaries_of(city: OpenCity) -> dict[str, tuple[str, ...]]:
    """Return every canary, the secrets as they stand in the store."""
    secrets = {
        name: tuple(
            str(row[column])
            for row in city.engine.records.read(city.planner.system(entity), Query(entity)).rows
        )
        for name, entity, column in (
            ("stored_key", "case_step", "idempotency_key"), ("password_hash", "user_account", "password_hash"),
            ("follow_code_hash", "case_contact", "follow_code_hash"),
        )
    }  # fmt: skip
    return secrets | {
        "sent_key": ("canary-key-1", "canary-key-2"), "name": (NAME,), "phone": (PHONE,), "id_number": (ID_NUMBER,),
        "anonymous_name": (HIDDEN_NAME,), "anonymous_phone": (HIDDEN_PHONE,), "source_name": (SOURCE_NAME,),
        "source_phone": (SOURCE_PHONE,), "words": (WORDS,), "address_note": (ADDRESS_NOTE,),
        "home": (HOME_CODE,),
        "point": (str(LON), str(LAT)), "n_residents": (str(N_RESIDENTS),),
    }  # fmt: skip
