"""Photos: decoded, turned upright and encoded anew, so that nothing but the picture is kept."""

import threading
from collections import OrderedDict
from dataclasses import dataclass
from io import BytesIO
from typing import Literal

from PIL import Image, ImageOps, UnidentifiedImageError

from huitian.errors import NotAPicture, TooLarge

FORMATS = ("JPEG", "PNG", "WEBP")
LONGEST_SIDE_PX = 4096
"""A photo is kept no larger: enough to read a sign in it, a quarter of what a phone takes."""
QUALITY = 88
THUMBNAIL_QUALITY = 80
MOST_THUMBNAILS = 200
PLAIN_BANDS = 3
"""Of a photo without transparent parts; one with them takes more memory a pixel, so it may have fewer pixels."""
MediaType = Literal["image/jpeg", "image/png"]

# Pillow's own guard warns, and fails only at twice its limit; ours is a setting, checked before any pixel is read.
Image.MAX_IMAGE_PIXELS = None


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo as it is kept.

    Attributes:
        content: The encoded picture.
        media_type: JPEG, or PNG where it has transparent parts.
        width_px: Width.
        height_px: Height.
    """

    content: bytes
    media_type: MediaType
    width_px: int
    height_px: int


def cleaned(content: bytes, most_mpx: int) -> Photo:
    """Return a photo without anything but its pixels: no EXIF, no place, no comment, no second frame.

    Args:
        content: What was sent.
        most_mpx: Largest picture that is decoded, in megapixels.

    Raises:
        NotAPicture: It is no JPEG, PNG or WebP that can be read whole.
        TooLarge: It has more pixels than are decoded.
    """
    try:
        with Image.open(BytesIO(content), formats=FORMATS) as opened:
            check_size(opened, most_mpx)
            opened.draft("RGB", (LONGEST_SIDE_PX, LONGEST_SIDE_PX))
            opened.load()
            upright = ImageOps.exif_transpose(opened)
            return encoded(upright, LONGEST_SIDE_PX, QUALITY)
    except TooLarge:
        raise
    except UnidentifiedImageError as error:
        raise not_a_picture("不是 JPEG、PNG 或 WebP", "it is no JPEG, PNG or WebP") from error
    except Exception as error:
        # Decoders fail on broken bytes in every way there is: struct, zlib, index, value, memory.
        raise not_a_picture("图片已损坏，读不完整", "it is damaged and cannot be read whole") from error


def check_size(opened: Image.Image, most_mpx: int) -> None:
    """Refuse a picture that is too large to decode, before any pixel is read.

    Raises:
        TooLarge: It is.
        NotAPicture: It has no pixels.
    """
    width, height = opened.size
    if width < 1 or height < 1:
        raise not_a_picture("没有像素", "it has no pixels")
    n_bands = PLAIN_BANDS + may_have_alpha(opened)
    if width * height * n_bands > most_mpx * PLAIN_BANDS * 1_000_000:
        actual = f"{width} × {height} px"
        raise TooLarge(field="file", actual=actual, limit=f"{most_mpx * PLAIN_BANDS // n_bands} MP")


def may_have_alpha(opened: Image.Image) -> bool:
    """Return whether a picture may have transparent parts, as far as its head tells."""
    return opened.mode in {"RGBA", "LA", "PA"} or "transparency" in opened.info


def encoded(picture: Image.Image, longest_px: int, quality: int) -> Photo:
    """Return a picture at most ``longest_px`` long, encoded without any of what came with it."""
    plain = picture.convert("RGBA" if may_have_alpha(picture) else "RGB")
    has_alpha = plain.mode == "RGBA" and plain.getchannel("A").getextrema() != (255, 255)
    plain = plain if has_alpha else plain.convert("RGB")
    plain.info.clear()
    plain.thumbnail((longest_px, longest_px), Image.Resampling.LANCZOS)
    told = BytesIO()
    if has_alpha:
        plain.save(told, "PNG", optimize=False)
    else:
        plain.save(told, "JPEG", quality=quality, optimize=True, progressive=True)
    return Photo(told.getvalue(), "image/png" if has_alpha else "image/jpeg", *plain.size)


def thumbnail(content: bytes, longest_px: int) -> bytes:
    """Return a kept photo, smaller."""
    with Image.open(BytesIO(content), formats=FORMATS) as opened:
        opened.draft("RGB", (longest_px, longest_px))
        return encoded(opened, longest_px, THUMBNAIL_QUALITY).content


class Thumbnails:
    """Remembers the photos that were made smaller last; the same id is always the same picture."""

    def __init__(self) -> None:
        self._made: OrderedDict[tuple[str, int], bytes] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, file_id: str, longest_px: int, content: bytes) -> bytes:
        """Return a kept photo, smaller."""
        key = (file_id, longest_px)
        with self._lock:
            found = self._made.get(key)
            if found is not None:
                self._made.move_to_end(key)
                return found
        made = thumbnail(content, longest_px)
        with self._lock:
            self._made[key] = made
            while len(self._made) > MOST_THUMBNAILS:
                self._made.popitem(last=False)
        return made


def media_type_of(content: bytes) -> MediaType:
    """Return the media type of a kept photo."""
    return "image/png" if content.startswith(b"\x89PNG") else "image/jpeg"


def not_a_picture(why_zh: str, why_en: str) -> NotAPicture:
    """Return the error, in both languages."""
    return NotAPicture(why=why_en, why_zh=why_zh, why_en=why_en)
