"""Whatever a cell is given reads as what it was, by the reader that reads every file."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support import table_book
from support.table_book import SHEET

from workbook_files.cell_values import Value
from workbook_files.read_back import reads_as
from workbook_files.workbook_edit import set_cells
from xingzhi.grid import CellValue

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
ODD = (" ", "\n", "\r", "\t", " \n ", "　", "_x000D_", "_xABCD_x0041_", "__x0041_", "_x005F_x0041_", "<r>a</r>", "#N/A")
ODDER = ("TRUE", "1e5", "]]>", "&amp;", "\x85", "\u2028", "\x7f", "\xa0", "\ufeff", "=1", "＝1")


def whole(value: timedelta) -> timedelta:
    return timedelta(seconds=int(value.total_seconds()))


given_values = st.one_of(
    st.text(max_size=12).filter(lambda text: not _FORBIDDEN.search(text)),
    st.sampled_from([*ODD, *ODDER]),
    st.integers(-(2**53), 2**53),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
    st.dates(date(1890, 1, 1)),
    st.datetimes(datetime(1900, 3, 1)).map(lambda moment: moment.replace(microsecond=0)),
    st.times().map(lambda moment: moment.replace(microsecond=0)),
    st.timedeltas(timedelta(0), timedelta(days=400)).map(whole),
)


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.lists(given_values, min_size=1, max_size=8))
def test_every_value_is_taken_in_a_column_of_text_of_dates_and_of_none(values: list[Value]) -> None:
    with TemporaryDirectory() as folder:
        path = table_book.write(Path(folder, "book.xlsx"))
        cells = {f"{letter}{row}": value for row, value in enumerate(values, start=4) for letter in "ACK"}
        outcome = set_cells(path, {SHEET: cells})
        assert outcome.written, (values, outcome.findings)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("x", "y"), ("x", None), (None, "x"), (1, 2), (1, True), (True, 1), (1.0, None), ("1", 1.0), (1, "1"),
        (date(2026, 1, 1), date(2026, 1, 2)), (date(2026, 1, 1), 46023.5), (46023, date(2026, 1, 2)),
        (datetime(2026, 1, 1, 1), date(2026, 1, 1)), (date(1899, 1, 1), "1899-01-02"),
    ],
)  # fmt: skip
def test_what_reads_as_something_else_is_seen(written: Value, read: CellValue) -> None:
    assert not reads_as(written, read)
