"""Tables as files and pictures: no cell is a formula, the longest bar is the largest number. Pure."""

import csv
import io

import pytest

from bookings.desk.reports.charts import BAR, bar_chart, heat_map
from bookings.desk.reports.files import csv_of, guarded
from bookings.facts.report_tables import ReportTable
from bookings.facts.report_use import UseOfHours, UseRow


@pytest.mark.parametrize(
    ("cell", "kept"),
    [
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
        ("+91", "'+91"),
        ("-2", "'-2"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1+1", "'\t=1+1"),
        ("  =1+1", "'  =1+1"),
        ("\rMeera", "'\rMeera"),
        ("Meera Nair", "Meera Nair"),
        ("मीरा", "मीरा"),
        (-2, -2),
        (0.5, 0.5),
        ("", ""),
    ],
)
def test_cell_that_a_spreadsheet_takes_for_a_formula_is_guarded_and_numbers_stay_numbers(
    cell: str | float, kept: str | float
) -> None:
    assert guarded(cell) == kept


def test_file_opens_in_a_spreadsheet_with_its_columns() -> None:
    table = ReportTable("x", "X", ("Patient", "Both"), (("=cmd()", 2), ("Meera, Nair", 1)))

    text = csv_of(table)

    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
    assert text.startswith("\ufeff")
    assert rows == [["Patient", "Both"], ["'=cmd()", "2"], ["Meera, Nair", "1"]]


def test_longest_bar_is_the_largest_number_and_nothing_is_drawn_of_zeros() -> None:
    chart = bar_chart(ReportTable("x", "X", ("A", "B"), (("one", 4), ("two", 1), ("none", 0))))

    assert chart is not None
    assert [bar.width for bar in chart.bars] == [BAR, BAR // 4, 0]
    assert bar_chart(ReportTable("x", "X", ("A", "B"), (("one", 0),))) is None
    assert bar_chart(ReportTable("x", "X", ("A", "B"), ())) is None


def test_darkest_cell_is_the_busiest_hour() -> None:
    rows = (UseRow("Room 1", "Room", 2, 90, (60, 30)), UseRow("Sunita", "Person", 1, 0, (0, 0)))

    chart = heat_map(UseOfHours((9, 10), rows, 7))

    assert chart is not None
    assert [cell.strength for cell in chart.cells] == [1.0, 0.5, 0.0, 0.0]
    assert heat_map(UseOfHours((), (), 7)) is None
