"""Fetches the front-end files named in `static/vendor.json`: `python clinic/vendor.py`, behind `make vendor`.

Run by a developer when a version changes; the fetched files are committed, so nobody else needs npm.
"""

import base64
import hashlib
import hmac
import json
import re
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import NotRequired, TypedDict
from xml.etree import ElementTree as ET

STATIC = Path(__file__).resolve().parent / "static"
MANIFEST = STATIC / "vendor.json"
VENDOR = STATIC / "vendor"
SVG = "http://www.w3.org/2000/svg"

# The hashed static storage follows these comments and fails, because the maps are not vendored.
_SOURCE_MAP = re.compile(rb"(/\*[#@]\s*sourceMappingURL=[^*]*\*/|//[#@]\s*sourceMappingURL=[^\r\n]*)[ \t]*\r?\n?")


class Sprite(TypedDict):
    folder: str
    to: str
    names: list[str]


class Package(TypedDict):
    name: str
    version: str
    licence: str
    integrity: str
    files: dict[str, str]
    sprite: NotRequired[Sprite]


class IntegrityError(Exception):
    """The package that arrived is not the one that was pinned."""


def integrity_of(archive: bytes) -> str:
    return "sha512-" + base64.b64encode(hashlib.sha512(archive).digest()).decode()


def check_integrity(archive: bytes, package: Package) -> None:
    integrity = integrity_of(archive)
    if not hmac.compare_digest(integrity, package["integrity"]):
        raise IntegrityError(f"{package['name']}@{package['version']} is {integrity}, pinned is {package['integrity']}")


def without_source_map(content: bytes) -> bytes:
    return _SOURCE_MAP.sub(b"", content)


def prepared(content: bytes, *, name: str) -> bytes:
    return without_source_map(content) if name.endswith((".css", ".js")) else content


def symbol(source: str, *, name: str) -> ET.Element:
    """One icon as a <symbol> that a page refers to by its name."""
    icon = ET.fromstring(source)
    element = ET.Element(f"{{{SVG}}}symbol", {"id": name, "viewBox": icon.attrib["viewBox"]})
    element.extend(icon)
    return element


def sprite_of(icons: Iterable[tuple[str, str]]) -> bytes:
    ET.register_namespace("", SVG)
    root = ET.Element(f"{{{SVG}}}svg")
    root.extend(symbol(source, name=name) for name, source in icons)
    ET.indent(root)
    return ET.tostring(root) + b"\n"


def member(archive: tarfile.TarFile, name: str) -> bytes:
    """npm puts everything under `package/`."""
    found = archive.extractfile(f"package/{name}")
    if found is None:
        raise FileNotFoundError(name)
    return found.read()


def write_file(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def unpack(archive: tarfile.TarFile, package: Package, *, into: Path) -> None:
    for name, target in package["files"].items():
        write_file(into / target, prepared(member(archive, name), name=name))
    if sprite := package.get("sprite"):
        icons = [(name, member(archive, f"{sprite['folder']}/{name}.svg").decode()) for name in sprite["names"]]
        write_file(into / sprite["to"], sprite_of(icons))


def pack(package: Package, *, folder: Path) -> Path:
    wanted = f"{package['name']}@{package['version']}"
    command = ["npm", "pack", "--silent", "--ignore-scripts", "--pack-destination", str(folder), wanted]
    answer = subprocess.run(command, check=True, capture_output=True, text=True)
    return folder / answer.stdout.strip().splitlines()[-1]


def vendor(package: Package) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = pack(package, folder=Path(folder))
        check_integrity(path.read_bytes(), package)
        with tarfile.open(path) as archive:
            unpack(archive, package, into=VENDOR)


def packages(manifest: Path) -> list[Package]:
    listed: list[Package] = json.loads(manifest.read_text())["packages"]
    return listed


def main() -> int:
    for package in packages(MANIFEST):
        print(f"{package['name']} {package['version']} ({package['licence']})", flush=True)
        vendor(package)
    return 0


if __name__ == "__main__":
    sys.exit(main())
