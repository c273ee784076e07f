"""Photos as people send them: with the place they were taken at, too large, or none at all."""

import io
import random
from pathlib import Path

from PIL import Image

GPS = 0x8825
MAKER = 0x010F


def camera_photo(path: Path, seed: int, width_px: int = 1600, height_px: int = 1200) -> Path:
    """Write a JPEG as a phone takes it, with its make and position in EXIF; no two seeds look alike."""
    draw = random.Random(seed)
    small = Image.frombytes("RGB", (16, 12), draw.randbytes(16 * 12 * 3))
    exif = Image.Exif()
    exif[MAKER] = "Demo phone"
    exif.get_ifd(GPS).update({1: "N", 2: (40.0, 4.0, 12.5), 3: "E", 4: (116.0, 20.0, 5.0)})
    small.resize((width_px, height_px), Image.Resampling.BICUBIC).save(path, "JPEG", quality=85, exif=exif)
    assert facts_within(path.read_bytes())
    return path


def noisy_photo(path: Path, least_bytes: int) -> Path:
    """Write a true JPEG of at least so many bytes: noise does not compress."""
    side_px = 512
    content = io.BytesIO()
    while content.tell() < least_bytes:
        side_px = int(side_px * 1.4)
        noise = Image.frombytes(
            "RGB", (side_px, side_px), random.Random(side_px).randbytes(side_px * side_px * 3)
        )
        content = io.BytesIO()
        noise.save(content, "JPEG", quality=98)
    path.write_bytes(content.getvalue())
    return path


def facts_within(content: bytes) -> bool:
    """Return whether a picture still tells with what or where it was taken."""
    with Image.open(io.BytesIO(content)) as picture:
        return bool(picture.getexif()) or "exif" in picture.info or bool(picture.getexif().get_ifd(GPS))
