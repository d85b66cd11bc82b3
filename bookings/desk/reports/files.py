"""A table as a file for a spreadsheet, in which no cell is taken for a formula."""

import csv
import io

from bookings.facts.report_tables import ReportTable
from clinic.words.sheet import FORMULA

CONTROL = ("\t", "\r", "\n")
"""Before a formula they hide it from who looks, and not from every spreadsheet."""


def csv_of(table: ReportTable) -> str:
    """CSV text with a byte order mark, by which Excel knows UTF-8."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([guarded(column) for column in table.columns])
    writer.writerows([guarded(cell) for cell in row] for row in table.rows)
    return "\ufeff" + out.getvalue()


def guarded(cell: str | float) -> str | float:
    """Words that a spreadsheet would take for a formula get an apostrophe in front; numbers stay numbers."""
    if isinstance(cell, str) and cell.lstrip("".join(CONTROL) + " ").startswith(FORMULA):
        return f"'{cell}"
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(CONTROL) else cell
