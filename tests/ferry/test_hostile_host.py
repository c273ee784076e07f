"""An outside host that was taken over: everything it sends is signed by its own key, and nothing of it is honest."""

import hashlib
import json
import os
import struct
import zlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from huitian.errors import FerryPeerUnknown, InvalidInput
from huitian.ferry.items import LetterItem, RatingItem, letter_purpose, photo_purpose, rating_purpose
from huitian.ferry.keys import make_keys
from huitian.ferry.peers import distrust, trust
from huitian.ferry.status import status_of
from huitian.ferry.trip import FORMAT, MAGIC, signed_part
from tests.ferry.crossing import Crossing, photo

pytestmark = pytest.mark.faults

NOW = "2026-03-02T01:00:00Z"


def letter(crossing: Crossing, n: int = 1, **more: Any) -> dict[str, Any]:
    """Return a letter as JSON, sealed for the city; ``content`` changes what is sealed."""
    letter_id = more.pop("letter_id", f"{n:032x}")
    content = {"body": "路灯坏了", "place_id": "admin:110199001001"} | more.pop("content", {})
    sealed = crossing.sides["city"].keys.public.seal(json.dumps(content).encode(), letter_purpose(letter_id))
    told = msgspec.to_builtins(
        LetterItem(letter_id, f"WX20260302{n:06d}", datetime(2026, 3, 2, 1, tzinfo=UTC), sealed)
    )
    return dict(told) | more


def send(
    crossing: Crossing, lines: Sequence[Any], photos: Mapping[str, bytes] | None = None, host: str = "wx1", **more: Any
) -> Path:  # fmt: skip
    """Write the next trip of a host with whatever is in it, truly signed; returns the file that waits for the city."""
    peer = next(row for row in crossing.rows("city", "ferry_peer") if row["peer_id"] == host)
    keys, photos = crossing.sides[host].keys, photos or {}
    told = b"".join(line if isinstance(line, bytes) else json.dumps(line).encode() + b"\n" for line in lines)
    head: dict[str, Any] = {
        "format": FORMAT, "direction": "in", "sender": host, "receiver": "city", "chain": max(peer["chain_in"], 1),
        "seq": peer["seq_in"] + 1, "previous": peer["hash_in"], "made_at": NOW, "ack_chain": peer["chain_out"],
        "ack_seq": peer["acked_seq"], "n_items": len(lines), "files": [[k, len(v)] for k, v in photos.items()],
    } | more  # fmt: skip
    purpose = f"{FORMAT} {host} city {head['chain']} {head['seq']}".encode()
    content = len(told).to_bytes(8, "big") + told + b"".join(photos.values())
    sealed = crossing.sides["city"].keys.public.seal(content, purpose)
    head |= {"content_hash": hashlib.sha256(sealed).hexdigest(), "content_bytes": len(sealed)}
    manifest = json.dumps(head).encode()
    boat = crossing.boat("city")
    boat.mkdir(exist_ok=True)
    path = boat / f"{host}-evil.ferry"
    path.write_bytes(
        MAGIC + len(manifest).to_bytes(4, "big") + manifest + keys.sign(signed_part(manifest)) + sealed
    )
    return path


def fates(crossing: Crossing) -> dict[str, str]:
    """Take; return what became of each file."""
    return {one.file_name: one.fate for one in crossing.take("city")}


def others_go_on(crossing: Crossing) -> None:
    """Assert that a letter of the other host comes through."""
    sent = crossing.write("wx2", "另一台主机的来信")
    crossing.pack("wx2")
    crossing.take("city")
    assert crossing.case(sent.case_no) is not None
    crossing.pack("city")


DEEP = (
    b'{"item":"answer","letter_id":"x","version":1,"view":{"a":' + b"[" * 200_000 + b"]" * 200_000 + b"}}\n"
)
HEADS: list[dict[str, Any]] = [
    {"made_at": "2026-03-02T01:00:00"}, {"chain": 2**63, "seq": 1, "previous": ""},
    {"chain": 2**31, "seq": 1, "previous": ""}, {"previous": "x" * 4000},
    {"chain": -1}, {"seq": 0}, {"seq": 2**40}, {"ack_chain": 2**63, "ack_seq": 1}, {"ack_chain": 2**31, "ack_seq": 1},
    {"ack_seq": -5}, {"n_items": -1}, {"files": [["0" * 64, -1]]}, {"files": [["0" * 64, 2**70]]},
    {"made_at": "9999-12-31T23:59:59+00:00"}, {"made_at": "0001-01-01T00:00:00+14:00"},
]  # fmt: skip


@pytest.mark.parametrize("head", HEADS, ids=lambda head: str(head)[:50])
def test_a_manifest_with_odd_figures_stops_nobody_else(crossing: Crossing, head: dict[str, Any]) -> None:
    path = send(crossing, [letter(crossing)], **head)
    assert fates(crossing)[path.name] in {"refused", "waits"}
    others_go_on(crossing)


def test_items_that_nest_without_end_are_refused(crossing: Crossing) -> None:
    path = send(crossing, [DEEP])
    assert fates(crossing) == {path.name: "refused"}
    others_go_on(crossing)


ITEMS: list[dict[str, Any]] = [
    {"letter_id": "x\x00y"}, {"letter_id": "\ud800"}, {"letter_id": "x" * 100_000}, {"letter_id": ""},
    {"reported_at": "2026-03-02T01:00:00"}, {"case_no": "WX\u0662\u0660\u0662\u0666\u0660\u0663\u0660\u0662000001"},
    {"file_ids": ["../../etc"]}, {"reported_at": "0001-01-01T00:00:00+14:00"},
]  # fmt: skip


@pytest.mark.parametrize("told", ITEMS, ids=lambda told: str(told)[:50])
def test_letters_with_odd_facts_open_no_case(crossing: Crossing, told: dict[str, Any]) -> None:
    path = send(crossing, [letter(crossing) | told])
    fates(crossing)
    assert not path.exists()
    others_go_on(crossing)
    assert len(crossing.rows("city", "case")) == 1


CONTENTS: list[dict[str, Any]] = [
    {"place_id": "x\x00y"}, {"building_id": "x\x00y"}, {"category_code": "\x00"}, {"lon": 1e308, "lat": 1e308},
    {"lon": 0.0, "lat": 0.0}, {"body": "a\x00b"}, {"title": "\x00" * 100}, {"name": "\x00"}, {"phone": "13911112222\n"},
    {"address_note": "\x00"},
]  # fmt: skip


@pytest.mark.parametrize("content", CONTENTS, ids=lambda told: str(told)[:50])
def test_letters_with_odd_content_are_met_in_words(crossing: Crossing, content: dict[str, Any]) -> None:
    path = send(crossing, [letter(crossing, content=content)])
    assert fates(crossing)[path.name] == "taken"
    others_go_on(crossing)


@pytest.mark.parametrize("bad", [{"grade": 1}, {"body": 7}, {"body": None}])
def test_one_letter_that_cannot_be_opened_does_not_cost_the_others(
    crossing: Crossing, bad: dict[str, Any]
) -> None:
    path = send(crossing, [letter(crossing, 1, content=bad), letter(crossing, 2)])
    assert fates(crossing)[path.name] == "taken"
    assert crossing.case("WX20260302000002") is not None
    assert crossing.case("WX20260302000001") is None
    rows = {row["case_no"]: row["state"] for row in crossing.rows("city", "ferry_letter")}
    assert rows == {"WX20260302000001": "refused", "WX20260302000002": "taken"}


@pytest.mark.parametrize("told", ["1971-01-01T00:00:00Z", "2024-01-01T00:00:00Z", "2199-01-01T00:00:00Z"])
def test_a_letter_from_long_ago_or_tomorrow_is_reported_when_it_is_taken(
    crossing: Crossing, told: str
) -> None:
    send(crossing, [letter(crossing) | {"reported_at": told}])
    fates(crossing)
    row = crossing.case("WX20260302000001")
    assert row is not None
    assert abs(row["reported_at"] - crossing.clock.now()) < timedelta(minutes=1)


def test_a_picture_bomb_is_not_kept(crossing: Crossing) -> None:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")

    side = 60_000
    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    bomb = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(side // 8 + 1) * 2000)) \
        + chunk(b"IEND", b"")  # fmt: skip
    contents = (bomb, b"\xff\xd8\xff<script>", b"RIFF....WAVE", photo())
    ids = [hashlib.sha256(one).hexdigest() for one in contents]
    photos = {one: crossing.sides["city"].keys.public.seal(content, photo_purpose(one))
             for one, content in zip(ids, contents, strict=True)}  # fmt: skip
    send(crossing, [letter(crossing) | {"file_ids": ids}], photos)
    fates(crossing)
    row = crossing.case("WX20260302000001")
    assert row is not None
    assert row["n_files"] == 1, "the letter keeps what is a photo"
    assert len([*crossing.city.engine.files.list_ids()]) == 1


def test_a_host_that_is_not_trusted_any_more_is_not_heard(crossing: Crossing) -> None:
    sent = crossing.write("wx1")
    crossing.settle()
    distrust(crossing.sides["city"], "wx1")
    path = send(crossing, [letter(crossing, 9)])
    assert fates(crossing) == {path.name: "refused"}
    crossing.answer(sent.case_no)
    assert [one.peer_id for one in crossing.pack("city")] == [], "nothing goes out to it"
    told = {one.peer_id: one.troubles for one in status_of(crossing.sides["city"])}
    assert told["wx1"][0] == ("已不再信任", "not trusted any more")
    others_go_on(crossing)
    trust(crossing.sides["city"], str(crossing.sides["wx1"].keys.public), "WX")
    crossing.settle()
    assert crossing.view("wx1", sent)["state"] == "replied", "a mistake can be taken back"


def test_an_outside_host_has_one_city(crossing: Crossing, tmp_path: Path) -> None:
    wrong = make_keys(tmp_path / "wrong", "anothercity")
    with pytest.raises(InvalidInput, match="distrust"):
        trust(crossing.sides["wx1"], str(wrong.public))
    distrust(crossing.sides["wx1"], "city")
    with pytest.raises(FerryPeerUnknown):
        crossing.write("wx1")
    trust(crossing.sides["wx1"], str(crossing.sides["city"].keys.public))
    sent = crossing.write("wx1")
    crossing.settle()
    assert crossing.case(sent.case_no) is not None


def test_more_items_than_a_host_ever_packs_are_refused(crossing: Crossing) -> None:
    path = send(crossing, [letter(crossing)] * 1001)
    assert fates(crossing) == {path.name: "refused"}


def test_a_rating_with_a_novel_in_it_is_not_taken(crossing: Crossing) -> None:
    sent = crossing.write("wx1")
    crossing.settle()
    crossing.answer(sent.case_no)
    crossing.settle()
    letter_id = crossing.rows("city", "ferry_letter")[0]["letter_id"]
    for n, (content, at) in enumerate((({"solved": "solved", "words": "长" * 300_000}, NOW), ({"solved": "x"}, NOW),
                                       ({"solved": "solved"}, "2026-03-02T01:00:00"), (None, NOW))):  # fmt: skip
        rating_id = f"{n:032x}"
        sealed = crossing.sides["city"].keys.public.seal(
            json.dumps(content).encode(), rating_purpose(rating_id)
        )
        told = msgspec.to_builtins(RatingItem(rating_id, letter_id, crossing.clock.now(), sealed)) | {
            "rated_at": at
        }
        send(crossing, [told])
        fates(crossing)
        others_go_on(crossing)
        row = crossing.case(sent.case_no)
        assert row is not None
        assert row["solved"] is None


@pytest.mark.parametrize("kind", ["fifo", "folder", "locked", "gbk", "newline"])
def test_what_a_carrier_may_lay_down_stops_nobody(crossing: Crossing, kind: str) -> None:
    boat = crossing.boat("city")
    boat.mkdir(exist_ok=True)
    match kind:
        case "fifo":
            os.mkfifo(boat / "a.ferry")
        case "folder":
            (boat / "a.ferry").mkdir()
        case "locked":
            (boat / "a.ferry").write_bytes(b"x")
            (boat / "a.ferry").chmod(0)
        case "gbk":
            (Path(os.fsdecode(os.fsencode(boat) + b"/\xb8\xb1\xb1\xbe.ferry"))).write_bytes(b"x" * 100)
        case _:
            (boat / "a\n\x1b[31mb.ferry").write_bytes(b"x" * 100)
    others_go_on(crossing)
