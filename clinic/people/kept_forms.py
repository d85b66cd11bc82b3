"""What somebody was writing when their session ended is kept for them alone, and offered when they are back."""

import datetime as dt
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.urls import Resolver404, resolve

from clinic.people.models import KeptForm, User

View = Callable[..., HttpResponseBase]

PUT_BACK = "kept_form"
"""The field in which a form that is put back says which one it was."""
KEPT_FOR = dt.timedelta(hours=24)
MOST_CHARACTERS = 60_000
NEVER_KEPT = ("csrfmiddlewaretoken", "password", "pin", "code", "act", "then", "sign", "next", "path", "auto", PUT_BACK)
"""Secrets; and which button was pressed: what is put back is kept, not carried out."""


def keeps_writing(view: View) -> View:
    """Marks a view with a long form: sent after the session ended, the text is kept. Sent again without its pressed
    button, it must save and nothing more. What was put back is not offered again."""

    @wraps(view)
    def kept(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        number = request.POST.get(PUT_BACK, "")
        if response.status_code < 400 and number.isascii() and number.isdigit() and isinstance(request.user, User):
            let_go(user=request.user, pk=int(number[:18]))
        return response

    kept.keeps_writing = True  # type: ignore[attr-defined]
    return kept


def is_kept(path: str) -> bool:
    """Whether the page behind this path keeps what was written."""
    try:
        return bool(getattr(resolve(path).func, "keeps_writing", False))
    except Resolver404:
        return False


def keep(*, user: User, path: str, data: QueryDict, now: dt.datetime) -> KeptForm | None:
    """Keep the text of a form; None for a page that keeps nothing, or where nothing was typed."""
    fields = {name: values for name, values in data.lists() if name not in NEVER_KEPT and any(values)}
    if (
        not is_kept(path)
        or not fields
        or sum(len(word) for values in fields.values() for word in values) > MOST_CHARACTERS
    ):
        return None
    row, _made = KeptForm.objects.update_or_create(user=user, path=path, defaults={"fields": fields, "kept_at": now})
    return row


def kept_of(user: User, *, now: dt.datetime) -> list[KeptForm]:
    """The newest first."""
    return list(KeptForm.objects.filter(user=user, kept_at__gt=now - KEPT_FOR).order_by("-kept_at"))


def let_go(*, user: User, pk: int) -> int:
    """Throw one away. How many: none when it is gone or somebody else's."""
    return KeptForm.objects.filter(user=user, pk=pk).delete()[0]


def forget(*, before: dt.datetime) -> int:
    """Remove what nobody came back for. How many."""
    return KeptForm.objects.filter(kept_at__lt=before - KEPT_FOR).delete()[0]


def keep_from(request: HttpRequest, *, now: dt.datetime) -> Any:
    """Keep what this request sent, when it is a form that keeps; the request is about to be refused."""
    if request.method != "POST" or not isinstance(request.user, User):
        return None
    return keep(user=request.user, path=request.path, data=request.POST, now=now)
