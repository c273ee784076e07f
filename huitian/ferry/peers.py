"""The other sides: whose trips are believed, and how far the exchange with each has come."""

import re
from collections.abc import Mapping
from typing import Any

from huitian.engine.ports import Writing
from huitian.errors import FerryKeyUnusable, FerryPeerUnknown, InvalidInput, StoreBusy
from huitian.ferry.keys import PublicKey, public_key_of
from huitian.ferry.parts import FerryParts
from huitian.model.query import Condition, Row

NO_KEY = ""
"""Of a side that is not trusted any more: its row stays, for the letters that it brought."""
PREFIX = re.compile("[A-Z]{2}")
TAKEN_PREFIXES = frozenset({"HT", "XX", "WS", "PT"})
"""Letters of numbers that the city gives itself (domain 01 §9)."""


def trust(parts: FerryParts, line: str, prefix: str = "") -> PublicKey:
    """Believe a side from now on. Idempotent; a known side keeps how far it has come.

    Args:
        parts: The ferry.
        line: What ``huitian ferry keys`` prints there.
        prefix: Of an outside host: the two letters before the numbers that it gives.

    Raises:
        FerryKeyUnusable: The line is no key, or our own.
        InvalidInput: The letters cannot be used, or another host has them; or an outside host has another city.
    """
    key = public_key_of(line)
    if key.name == parts.keys.name:
        raise FerryKeyUnusable(where=key.name, why_zh="与本方同名", why_en="it has our own name")
    with parts.records.writing() as writing:
        known = parts.rows(writing, "ferry_peer")
        check_one_city(parts, key, known)
        if prefix:
            check_prefix(prefix, [row for row in known if row["peer_id"] != key.name])
        for row in known:
            if row["peer_id"] == key.name:
                change(writing, row, {"public_key": str(key), "prefix": prefix or row["prefix"]})
                return key
        writing.add("ferry_peer", [{
            "peer_id": key.name, "public_key": str(key), "prefix": prefix or None, "version": 1, "chain_out": 1,
            "seq_out": 0, "hash_out": "", "acked_seq": 0, "chain_in": 0, "seq_in": 0, "hash_in": "",
            "owes_ack": False, "seen_chain": 0, "seen_seq": 0, "reference_hash": "", "event_seq": 0,
            "sent_at": None, "taken_at": None,
        }])  # fmt: skip
    return key


def distrust(parts: FerryParts, peer_id: str) -> None:
    """Believe a side no longer, and pack nothing for it; what it brought stays. ``trust`` takes it back. Idempotent.

    Raises:
        FerryPeerUnknown: No such side was ever trusted.
    """
    with parts.alone(), parts.records.writing() as writing:
        change(writing, peer_of(parts, writing, peer_id), {"public_key": NO_KEY})


def is_trusted(peer: Row) -> bool:
    """Return whether a side is believed at present."""
    return bool(peer["public_key"] != NO_KEY)


def check_one_city(parts: FerryParts, key: PublicKey, known: list[Row]) -> None:
    """Refuse a second city on an outside host: letters are sealed for one.

    Raises:
        InvalidInput: It has another.
    """
    others = [row["peer_id"] for row in known if row["peer_id"] != key.name and is_trusted(row)]
    if parts.side.sends == "in" and others:
        command = f"huitian ferry distrust {parts.folder} {others[0]}"
        raise InvalidInput(
            field="KEY", why="one city only",
            why_zh=f"对外主机只认一座城市，这里已信任 {others[0]}；若登记错了，先运行 {command}",
            why_en=f"an outside host has one city, and {others[0]} is trusted here; if by mistake, first: {command}",
        )  # fmt: skip


def check_prefix(prefix: str, others: list[Row]) -> None:
    """Refuse letters that cannot stand before the numbers of an outside host.

    Raises:
        InvalidInput: They cannot.
    """
    why = ""
    if not PREFIX.fullmatch(prefix):
        why = "应为两个大写字母 · it must be two capitals"
    elif prefix in TAKEN_PREFIXES:
        why = "城市自己的单号用了这两个字母 · numbers of the city itself begin so"
    elif any(row["prefix"] == prefix for row in others):
        why = "另一台对外主机用了这两个字母 · another outside host has it"
    if why:
        zh, _, en = why.partition(" · ")
        raise InvalidInput(field="--prefix", why=en, why_zh=zh, why_en=en)


def peer_of(parts: FerryParts, writing: Writing | None, peer_id: str) -> Row:
    """Return the row of a side.

    Raises:
        FerryPeerUnknown: None of this name is trusted.
    """
    rows = parts.rows(writing, "ferry_peer", Condition("peer_id", "eq", peer_id))
    if not rows:
        raise FerryPeerUnknown(peer_id=peer_id[:40])
    return rows[0]


def change(writing: Writing, peer: Row, values: Mapping[str, Any]) -> None:
    """Change the row of a side that was read in this transaction; the row in hand changes with it.

    Raises:
        StoreBusy: Another process changed it meanwhile.
    """
    told = dict(values) | {"version": peer["version"] + 1}
    if not writing.change("ferry_peer", {"peer_id": peer["peer_id"]}, told, expected_version=peer["version"]):
        raise StoreBusy(waited_s=0)
    peer.update(told)
