"""A photo that somebody hands in, made anew: only what is seen of it stays.

A telephone writes into its pictures where and when they were taken and by which device; a file can carry what no
picture needs. A new picture of the same points carries none of it.
"""

import warnings
from io import BytesIO

from django.utils.translation import gettext as _
from PIL import Image, ImageOps

LARGEST = 15 * 1024 * 1024
"""Bytes of a file: a telephone's largest."""
MOST_PIXELS = 64_000_000
"""A small file can unfold into a picture that fills the memory: it is refused by the size it says it has."""
LONGEST_SIDE = 2600
"""Pixels: enough to read a page of writing."""
QUALITY = 85
KINDS = ("JPEG", "PNG", "WEBP")
CONTENT_TYPE = "image/jpeg"
BROKEN = (OSError, SyntaxError, ValueError, Image.DecompressionBombError, Image.DecompressionBombWarning)
"""What Pillow raises for a file that is no picture, or a broken one."""


class NoPhoto(Exception):
    """It cannot be kept; `reason` is for the reader."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def made_anew(content: bytes) -> bytes:
    """The same picture as a JPEG, upright, of a size for reading, without anything but its points. Raises NoPhoto."""
    if len(content) > LARGEST:
        raise NoPhoto(_("The photo is larger than 15 MB."))
    try:
        with warnings.catch_warnings(), Image.open(BytesIO(content), formats=KINDS) as picture:
            warnings.simplefilter("ignore")  # what it thinks of odd metadata, which is left behind
            return _redrawn(picture)
    except Image.UnidentifiedImageError as fault:
        raise NoPhoto(_("Only photos in JPEG, PNG or WebP can be kept.")) from fault
    except BROKEN as fault:
        raise NoPhoto(_("This photo cannot be opened. Please take it again.")) from fault


def why_not_photo(content: bytes) -> str:
    """ "" or why it cannot be kept."""
    try:
        made_anew(content)
    except NoPhoto as refusal:
        return refusal.reason
    return ""


def _redrawn(picture: Image.Image) -> bytes:
    width, height = picture.size
    if width * height > MOST_PIXELS:
        raise NoPhoto(_("The photo has too many pixels. Please take it with a lower resolution."))
    picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # a large JPEG is read small at once
    upright = ImageOps.exif_transpose(picture).convert("RGBA")
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    paper = Image.new("RGB", upright.size, "white")
    paper.paste(upright, mask=upright)
    kept = BytesIO()
    paper.save(kept, "JPEG", quality=QUALITY)
    return kept.getvalue()
