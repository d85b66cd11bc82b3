"""Where a message waits for the page that shows it once."""

from typing import Any

from django.conf import settings
from django.contrib.messages.storage.base import Message
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage
from django.http import HttpRequest


class VisitorsCookie(CookieStorage):
    """Django's, signed, under a name that no sub-domain can set."""

    cookie_name = settings.MESSAGES_COOKIE_NAME


class SessionThenCookie(FallbackStorage):
    """In the session where there is one, since a message may name a patient. A visitor who only looks gets no session
    for it: theirs names nobody and waits in a cookie, as long as the browser has no session."""

    _used_storages: set[Any]  # Django's; its types do not name it

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        classes = (SessionStorage, VisitorsCookie) if request.session.session_key else (VisitorsCookie,)
        self.storages = [storage(request) for storage in classes]

    def _get(self, *args: Any, **kwargs: Any) -> tuple[list[Message], bool]:
        """From both: what waits in the cookie is shown too when the browser has got a session since."""
        waiting: list[Message] = []
        for storage in self.storages:
            messages, _all = storage._get(*args, **kwargs)
            if messages:
                self._used_storages.add(storage)
                waiting += messages
        return waiting, True
