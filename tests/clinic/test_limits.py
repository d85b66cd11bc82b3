"""Bodies that are too large are refused before anybody reads them."""

from io import BytesIO
from typing import Any

import pytest
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.test import Client
from django.urls import get_resolver

from clinic.limits import UPLOADS
from clinic.people.models import Patient
from tests.all_views import places

pytestmark = pytest.mark.django_db  # every request looks at its connection, whether it asks the database or not

MEGABYTE = 1_048_576


class Watched(BytesIO):
    """A body that counts how much of it is read."""

    taken = 0

    def read(self, size: int | None = -1) -> bytes:
        content = super().read(size)
        self.taken += len(content)
        return content


def sent(path: str, length: object, body: Watched, **headers: str) -> int:
    """The status of a POST that says it has this length."""
    said = {"CONTENT_LENGTH": str(length)} if length is not None else {}
    environ: dict[str, Any] = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": path,
        "SERVER_NAME": "testserver",
        "SERVER_PORT": "80",
        "CONTENT_TYPE": "multipart/form-data; boundary=x",
        "wsgi.input": body,
        "wsgi.url_scheme": "http",
    }
    statuses: list[str] = []
    WSGIHandler()(environ | said | headers, lambda status, _headers: statuses.append(status))
    return int(statuses[0].split()[0])


@pytest.fixture
def upload(patient: Patient) -> str:
    return f"/desk/patients/{patient.public_id}/consents/new/"


@pytest.fixture
def body() -> Watched:
    return Watched(b"x" * 4096)


@pytest.mark.parametrize("path", ["/", "/accounts/code/", "/desk/", "/admin/", "/nowhere/", "/letters/stop/x/"])
def test_body_of_a_hundred_and_fifty_megabytes_is_refused_unread(path: str, body: Watched) -> None:
    assert (sent(path, 150 * MEGABYTE, body), body.taken) == (413, 0)


def test_page_that_takes_files_takes_no_more_than_a_photo(upload: str, body: Watched) -> None:
    assert sent(upload, settings.LARGEST_UPLOAD + 1, body) == 413
    assert body.taken == 0
    assert sent(upload, settings.LARGEST_UPLOAD, body) != 413


def test_other_pages_take_no_photo(body: Watched) -> None:
    assert sent("/accounts/code/", settings.LARGEST_BODY + 1, body) == 413
    assert sent("/accounts/code/", settings.LARGEST_BODY, body) != 413


@pytest.mark.parametrize("length", ["-1", "²", "nonsense", "9" * 30, "1e3"])
def test_length_that_is_no_number_is_refused(length: str, body: Watched) -> None:
    assert (sent("/accounts/code/", length, body), body.taken) == (413, 0)


def test_body_of_unknown_length_is_refused(body: Watched) -> None:
    assert (sent("/accounts/code/", None, body, HTTP_TRANSFER_ENCODING="chunked"), body.taken) == (411, 0)


def test_zero_byte_is_a_bad_request(client: Client, db: None) -> None:
    assert client.get("/therapies/?q=a%00b").status_code == 400
    assert client.get("/the%00rapies/").status_code == 400
    assert client.post("/accounts/code/", {"email": "a\0@example.org"}).status_code == 400


@pytest.mark.parametrize(
    "form", [{f"a{number}": "x" for number in range(501)}, {"text": "x" * (MEGABYTE + 1)}], ids=["fields", "letters"]
)
def test_form_with_too_much_is_refused(client: Client, db: None, form: dict[str, str]) -> None:
    assert client.post("/accounts/code/", form).status_code in {400, 413}


def test_views_that_take_files_are_there() -> None:
    assert UPLOADS - {place.key for place in places(get_resolver().url_patterns)} == set()
