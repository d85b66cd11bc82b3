"""A real gunicorn on the test's database, and clients that speak HTTP with it."""

import http.client
import os
import subprocess
import sys
import time
import urllib.parse
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import connection
from django.http import HttpRequest

from clinic.people.factors import note_proof
from clinic.people.models import User
from tests.eventually import PATIENCE, eventually
from tests.ports import free_port

ROOT = Path(__file__).resolve().parent.parent.parent
TOKEN = "c" * 32


@contextmanager
def gunicorn(folder: Path, *, app: str = "clinic.wsgi", workers: int = 2) -> Iterator[int]:
    """The web server on the database of this test; yields its port."""
    port = free_port()
    there = urllib.parse.urlsplit(os.environ["DATABASE_URL"])
    database = there._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    env = {
        **os.environ,
        "DATABASE_URL": database,
        "PROCESS": "web",
        "PYTHONPATH": str(ROOT),
        "TRUSTED_PROXY": "1",
    }
    log = (folder / "gunicorn.log").open("wb")
    bind = ["--bind", f"127.0.0.1:{port}", "-k", "gthread", "-w", str(workers), "--threads", "8", "--no-control-socket"]
    bind.append("--preload")  # the program is read once, as `make run` does
    server = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "gunicorn", app, *bind], env=env, stdout=log, stderr=log, cwd=ROOT
    )
    try:
        assert eventually(lambda: answers(port)), (folder / "gunicorn.log").read_text()[-2000:]
        yield port
    finally:
        server.terminate()
        server.wait(timeout=PATIENCE)
        log.close()


def answers(port: int) -> bool:
    try:
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=5)) as call:
            call.request("GET", "/health/live")
            return call.getresponse().status == 200
    except OSError:
        return False


@dataclass
class Answer:
    status: int
    location: str
    body: str
    seconds: float


@dataclass
class Client:
    """One browser: its cookies and nothing else. Signed in without the page, which is not what is raced here."""

    port: int
    user: User | None = None
    address: str = "10.0.0.1"  # as the proxy before us would say it; nothing is sent there
    cookies: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        store = import_module(settings.SESSION_ENGINE).SessionStore()
        if self.user is not None:
            store[SESSION_KEY] = str(self.user.pk)
            store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
            store[HASH_SESSION_KEY] = self.user.get_session_auth_hash()
            request = HttpRequest()
            request.session = store
            note_proof(request, self.user)
        store["seen_at"] = time.time()
        store["signed_in_at"] = time.time()
        store.save()
        self.cookies = {settings.SESSION_COOKIE_NAME: store.session_key, settings.CSRF_COOKIE_NAME: TOKEN}

    def post(self, path: str, **data: object) -> Answer:
        form = urllib.parse.urlencode({"csrfmiddlewaretoken": TOKEN} | {k: str(v) for k, v in data.items()})
        return self.send("POST", path, form)

    def get(self, path: str) -> Answer:
        return self.send("GET", path, None)

    def send(self, method: str, path: str, body: str | None) -> Answer:
        call = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {"Cookie": cookies, "X-Forwarded-For": self.address}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        begun = time.perf_counter()
        call.request(method, path, body, headers)
        response = call.getresponse()
        text = response.read().decode(errors="replace")
        answer = Answer(response.status, response.headers.get("Location", ""), text, time.perf_counter() - begun)
        for cookie in response.headers.get_all("Set-Cookie") or []:
            name, _equals, value = cookie.split(";")[0].partition("=")
            self.cookies[name] = value
        call.close()
        return answer


def new_page() -> str:
    """The number of a page that was just opened."""
    return str(uuid.uuid4())
