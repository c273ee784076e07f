"""Encodings are told apart, and a byte that is none costs nothing but itself."""

from pathlib import Path

import pytest

from huitian.errors import FileUnreadable
from huitian.sources.text import encoding_of, open_text, read_through

WORDS = "编号,名称\n1,回龙观东大街\n2,霍营街道龙锦苑一区社区\n" * 5


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("gb18030", "gb18030"),
        ("utf-16", "utf-16"),
        ("ascii", "utf-8"),
    ],
)
def test_what_a_file_is_written_in(tmp_path: Path, written: str, found: str) -> None:
    path = tmp_path / "table.csv"
    words = "a,b\n1,2\n" if written == "ascii" else WORDS
    path.write_bytes(words.encode(written))
    assert encoding_of(path) == found
    with open_text(path, found) as file:
        assert file.read() == words


def test_traditional_characters_in_big5(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    words = "編號,名稱\n1,國立臺灣大學圖書館與學生餐廳\n2,這裡的路燈壞了很久還沒有修理\n" * 20
    path.write_bytes(words.encode("big5"))
    codec = encoding_of(path)
    with open_text(path, codec) as file:
        assert file.read() == words


def test_a_rare_character_of_gb18030(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes((WORDS + "3,𠮷野家（回龙观店）\n").encode("gb18030"))
    assert encoding_of(path) == "gb18030"


@pytest.mark.parametrize(
    ("content", "why"),
    [(b"", "empty"), (b"\xef\xbb\xbf\n \n", "empty"), (bytes(range(256)) * 40, "neither UTF-8")],
)
def test_what_is_no_text(tmp_path: Path, content: bytes, why: str) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(content)
    with pytest.raises(FileUnreadable) as caught:
        encoding_of(path)
    assert why in caught.value.words("en")


def test_a_wrong_wish_is_told_with_what_it_looks_like(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(WORDS.encode("gb18030"))
    with pytest.raises(FileUnreadable) as caught:
        encoding_of(path, "utf-8")
    assert "gb18030" in caught.value.words("en")
    assert "utf-8" in caught.value.words("zh")


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(FileUnreadable) as caught:
        encoding_of(tmp_path / "nothing.csv")
    assert "no such file" in caught.value.words("en")


def test_one_broken_byte_does_not_change_the_encoding(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes((WORDS * 10).encode() + b"9,\xe5\x9b\n")
    assert encoding_of(path) == "utf-8"
    assert read_through(path, "utf-8").n_bad == 2


def test_a_character_across_two_pieces_is_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    path.write_bytes(b"a" * ((1 << 20) - 1) + "中".encode() * 3)
    assert read_through(path, "utf-8").n_bad == 0
