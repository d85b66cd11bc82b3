"""The check of a container: well only where its web server says that it may be sent visitors."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from clinic.health.probe import probe


class Answering(BaseHTTPRequestHandler):
    """/ready is well for one host, all else is not."""

    def do_GET(self) -> None:
        well = (self.path, self.headers["Host"]) == ("/ready", "booking.example.org")
        self.send_response(200 if well else 503)
        self.end_headers()

    def log_message(self, *args: object) -> None:
        """Nothing."""


@pytest.fixture
def address() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Answering)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_well_and_not_well_are_told_apart(address: str) -> None:
    assert probe(f"{address}/ready", "booking.example.org") == ""
    assert "503" in probe(f"{address}/ready", "elsewhere.example.org")
    assert "503" in probe(f"{address}/other", "booking.example.org")
    assert probe("http://127.0.0.1:1/ready", "booking.example.org") != ""
