"""A link as a picture that a telephone reads, for somebody without an e-mail address."""

import base64

from allauth.mfa.adapter import get_adapter


def picture_of(link: str) -> str:
    """The address of an image with the link in it, all inside the page."""
    picture: str = get_adapter().build_totp_svg(link)
    return "data:image/svg+xml;base64," + base64.b64encode(picture.encode()).decode()
