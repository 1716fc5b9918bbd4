"""Rows of chance in any mess that clerks make come back as they were meant, each change told with before and after."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.mess import UNITS, Typed, after, messy, neat, values

from workbook_templates.tables.registry import TABLES
from xingzhi.columns import Owner, Table
from xingzhi.findings import Finding, Severity
from xingzhi.grid import CellValue, Grid, Sheet, address
from xingzhi.normalise import normalise
from xingzhi.quoting import shown
from xingzhi.rows import Row, Value, decode, encode, unit_values
from xingzhi.shape import shape
from xingzhi.windows import Window

WINDOWS = (Window(date(2026, 6, 1), date(2027, 1, 31)), Window(date(2026, 5, 1), date(2027, 7, 31)))
Line = dict[str, Typed]


@dataclass(frozen=True)
class Page:
    """A sheet in a mess: what was meant, what was typed, and where each cell stands."""

    table: Table
    window: Window
    meant: list[dict[str, Value]]
    typed: list[Line]
    grid: Grid
    rows: list[int]
    order: list[str]

    def cell(self, line: int, key: str) -> str:
        return address(self.rows[line], self.order.index(key) + 1)


@st.composite
def pages(draw: st.DrawFn, table: Table) -> Page:
    window = draw(st.sampled_from(WINDOWS))
    columns = table.owned_by(Owner.UNIT)
    count = draw(st.integers(1, 3))
    meant = [{column.key: draw(values(column, window)) for column in columns} for _ in range(count)]
    # A row of which nothing is filled in is no record.
    meant = [line for line in meant if any(value is not None for value in line.values())]
    typed = [{column.key: draw(messy(column, line[column.key], window)) for column in columns} for line in meant]
    order = draw(st.permutations([column.key for column in columns]))
    titles = draw(st.integers(0, 4))
    sheet: list[list[CellValue]] = [[f"{table.label.zh}（第 {number} 行）"] for number in range(titles)]
    sheet.append(
        [draw(st.sampled_from(("{}", " {} ", "{}*", "{}（必填）"))).format(table[key].label.zh) for key in order]
    )
    rows = []
    for line in typed:
        sheet += [[None] * len(order)] * draw(st.integers(0, 2))
        sheet.append([line[key].raw for key in order])
        rows.append(len(sheet))
    sheet += draw(st.sampled_from(([], [["填表人：石一", None, "审核人：石二"]], [[], ["合　计"]])))
    return Page(table, window, meant, typed, Grid("乱.xlsx", (Sheet(table.label.zh, sheet),)), rows, order)


def told(findings: tuple[Finding, ...]) -> dict[str, list[Finding]]:
    """The findings on how cells were read, by cell."""
    found: dict[str, list[Finding]] = {}
    for each in findings:
        if each.code.startswith("N"):
            found.setdefault(each.cell, []).append(each)
    return found


def check_told(page: Page, line: int, key: str, found: list[Finding]) -> None:
    column, cell = page.table[key], page.typed[line][key]
    assert {each.code for each in found} == cell.codes, (key, cell, [(each.code, each.value) for each in found])
    assert len(found) == len(cell.codes)
    for each in found:
        assert each.severity is Severity.INFO
        if each.code == "N109":
            before, now = (text.split("、") for text in (each.value, str(dict(each.args)["after"])))
            assert set(before) <= set(str(cell.raw).split("、")) and set(now) <= set(
                str(page.meant[line][key]).split("、")
            )
            continue
        assert each.value == shown(cell.raw)
        assert dict(each.args)["after"] == after(column, page.meant[line][key], page.window)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.key)
@given(data=st.data())
@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_rows_in_any_mess_come_back_as_they_were_meant(table: Table, data: st.DataObject) -> None:
    page = data.draw(pages(table))
    if not page.meant:
        return
    shaped = shape(page.grid, [table], page.window, UNITS)
    rows = shaped.rows[table.key]
    assert [row.number for row in rows] == page.rows
    for row, meant in zip(rows, page.meant, strict=True):
        assert {key: row.values[key] for key in page.order if row.values[key] != meant[key]} == {}
    assert not any(row.invalid or row.extra for row in rows)
    cells = told(shaped.findings)
    for line in range(len(page.meant)):
        for key in page.order:
            check_told(page, line, key, cells.pop(page.cell(line, key), []))
    assert cells == {}
    for row in rows:
        check_settled(page, row)
    again = shape(written_again(page), [table], page.window, UNITS)
    assert [unit_values(row, table) for row in again.rows[table.key]] == page.meant
    assert told(again.findings) == {}


def check_settled(page: Page, row: Row) -> None:
    """What was read is read the same again, and the ledger gives it back."""
    for key in page.order:
        read = normalise(row.values[key], page.table[key], page.window, UNITS)
        assert (read.value, read.notes, read.fault) == (row.values[key], (), None)
    filled = {key: value for key, value in row.values.items() if value is not None}
    assert decode(encode(row.values)) == filled


def written_again(page: Page) -> Grid:
    """The rows as a workbook of ours holds them."""
    header: list[CellValue] = [page.table[key].label.zh for key in page.order]
    lines = [[neat(page.table[key], line[key], page.window) for key in page.order] for line in page.meant]
    return Grid("净.xlsx", (Sheet(page.table.label.zh, [[], [], [], header, *lines]),))
