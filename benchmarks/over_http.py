"""The same search as a page, through gunicorn, beside a view of Django that does nothing."""

import datetime as dt
import http.client
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from socket import create_server

from benchmarks.measurements import Figure, row, the_clinic, the_slot_request

CLOCK = os.sysconf("SC_CLK_TCK")
ROUNDS = 30


def measure(now: dt.datetime) -> None:
    variant = the_slot_request().variants[0]
    times = f"/book/times/?clinic={the_clinic().slug}&what={variant.pk}"
    with web_server() as (port, pid):
        row("a bare Django view over HTTP", asked(port, pid, "/health/live"))
        row("the page of a week's free times, 20 practitioners, over HTTP", asked(port, pid, times))
        later = (now + dt.timedelta(days=14)).date().isoformat()
        row("the same page, two weeks later", asked(port, pid, f"{times}&from={later}"))


@contextmanager
def web_server() -> Iterator[tuple[int, int]]:
    """One gunicorn worker, so that its CPU can be read; yields the port and the master's process id."""
    with create_server(("127.0.0.1", 0)) as server:
        port = int(server.getsockname()[1])
    command = [sys.executable, "-W", "ignore", "-m", "gunicorn", "clinic.wsgi", "--bind", f"127.0.0.1:{port}"]
    options = ["-k", "gthread", "-w", "1", "--threads", "4", "--log-level", "error", "--no-control-socket"]
    web = subprocess.Popen([*command, *options], env={**os.environ, "PROCESS": "web"})
    try:
        deadline = time.monotonic() + 30
        while True:
            try:
                get(port, "/health/live")
                break
            except OSError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)
        yield port, web.pid
    finally:
        web.terminate()
        web.wait(timeout=15)


def asked(port: int, pid: int, path: str) -> Figure:
    """Wall time as the client sees it and CPU of the web server, per request; the median of the wall times."""
    for _ in range(3):
        get(port, path)
    walls, used = [], cpu_ms(pid)
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        get(port, path)
        walls.append((time.perf_counter() - begun) * 1000)
    return Figure((cpu_ms(pid) - used) / ROUNDS, statistics.median(walls))


def get(port: int, path: str) -> None:
    call = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        call.request("GET", path)
        response = call.getresponse()
        response.read()
        if response.status != 200:
            raise RuntimeError(f"{path} answered {response.status}")
    finally:
        call.close()


def cpu_ms(master: int) -> float:
    """User and system time of the master's children."""
    total = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if int(fields[1]) == master:
            total += int(fields[11]) + int(fields[12])
    return total * 1000 / CLOCK
