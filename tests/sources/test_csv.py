"""Tables of text: quotes, delimiters, rows that are too short, too long or broken."""

import csv as standard
import io
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huitian.errors import FileUnreadable
from huitian.sources.csv.read import open_file
from huitian.sources.csv.records import delimiter_of, records
from huitian.sources.kinds import source_kind
from huitian.sources.rows import SourceRow

DEFAULTS = {name: option.default for name, option in source_kind("csv").options.items()}


def read(tmp_path: Path, content: str | bytes, **options: Any) -> list[SourceRow]:
    path = tmp_path / "table.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return list(open_file(path, DEFAULTS | options).rows())


def test_rows_are_numbered_as_a_spreadsheet_does(tmp_path: Path) -> None:
    rows = read(tmp_path, 'id,words\n1,"two\nlines"\n\n2,x\n')
    assert [(row.row_no, row.values["id"]) for row in rows] == [(2, "1"), (4, "2")]
    assert rows[0].values["words"] == "two\nlines"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters_are_told_apart(tmp_path: Path, delimiter: str) -> None:
    lines = [["编号", "名称", "备注"], ["1", "甲,乙", "丙;丁"], ["2", "戊", ""]]
    out = io.StringIO()
    standard.writer(out, delimiter=delimiter).writerows(lines)
    rows = read(tmp_path, out.getvalue())
    assert [list(row.values.values()) for row in rows] == lines[1:]


def test_a_delimiter_is_not_found_in_one_column() -> None:
    assert delimiter_of(["name\n", "a b\n"]) == ","


def test_a_short_row_has_missing_values_and_a_long_one_is_a_fault(tmp_path: Path) -> None:
    short, long = read(tmp_path, "a,b,c\n1\n1,2,3,4\n")
    assert short.values == {"a": "1", "b": None, "c": None}
    assert long.fault is not None
    assert long.fault.reason_code == "too_many_cells"
    assert long.values["…"] == ["4"]


def test_empty_cells_beyond_the_heading_do_no_harm(tmp_path: Path) -> None:
    (row,) = read(tmp_path, "a,b\n1,2,,\n")
    assert row.fault is None


def test_a_quote_that_is_never_closed_costs_one_row(tmp_path: Path) -> None:
    rows = read(tmp_path, 'id,words\n1,"open\n2,fine\n3,fine too\n')
    assert [row.fault.reason_code if row.fault else row.values["words"] for row in rows] == [
        "open_quote",
        "fine",
        "fine too",
    ]


def test_a_quote_that_swallows_thousands_of_lines_is_given_up(tmp_path: Path) -> None:
    rows = read(tmp_path, 'id,words\n1,"open\n' + "2,fine\n" * 20_000)
    assert len(rows) == 20_001
    assert sum(row.fault is not None for row in rows) == 1


def test_a_row_with_bytes_that_cannot_be_read(tmp_path: Path) -> None:
    content = ("编号,名称\n" + "1,回龙观街道\n" * 200).encode() + "2,霍".encode()[:-1] + b"\n3,ok\n"
    rows = read(tmp_path, content)
    broken = [row for row in rows if row.fault]
    assert [row.fault.reason_code for row in broken if row.fault] == ["wrong_encoding"]
    assert "\N{REPLACEMENT CHARACTER}" in broken[0].values["名称"]
    assert rows[-1].values["名称"] == "ok"


def test_columns_without_a_name_or_with_the_same_one(tmp_path: Path) -> None:
    (row,) = read(tmp_path, "a,,a\n1,2,3\n")
    assert row.values == {"a": "1", "column_2": "2", "a_3": "3"}


def test_a_heading_further_down(tmp_path: Path) -> None:
    (row,) = read(tmp_path, "某某台账\n编号,名称\n1,甲\n", heading_row=2)
    assert (row.row_no, row.values) == (3, {"编号": "1", "名称": "甲"})


def test_json_is_not_a_table(tmp_path: Path) -> None:
    with pytest.raises(FileUnreadable) as caught:
        read(tmp_path, '{"type": "FeatureCollection"}')
    assert "geojson" in caught.value.words("en")


def test_a_letter_of_a_hundred_thousand_characters_is_read(tmp_path: Path) -> None:
    (row,) = read(tmp_path, "id,body\n1," + "长" * 100_000 + "\n")
    assert len(row.values["body"]) == 100_000


CELL = st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from('",;\n中'), max_size=12)


@given(st.lists(st.lists(CELL, min_size=3, max_size=3), min_size=1, max_size=8))
def test_what_a_writer_writes_is_read_back(rows: list[list[str]]) -> None:
    out = io.StringIO(newline="")
    standard.writer(out, quoting=standard.QUOTE_ALL).writerows(rows)
    lines = io.StringIO(out.getvalue(), newline="")
    assert [record.cells for record in records(lines, ",")] == rows
