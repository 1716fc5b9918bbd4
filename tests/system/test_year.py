"""The year of one unit, June to January, played through the command: what 催报台账 and 应报事项 show on each day."""

from __future__ import annotations

import shutil
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from support.command import json_of, run
from support.office import PROGRAMME, lines_of, read_lines, typing
from system.year_story import CHASED, Key, records, story, year

from sync.office import OfficeFolder
from workbook_templates import sheet_names
from xingzhi.deadlines import STATE_LABELS, State
from xingzhi.grid import Sheet

UNITS = (
    {"单位代码": "T01", "单位名称": "青石镇民政办"},
    {"单位代码": "T02", "单位名称": "柳溪乡民政办", "加入日期": date(2026, 12, 1)},
)
STATES = {
    ".": State.OPEN,
    "s": State.SOON,
    "+": State.OVERDUE,
    "o": State.DONE,
    "L": State.DONE_LATE,
    "w": State.WAIVED,
}
GRAVEST = "+s.Lo"
"""A line of 应报事项 stands for all projects: while one is open it is not done, while one was late it was late."""

MASTERS = {"催报台账", "汇总_方案制度", "汇总_信息报送"}
"""The sheets that the office types in; all others are the clerk's."""


@pytest.fixture
def office(tmp_path: Path) -> OfficeFolder:
    """An office of two units, made and issued by the command; T01's workbook lies in its inbox."""
    root = tmp_path / "行动办"
    assert run("init", root, "--programme", PROGRAMME, "--year", 2026, "--today", "2026-06-01").exit_code == 0
    made = OfficeFolder.open(root)
    with typing(made.master) as book:
        book.add("单位名册", *UNITS)
    assert run("issue", root, "--today", "2026-06-01").exit_code == 0
    shutil.copy2(issued(made), made.inbox / "T01.xlsx")
    return made


def test_a_year_of_one_unit(office: OfficeFolder) -> None:
    expected = year()
    assert [day for day, _ in story()] == list(expected)
    for day, typed in story():
        type_in(office.inbox / "T01.xlsx", (sheet for sheet in typed if sheet.name not in MASTERS))
        type_in(office.master, (sheet for sheet in typed if sheet.name in MASTERS))
        today, wanted = ("--today", day.isoformat()), expected[day]
        result = json_of("sync", office.root, "--json", "--workers", 1, *today)
        assert result["overdue"] == sum(cell[0] == "+" for cell in wanted.values()), day
        assert reminders(office) == chased(wanted, day), day

        assert standing(json_of("deadlines", office.root, "--json", *today)) == wanted, day
        assert run("issue", office.root, "--unit", "T01", *today).exit_code == 0
        own = {key: cell for key, cell in wanted.items() if key[0] == "T01"}
        in_file = standing(json_of("deadlines", issued(office), "--json", *today))
        assert in_file.keys() == own.keys(), day
        # A workbook by itself does not know what the office has waived for one of its projects.
        assert {key: in_file[key] for key, cell in own.items() if cell != "w"} == unwaived(own), day
        assert deadline_sheet(issued(office)) == summed(own), day


def type_in(path: Path, sheets: Iterable[Sheet]) -> None:
    """Change the rows whose first cell stands in the sheet, add the others; a workbook of which nothing is typed stays."""
    sheets = list(sheets)
    if not sheets:
        return
    with typing(path) as book:
        for sheet in sheets:
            for record in records(sheet):
                header, first = next(iter(record.items()))
                if any(line[header] == first for line in lines_of(book.sheet(sheet.name))):
                    book.put(sheet.name, book.record(sheet.name, **{header: first}), record)
                else:
                    book.add(sheet.name, record)


def issued(office: OfficeFolder) -> Path:
    (found,) = office.issued.glob("T01_*.xlsx")
    return found


def standing(listed: Mapping[str, Any]) -> dict[Key, str]:
    """What `deadlines --json` lists, as cells of `YEAR`."""
    marks = {state.value: mark for mark, state in STATES.items()} | {"done": "ok"}
    return {
        (item["unit"], item["requirement"], item["subject"], item["period"]): (
            f"{marks[item['state']]}{item['days_late'] or ''}"
        )
        for item in listed["items"]
    }


def unwaived(cells: Mapping[Key, str]) -> dict[Key, str]:
    return {key: cell for key, cell in cells.items() if cell != "w"}


def chased(cells: Mapping[Key, str], day: date) -> dict[Key, tuple[object, ...]]:
    """The lines that 催报台账 must have: (state, days late, 已催次数, 免报)."""
    found: dict[Key, tuple[object, ...]] = {}
    for key, cell in cells.items():
        since, reminded, waived = CHASED.get(key, (date.max, None, None))
        written = day >= since
        if cell[0] == "+" or written:
            late = int(cell[1:]) if cell[0] in "+L" else None
            label = STATE_LABELS[STATES[cell[0]]].zh
            found[key] = (label, late, reminded if written else None, waived if written else None)
    return found


def reminders(office: OfficeFolder) -> dict[Key, tuple[object, ...]]:
    """The lines that 催报台账 has."""
    lines = read_lines(office.master, "催报台账")
    found: dict[Key, tuple[object, ...]] = {
        (line["单位代码"], line["编号"], line["项目编号"] or "", line["月份"] or ""): (
            line["状态"],
            line["逾期天数"],
            line["已催次数"],
            line["免报"],
        )
        for line in lines
        if line["单位代码"]
    }
    assert len(found) == len(lines)
    return found


def summed(cells: Mapping[Key, str]) -> dict[tuple[str, str], str]:
    """The states that 应报事项 must show, by requirement and month; what binds no project has none."""
    marks: dict[tuple[str, str], set[str]] = defaultdict(set)
    for (_, rule, _, period), cell in unwaived(cells).items():
        marks[rule, period].add(cell[0])
    return {key: STATE_LABELS[STATES[min(held, key=GRAVEST.index)]].zh for key, held in marks.items()}


def deadline_sheet(path: Path) -> dict[tuple[str, str], str]:
    """The states that 应报事项 holds as values, where it holds any."""
    lines = read_lines(path, sheet_names.DEADLINES.zh)
    return {(line["编号"], line["月份"] or ""): line["状态"] for line in lines if line["状态"]}
