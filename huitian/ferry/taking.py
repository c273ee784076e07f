"""Taking trips: each file once, in order, whole or not at all.

A file is checked without opening it (who signed it, for whom, is it whole), then against what was taken before (its
number, the hash of the file before it), then opened; what it carries and the new number are one transaction. So the
same file again changes nothing, a gap waits, and whatever does not fit is laid aside with the reason beside it.
"""

import contextlib
import stat
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from huitian.engine.files import write_durably
from huitian.engine.ports import Writing
from huitian.engine.troubles import disk_told
from huitian.errors import TripRefused
from huitian.ferry.keys import public_key_of
from huitian.ferry.packing import ask_again, unacknowledged
from huitian.ferry.parts import FerryParts
from huitian.ferry.peers import change, is_trusted, peer_of
from huitian.ferry.trip import OUR_OWN, SUFFIX, Closed, Manifest, closed, missing_bytes, opened, refused
from huitian.model.query import Condition, Row

REFUSED = "refused"
SETTLE_S = 60.0
"""A file that ends too early and is younger than this may still be arriving."""
Fate = Literal["taken", "again", "waits", "arriving", "own", "refused"]
IN = Condition("direction", "eq", "in")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file.

    Attributes:
        file_name: The file.
        fate: ``taken``; ``again``: it was taken before; ``waits`` for another; ``arriving``: it is not whole yet;
            ``own``: this side packed it, so it stays where it is; ``refused``.
        peer_id: Who packed it; empty where that is not certain.
        seq: Its number; 0 where that is not certain.
        n_items: What it carries.
        missing: Number of the trip that it waits for.
        error: Why it was refused.
    """

    file_name: str
    fate: Fate
    peer_id: str = ""
    seq: int = 0
    n_items: int = 0
    missing: int = 0
    error: TripRefused | None = None


def take(parts: FerryParts, folder: Path) -> list[Outcome]:
    """Take every trip of a folder that is next in its chain; taken files are removed from it.

    Args:
        parts: The ferry.
        folder: Where the carrier lays files down.

    Returns:
        What became of each file, in the order of their chains.
    """
    done: list[Outcome] = []
    with parts.alone(), disk_told(folder):
        folder.mkdir(parents=True, exist_ok=True)
        parts.planner.refresh()
        looked: list[tuple[Path, Manifest]] = []
        for path in sorted(folder.glob(f"*{SUFFIX}")):
            try:
                check_plain(path)
                if missing_bytes(path) and time.time() - path.stat().st_mtime < SETTLE_S:
                    done.append(Outcome(shown(path), "arriving"))
                    continue
                looked.append((path, looked_at(parts, path).manifest))
            except FileNotFoundError:
                continue
            except PermissionError:
                done.append(unreadable(path))
            except TripRefused as error:
                done.append(laid_aside(path, error))
        looked.sort(key=lambda one: (one[1].sender, one[1].chain, one[1].seq))
        for path, _ in looked:
            done.append(took(parts, path))
    return done


def shown(path: Path) -> str:
    """Return the name of a file as it may be printed; whoever lays files down may call them anything."""
    told = path.name.encode("utf-8", "replace").decode("utf-8")
    return "".join(each if each.isprintable() else "?" for each in told)


def check_plain(path: Path) -> None:
    """Refuse what is no plain file, before it is opened: a pipe would keep the reader for ever.

    Raises:
        TripRefused: It is a link, a folder, a pipe, a device.
        FileNotFoundError: It is gone.
    """
    if not stat.S_ISREG(path.lstat().st_mode):
        raise refused(shown(path), "not_a_trip", "不是普通文件", "it is no plain file")


def unreadable(path: Path) -> Outcome:
    """Return what becomes of a file that may not be read: it stays where it is, the others are taken."""
    name = shown(path)
    return Outcome(name, "refused", error=refused(
        name, "unreadable", "运行摆渡的用户没有读它的权限", "the user that runs the ferry may not read it"
    ))  # fmt: skip


def looked_at(parts: FerryParts, path: Path) -> Closed:
    """Return an authentic file, read anew each time: what was checked is what is taken.

    Raises:
        TripRefused: It is not authentic, not for us, or too large.
    """
    most = parts.settings.ferry_max_mb << 20
    check_plain(path)
    name = shown(path)
    with path.open("rb") as file:
        raw = file.read(most + 1)
    if len(raw) > most:
        raise refused(name, "too_large", f"超过 {parts.settings.ferry_max_mb} MB",
                      f"it is larger than {parts.settings.ferry_max_mb} MB")  # fmt: skip
    peers = {
        row["peer_id"]: public_key_of(row["public_key"])
        for row in parts.rows(None, "ferry_peer")
        if is_trusted(row)
    }
    direction = "out" if parts.side.sends == "in" else "in"
    shut = closed(name, raw, parts.keys.name, direction, peers)
    noticed(parts, shut.manifest)
    return shut


def noticed(parts: FerryParts, manifest: Manifest) -> None:
    """Keep what a side says it has had, where that is more than we made: then this store went back in time."""
    peer = peer_of(parts, None, manifest.sender)
    seen = (manifest.ack_chain, manifest.ack_seq)
    if seen > (peer["chain_out"], peer["seq_out"]) and seen > (
        peer["seen_chain"] or 0,
        peer["seen_seq"] or 0,
    ):
        with parts.records.writing() as writing:
            change(
                writing,
                peer_of(parts, writing, manifest.sender),
                {"seen_chain": seen[0], "seen_seq": seen[1]},
            )


def took(parts: FerryParts, path: Path) -> Outcome:
    """Take one file, if it is its turn."""
    name = shown(path)
    try:
        shut = looked_at(parts, path)
        manifest = shut.manifest
        peer = peer_of(parts, None, manifest.sender)
        outcome = turn_of(parts, None, peer, name, shut)
        if outcome is None:
            trip = opened(name, shut, parts.keys, parts.side.takes, parts.side.most_items)
            ready = parts.side.made_ready(name, trip)
            outcome = written(parts, name, shut, ready)
        elif outcome.fate == "again" and outcome.n_items:
            answer_again(parts, manifest.sender)
        if outcome.fate in {"taken", "again"}:
            path.unlink(missing_ok=True)
        return outcome
    except FileNotFoundError:
        return Outcome(name, "arriving")
    except PermissionError:
        return unreadable(path)
    except TripRefused as error:
        return laid_aside(path, error)


def written(parts: FerryParts, name: str, shut: Closed, ready: Any) -> Outcome:
    """Take what a trip carries and move on in the chain, in one transaction."""
    manifest = shut.manifest
    with parts.records.writing() as writing:
        peer = peer_of(parts, writing, manifest.sender)
        outcome = turn_of(parts, writing, peer, name, shut)
        if outcome is not None:
            return outcome
        acknowledged(parts, writing, peer, manifest)
        parts.side.take(writing, peer, ready)
        now = parts.clock.now()
        writing.add("ferry_trip", [{
            "peer_id": manifest.sender, "direction": "in", "chain": manifest.chain, "seq": manifest.seq,
            "file_name": manifest.file_name, "file_hash": shut.file_hash, "n_items": manifest.n_items,
            "n_bytes": manifest.content_bytes, "made_at": manifest.made_at, "written_at": now, "acked_at": None,
        }])  # fmt: skip
        change(writing, peer, {
            "chain_in": manifest.chain, "seq_in": manifest.seq, "hash_in": shut.file_hash, "taken_at": now,
            "owes_ack": bool(peer["owes_ack"] or manifest.n_items),
        })  # fmt: skip
    parts.side.after(peer)
    return Outcome(name, "taken", manifest.sender, manifest.seq, manifest.n_items)


def turn_of(parts: FerryParts, writing: Writing | None, peer: Row, name: str, shut: Closed) -> Outcome | None:
    """Return what becomes of an authentic file that is not next; None where it is next.

    Raises:
        TripRefused: It has the number of another trip, or does not follow the one before it.
    """
    manifest = shut.manifest
    sender, seq, n_items = manifest.sender, manifest.seq, manifest.n_items
    if (manifest.chain, manifest.seq) <= (peer["chain_in"], peer["seq_in"]):
        rows = parts.rows(
            writing, "ferry_trip", Condition("peer_id", "eq", manifest.sender), IN,
            Condition("chain", "eq", manifest.chain), Condition("seq", "eq", manifest.seq),
        )  # fmt: skip
        if rows and rows[0]["file_hash"] == shut.file_hash:
            return Outcome(name, "again", sender, seq, n_items)
        if manifest.chain < peer["chain_in"] and not rows:
            raise refused(name, "old_chain", f"属于已结束的第 {manifest.chain} 串",
                          f"it belongs to chain {manifest.chain}, which has ended")  # fmt: skip
        raise refused(
            name, "number_used",
            f"已收过内容不同的第 {seq} 趟；若 {sender} 是从备份恢复的，请在那里运行 huitian ferry anew",
            f"another trip {seq} was taken before; if {sender} was restored from a backup, run huitian ferry anew "
            "there",
        )  # fmt: skip
    first = manifest.chain > peer["chain_in"]
    expected = 1 if first else peer["seq_in"] + 1
    if manifest.seq > expected:
        return Outcome(name, "waits", sender, seq, n_items, expected)
    if manifest.previous != ("" if first else peer["hash_in"]):
        raise refused(name, "broken_chain", "与上一趟接不上", "it does not follow the trip before it")
    return None


def acknowledged(parts: FerryParts, writing: Writing, peer: Row, manifest: Manifest) -> None:
    """Keep how far the other side has come; where it went back, it was restored: write what it misses again."""
    if manifest.ack_chain != peer["chain_out"] or manifest.ack_seq > peer["seq_out"]:
        return
    if manifest.ack_seq < peer["acked_seq"]:
        ask_again(parts, writing, peer, manifest.ack_seq + 1)
    else:
        for row in unacknowledged(parts, writing, peer):
            if row["seq"] <= manifest.ack_seq:
                key = {name: row[name] for name in ("peer_id", "direction", "chain", "seq")}
                writing.change("ferry_trip", key, {"acked_at": parts.clock.now()})
    change(writing, peer, {"acked_seq": manifest.ack_seq})


def answer_again(parts: FerryParts, peer_id: str) -> None:
    """A trip that came twice: our acknowledgement was lost, so write it again, or owe one."""
    with parts.records.writing() as writing:
        peer = peer_of(parts, writing, peer_id)
        rows = unacknowledged(parts, writing, peer)
        if rows:
            ask_again(parts, writing, peer, rows[0]["seq"])
        else:
            change(writing, peer, {"owes_ack": True})


def laid_aside(path: Path, error: TripRefused) -> Outcome:
    """Move a refused file to ``refused/`` with the reason beside it, in both languages.

    What this side packed itself stays: where one folder serves both ways, the other side is still to take it.
    """
    if error.facts["reason"] == OUR_OWN:
        return Outcome(shown(path), "own", error=error)
    folder = path.parent / REFUSED
    if folder.is_symlink():
        # The carrier's folder is not ours: a link in it could lead what we write to anywhere.
        folder.unlink()
    folder.mkdir(exist_ok=True)
    words = "\n".join(
        (error.words("zh"), error.what_to_do("zh"), "", error.words("en"), error.what_to_do("en"), "")
    )
    name, n = path.name, 1
    while (folder / name).exists():
        name, n = f"{path.stem}.{n}{path.suffix}", n + 1
    write_durably(folder / f"{name}.txt", words.encode())
    with contextlib.suppress(FileNotFoundError):
        path.rename(folder / name)
    return Outcome(shown(path), "refused", error=error)
