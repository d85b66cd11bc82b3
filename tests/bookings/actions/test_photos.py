"""Photos are made anew: what is seen stays, where and with what it was taken does not."""

import os
import subprocess
import sys
import zlib
from io import BytesIO

import pytest
from PIL import Image

from bookings.actions.photos import LARGEST, LONGEST_SIDE, MOST_PIXELS, NoPhoto, made_anew
from tests.eventually import PATIENCE
from tests.pictures import JPEG, PNG, WEBP, picture

PLACE, DEVICE, TURNED = 0x8825, 0x010F, 0x0112
"""Tags of EXIF: GPS, the maker of the device, which side is up."""


def opened(content: bytes) -> Image.Image:
    return Image.open(BytesIO(content))


def photographed() -> bytes:
    """As a telephone writes it: a place, a maker, a comment, and lying on its side; the upper left corner is red."""
    exif = Image.Exif()
    exif[DEVICE], exif[TURNED] = "CANARY", 6
    exif.get_ifd(PLACE)[2] = (11.25, 75.78, 0.0)
    seen = Image.new("RGB", (40, 20), "white")
    seen.paste("red", (0, 0, 10, 10))
    return picture("JPEG", seen, exif=exif, comment=b"CANARY", quality=95)


def test_place_device_and_comment_are_left_behind() -> None:
    given = photographed()

    kept = made_anew(given)

    assert (b"CANARY" in given, PLACE in opened(given).getexif()) == (True, True)
    assert (b"CANARY" in kept, dict(opened(kept).getexif()), b"Exif" in kept) == (False, {}, False)


def test_photo_that_lay_on_its_side_stands_upright() -> None:
    kept = opened(made_anew(photographed()))

    red = kept.getpixel((17, 3))
    assert kept.size == (20, 40)
    assert isinstance(red, tuple)
    assert (red[0] > 200, red[1] < 80) == (True, True)


@pytest.mark.parametrize("content", [JPEG, PNG, WEBP, picture("PNG", Image.new("RGBA", (8, 8), (0, 0, 0, 0)))])
def test_every_kind_becomes_a_jpeg(content: bytes) -> None:
    kept = opened(made_anew(content))

    assert (kept.format, kept.mode) == ("JPEG", "RGB")


def test_what_is_appended_to_a_picture_is_not_kept() -> None:
    assert b"<script>" not in made_anew(JPEG + b"<script>alert(1)</script>")


def test_large_photo_is_made_smaller() -> None:
    kept = opened(made_anew(picture("JPEG", Image.new("RGB", (5200, 2600)))))

    assert kept.size == (LONGEST_SIDE, LONGEST_SIDE // 2)


def itinerary(width: int, height: int) -> bytes:
    """A PNG of some dozens of bytes that says it is that large."""
    head = b"IHDR" + width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\x02\0\0\0"
    return PNG[:8] + (13).to_bytes(4, "big") + head + zlib.crc32(head).to_bytes(4, "big") + PNG[33:]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "Only JPEG, PNG or WebP photos are accepted."),
        (b"<html>", "Only JPEG, PNG or WebP photos are accepted."),
        (b"%PDF-1.7", "Only JPEG, PNG or WebP photos are accepted."),
        (picture("GIF"), "Only JPEG, PNG or WebP photos are accepted."),
        (b" " + PNG, "Only JPEG, PNG or WebP photos are accepted."),
        (JPEG[: len(JPEG) // 2], "This photo cannot be opened. Please take it again."),
        (JPEG.ljust(LARGEST + 1, b"0"), "The photo is larger than 15 MB."),
        (itinerary(9_000, 9_000), "The photo has too many pixels. Please take it with a lower resolution."),
        (itinerary(60_000, 60_000), "This photo cannot be opened. Please take it again."),
    ],
)
def test_what_cannot_be_kept_is_said(content: bytes, reason: str) -> None:
    with pytest.raises(NoPhoto) as refusal:
        made_anew(content)

    assert refusal.value.reason == reason


# --- memory -----------------------------------------------------------------------------------------------------------

MEASURED = """
import sys
import django
django.setup()
from bookings.actions import photos
from tests.pictures import PNG
def peak():
    # In kB, of this program alone: the kernel's ru_maxrss begins with what the test's own process had.
    status = open("/proc/self/status").read()
    return int(status.partition("VmHWM:")[2].split()[0])
content = sys.stdin.buffer.read()
photos.made_anew(PNG)
before = peak()
photos.MOST_PIXELS = int(sys.argv[1])
try:
    photos.made_anew(content)
    said = "kept"
except photos.NoPhoto as refusal:
    said = refusal.reason
print((peak() - before) // 1024, said)
"""


def megabytes_of(content: bytes, *, most: int = MOST_PIXELS) -> tuple[int, str]:
    """How much a process grows at its peak when it is given this photo, and what it says."""
    command = [sys.executable, "-W", "ignore", "-c", MEASURED, str(most)]
    env = os.environ | {"DJANGO_SETTINGS_MODULE": "clinic.settings"}
    ran = subprocess.run(command, input=content, env=env, capture_output=True, check=True, timeout=PATIENCE)
    grown, said = ran.stdout.decode().strip().split(" ", 1)
    return int(grown), said


def test_picture_that_would_fill_the_memory_is_refused_before_it_unfolds() -> None:
    huge = picture("PNG", Image.new("1", (8000, 8000)))

    grown, said = megabytes_of(huge)
    unguarded, kept = megabytes_of(huge, most=10**9)

    assert len(huge) < 100_000
    assert (said, grown < 15) == ("The photo has too many pixels. Please take it with a lower resolution.", True)
    assert (kept, unguarded > 200) == ("kept", True)


def test_largest_photo_that_is_kept_takes_a_bounded_memory() -> None:
    grown, said = megabytes_of(picture("PNG", Image.new("RGBA", (6000, 4000), "white")))

    assert (said, grown < 220) == ("kept", True), grown
