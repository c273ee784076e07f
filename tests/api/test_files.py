"""Photos: what is taken, what is refused and why, and that only the picture is kept."""

import threading
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from io import BytesIO
from itertools import islice
from struct import pack
from typing import Any

import httpx
import pytest
from PIL import Image

from huitian.api.photos import LONGEST_SIDE_PX, Photo, cleaned
from huitian.errors import NotAPicture, TooLarge
from tests.api.serving import WAIT_S, Served, problem
from tests.api.test_cases import new_case, take

PART = b'--b\r\nContent-Disposition: form-data; name="%s"\r\n\r\n'


def picture(kind: str = "JPEG", size: tuple[int, int] = (64, 48), mode: str = "RGB", **save: Any) -> bytes:
    told = BytesIO()
    Image.effect_noise(size, 80).convert(mode).save(told, kind, **save)
    return told.getvalue()


def glass(kind: str) -> bytes:
    told = BytesIO()
    Image.new("RGBA", (20, 20), (200, 0, 0, 80)).save(told, kind)
    return told.getvalue()


def send(client: httpx.Client, content: bytes, name: str = "photo.jpg") -> httpx.Response:
    return client.post("/v1/files", files={"file": (name, content, "image/jpeg")})


def kept(served: Served, file_id: str) -> bytes:
    with served.city.engine.files.open_file(served.city.planner.system("case_file"), file_id) as opened:
        return opened.read()


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (picture("JPEG"), "image/jpeg"), (picture("PNG"), "image/jpeg"), (picture("WEBP"), "image/jpeg"),
        (picture("PNG", mode="RGBA"), "image/jpeg"), (picture("PNG", mode="1"), "image/jpeg"),
        (picture("PNG", mode="L"), "image/jpeg"), (picture("JPEG", mode="CMYK"), "image/jpeg"),
        (picture("PNG", size=(1, 1)), "image/jpeg"), (glass("WEBP"), "image/png"), (glass("PNG"), "image/png"),
    ],
)  # fmt: skip
def test_a_photo_is_taken(nobody: httpx.Client, served: Served, content: bytes, media_type: str) -> None:
    answer = send(nobody, content)
    assert answer.status_code == 201, answer.text
    told = answer.json()
    assert told["media_type"] == media_type
    with Image.open(BytesIO(kept(served, told["file_id"]))) as opened:
        assert opened.size == (told["width_px"], told["height_px"])
        assert opened.get_format_mimetype() == media_type
    assert send(nobody, content).json() == told


def test_nothing_but_the_picture_is_kept(nobody: httpx.Client, served: Served) -> None:
    exif = Image.Exif()
    exif[0x010F] = "SecretCamera"
    exif[0x9286] = "home address 501"
    exif.get_ifd(0x8825)[2] = (40.0, 3.0, 30.0)
    secret = picture("JPEG", exif=exif.tobytes(), comment=b"SecretComment", icc_profile=b"SecretProfile" * 20)
    assert b"SecretCamera" in secret
    told = send(nobody, secret + b"SecretTrailer").json()
    content = kept(served, told["file_id"])
    for words in (b"Secret", b"501", b"Exif", b"ICC_PROFILE", b"http://ns.adobe"):
        assert words not in content
    with Image.open(BytesIO(content)) as opened:
        assert not opened.getexif()
        assert "comment" not in opened.info


def test_a_photo_is_turned_upright(nobody: httpx.Client, served: Served) -> None:
    sideways = Image.new("RGB", (80, 40), "white")
    sideways.paste((200, 0, 0), (0, 0, 40, 40))
    exif = Image.Exif()
    exif[0x0112] = 6
    told = BytesIO()
    sideways.save(told, "JPEG", exif=exif.tobytes())
    answer = send(nobody, told.getvalue()).json()
    assert (answer["width_px"], answer["height_px"]) == (40, 80)
    with Image.open(BytesIO(kept(served, answer["file_id"]))) as opened:
        top = opened.convert("RGB").getpixel((20, 10))
        assert isinstance(top, tuple)
        assert top[0] > 150
        assert top[1] < 80


def test_a_large_photo_is_made_smaller(nobody: httpx.Client) -> None:
    told = send(nobody, picture("JPEG", size=(6000, 3000), mode="L", quality=30)).json()
    assert (told["width_px"], told["height_px"]) == (LONGEST_SIDE_PX, LONGEST_SIDE_PX // 2)


def broken() -> Iterator[tuple[str, bytes]]:
    yield "text", b"not a photo"
    yield "empty picture", b"\xff\xd8\xff\xe0" + b"\x00" * 40
    yield "html", b"<html><script>alert(1)</script></html>"
    yield "svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"
    yield "gif", picture("GIF", mode="P")
    yield "tiff", picture("TIFF")
    yield "bmp", picture("BMP")
    yield "pdf", b"%PDF-1.7\n" + b"x" * 100
    yield "cut jpeg", picture("JPEG", size=(400, 300))[:2000]
    yield "cut png", picture("PNG", size=(400, 300))[:2000]
    yield "executable", b"MZ" + bytes(range(256)) * 10


@pytest.mark.parametrize(("name", "content"), list(broken()))
def test_what_is_no_photo_says_so(nobody: httpx.Client, name: str, content: bytes) -> None:
    told = problem(send(nobody, content, f"{name}.jpg"), 415, "not_a_picture")
    assert told["why_zh"]
    assert told["why_en"]


def bomb(width: int, height: int) -> bytes:
    """Return a PNG that claims to be huge."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return pack(">I", len(body)) + kind + body + pack(">I", zlib.crc32(kind + body))

    head = pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\x00" * 100_000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def test_a_bomb_is_not_set_off(nobody: httpx.Client) -> None:
    told = problem(send(nobody, bomb(50_000, 50_000)), 413, "too_large")
    assert "50000" in told["actual"]


def test_glass_may_have_fewer_pixels() -> None:
    told = BytesIO()
    Image.new("RGBA", (1000, 800)).save(told, "PNG")
    with pytest.raises(TooLarge):
        cleaned(told.getvalue(), 1)
    assert cleaned(picture("PNG", size=(1000, 800)), 1).width_px == 1000


def test_photos_that_wait_hold_up_nobody_else(
    served: Served, nobody: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_go_on, n_sent = threading.Event(), 30

    def slow(content: bytes, most_mpx: int) -> Photo:
        assert may_go_on.wait(WAIT_S)
        return cleaned(content, most_mpx)

    monkeypatch.setattr("huitian.api.routes.files.cleaned", slow)
    content = picture("PNG")
    with ThreadPoolExecutor(n_sent) as at_once:
        sent = [at_once.submit(send, nobody, content) for _ in range(n_sent)]
        try:
            refused = [answer.result() for answer in islice(as_completed(sent, WAIT_S), n_sent - 18)]
            assert nobody.get("/v1/categories").status_code == 200
            assert sum(answer.done() for answer in sent) == n_sent - 18
        finally:
            may_go_on.set()
        assert sorted(answer.result().status_code for answer in sent) == [201] * 18 + [503] * (n_sent - 18)
    for answer in refused:
        assert int(answer.headers["retry-after"]) == problem(answer, 503, "server_busy")["retry_after_s"]


def test_no_sequence_of_bytes_breaks_the_decoder() -> None:
    whole = picture("JPEG", size=(40, 30))
    for at in range(0, len(whole), 7):
        spoilt = bytearray(whole)
        spoilt[at] ^= 0xFF
        try:
            cleaned(bytes(spoilt), 60)
        except NotAPicture:
            continue


def test_a_photo_of_30_mb_is_refused_before_it_is_read(nobody: httpx.Client, served: Served) -> None:
    before = set(served.city.engine.files.list_ids())
    told = problem(send(nobody, picture("JPEG") + b"\x00" * (30 << 20)), 413, "too_large")
    assert told["actual"] == "30.0 MB"
    assert told["limit"] == "12 MB"
    assert set(served.city.engine.files.list_ids()) == before


def test_a_body_of_unknown_length_stops_at_the_limit(nobody: httpx.Client) -> None:
    def chunks() -> Iterator[bytes]:
        yield b'--b\r\nContent-Disposition: form-data; name="file"; filename="x"\r\n\r\n'
        for _ in range(20):
            yield b"\x00" * (1 << 20)
        yield b"\r\n--b--\r\n"

    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    problem(nobody.post("/v1/files", content=chunks(), headers=headers), 413, "too_large")


@pytest.mark.parametrize(
    ("content_type", "content"),
    [
        ("application/json", b"{}"), ("multipart/form-data", b"x"), ("multipart/form-data; boundary=b", b"rubbish"),
        ("multipart/form-data; boundary=b", b"--b--\r\n"), ("multipart/form-data; boundary=b", b""),
        ("multipart/form-data; boundary=b", PART % b"other" + b"x\r\n--b--\r\n"),
        ("multipart/form-data; boundary=b", PART % b"file" + b"\r\n--b--\r\n"),
        ("", b"x"),
    ],
)  # fmt: skip
def test_a_body_without_a_photo(nobody: httpx.Client, content_type: str, content: bytes) -> None:
    answer = nobody.post("/v1/files", content=content, headers={"Content-Type": content_type})
    problem(answer, 422, "invalid_input")


def test_a_photo_is_shown_to_whoever_may_see_its_case(
    served: Served, dispatcher: httpx.Client, street: httpx.Client, leader: httpx.Client, nobody: httpx.Client
) -> None:
    file_id = send(nobody, picture("JPEG", size=(900, 700))).json()["file_id"]
    path = f"/v1/files/{file_id}"
    problem(dispatcher.get(path), 404, "not_found")
    case = new_case(served, dispatcher, file_ids=[file_id])
    assert case["steps"][0]["files"] == [{"file_id": file_id, "role": "photo"}]
    full = dispatcher.get(path)
    assert full.status_code == 200
    assert full.headers["content-type"] == "image/jpeg"
    assert full.content == kept(served, file_id)
    small = dispatcher.get(path, params={"size": 100})
    with Image.open(BytesIO(small.content)) as opened:
        assert max(opened.size) == 160
    assert dispatcher.get(path, params={"size": 100}).content == small.content
    problem(nobody.get(path), 401, "not_signed_in")
    problem(leader.get(path), 403, "not_allowed")
    problem(street.get(path), 404, "not_found")
    for wrong in ("x", "A" * 64, "..%2f..%2fcity.toml"):
        assert dispatcher.get(f"/v1/files/{wrong}").status_code in {404, 422}


def test_a_step_takes_photos(served: Served, dispatcher: httpx.Client, nobody: httpx.Client) -> None:
    file_id = send(nobody, picture("PNG", size=(50, 50))).json()["file_id"]
    case = new_case(served, dispatcher)
    done = take(dispatcher, case, "note", words={"note": "现场"}, file_ids=[file_id]).json()
    assert done["steps"][-1]["files"][0]["file_id"] == file_id
    assert dispatcher.get(f"/v1/files/{file_id}").status_code == 200
