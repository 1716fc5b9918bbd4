"""Several sheets of one table: whatever two sheets hold, no row is lost and none counts twice."""

from __future__ import annotations

from datetime import date
from random import Random

import pytest

from workbook_templates.tables.people import PEOPLE
from xingzhi.grid import CellValue, Grid, Sheet
from xingzhi.rows import Row, Value, unit_values
from xingzhi.shape import Shaped, shape
from xingzhi.windows import Window

WINDOW = Window(date(2026, 6, 1), date(2027, 1, 31))
HEADER: list[CellValue] = ["记录号", "姓名", "部门", "职务", "班子成员", "联系电话", "任职起", "任职止", "民族"]


def a_sheet(chance: Random, name: str) -> Sheet:
    rows: list[list[CellValue]] = []
    for number in range(1, chance.randint(1, 8)):
        record = chance.choice([None, f"T01-RY-{number:04}", f"T01-RY-{chance.randint(1, 4):04}"])
        who: list[CellValue] = [chance.choice(["张甲", "李乙", "王丙", None]), chance.choice(["办公室", "救助股"])]
        rest: list[CellValue] = [chance.choice([None, "主任", "股长"]), chance.choice(["是", "否", None])]
        rows.append([record, *who, *rest, None, None, None, chance.choice([None, None, "汉"])])
    return Sheet(name, [[], [], [], HEADER, *rows])


def read(*sheets: Sheet) -> Shaped:
    return shape(Grid("甲.xlsx", sheets), (PEOPLE,), WINDOW)


def said(row: Row) -> dict[str, Value]:
    return {key: value for key, value in unit_values(row, PEOPLE).items() if value not in (None, "")}


def is_kept(row: Row, rows: tuple[Row, ...]) -> bool:
    """Whether some row says all that this one says."""
    return any(said(row).items() <= said(each).items() for each in rows)


@pytest.mark.parametrize("seed", range(150))
def test_every_row_of_every_sheet_is_read_or_named(seed: int) -> None:
    chance = Random(seed)
    sheets = [a_sheet(chance, name) for name in ("人员名册", "人员名册 (2)", "人员名册 (3)")[: chance.randint(2, 3)]]
    alone = [read(sheet).rows["people"] for sheet in sheets]
    found = read(*sheets)
    rows = found.rows["people"]
    named = {(each.sheet, int(str(dict(each.args)["line"]))) for each in found.findings if each.code == "B113"}
    for one in alone:
        for row in one:
            assert is_kept(row, rows) or (row.sheet, row.number) in named
    assert len({(row.sheet, row.number) for row in rows}) == len(rows)
    # What each sheet says twice stands twice: it is that sheet's clerk who repeated it.
    assert len(rows) >= max(map(len, alone)) and len(rows) <= sum(map(len, alone)) - len(named)
    places = {(row.sheet, row.number) for row in rows}
    for each in found.findings:
        if each.code in ("C104", "N101") and each.cell:
            assert (each.sheet, int(each.cell.lstrip("ABCDEFGHI"))) in places


@pytest.mark.parametrize("seed", range(40))
def test_a_copy_that_was_left_as_it_was_changes_nothing(seed: int) -> None:
    chance = Random(seed)
    sheet = a_sheet(chance, "人员名册")
    alone, twice = read(sheet), read(sheet, Sheet("人员名册 (2)", sheet.rows))
    assert [(row.number, row.values, row.extra) for row in twice.rows["people"]] == [
        (row.number, row.values, row.extra) for row in alone.rows["people"]
    ]
    assert {row.sheet for row in twice.rows["people"]} <= {"人员名册"}
    assert not [each for each in twice.findings if each.code == "B113"]
