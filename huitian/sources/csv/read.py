"""Reads tables of text with a heading; memory is bounded by the longest row."""

from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

from huitian.errors import FileUnreadable
from huitian.sources.csv.records import Record, delimiter_of, records
from huitian.sources.rows import Fault, OpenedFile, SourceRow
from huitian.sources.text import LONE, encoding_of, head_of, open_text

LOOK_LINES = 60


def open_file(path: Path, options: Mapping[str, Any]) -> OpenedFile:
    """Open a table of text.

    Args:
        path: The file.
        options: ``encoding``, ``delimiter``, ``heading_row``; see ``manifest.toml``.

    Returns:
        The opened file; ``row_no`` of a row counts records as a spreadsheet does. Cells are text; a cell that
        a short row does not have is None.

    Raises:
        FileUnreadable: Empty, in no known encoding, or without a heading.
    """
    encoding = encoding_of(path, options["encoding"])
    if head_of(path).lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"["):
        raise FileUnreadable(
            file_name=path.name,
            why_zh="是 JSON，不是表格文本；请用来源 geojson 或 json。",
            why_en="it is JSON, not a table of text; use the source geojson or json.",
        )
    skip = int(options["heading_row"]) - 1
    delimiter = str(options["delimiter"])
    if delimiter == "auto":
        with open_text(path, encoding) as file:
            delimiter = delimiter_of(islice(file, skip, skip + LOOK_LINES))
    with open_text(path, encoding) as file:
        heading = next(_from_heading(file, delimiter, skip), None)
    if heading is None or heading.is_open:
        raise FileUnreadable(
            file_name=path.name,
            why_zh=f"第 {skip + 1} 行不是表头。请在映射里写 heading_row。",
            why_en=f"row {skip + 1} is not a heading. Say heading_row in the mapping.",
        )
    columns = tuple(named(heading.cells))

    def rows() -> Iterator[SourceRow]:
        with open_text(path, encoding) as file:
            for record_no, record in enumerate(_from_heading(file, delimiter, skip), skip + 1):
                if record_no > skip + 1 and (record.is_open or any(cell.strip() for cell in record.cells)):
                    yield _row(record_no, record, columns, encoding)

    return OpenedFile(
        columns, _n_lines(path) - skip - 1, {"encoding": encoding, "delimiter": delimiter}, rows
    )


def _from_heading(file: Iterator[str], delimiter: str, skip: int) -> Iterator[Record]:
    return records(islice(file, skip, None), delimiter)


def named(cells: list[str]) -> Iterator[str]:
    """Yield the names of the columns: trimmed, empty ones and repeated ones made distinct by their number."""
    seen: set[str] = set()
    for number, cell in enumerate(cells, 1):
        name = cell.strip().removeprefix("\ufeff")
        name = name if name and name not in seen else f"{name or 'column'}_{number}"
        seen.add(name)
        yield name


def _row(row_no: int, record: Record, columns: tuple[str, ...], encoding: str) -> SourceRow:
    cells = record.cells
    if any(LONE.search(cell) for cell in cells):
        fault: Fault | None = Fault("wrong_encoding", {"encoding": encoding})
        cells = [LONE.sub("\N{REPLACEMENT CHARACTER}", cell) for cell in cells]
    elif record.is_open:
        fault = Fault("open_quote", {})
    elif any(cell.strip() for cell in cells[len(columns) :]):
        fault = Fault("too_many_cells", {"n": len(cells), "limit": len(columns)})
    else:
        fault = None
    values: dict[str, Any] = dict.fromkeys(columns)
    values.update(zip(columns, cells, strict=False))
    if fault is not None and len(cells) > len(columns):
        values["…"] = cells[len(columns) :]
    return SourceRow(row_no, values, fault)


def _n_lines(path: Path) -> int:
    with path.open("rb") as file:
        return sum(piece.count(b"\n") for piece in iter(lambda: file.read(1 << 20), b""))
