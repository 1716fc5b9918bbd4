"""Editing the crafted workbook of `table_book`, for tests of writing in place."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from support import ooxml_validator
from support.table_book import TABLE, WRITTEN

from workbook_files.cell_values import Keep, Value
from workbook_files.lint import lint
from workbook_files.table_edit import TableEdit
from workbook_files.workbook_edit import Outcome, edit_workbook
from xingzhi.labels import Lang


def new_rows(count: int) -> list[list[Value]]:
    return [[f"N{n}", f"人{n}", date(2026, 6, n % 28 + 1), n] for n in range(1, count + 1)]


def replace(
    path: Path, rows: Sequence[Sequence[Value | Keep]], columns: Sequence[str | int] = WRITTEN, **more: object
) -> Outcome:
    return edit_workbook(path, [TableEdit(TABLE, columns, rows, **more)])  # type: ignore[arg-type]


def refusal(outcome: Outcome) -> tuple[str, str]:
    """The code and the cell of the one finding of an edit that was refused."""
    assert not outcome.written
    (only,) = outcome.findings
    for lang in Lang:
        assert "{" not in only.message(lang) + only.remedy(lang)
    return only.code, only.cell


def is_sound(path: Path) -> None:
    assert [each for each in lint(path) if each.rule != "uncached-formula"] == []
    if ooxml_validator.available() is None:
        assert ooxml_validator.validate([path]) == {path: []}


def plain(rows: Sequence[Sequence[Value]]) -> list[list[object]]:
    return [list(row) for row in rows]
