"""A photo that somebody hands in, made anew: only what is seen of it stays.

A telephone writes into its pictures where and when they were taken and by which device; a file can carry what no
picture needs. A new picture of the same points carries none of it.
"""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from threading import Lock

from django.utils.translation import gettext as _
from PIL import Image, ImageOps

LARGEST = 15 * 1024 * 1024
"""Bytes of a file: a telephone's largest."""
MOST_PIXELS = 24_000_000
"""A small file can unfold into a picture that fills the memory: it is refused by the size it says it has."""
LONGEST_SIDE = 2600
"""Pixels: enough to read a page of writing."""
QUALITY = 85
SMOOTH = ("RGB", "RGBA", "L", "LA", "CMYK")
"""Kinds of points that can be made smaller as they are."""
PATIENCE = 20
"""Seconds that a photo waits for those before it."""
KINDS = ("JPEG", "PNG", "WEBP")
CONTENT_TYPE = "image/jpeg"
BROKEN = (OSError, SyntaxError, ValueError, Image.DecompressionBombError, Image.DecompressionBombWarning)
"""What Pillow raises for a file that is no picture, or a broken one."""
_ONE_AT_A_TIME = Lock()


class NoPhoto(Exception):
    """It cannot be kept; `reason` is for the reader."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def made_anew(content: bytes) -> bytes:
    """The same picture as a JPEG, upright, of a size for reading, without anything but its points. Raises NoPhoto.

    It is unfolded here and nowhere else, by one thread of the process at a time: one large picture takes a hundred
    megabytes.
    """
    with _at_hand(content) as picture:
        if not _ONE_AT_A_TIME.acquire(timeout=PATIENCE):
            raise NoPhoto(_("Several photos are being saved at the moment. Please try again."))
        try:
            return _redrawn(picture)
        finally:
            _ONE_AT_A_TIME.release()


def why_not_photo(content: bytes) -> str:
    """ "" or why it cannot be kept, as far as its first bytes say: it is not unfolded."""
    try:
        with _at_hand(content):
            return ""
    except NoPhoto as refusal:
        return refusal.reason


@contextmanager
def _at_hand(content: bytes) -> Iterator[Image.Image]:
    """The picture with its kind and size read. Whatever Pillow raises meanwhile is a reason in words."""
    if len(content) > LARGEST:
        raise NoPhoto(_("The photo is larger than 15 MB."))
    try:
        with warnings.catch_warnings(), Image.open(BytesIO(content), formats=KINDS) as picture:
            warnings.simplefilter("ignore")  # what it thinks of odd metadata, which is left behind
            width, height = picture.size
            if width * height > MOST_PIXELS:
                raise NoPhoto(_("The photo has too many pixels. Please take it with a lower resolution."))
            yield picture
    except Image.UnidentifiedImageError as fault:
        raise NoPhoto(_("Only JPEG, PNG or WebP photos are accepted.")) from fault
    except BROKEN as fault:
        raise NoPhoto(_("This photo cannot be opened. Please take it again.")) from fault


def _small(picture: Image.Image) -> Image.Image:
    """Made small channel by channel: with all of them at once, transparency would take a second copy of the whole."""
    channels = []
    for name in picture.getbands():
        channel = picture.getchannel(name)
        channel.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        channels.append(channel)
    return Image.merge(picture.mode, channels)


def _redrawn(picture: Image.Image) -> bytes:
    """Made small before anything else: each further copy of it is then a small one."""
    picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # a large JPEG is read small at once
    exif = picture.getexif()
    small = _small(picture if picture.mode in SMOOTH else picture.convert("RGBA"))
    small.getexif().update(exif)
    upright = ImageOps.exif_transpose(small).convert("RGBA")
    paper = Image.new("RGB", upright.size, "white")
    paper.paste(upright, mask=upright)
    buffer = BytesIO()
    paper.save(buffer, "JPEG", quality=QUALITY)
    return buffer.getvalue()
