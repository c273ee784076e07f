"""How far the exchange with each side has come, and what needs a person."""

from dataclasses import dataclass

from huitian.ferry.packing import is_behind, unacknowledged
from huitian.ferry.parts import FerryParts
from huitian.ferry.peers import is_trusted
from huitian.model.query import Condition


@dataclass(frozen=True, slots=True)
class PeerStatus:
    """How it stands with one side.

    Attributes:
        peer_id: Its name.
        chain_out: Chain of our trips.
        seq_out: Newest trip of ours.
        acked_seq: Newest trip of ours that it acknowledged.
        chain_in: Chain of its trips.
        seq_in: Newest trip of its that was taken.
        n_waiting: Letters and ratings whose receipt has not come (outside), or has not gone (city).
        troubles: What needs a person, in Chinese and in English.
    """

    peer_id: str
    chain_out: int
    seq_out: int
    acked_seq: int
    chain_in: int
    seq_in: int
    n_waiting: int
    troubles: tuple[tuple[str, str], ...]


def status_of(parts: FerryParts) -> list[PeerStatus]:
    """Return how it stands with each side."""
    found = []
    for peer in parts.rows(None, "ferry_peer", sort=("peer_id",)):
        own = Condition("peer_id", "eq", peer["peer_id"])
        waits = (
            Condition("state", "eq", "waiting") if parts.side.sends == "in" else Condition("seq", "is_null")
        )
        n_waiting = sum(
            len(parts.rows(None, entity, own, waits)) for entity in ("ferry_letter", "ferry_rating")
        )
        troubles = []
        if not is_trusted(peer):
            troubles.append(("已不再信任", "not trusted any more"))
        elif is_behind(peer):
            name = peer["peer_id"]
            command = f"huitian ferry anew DIR {name}"
            troubles.append((f"本库多半是从备份恢复的，请运行 {command}",
                             f"this store was probably restored from a backup: {command}"))  # fmt: skip
        n_open = sum(1 for row in unacknowledged(parts, None, peer) if row["n_items"])
        if n_open:
            troubles.append((f"{n_open} 趟尚无回执", f"{n_open} trips are not acknowledged yet"))
        for entity, key in (("ferry_letter", "letter_id"), ("ferry_rating", "rating_id")):
            for row in parts.rows(None, entity, own, Condition("state", "eq", "refused"), limit=20):
                named = row.get("case_no") or row[key]
                troubles.append(
                    (f"{named} 未转入：{row['why_zh']}", f"{named} was not passed on: {row['why_en']}")
                )
        found.append(PeerStatus(
            peer["peer_id"], peer["chain_out"], peer["seq_out"], peer["acked_seq"], peer["chain_in"], peer["seq_in"],
            n_waiting, tuple(troubles),
        ))  # fmt: skip
    return found
