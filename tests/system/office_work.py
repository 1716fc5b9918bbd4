"""What an office does with its master, for the tests of it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from support.office import (
    PEOPLE,
    TODAY,
    Bureau,
    Typing,
    header_of,
    typing,
)

from sync.office_settings import OfficeSettings
from sync.result import SyncResult
from sync.session import open_session
from sync.status import office_deadlines
from xingzhi.deadlines import Deadline

NO_CHANGES = {"inserted": 0, "updated": 0, "withdrawn": 0}
LATER = date(2026, 6, 29)
JULY = date(2026, 7, 1)


def first_file(office: Bureau) -> Path:
    return office.folder.inbox / "T01.xlsx"


def add_column(book: Typing, sheet: str, header: str, *values: Any) -> None:
    """A column at the right of the table, as the office adds one."""
    page = book.sheet(sheet)
    row, columns = header_of(page)
    place = max(columns.values()) + 1
    for step, value in enumerate((header, *values)):
        page.cell(row + step, place).value = value


def rebuild(office: Bureau, number: int) -> SyncResult:
    """A run that must write the master anew, since a unit sent something."""
    with typing(office.folder.inbox / "T01.xlsx") as book:
        book.put(PEOPLE, 1, {"职务": f"第{number}任"})
    result = office.sync()
    assert result.written and result.changes["updated"] == 1
    return result


def due(office: Bureau, requirement: str, period: str = "", unit: str = "T01") -> Deadline:
    items = office_deadlines(office.root, TODAY)
    (found,) = (i for i in items if (i.rule.id, i.span.period, i.unit) == (requirement, period, unit))
    return found


def settings(office: Bureau) -> OfficeSettings:
    with open_session(office.root) as session:
        return session.settings


def changes_of(office: Bureau, result: SyncResult) -> list[tuple[object, ...]]:
    lines = office.lines("数据变动", 批次=result.run)
    return [(line["记录号"], line["栏目"], line["变动"], line["原来"], line["现在"]) for line in lines]
