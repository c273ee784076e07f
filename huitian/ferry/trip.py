r"""A trip: one signed and sealed file.

::

    HUITIAN-FERRY-1\n   length of the manifest, 4 bytes   manifest (JSON)   signature, 64 bytes   sealed content

The signature is over the manifest, which holds the hash of the sealed content; so every byte is covered, and
there are no names, links or padding in between that would have to be refused one by one. The content, once opened, is
the length of the items (8 bytes), the items as JSON lines, and the sealed photos one after another.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from huitian.errors import TripRefused
from huitian.ferry.items import Count, Instant, Item, Number, check_instant
from huitian.ferry.keys import FerryKeys, PublicKey

MAGIC = b"HUITIAN-FERRY-1\n"
FORMAT = "huitian-ferry-1"
SIGNATURE = 64
MOST_MANIFEST = 4 << 20
SUFFIX = ".ferry"
OUR_OWN = "our_own"
HASH = re.compile("[0-9a-f]{64}")


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is said of a trip in the open.

    Attributes:
        format: ``huitian-ferry-1``.
        direction: ``in`` towards the city, ``out`` to an outside host.
        sender: Name of the side that packed it.
        receiver: Name of the side that it is for.
        chain: Which chain of trips; a side that was restored from a backup begins a new one.
        seq: Number in the chain, from 1.
        previous: SHA-256 of the file before it in the chain; empty of the first.
        made_at: Aware UTC.
        ack_chain: Chain of the other direction that the sender has; 0 where it has none.
        ack_seq: Number of the newest trip of it that the sender has taken.
        n_items: How many items it carries.
        files: Sealed photos in their order: id, and how many bytes.
        content_hash: SHA-256 of the sealed content.
        content_bytes: Length of the sealed content.
    """

    format: str
    direction: str
    sender: str
    receiver: str
    chain: Number
    seq: Number
    previous: str
    made_at: Instant
    ack_chain: Count
    ack_seq: Count
    n_items: Count
    files: tuple[tuple[str, Count], ...]
    content_hash: str
    content_bytes: Count

    def __post_init__(self) -> None:
        """Look at what a type cannot say."""
        check_instant(self.made_at)

    @property
    def file_name(self) -> str:
        """Name of the file."""
        return f"{self.sender}-{self.receiver}-{self.chain}-{self.seq:08d}{SUFFIX}"

    @property
    def purpose(self) -> bytes:
        """What the sealed content is bound to."""
        return f"{FORMAT} {self.sender} {self.receiver} {self.chain} {self.seq}".encode()


@dataclass(frozen=True, slots=True)
class Trip:
    """A trip that was read.

    Attributes:
        manifest: What is said of it in the open.
        file_hash: SHA-256 of the whole file.
        items: What it carries.
        files: Sealed photos by id.
    """

    manifest: Manifest
    file_hash: str
    items: tuple[Item, ...]
    files: Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Closed:
    """A file that is authentic and not opened yet.

    Attributes:
        manifest: What is said of it in the open.
        file_hash: SHA-256 of the whole file.
        sealed: The sealed content.
    """

    manifest: Manifest
    file_hash: str
    sealed: bytes


def packed(
    draft: Manifest, items: Sequence[Item], files: Mapping[str, bytes], keys: FerryKeys, to: PublicKey
) -> tuple[bytes, str]:
    """Return the file of a trip and its SHA-256.

    Args:
        draft: The manifest; what depends on the content is filled in here.
        items: What it carries.
        files: Sealed photos by id.
        keys: Keys of the sender.
        to: Key of the receiver.
    """
    lines = b"".join(msgspec.json.encode(item) + b"\n" for item in items)
    content = len(lines).to_bytes(8, "big") + lines + b"".join(files.values())
    sealed = to.seal(content, draft.purpose)
    manifest = msgspec.structs.replace(
        draft, n_items=len(items), files=tuple((name, len(part)) for name, part in files.items()),
        content_hash=hashlib.sha256(sealed).hexdigest(), content_bytes=len(sealed),
    )  # fmt: skip
    told = msgspec.json.encode(manifest)
    raw = MAGIC + len(told).to_bytes(4, "big") + told + keys.sign(signed_part(told)) + sealed
    return raw, hashlib.sha256(raw).hexdigest()


def signed_part(told: bytes) -> bytes:
    """Return what is signed: the manifest, marked as one, so that no other signature of the key fits."""
    return MAGIC + told


def missing_bytes(path: Path) -> bool:
    """Return whether a file ends before what its own head promises: it may still be arriving."""
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(len(MAGIC) + 4)
        if not MAGIC.startswith(head[: len(MAGIC)]):
            return False
        length = int.from_bytes(head[len(MAGIC) :], "big")
        if len(head) < len(MAGIC) + 4 or length > MOST_MANIFEST:
            return len(head) < len(MAGIC) + 4
        told = file.read(length)
    try:
        promised = msgspec.json.decode(told, type=Manifest).content_bytes
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return len(told) < length
    return size < len(MAGIC) + 4 + length + SIGNATURE + promised


def closed(name: str, raw: bytes, own: str, direction: str, peers: Mapping[str, PublicKey]) -> Closed:
    """Return a file after everything that can be told without opening it was checked.

    Args:
        name: Its name, for the words only.
        raw: Its bytes.
        own: Name of this side.
        direction: The direction that this side takes.
        peers: Keys of those who are trusted.

    Raises:
        TripRefused: It is not authentic, or not for this side.
    """
    begin = len(MAGIC) + 4
    if raw[: len(MAGIC)] != MAGIC:
        raise refused(name, "not_a_trip", "不是摆渡文件", "it is no ferry file")
    length = int.from_bytes(raw[len(MAGIC) : begin], "big")
    told, signature = raw[begin : begin + length], raw[begin + length : begin + length + SIGNATURE]
    if length > MOST_MANIFEST or len(told) < length or len(signature) < SIGNATURE:
        raise refused(name, "truncated", "文件不完整", "the file is not complete")
    try:
        manifest = msgspec.json.decode(told, type=Manifest)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise refused(name, "not_a_trip", "清单读不出", "its manifest cannot be read") from error
    peer = peers.get(manifest.sender)
    if manifest.format != FORMAT:
        raise refused(name, "not_a_trip", "格式版本不认识", "its format is not known here")
    if manifest.sender == own:
        raise refused(
            name,
            OUR_OWN,
            "这是本方自己发出的文件，对方才能收",
            "this side packed it; it is for the other one",
        )
    if peer is None:
        raise refused(name, "unknown_sender", f"不信任发送方 {manifest.sender[:40]}",
                      f"the sender {manifest.sender[:40]!r} is not trusted")  # fmt: skip
    if not peer.is_signed(signed_part(told), signature):
        raise refused(name, "bad_signature", "签名不符", "the signature does not fit")
    if manifest.receiver != own or manifest.direction != direction:
        raise refused(name, "not_for_us", f"收件方是 {manifest.receiver[:40]}，不是 {own}",
                      f"it is for {manifest.receiver[:40]!r}, not for {own!r}")  # fmt: skip
    sealed = raw[begin + length + SIGNATURE :]
    if len(sealed) < manifest.content_bytes:
        raise refused(name, "truncated", "文件不完整", "the file is not complete")
    if len(sealed) > manifest.content_bytes or hashlib.sha256(sealed).hexdigest() != manifest.content_hash:
        raise refused(name, "altered", "内容与清单不符", "its content is not what the manifest says")
    return Closed(manifest, hashlib.sha256(raw).hexdigest(), sealed)


def opened(name: str, shut: Closed, keys: FerryKeys, kinds: tuple[type[Item], ...], most_items: int) -> Trip:
    """Return what an authentic file carries.

    Args:
        name: Its name, for the words only.
        shut: The file.
        keys: Keys of this side.
        kinds: Kinds of items that this side takes.
        most_items: How many of them it takes at once.

    Raises:
        TripRefused: It cannot be opened, or carries what this side does not take.
    """
    manifest = shut.manifest
    if manifest.n_items > most_items:
        raise refused(name, "too_many", f"有 {manifest.n_items} 件，一趟至多 {most_items} 件",
                      f"it carries {manifest.n_items} items, {most_items} at most are taken")  # fmt: skip
    try:
        content = keys.open(shut.sealed, manifest.purpose)
    except ValueError as error:
        raise refused(
            name, "sealed_for_another", "内容不是封给本方的", "it was sealed for another"
        ) from error
    split = 8 + int.from_bytes(content[:8], "big")
    # Counted before they are looked at: a file of nothing but ends of lines is no reason to make objects of them.
    if content.count(b"\n", 8, split) != manifest.n_items:
        raise refused(name, "bad_items", "内容与清单不符", "what it carries is not what the manifest says")
    try:
        items = tuple(msgspec.json.decode(line, type=Item) for line in content[8:split].split(b"\n")[:-1])
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise refused(name, "bad_items", "有读不出的内容", "something in it cannot be read") from error
    files: dict[str, bytes] = {}
    at = split
    for file_id, n_bytes in manifest.files:
        files[file_id] = content[at : at + n_bytes]
        at += n_bytes
    is_sound = (
        (content[split - 1 : split] == b"\n" if items else split == 8)
        and at == len(content)
        and all(isinstance(item, kinds) for item in items)
        and all(HASH.fullmatch(file_id) and n_bytes > 0 for file_id, n_bytes in manifest.files)
    )
    if not is_sound:
        raise refused(name, "bad_items", "内容与清单不符", "what it carries is not what the manifest says")
    return Trip(manifest, shut.file_hash, items, files)


def refused(name: str, reason: str, why_zh: str, why_en: str) -> TripRefused:
    """Return the error that a file is refused with."""
    return TripRefused(file_name=name[:120], reason=reason, why=why_en, why_zh=why_zh, why_en=why_en)
