"""The guide's panel of what is due next: its choice, its cells, and LibreOffice's word on them."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from support import libreoffice, parity

from workbook_files.lint import lint
from workbook_templates import sheet_names
from workbook_templates.due_panel import Due, DuePanel
from workbook_templates.profiles import profile
from workbook_templates.tables.registry import tables
from workbook_templates.unit_book import UnitBook
from workbook_templates.unit_workbook import build
from xingzhi.deadlines import STATE_LABELS, State
from xingzhi.fulfilment import UnitRecords
from xingzhi.identity import TEMPLATE_VERSION, Identity
from xingzhi.labels import Lang
from xingzhi.programme import Term
from xingzhi.rows import Row, Value

needs_libreoffice = pytest.mark.skipif(libreoffice.available() is not None, reason=str(libreoffice.available()))
FULL = profile("tengxian-civil-affairs")
TABLES = {table.key: table for table in tables(FULL.tables)}
TODAY = date(2026, 7, 1)


def due(id: str, day: date | None, state: State, *, waiting: bool = False) -> Due:
    return Due(id, f"事项{id}", "本单位", "", day, STATE_LABELS[state].zh, waiting)


@pytest.mark.parametrize(
    ("lines", "first"),
    [
        ([], None),
        ([due("A", date(2026, 6, 1), State.OVERDUE), due("B", date(2026, 6, 2), State.DONE)], None),
        ([due("A", date(2026, 6, 1), State.OVERDUE), due("B", date(2026, 7, 9), State.OPEN)], 1),
        # A sorted table: the earlier day is lower down.
        ([due("A", date(2026, 9, 1), State.OPEN), due("B", date(2026, 7, 3), State.SOON)], 1),
        # Of two that are due on a day, the upper one.
        ([due("A", date(2026, 9, 1), State.OPEN), due("B", date(2026, 9, 1), State.OPEN)], 0),
        # What waits for others asks nothing of the unit.
        ([due("A", date(2026, 6, 1), State.OPEN, waiting=True), due("B", date(2026, 9, 1), State.OPEN)], 1),
        ([due("A", None, State.OPEN), due("B", date(2026, 9, 1), State.WAIVED)], None),
    ],
)
def test_the_next_item_is_the_first_by_date_that_is_neither_done_nor_late(lines: list[Due], first: int | None) -> None:
    assert DuePanel(lines, TODAY, Lang.ZH).next() == first


def written(path: Path, today: date, rules: tuple[str, ...], lang: Lang = Lang.ZH, held_on: date | None = None) -> Path:
    asked = tuple(rule for rule in FULL.requirements if rule.id in rules)
    term = Term(programme=FULL.model_copy(update={"requirements": asked}), year=2026)
    values: dict[str, Value] = {"kind": "launch", "title": "启动仪式", "held_on": held_on}
    launch = Row("schedule", {key: values.get(key) for key in TABLES["schedule"].by_key})
    records = UnitRecords("MZ01", {"schedule": (launch,) if held_on else ()})
    identity = Identity(TEMPLATE_VERSION, FULL.id, 2026, "MZ01", "单位", 1, lang=lang.value)
    build(UnitBook(term, identity, today, records, live=False), path)
    return path


def panel(path: Path, lang: Lang = Lang.ZH) -> dict[str, object]:
    sheet = openpyxl.load_workbook(path, data_only=True)[sheet_names.GUIDE.of(lang)]
    cells = sheet.iter_rows(min_col=7, max_col=8, values_only=True)
    return {str(label): value for label, value in cells if label}


def test_the_panel_says_what_is_due_by_when_and_what_is_late(tmp_path: Path) -> None:
    path = written(tmp_path / "unit.xlsx", date(2026, 6, 24), ("T02", "T03", "T22"), held_on=date(2026, 6, 20))
    assert panel(path) == {
        "近期应报": None,
        "基准日": datetime(2026, 6, 24),
        "逾期": 1,  # the leading group, due on the 10th
        "即将到期": 1,
        "下一项": "T22",
        "事项": "报送信息",
        "对象": "本单位",
        "月份": "2026-06",
        "截止日期": datetime(2026, 6, 25),
        "还剩天数": 1,
        "状态": "即将到期",
        "全部事项": "应报事项",
    }
    guide = openpyxl.load_workbook(path)["填报说明"]
    links = {cell.value: cell.hyperlink.location for row in guide.iter_rows() for cell in row if cell.hyperlink}
    assert links["应报事项"] == "'应报事项'!A1"
    assert guide.column_dimensions["I"].hidden
    assert lint(path) == []


@needs_libreoffice
def test_libreoffice_agrees_on_the_panel_over_poisoned_caches(tmp_path: Path) -> None:
    rules = ("T02", "T03", "T05", "T14", "T22", "T25")
    books = [
        (written(tmp_path / "none.xlsx", TODAY, ()), Lang.ZH),
        (written(tmp_path / "done.xlsx", TODAY, ("T03",), held_on=date(2026, 6, 20)), Lang.ZH),
        (written(tmp_path / "late.xlsx", date(2027, 3, 1), rules), Lang.ZH),
        (written(tmp_path / "eve.xlsx", date(2026, 6, 25), rules), Lang.ZH),
        (written(tmp_path / "after.xlsx", date(2026, 6, 26), rules, held_on=date(2026, 6, 26)), Lang.ZH),
        (written(tmp_path / "en.xlsx", date(2026, 11, 2), rules, Lang.EN), Lang.EN),
    ]
    (tmp_path / "poisoned").mkdir()
    poisoned = [tmp_path / "poisoned" / path.name for path, _ in books]
    for (path, _), copy in zip(books, poisoned, strict=True):
        assert libreoffice.poison(path, copy) > 40
    again = libreoffice.recalculate_many(poisoned, tmp_path / "out")
    for (path, lang), other in zip(books, again, strict=True):
        assert parity.guide_cells(other, lang) == parity.guide_cells(path, lang), path.name
    assert [panel(path, lang).get("下一项") for path, lang in books] == [None, None, None, "T22", "T05", None]
    assert panel(books[0][0])["事项"] == "没有待办的事项" and panel(books[5][0], Lang.EN)["Next"] == "T22"
