"""One file of a multipart request, read as it comes and no further than its limit."""

import asyncio
from collections.abc import AsyncIterator

from fastapi import Request
from python_multipart import MultipartParser
from python_multipart.exceptions import MultipartParseError
from python_multipart.multipart import parse_options_header

from huitian.errors import InvalidInput, TooLarge

DRAINED_BYTES = 64 << 20
DRAINED_S = 20.0
"""What is read and thrown away after the limit, so that a browser still hears why instead of a broken line."""
MOST_OTHER_BYTES = 64 << 10
"""Fields beside the file."""


class FilePart:
    """Collects the part named ``file`` of a multipart body."""

    def __init__(self, boundary: bytes, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._name = b""
        self._value = b""
        self._is_file = False
        self._n_other = 0
        self.content = bytearray()
        self.has_file = False
        self.is_over = False
        self._disposition = b""
        self.parser = MultipartParser(boundary, {
            "on_part_begin": self._begin, "on_header_field": self._field, "on_header_value": self._header,
            "on_header_end": self._header_end, "on_headers_finished": self._headers, "on_part_data": self._data,
        })  # fmt: skip

    def _begin(self) -> None:
        self._is_file, self._disposition = False, b""

    def _field(self, data: bytes, start: int, end: int) -> None:
        self._name += data[start:end]

    def _header(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _header_end(self) -> None:
        if self._name.lower() == b"content-disposition":
            self._disposition = self._value
        self._name = self._value = b""

    def _headers(self) -> None:
        _, options = parse_options_header(self._disposition)
        self._is_file = options.get(b"name") == b"file" and not self.has_file
        self.has_file = self.has_file or self._is_file

    def _data(self, data: bytes, start: int, end: int) -> None:
        if not self._is_file:
            self._n_other += end - start
            self.is_over = self.is_over or self._n_other > MOST_OTHER_BYTES
            return
        if len(self.content) + end - start > self._most_bytes:
            self.is_over = True
            return
        self.content += data[start:end]


async def read_file(request: Request, most_bytes: int) -> bytes:
    """Return the bytes of the part named ``file``.

    Args:
        request: The request; its body is read here.
        most_bytes: Longest file that is taken.

    Raises:
        TooLarge: It is longer; the rest is thrown away unread by anybody.
        InvalidInput: It is no multipart body, or has no such part.
    """
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    boundary = options.get(b"boundary", b"")
    if kind != b"multipart/form-data" or not boundary:
        raise refused("应为 multipart/form-data", "it must be multipart/form-data")
    told = request.headers.get("content-length", "")
    is_told_over = told.isdigit() and int(told) > most_bytes + MOST_OTHER_BYTES
    if is_told_over and request.headers.get("expect", "").lower() == "100-continue":
        raise too_large(int(told), most_bytes)
    part = FilePart(boundary, most_bytes)
    chunks = request.stream()
    n_bytes = 0
    try:
        async for chunk in chunks:
            n_bytes += len(chunk)
            part.parser.write(chunk)
            if part.is_over:
                n_bytes += await drained(chunks)
                raise too_large(int(told) if told.isdigit() else n_bytes, most_bytes)
        part.parser.finalize()
    except MultipartParseError as error:
        raise refused("multipart 读不出", "the multipart body cannot be read") from error
    if not part.has_file or not part.content:
        raise refused("没有收到照片", "there is no photo in it")
    return bytes(part.content)


async def drained(chunks: AsyncIterator[bytes]) -> int:
    """Read on for a while without keeping anything; returns how many bytes passed."""
    n_bytes = 0
    try:
        async with asyncio.timeout(DRAINED_S):
            async for chunk in chunks:
                n_bytes += len(chunk)
                if n_bytes > DRAINED_BYTES:
                    break
    except TimeoutError:
        pass
    return n_bytes


def too_large(actual_bytes: int, most_bytes: int) -> TooLarge:
    """Return the error with both sizes in megabytes."""
    return TooLarge(
        field="file", actual=f"{actual_bytes / (1 << 20):.1f} MB", limit=f"{most_bytes / (1 << 20):.0f} MB"
    )


def refused(why_zh: str, why_en: str) -> InvalidInput:
    """Return the error about the body, in both languages."""
    return InvalidInput(field="file", why=why_en, why_zh=why_zh, why_en=why_en)
