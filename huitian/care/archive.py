"""The archive of a city: one tar, the same whatever engine the city has.

It holds, in this order: the rows of every table as lines of ``engine.copying`` in gzipped parts
(``records/<table>/000001.jsonl.gz``), the files of the folder under their own paths, ``manifest.json``, ``seal``.
The manifest tells what is inside: count and hash of every table, size and hash of every member. The seal tells where
the manifest begins and the SHA-256 of every byte before it; the archive ends with it. So a byte that is changed, lost
or added anywhere is noticed, and a tar without its seal is none.
"""

import gzip
import hashlib
import json
import re
import tarfile
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from huitian.engine.copying import TableSum, line
from huitian.engine.shapes import Shape, Values
from huitian.errors import FileUnreadable

FORMAT, FORMAT_VERSION = "huitian-archive", 1
MANIFEST, SEAL = "manifest.json", "seal"
CITY_FILE = "city.toml"
FOLDERS = ("files", "ladders", "calendar", "keys", "lake")
"""Folders of a city that belong to it; the store goes as records."""
BLOCK = 512
ENDING = bytes(2 * BLOCK)
TAIL = 2 * BLOCK + len(ENDING)
"""Bytes of the seal and of what ends a tar."""
PART = 4 << 20
"""Bytes of lines after which a part is closed."""
NAME = re.compile(r"[a-z][a-z0-9_]*\Z")
AT_ONCE = 1 << 20


@dataclass(frozen=True, slots=True)
class Member:
    """A file of the archive.

    Attributes:
        name: Its path in the city folder, or of a part of the records.
        size: Bytes.
        sha256: Of them, as hexadecimal.
    """

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class TableEntry:
    """A table of the archive.

    Attributes:
        name: Its name.
        columns: Name and kind of each column, in the order of the values of a line.
        key: Columns of the key, by which the lines are in order.
        n_rows: How many lines.
        sha256: Over them, as hexadecimal.
        parts: Members that hold them, in order.
    """

    name: str
    columns: tuple[tuple[str, str], ...]
    key: tuple[str, ...]
    n_rows: int
    sha256: str
    parts: tuple[str, ...]

    def shape(self, children: tuple[str, ...] = ()) -> Shape:
        """Return the shape of the table when the archive was made."""
        return Shape(self.name, self.columns, self.key, children)

    def sum(self) -> TableSum:
        """Return what the table holds, in short."""
        return TableSum(self.n_rows, self.sha256)


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an archive tells of itself.

    Attributes:
        huitian: Version of the program that made it.
        schema: Revision of the store.
        city_id: Which city.
        name_zh: Its name.
        name_en: Its English name.
        made_at: Instant that the rows show.
        engine: Which engine the city had.
        newest_seq: Number of the newest event, 0 where there is none.
        has_keys: Whether ``keys/`` is inside.
        tables: Every table, those that others refer to first.
        members: Every member, in order, but for the manifest and the seal.
        missing_files: Photos that a row names and the folder did not have.
    """

    huitian: str
    schema: str
    city_id: str
    name_zh: str
    name_en: str
    made_at: datetime
    engine: str
    newest_seq: int
    has_keys: bool
    tables: tuple[TableEntry, ...]
    members: tuple[Member, ...]
    missing_files: tuple[str, ...] = ()

    def told(self) -> bytes:
        """Return the manifest as it is written."""
        plain = {"format": FORMAT, "format_version": FORMAT_VERSION} | asdict(self)
        plain["made_at"] = self.made_at.isoformat()
        return json.dumps(plain, ensure_ascii=False, indent=1).encode("utf-8")


def manifest_of(plain: Mapping[str, Any]) -> Manifest:
    """Return a manifest from its JSON, which the seal vouches for.

    Raises:
        KeyError, TypeError, ValueError: It is not one.
    """
    values = {name: plain[name] for name in Manifest.__dataclass_fields__}
    tables = tuple(
        TableEntry(
            one["name"], tuple((str(n), str(k)) for n, k in one["columns"]), tuple(one["key"]), int(one["n_rows"]),
            one["sha256"], tuple(one["parts"]),
        )
        for one in values["tables"]
    )  # fmt: skip
    for table in tables:
        named = {name for name, _ in table.columns}
        if not all(NAME.match(word) for word in (table.name, *named)) or not named.issuperset(table.key):
            raise ValueError(table.name)
    values["made_at"] = datetime.fromisoformat(values["made_at"])
    values["members"] = tuple(
        Member(one["name"], int(one["size"]), one["sha256"]) for one in values["members"]
    )
    values["missing_files"] = tuple(values["missing_files"])
    return Manifest(**(values | {"tables": tables}))


def header(name: str, size: int, made_at_s: int) -> bytes:
    """Return the header of a member: a plain file that only its owner may read."""
    info = tarfile.TarInfo(name)
    info.size, info.mtime, info.mode = size, made_at_s, 0o600
    return info.tobuf(tarfile.PAX_FORMAT, "utf-8", "surrogateescape")


def seal_of(sha256: str, manifest_at: int) -> bytes:
    """Return the seal as a member."""
    told = json.dumps({"manifest_at": manifest_at, "sha256": sha256}).encode("ascii")
    return header(SEAL, BLOCK, 0) + told.ljust(BLOCK - 1) + b"\n"


class ArchiveWriter:
    """Writes an archive from its beginning to its end; nothing is kept in memory but the list of members.

    Args:
        file: Where to.
        made_at_s: Seconds since 1970 that every member is dated.
    """

    def __init__(self, file: BinaryIO, made_at_s: int) -> None:
        self._file, self._made_at_s = file, made_at_s
        self._hash, self._at = hashlib.sha256(), 0
        self.members: list[Member] = []

    def _write(self, content: bytes) -> None:
        self._file.write(content)
        self._hash.update(content)
        self._at += len(content)

    def _pad(self, size: int) -> None:
        self._write(bytes(-size % BLOCK))

    def add(self, name: str, content: bytes) -> None:
        """Add a member."""
        self._write(header(name, len(content), self._made_at_s))
        self._write(content)
        self._pad(len(content))
        self.members.append(Member(name, len(content), hashlib.sha256(content).hexdigest()))

    def add_file(self, name: str, file: BinaryIO, size: int) -> None:
        """Add a file, a piece at a time.

        Raises:
            FileUnreadable: It ended before its size.
        """
        self._write(header(name, size, self._made_at_s))
        own, left = hashlib.sha256(), size
        while left:
            content = file.read(min(left, AT_ONCE))
            if not content:
                raise FileUnreadable(file_name=name, why="it became shorter while it was read")
            self._write(content)
            own.update(content)
            left -= len(content)
        self._pad(size)
        self.members.append(Member(name, size, own.hexdigest()))

    def add_table(self, shape: Shape, chunks: Iterable[list[Values]]) -> TableEntry:
        """Add the rows of a table, in the order of the key."""
        own, n_rows, first = hashlib.sha256(), 0, len(self.members)
        part: list[bytes] = []
        size = 0

        def close() -> None:
            number = len(self.members) - first + 1
            name = f"records/{shape.name}/{number:06}.jsonl.gz"
            self.add(name, gzip.compress(b"".join(part), 6, mtime=0))

        for rows in chunks:
            for row in rows:
                told = line(row)
                own.update(told)
                part.append(told)
                size += len(told)
                n_rows += 1
                if size >= PART:
                    close()
                    part, size = [], 0
        if part:
            close()
        parts = tuple(member.name for member in self.members[first:])
        return TableEntry(shape.name, shape.columns, shape.key, n_rows, own.hexdigest(), parts)

    def end(self, manifest: Manifest) -> None:
        """Write the manifest and the seal."""
        at, told = self._at, manifest.told()
        self._write(header(MANIFEST, len(told), self._made_at_s))
        self._write(told)
        self._pad(len(told))
        self._file.write(seal_of(self._hash.hexdigest(), at) + ENDING)


def is_safe(name: str) -> bool:
    """Return whether a name is of a member that an archive may have, and leads nowhere but below the city folder."""
    parts = name.split("/")
    if name == CITY_FILE:
        return True
    if len(parts) < 2 or parts[0] not in (*FOLDERS, "records") or "\\" in name or "\0" in name:
        return False
    return not any(part in {"", ".", ".."} for part in parts) and Path(name).as_posix() == name
