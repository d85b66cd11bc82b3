"""Requests that are begun and never finished do not stop the site behind the proxy of docs/nginx.conf."""

import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tests.eventually import PATIENCE, eventually
from tests.ports import free_port

from .web import ROOT, Client, answers, gunicorn

pytestmark = [
    pytest.mark.storm,
    pytest.mark.skipif(shutil.which("nginx") is None, reason="nginx is not installed (apt-get install nginx-light)"),
]
HALF_OPEN, ASKED = 30, 20
HEAD = b"POST /accounts/code/ HTTP/1.1\r\nHost: localhost\r\n"
BODY = HEAD + b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\n\r\nemail="
WHOLE = """
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 512; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
{site}
}}
"""


def site(port: int, upstream: int) -> str:
    """The file as it is shipped, on another port and without certificates."""
    text = (ROOT / "docs" / "nginx.conf").read_text()
    text = re.sub(r"server \{\s+listen 80;.*?\n\}\n", "", text, flags=re.DOTALL)
    text = re.sub(r"^ *ssl_.*\n", "", text, flags=re.MULTILINE)
    return text.replace("listen 443 ssl;", f"listen 127.0.0.1:{port};").replace(
        "127.0.0.1:8000", f"127.0.0.1:{upstream}"
    )


@contextmanager
def nginx(folder: Path, upstream: int) -> Iterator[int]:
    port = free_port()
    folder.mkdir()
    (folder / "nginx.conf").write_text(WHOLE.format(folder=folder, site=site(port, upstream)))
    server = subprocess.Popen(["nginx", "-p", str(folder), "-c", str(folder / "nginx.conf")])
    try:
        assert eventually(lambda: answers(port)), (folder / "error.log").read_text()[-2000:]
        yield port
    finally:
        server.terminate()
        server.wait(timeout=PATIENCE)


@contextmanager
def half_open(port: int) -> Iterator[None]:
    """Half of them stop in the headers, half in the body; each says a little more now and then."""
    with ExitStack() as stack:
        for number in range(HALF_OPEN):
            line = stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=5))
            line.sendall(HEAD if number % 2 else BODY)
        time.sleep(1)  # until all have arrived where they wait
        yield


def slowest(port: int) -> float:
    """Of some pages asked for one after the other, the seconds of the slowest; a page that does not come takes 60."""
    client, seconds = Client(port), []
    for _ in range(ASKED):
        try:
            answer = client.get("/health/live")
            seconds.append(answer.seconds if answer.status == 200 else 60.0)
        except OSError:
            seconds.append(60.0)
    return max(seconds)


@pytest.mark.django_db(transaction=True)
def test_thirty_half_open_requests_do_not_stop_the_site_behind_the_proxy(tmp_path: Path) -> None:
    with gunicorn(tmp_path, workers=1) as upstream, nginx(tmp_path / "proxy", upstream) as port, half_open(port):
        assert slowest(port) < 1.0


@pytest.mark.django_db(transaction=True)
def test_without_the_proxy_they_stop_it(tmp_path: Path) -> None:
    """The control: the threads of the web server wait for those that never finish."""
    with (
        gunicorn(tmp_path, workers=1) as port,
        half_open(port),
        socket.create_connection(("127.0.0.1", port), timeout=5) as line,
    ):
        line.sendall(b"GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n")
        line.settimeout(5)
        with pytest.raises(TimeoutError):
            line.recv(100)
