"""Reading an archive: nothing of it is used before every byte of it was found to be as it was written."""

import hashlib
import json
import tarfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from huitian.care.archive import (
    AT_ONCE,
    BLOCK,
    ENDING,
    FORMAT,
    FORMAT_VERSION,
    MANIFEST,
    SEAL,
    TAIL,
    Manifest,
    Member,
    TableEntry,
    header,
    is_safe,
    manifest_of,
)
from huitian.care.filling import Watch
from huitian.engine.copying import Summing
from huitian.engine.files import SEALED
from huitian.engine.shapes import Values
from huitian.engine.upgrade import head_revision
from huitian.errors import ArchiveDamaged, ArchiveTooNew, FileUnreadable

MOST_MANIFEST = 1 << 30
MOST_PART = 256 << 20
"""Most bytes that a part of the records may unpack to."""


@dataclass
class Archive:
    """An archive that was read to its end and found whole.

    Attributes:
        path: Where it is.
        manifest: What it tells of itself.
        places: Of every member, where its bytes begin.
    """

    path: Path
    manifest: Manifest
    places: dict[str, int] = field(default_factory=dict)

    def content(self, file: BinaryIO, member: Member) -> Iterator[bytes]:
        """Yield the bytes of a member, and see that they are still what they were.

        Raises:
            ArchiveDamaged: The file was changed meanwhile.
        """
        own, left = hashlib.sha256(), member.size
        file.seek(self.places[member.name])
        while left:
            content = file.read(min(left, AT_ONCE))
            if not content:
                break
            own.update(content)
            left -= len(content)
            yield content
        if left or own.hexdigest() != member.sha256:
            raise damaged(self.path, member.name, "校验和不符", "its hash differs")

    def rows(self, file: BinaryIO, table: TableEntry) -> Iterator[list[Values]]:
        """Yield the rows of a table, a part at a time."""
        members = {member.name: member for member in self.manifest.members}
        for name in table.parts:
            packed = b"".join(self.content(file, members[name]))
            try:
                yield [json.loads(told) for told in unpacked(packed).splitlines()]
            except (ValueError, RecursionError) as error:
                raise damaged(self.path, name, "不是行", "it does not hold rows") from error


def damaged(path: Path, member: str, zh: str, en: str) -> ArchiveDamaged:
    """Return the error that says which part is damaged, and how."""
    return ArchiveDamaged(file_name=str(path), member=member or "—", why_zh=zh, why_en=en)


def read_archive(path: Path, watch: Watch) -> Archive:
    """Read an archive to its end.

    Raises:
        FileUnreadable: There is no such file, or it may not be read.
        ArchiveDamaged: It is not what was backed up, or no archive at all.
        ArchiveTooNew: A newer Huitian made it.
    """
    try:
        with path.open("rb") as file:
            manifest_at = check_seal(path, file, watch)
            manifest = read_manifest(path, file, manifest_at)
            archive = Archive(path, manifest)
            check_members(archive, file, watch)
            check_tables(archive, file, watch)
            return archive
    except OSError as error:
        raise FileUnreadable(file_name=str(path), why=error.strerror or str(error)) from error


def peek_manifest(path: Path) -> Manifest | None:
    """Return what a file says of itself, unchecked; None where it is no archive."""
    try:
        with path.open("rb") as file:
            _, manifest_at = seal_in(path, file)
            return read_manifest(path, file, manifest_at)
    except (OSError, ArchiveDamaged, ArchiveTooNew):
        return None


def seal_in(path: Path, file: BinaryIO) -> tuple[str, int]:
    """Return what the seal tells: the hash of all before it, and where the manifest begins."""
    size = file.seek(0, 2)
    file.seek(max(size - TAIL, 0))
    tail = file.read(TAIL)
    seal, told, ending = tail[:BLOCK], tail[BLOCK : 2 * BLOCK], tail[2 * BLOCK :]
    try:
        if size % BLOCK or seal != header(SEAL, BLOCK, 0) or ending != ENDING:
            raise ValueError
        found = json.loads(told.decode("ascii"))
        return str(found["sha256"]), int(found["manifest_at"])
    except (ValueError, KeyError, TypeError) as error:
        zh, en = (
            "没有封记：不是本系统的备份，或不完整",
            "no seal: it is no archive of Huitian, or not all of one",
        )
        raise damaged(path, SEAL, zh, en) from error


def check_seal(path: Path, file: BinaryIO, watch: Watch) -> int:
    """See that every byte is as it was; returns where the manifest begins."""
    wanted, manifest_at = seal_in(path, file)
    own, size = hashlib.sha256(), file.tell() - TAIL
    file.seek(0)
    while (left := size - file.tell()) > 0:
        own.update(file.read(min(left, AT_ONCE)))
        watch("seal", file.tell(), size)
    if own.hexdigest() != wanted:
        raise damaged(path, first_differing(path, file, manifest_at), "内容被改动", "it was altered")
    return manifest_at


def first_differing(path: Path, file: BinaryIO, manifest_at: int) -> str:
    """Return the first member that is not what the manifest says; empty where that cannot be told."""
    try:
        manifest = read_manifest(path, file, manifest_at)
        check_members(Archive(path, manifest), file, lambda *_: None)
    except ArchiveDamaged as error:
        return str(error.facts["member"])
    except (ArchiveTooNew, OSError):
        return MANIFEST
    return ""


def read_manifest(path: Path, file: BinaryIO, manifest_at: int) -> Manifest:
    """Return the manifest."""
    try:
        file.seek(manifest_at)
        info = tarfile.TarInfo.frombuf(file.read(BLOCK), "utf-8", "strict")
        size = file.seek(0, 2)
        last = manifest_at + BLOCK + -(-info.size // BLOCK) * BLOCK
        if info.name != MANIFEST or not 0 < info.size < MOST_MANIFEST or last != size - TAIL:
            raise ValueError
        file.seek(manifest_at + BLOCK)
        plain: Any = json.loads(file.read(info.size).decode("utf-8"))
        if plain["format"] != FORMAT:
            raise ValueError
        found = plain["format_version"]
        if not isinstance(found, int) or found < 1:
            raise ValueError
        if found > FORMAT_VERSION:
            raise ArchiveTooNew(file_name=str(path), by=plain.get("huitian", "?"), found=f"format {found}",
                                known=f"format {FORMAT_VERSION}")  # fmt: skip
        manifest = manifest_of(plain)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, tarfile.TarError) as error:
        raise damaged(path, MANIFEST, "读不懂", "it cannot be understood") from error
    if manifest.schema > head_revision():
        raise ArchiveTooNew(
            file_name=str(path), by=manifest.huitian, found=manifest.schema, known=head_revision()
        )
    return manifest


def check_members(archive: Archive, file: BinaryIO, watch: Watch) -> None:
    """See that the members are those of the manifest and nothing else, and note where each begins."""
    path, members = archive.path, archive.manifest.members
    names = [member.name for member in members]
    if len(set(names)) != len(names):
        raise damaged(path, MANIFEST, "有重名", "a name is there twice")
    file.seek(0)
    try:
        with tarfile.open(fileobj=file, mode="r:", encoding="utf-8", errors="surrogateescape") as tar:
            for n_done, member in enumerate(members):
                watch("members", n_done, len(members))
                check_member(archive, file, tar.next(), member)
            for name in (MANIFEST, SEAL, None):
                info = tar.next()
                if (info.name if info else None) != name:
                    raise damaged(
                        path, info.name if info else str(name), "多出的部分", "it does not belong there"
                    )
    except (tarfile.TarError, ValueError) as error:
        raise damaged(path, "tar", "结构损坏", f"its structure is broken: {type(error).__name__}") from error


def check_member(archive: Archive, file: BinaryIO, info: tarfile.TarInfo | None, member: Member) -> None:
    """See that one member is a plain file of a safe name, with the bytes that the manifest tells."""
    path = archive.path
    if info is None or info.name != member.name:
        raise damaged(path, member.name, "缺少，或次序不对", "it is missing, or not in its place")
    if not is_safe(member.name):
        raise damaged(path, member.name, "路径不在城市文件夹内", "its path leaves the city folder")
    if info.type != tarfile.REGTYPE or info.issparse():
        raise damaged(path, member.name, "不是普通文件", "it is no plain file")
    if info.size != member.size:
        raise damaged(path, member.name, "长度不符", "its size differs")
    kept = file.tell()
    archive.places[member.name] = info.offset_data
    beginning = b""
    for content in archive.content(file, member):
        beginning = beginning or content[: len(SEALED)]
    file.seek(kept)
    # What is sealed is named after what it was; its key tells whether it is.
    is_named = member.name.startswith("files/") and beginning != SEALED
    if is_named and member.name != f"files/{member.sha256[:2]}/{member.sha256}":
        raise damaged(path, member.name, "文件名与内容不符", "its name is not that of its content")


def check_tables(archive: Archive, file: BinaryIO, watch: Watch) -> None:
    """See that the records are those of the manifest."""
    members = {member.name: member for member in archive.manifest.members}
    for table in archive.manifest.tables:
        watch(table.name, 0, table.n_rows)
        summing = Summing()
        for name in table.parts:
            if name not in members or not name.startswith(f"records/{table.name}/"):
                raise damaged(archive.path, name, "不在清单里", "it is not in the list")
            if members[name].size > MOST_PART:
                raise damaged(archive.path, name, "大得不合理", "it is larger than a part can be")
            try:
                lines = unpacked(b"".join(archive.content(file, members[name])))
            except ValueError as error:
                raise damaged(archive.path, name, "解不开", "it cannot be unpacked") from error
            summing.add(lines, lines.count(b"\n"))
        if summing.done() != table.sum():
            raise damaged(
                archive.path, f"records/{table.name}", "行数或校验和不符", "its count or hash differs"
            )
    used = {name for table in archive.manifest.tables for name in table.parts}
    for name in members:
        if name.startswith("records/") and name not in used:
            raise damaged(archive.path, name, "不属于任何表", "it belongs to no table")


def unpacked(packed: bytes) -> bytes:
    """Return what a part holds.

    Raises:
        ValueError: It is not gzip, has something behind it, or is larger than a part may be.
    """
    inflate = zlib.decompressobj(31)
    try:
        content = inflate.decompress(packed, MOST_PART)
    except zlib.error as error:
        raise ValueError(str(error)) from error
    if not inflate.eof or inflate.unused_data:
        raise ValueError("not all of it, or more than it")
    return content
