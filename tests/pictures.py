"""Small pictures, as files."""

from io import BytesIO
from typing import Any

from PIL import Image


def picture(kind: str, seen: Image.Image | None = None, **said: Any) -> bytes:
    """A picture of that kind; grey where nothing is said."""
    file = BytesIO()
    (seen or Image.new("RGB", (64, 48), "grey")).save(file, kind, **said)
    return file.getvalue()


JPEG, PNG, WEBP = picture("JPEG"), picture("PNG"), picture("WEBP")
