"""Packing trips: what waits for the other side becomes a signed file, kept until it is acknowledged.

The file is written to ``ferry/sent`` before the transaction that gives it its number commits, and to the folder of
the carrier only after: a kill in between leaves a file without a number, which the next packing replaces, or a
number without its copy, which the next packing writes. A trip is never packed twice with different content.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from huitian.engine.files import write_durably
from huitian.engine.ports import Writing
from huitian.engine.troubles import disk_told
from huitian.errors import FerryBehind, TripGone
from huitian.ferry.keys import public_key_of
from huitian.ferry.parts import FerryParts
from huitian.ferry.peers import change, is_trusted, peer_of
from huitian.ferry.trip import FORMAT, Manifest, packed
from huitian.model.query import Condition, Row

MOST_TRIPS = 1000
OUT = Condition("direction", "eq", "out")


@dataclass(frozen=True, slots=True)
class Packed:
    """A trip that was written to the folder of the carrier.

    Attributes:
        peer_id: Whom it is for.
        seq: Its number.
        n_items: What it carries.
        file_name: Its name.
        is_again: Whether it was written before.
    """

    peer_id: str
    seq: int
    n_items: int
    file_name: str
    is_again: bool = False


def pack(parts: FerryParts, out: Path) -> list[Packed]:
    """Pack what waits for every side that is trusted, and write the files for the carrier.

    Raises:
        FerryBehind: A side has had trips that this store never made; the others were packed for.
        TripGone: A trip that a side lacks is not kept any more; the others were packed for.
    """
    done: list[Packed] = []
    trouble: FerryBehind | TripGone | None = None
    with parts.alone(), disk_told(out):
        out.mkdir(parents=True, exist_ok=True)
        parts.sent.mkdir(parents=True, exist_ok=True)
        parts.planner.refresh()
        for peer in parts.rows(None, "ferry_peer", sort=("peer_id",)):
            if not is_trusted(peer):
                continue
            if is_behind(peer):
                trouble = FerryBehind(home=str(parts.folder), peer_id=peer["peer_id"], seen_seq=peer["seen_seq"],
                                     seq_out=peer["seq_out"])  # fmt: skip
                continue
            written_again(parts, peer)
            for _ in range(MOST_TRIPS):
                if not one_more(parts, peer["peer_id"]):
                    break
            try:
                done += handed_over(parts, peer["peer_id"], out)
            except TripGone as error:
                trouble = error
            forget_old(parts, peer["peer_id"])
            parts.side.after(peer)
    if trouble is not None:
        raise trouble
    return done


def is_behind(peer: Row) -> bool:
    """Return whether the other side has had trips that this store never made."""
    seen: tuple[int, int] = (peer["seen_chain"] or 0, peer["seen_seq"] or 0)
    return seen > (peer["chain_out"], peer["seq_out"])


def one_more(parts: FerryParts, peer_id: str) -> bool:
    """Pack one trip, where something waits or an acknowledgement is owed; says whether more waits."""
    with parts.records.writing() as writing:
        peer = peer_of(parts, writing, peer_id)
        chain, seq = peer["chain_out"], peer["seq_out"] + 1
        cargo = parts.side.gather(writing, peer, chain, seq, parts.settings.ferry_trip_mb << 20)
        if cargo.changes:
            change(writing, peer, cargo.changes)
        if not cargo.items and not peer["owes_ack"]:
            return cargo.is_more
        now = parts.clock.now()
        draft = Manifest(
            format=FORMAT, direction=parts.side.sends, sender=parts.keys.name, receiver=peer_id, chain=chain, seq=seq,
            previous=peer["hash_out"], made_at=now, ack_chain=peer["chain_in"], ack_seq=peer["seq_in"], n_items=0,
            files=(), content_hash="", content_bytes=0,
        )  # fmt: skip
        raw, file_hash = packed(
            draft, cargo.items, cargo.files, parts.keys, public_key_of(peer["public_key"])
        )
        write_durably(parts.sent / draft.file_name, raw)
        writing.add("ferry_trip", [{
            "peer_id": peer_id, "direction": "out", "chain": chain, "seq": seq, "file_name": draft.file_name,
            "file_hash": file_hash, "n_items": len(cargo.items), "n_bytes": len(raw), "made_at": now,
            "written_at": None, "acked_at": None,
        }])  # fmt: skip
        change(writing, peer, {"seq_out": seq, "hash_out": file_hash, "owes_ack": False, "sent_at": now})
        return cargo.is_more


def written_again(parts: FerryParts, peer: Row) -> None:
    """Let trips that were written long ago and are not acknowledged be written again, up to the last with items."""
    limit_s = parts.settings.ferry_again_min * 60
    if not limit_s:
        return
    before = parts.clock.now() - timedelta(seconds=limit_s)
    with parts.records.writing() as writing:
        rows = unacknowledged(parts, writing, peer)
        laden = [row["seq"] for row in rows if row["n_items"] and is_before(row["written_at"], before)]
        for row in rows:
            if laden and row["seq"] <= laden[-1]:
                writing.change("ferry_trip", trip_key(row), {"written_at": None})


def is_before(at: datetime | None, limit: datetime) -> bool:
    """Return whether something happened, and before an instant."""
    return at is not None and at <= limit


def unacknowledged(parts: FerryParts, writing: Writing | None, peer: Row) -> list[Row]:
    """Return the trips of the present chain that the other side has not acknowledged, in order."""
    return parts.rows(
        writing, "ferry_trip", Condition("peer_id", "eq", peer["peer_id"]), OUT,
        Condition("chain", "eq", peer["chain_out"]), Condition("seq", "gt", peer["acked_seq"]), sort=("seq",),
    )  # fmt: skip


def handed_over(parts: FerryParts, peer_id: str, out: Path) -> list[Packed]:
    """Write every trip that has not been written since it was packed or asked for again."""
    peer = peer_of(parts, None, peer_id)
    where = (
        Condition("peer_id", "eq", peer_id), OUT, Condition("chain", "eq", peer["chain_out"]),
        Condition("written_at", "is_null"),
    )  # fmt: skip
    done = []
    for row in parts.rows(None, "ferry_trip", *where, sort=("seq",)):
        kept, wanted = parts.sent / row["file_name"], out / row["file_name"]
        if not kept.is_file():
            raise TripGone(
                home=str(parts.folder), peer_id=peer_id, seq=row["seq"], file_name=row["file_name"]
            )
        is_again = row["seq"] <= peer["seq_out"] and row["made_at"] != peer["sent_at"]
        if not (wanted.is_file() and wanted.stat().st_size == row["n_bytes"]):
            write_durably(wanted, kept.read_bytes())
        with parts.records.writing() as writing:
            writing.change("ferry_trip", trip_key(row), {"written_at": parts.clock.now()})
        done.append(Packed(peer_id, row["seq"], row["n_items"], row["file_name"], is_again))
    return done


def again(parts: FerryParts, peer_id: str, first: int, out: Path) -> list[Packed]:
    """Write trips again as they were, from a number on.

    Raises:
        FerryPeerUnknown: No such side is trusted.
        TripGone: One is not kept any more.
    """
    with parts.alone(), disk_told(out):
        out.mkdir(parents=True, exist_ok=True)
        with parts.records.writing() as writing:
            ask_again(parts, writing, peer_of(parts, writing, peer_id), first)
        return handed_over(parts, peer_id, out)


def ask_again(parts: FerryParts, writing: Writing, peer: Row, first: int) -> None:
    """Let the trips of the present chain from a number on be written again."""
    rows = parts.rows(
        writing, "ferry_trip", Condition("peer_id", "eq", peer["peer_id"]), OUT,
        Condition("chain", "eq", peer["chain_out"]), Condition("seq", "ge", first),
    )  # fmt: skip
    for row in rows:
        writing.change("ferry_trip", trip_key(row), {"written_at": None})


def anew(parts: FerryParts, peer_id: str) -> int:
    """Begin a new chain towards a side, and let everything that it may not have wait again.

    Safe at any time: every letter, rating and answer has an id, and what is there already is not taken twice.

    Returns:
        The number of the chain.

    Raises:
        FerryPeerUnknown: No such side is trusted.
    """
    with parts.alone(), parts.records.writing() as writing:
        peer = peer_of(parts, writing, peer_id)
        chain: int = max(peer["chain_out"], peer["seen_chain"] or 0) + 1
        parts.side.send_again(writing, peer)
        change(writing, peer, {
            "chain_out": chain, "seq_out": 0, "hash_out": "", "acked_seq": 0, "reference_hash": "", "event_seq": 0,
            "owes_ack": True,
        })  # fmt: skip
    return chain


def forget_old(parts: FerryParts, peer_id: str) -> None:
    """Remove the files of trips that were acknowledged long ago; a younger one may be needed by a restored side."""
    before = parts.clock.now() - timedelta(days=parts.settings.ferry_keep_days)
    where = (Condition("peer_id", "eq", peer_id), OUT, Condition("acked_at", "lt", before))
    for row in parts.rows(None, "ferry_trip", *where):
        (parts.sent / row["file_name"]).unlink(missing_ok=True)


def trip_key(row: Row) -> Row:
    """Return the key of a trip."""
    return {name: row[name] for name in ("peer_id", "direction", "chain", "seq")}
