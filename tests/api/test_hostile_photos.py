"""Photos that are something else as well: what is stored is the picture, read back byte for byte."""

import zipfile
import zlib
from io import BytesIO
from struct import pack

import httpx
import pytest
from PIL import Image, PngImagePlugin

from tests.api.serving import Served, problem
from tests.api.test_files import bomb, kept, picture, send

PAGE = b"<!DOCTYPE html><html><script>alert('planted')</script></html>"
PLANTED = (b"planted", b"script", b"<html", b"PK\x03\x04", b"PK\x05\x06", b"<?php", b"<svg", b"<x:xmpmeta")


def archive() -> bytes:
    told = BytesIO()
    with zipfile.ZipFile(told, "w") as opened:
        opened.writestr("planted.html", PAGE)
    return told.getvalue()


def png_with_words() -> bytes:
    words = PngImagePlugin.PngInfo()
    words.add_text("Comment", "<script>planted</script>")
    words.add_itxt("XML:com.adobe.xmp", "<x:xmpmeta>planted</x:xmpmeta>")
    words.add(b"prVt", b"<?php planted ?>", after_idat=True)
    return picture("PNG", pnginfo=words)


def jpeg_with_gps() -> bytes:
    exif = Image.Exif()
    place = exif.get_ifd(0x8825)
    place[1], place[2], place[3], place[4] = "N", (40.0, 4.0, 17.5), "E", (116.0, 20.0, 3.25)
    exif[0x010E] = "planted"
    return picture("JPEG", exif=exif.tobytes())


POLYGLOTS = {
    "jpeg and html": picture("JPEG") + PAGE,
    "jpeg and zip": picture("JPEG") + archive(),
    "jpeg and svg": picture("JPEG") + b"<svg xmlns='http://www.w3.org/2000/svg' onload='planted()'/>",
    "png and zip": picture("PNG") + archive(),
    "webp and html": picture("WEBP") + PAGE,
    "jpeg with a page as its comment": picture("JPEG", comment=PAGE),
    "jpeg with a page as its profile": picture("JPEG", icc_profile=PAGE * 3),
    "png with words": png_with_words(),
    "webp with xmp": picture("WEBP", xmp=b"<x:xmpmeta>planted</x:xmpmeta>"),
    "jpeg with a place": jpeg_with_gps(),
}


@pytest.mark.parametrize("name", POLYGLOTS)
def test_only_the_picture_is_stored(served: Served, nobody: httpx.Client, name: str) -> None:
    sent = POLYGLOTS[name]
    assert any(words in sent for words in PLANTED), "the test plants nothing"
    answer = send(nobody, sent)
    assert answer.status_code == 201, answer.text
    stored = kept(served, answer.json()["file_id"])
    assert not [words for words in PLANTED if words in stored]
    assert not zipfile.is_zipfile(BytesIO(stored))
    end = b"\xff\xd9" if stored.startswith(b"\xff\xd8") else b"IEND\xaeB`\x82"
    assert stored.endswith(end)
    with Image.open(BytesIO(stored)) as opened:
        opened.load()
        assert not dict(opened.getexif()), "EXIF is kept"
        assert not opened.getexif().get_ifd(0x8825), "the place is kept"
        assert not {"exif", "comment", "icc_profile", "xmp", "Comment"} & set(opened.info)


def test_the_place_was_in_what_was_sent() -> None:
    with Image.open(BytesIO(POLYGLOTS["jpeg with a place"])) as opened:
        assert opened.getexif().get_ifd(0x8825)[4] == (116.0, 20.0, 3.25)


@pytest.mark.parametrize(
    "name", ["page.html", "photo.jpg", "photo.svg", "../../photo.jpg", 'a"\r\nX-Planted: 1.jpg']
)
@pytest.mark.parametrize(
    "content", [PAGE, b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", archive()],
    ids=["html", "svg", "zip"],
)  # fmt: skip
def test_no_name_makes_a_photo(nobody: httpx.Client, name: str, content: bytes) -> None:
    answer = send(nobody, content, name)
    problem(answer, 415, "not_a_picture")
    assert "planted" not in answer.text.lower()
    assert "x-planted" not in answer.headers


def words_bomb() -> bytes:
    """Return a PNG of one pixel whose compressed comment is 200 MB of nothing."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return pack(">I", len(body)) + kind + body + pack(">I", zlib.crc32(kind + body))

    packer = zlib.compressobj(9)
    nothing = b"".join([*(packer.compress(bytes(1 << 20)) for _ in range(200)), packer.flush()])
    head = chunk(b"IHDR", pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0))
    words = chunk(b"zTXt", b"Comment\x00\x00" + nothing)
    pixel = chunk(b"IDAT", zlib.compress(b"\x00" * 4))
    return b"\x89PNG\r\n\x1a\n" + head + words + pixel + chunk(b"IEND", b"")


def test_a_bomb_of_words_is_refused_or_left_out(served: Served, nobody: httpx.Client) -> None:
    answer = send(nobody, words_bomb())
    assert answer.status_code in {201, 415}, answer.text
    if answer.status_code == 201:
        assert len(kept(served, answer.json()["file_id"])) < 10_000


def test_a_bomb_of_pixels_is_refused_by_its_head(nobody: httpx.Client) -> None:
    problem(send(nobody, bomb(2**31 - 1, 2**31 - 1)), 413, "too_large")
