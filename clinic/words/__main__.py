"""`python -m clinic.words --language hi [--read FILE] [--to FILE]`: writes the sheet, or reads it back."""

import argparse
import re
import sys
from pathlib import Path

from .files import LanguageFiles
from .sheet import SheetBroken, read_sheet, sheet_of

ROOT = Path(__file__).parent.parent.parent


def main() -> int:
    parser = argparse.ArgumentParser(description="All words as one spreadsheet, and back.")
    parser.add_argument("--language", default="hi", help="the code of the language, such as hi or ml")
    parser.add_argument("--read", type=Path, default=None, help="a sheet that a reader has changed")
    parser.add_argument(
        "--to", type=Path, default=None, help="where to write the sheet; words-LANGUAGE.csv if not said"
    )
    options = parser.parse_args()
    if not re.fullmatch(r"[a-z]{2,3}", options.language) or options.language == "en":
        return _tell(f"“{options.language}” is no language that English can be translated into.", failed=True)
    words = LanguageFiles(ROOT, options.language)
    if options.read is None:
        return _write(words, options.to or Path(f"words-{options.language}.csv"))
    return _read(words, options.read)


def _write(words: LanguageFiles, path: Path) -> int:
    entries = words.entries()
    path.write_text(sheet_of(entries), encoding="utf-8", newline="")
    missing = sum(not entry.translation for entry in entries)
    return _tell(f"{path}: {len(entries)} strings, {missing} without a translation.")


def _read(words: LanguageFiles, path: Path) -> int:
    try:
        reading = read_sheet(path.read_bytes().decode("utf-8"), words.entries())
    except (OSError, UnicodeDecodeError, SheetBroken) as error:
        return _tell(f"{path}: {error}. Nothing was changed.", failed=True)
    for line in reading.skipped:
        _tell(f"  skipped, {line}")
    files = words.change(reading.changes) if reading.changes else []
    for file in files:
        _tell(f"  {file.relative_to(words.root)}")
    now = {entry.key: entry.translation for entry in words.entries()}
    missing = [key for key, translation in reading.changes.items() if now.get(key) != translation]
    for key in missing:
        _tell(f"  not written, the rest of its text is not translated yet: {key}")
    return _tell(f"{len(reading.changes) - len(missing)} translations changed, {len(reading.skipped)} rows skipped.")


def _tell(line: str, *, failed: bool = False) -> int:
    print(line, file=sys.stderr if failed else sys.stdout)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
