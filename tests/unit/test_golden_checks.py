"""Every golden case yields exactly the findings that it names."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from support.golden import Case, cases, covered_codes, described, found, texts

from workbook_templates.tables.people import PEOPLE
from workbook_templates.tables.projects import PROJECTS
from xingzhi.checks.context import Context
from xingzhi.checks.phases import PER_FILE, PER_UNIT, run
from xingzhi.grid import address
from xingzhi.messages import finding_codes
from xingzhi.rows import Row
from xingzhi.shape import shape
from xingzhi.windows import Window

LETTERS = "BSNCRK"


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
def test_yields_exactly_what_it_names(case: Case) -> None:
    findings = found(case)
    explained = "\n".join(f"{each.code} {each.sheet}!{each.cell} {each.value!r}" for each in findings)
    assert described(findings, case.expected) == Counter(case.expected), explained
    said = texts(findings)
    for text in case.says:
        start = text.removeprefix("^")
        told = (each.startswith(start) if start != text else text in each for each in said)
        assert any(told), f"nothing says {text!r}: {said}"


def test_every_code_of_workbooks_sheets_and_rows_has_a_case() -> None:
    wanted = {code for code in finding_codes() if code[0] in LETTERS}
    assert wanted - covered_codes() == set()


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
def test_findings_of_one_workbook_have_distinct_keys(case: Case) -> None:
    keys = Counter(each.key for each in found(case))
    assert [key for key, count in keys.items() if count > 1] == []


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
def test_checks_bear_a_table_that_is_absent(case: Case) -> None:
    rows = shape(case.grid, case.tables, case.context.window).rows
    for missing in rows:
        fewer = {key: records for key, records in rows.items() if key != missing}
        assert all(each.table != missing for each in run((*PER_FILE, *PER_UNIT), fewer, case.context))


def test_findings_come_in_the_order_of_the_workbook() -> None:
    context = Context((PEOPLE, PROJECTS), Window(date(2026, 6, 1), date(2027, 1, 31)), date(2026, 9, 30))
    blank = {"people": (_row("people", 10), _row("people", 9)), "projects": (_row("projects", 5),)}
    places = [(each.table, each.cell) for each in run((*PER_UNIT, *reversed(PER_FILE)), blank, context)]
    people = [("people", f"{letters}{number}") for number in (9, 10) for letters in ("B", "C", "E")]
    assert places == [*people, ("projects", "B5"), ("projects", "C5"), ("projects", "E5")]


def test_rows_that_no_sheet_holds_are_checked_too() -> None:
    context = Context((PEOPLE,), Window(date(2026, 6, 1), date(2027, 1, 31)), date(2026, 9, 30))
    row = Row(
        "people", {"name": "", "department": "办公室", "leadership": "maybe", "from": "6月"}, record="T01-RY-0001"
    )
    found = run(PER_FILE, {"people": (row,)}, context)
    assert [(each.code, each.column, each.record) for each in found] == [
        ("C101", "name", "T01-RY-0001"),
        ("C102", "from", "T01-RY-0001"),
        ("C104", "leadership", "T01-RY-0001"),
    ]


def _row(table: str, number: int) -> Row:
    columns = {"people": PEOPLE, "projects": PROJECTS}[table].columns
    cells = {column.key: address(number, place) for place, column in enumerate(columns, start=1)}
    return Row(table, dict.fromkeys(cells), number=number, cells=cells)
