"""The vendoring script: only what was pinned gets in, and nothing in it points outside."""

import io
import re
import tarfile
from pathlib import Path

import pytest

from clinic import vendor

ICON = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><path d="M1 1h2"/></svg>'


def make_package(**fields: object) -> vendor.Package:
    package: vendor.Package = {"name": "box", "version": "1.0.0", "licence": "MIT", "integrity": "", "files": {}}
    package.update(fields)  # type: ignore[typeddict-item]
    return package


def make_archive(files: dict[str, str]) -> bytes:
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w:gz") as archive:
        for name, text in files.items():
            entry = tarfile.TarInfo(f"package/{name}")
            entry.size = len(text.encode())
            archive.addfile(entry, io.BytesIO(text.encode()))
    return content.getvalue()


def test_check_integrity_same_archive() -> None:
    archive = make_archive({"LICENSE": "free"})

    vendor.check_integrity(archive, make_package(integrity=vendor.integrity_of(archive)))


def test_check_integrity_one_byte_changed() -> None:
    archive = make_archive({"LICENSE": "free"})
    package = make_package(integrity=vendor.integrity_of(archive))

    with pytest.raises(vendor.IntegrityError, match=r"box@1\.0\.0"):
        vendor.check_integrity(archive + b"!", package)


@pytest.mark.parametrize(
    ("content", "left"),
    [
        (b"a{b:c}\n/*# sourceMappingURL=a.css.map */\n", b"a{b:c}\n"),
        (b"let a;\n//# sourceMappingURL=a.js.map", b"let a;\n"),
        (b"let a; // source of all\n", b"let a; // source of all\n"),
    ],
)
def test_without_source_map(content: bytes, left: bytes) -> None:
    assert vendor.without_source_map(content) == left


def test_unpack_files_and_sprite(tmp_path: Path) -> None:
    archive = make_archive({"LICENSE": "free", "dist/a.css": "a{}/*# sourceMappingURL=x */", "icons/clock.svg": ICON})
    package = make_package(
        files={"LICENSE": "box/LICENSE", "dist/a.css": "box/a.css"},
        sprite={"folder": "icons", "to": "box/icons.svg", "names": ["clock"]},
    )

    with tarfile.open(fileobj=io.BytesIO(archive)) as opened:
        vendor.unpack(opened, package, into=tmp_path)

    assert (tmp_path / "box/LICENSE").read_text() == "free"
    assert (tmp_path / "box/a.css").read_text() == "a{}"
    assert (tmp_path / "box/icons.svg").read_text().split("\n") == [
        '<svg xmlns="http://www.w3.org/2000/svg">',
        '  <symbol id="clock" viewBox="0 0 16 16">',
        '    <path d="M1 1h2" />',
        "  </symbol>",
        "</svg>",
        "",
    ]


def test_unpack_missing_file(tmp_path: Path) -> None:
    package = make_package(files={"dist/gone.css": "box/gone.css"})

    with (
        tarfile.open(fileobj=io.BytesIO(make_archive({"LICENSE": "free"}))) as opened,
        pytest.raises(KeyError, match=r"gone\.css"),
    ):
        vendor.unpack(opened, package, into=tmp_path)


def test_vendored_files_are_those_of_the_manifest() -> None:
    wanted = set()
    for package in vendor.packages(vendor.MANIFEST):
        wanted |= set(package["files"].values()) | ({package["sprite"]["to"]} if "sprite" in package else set())
        assert any(target.endswith("LICENSE") for target in package["files"].values())

    present = {path.relative_to(vendor.VENDOR).as_posix() for path in vendor.VENDOR.rglob("*") if path.is_file()}

    assert present == wanted


def test_vendored_fonts_stay_light() -> None:
    assert sum(path.stat().st_size for path in vendor.VENDOR.rglob("*.woff2")) < 300_000


def test_stylesheets_ask_for_nothing_outside() -> None:
    for path in vendor.STATIC.rglob("*.css"):
        assert b"sourceMappingURL" not in path.read_bytes(), path
        assert not re.search(r"url\([\"']?(https?:)?//", path.read_text()), path
