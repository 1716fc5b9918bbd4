"""Cells that are left as they are while the rows around them are written, and rows that were typed below a table."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from support import table_book
from support.table_book import PART, part, patched, values
from support.table_edits import is_sound, new_rows, refusal, replace

from workbook_files.cell_values import KEEP, EditError, Keep, Value

WHOLE = table_book.HEADERS
Rows = list[list[Value | Keep]]
SAME: list[Value | Keep] = [KEEP] * 5


def test_a_kept_cell_keeps_its_bytes_and_goes_with_its_row(tmp_path: Path) -> None:
    path = table_book.write(tmp_path / "book.xlsx")
    patched(path, {PART: [('<c r="E5" s="1"/>', '<c r="E5" s="1"><f>1+1</f><v>2</v></c>')]})
    rows: Rows = [["R2", KEEP, KEEP, 9, KEEP], ["R1", KEEP, KEEP, KEEP, "改了"]]
    assert replace(path, rows, WHOLE, continues=[1, 0], purge=True).written
    assert [row[:2] + row[3:] for row in values(path, 2)] == [["R2", "李四", 9, 2], ["R1", "张三", 3, "改了"]]
    assert '<c r="E4" s="1"><f>1+1</f><v>2</v></c>' in part(path, PART)
    is_sound(path)


def test_rows_of_which_nothing_changes_keep_their_bytes(tmp_path: Path) -> None:
    path = table_book.write(tmp_path / "book.xlsx")
    before = part(path, PART)
    rows: Rows = [SAME, ["R2", "李四新", KEEP, KEEP, KEEP], SAME]
    assert replace(path, rows, WHOLE).written
    after = part(path, PART)
    for number in (4, 6):
        row = re.search(rf'<row r="{number}".*?</row>', before, re.DOTALL)
        assert row is not None and row[0] in after
    assert [row[1] for row in values(path, 3)] == ["张三", "李四新", "王五"]


def test_a_link_in_a_kept_cell_stays(tmp_path: Path) -> None:
    path = table_book.write(tmp_path / "book.xlsx")
    link = '<hyperlinks><hyperlink ref="E4" location="\'统计 表\'!A1"/></hyperlinks>'
    patched(path, {PART: [("<pageMargins", link + "<pageMargins")]})
    assert replace(path, [["R1", KEEP, KEEP, KEEP, KEEP]], WHOLE, purge=True).written
    assert link in part(path, PART)


def test_an_array_formula_in_kept_cells_is_no_hindrance(tmp_path: Path) -> None:
    path = table_book.write(tmp_path / "book.xlsx")
    array = '<c r="E4" s="1"><f t="array" ref="E4:E5">D4:D5*2</f><v>6</v></c>'
    patched(path, {PART: [(re.search('<c r="E4".*?</c>', part(path, PART))[0], array)]})  # type: ignore[index]
    rows: Rows = [["R1", KEEP, KEEP, KEEP, KEEP], SAME, SAME]
    assert replace(path, rows, WHOLE).written and array in part(path, PART)
    assert refusal(replace(path, [["R1", KEEP, KEEP, KEEP, "写"], SAME, SAME], WHOLE))[0] == "W109"


def test_a_row_typed_below_the_table_becomes_one_of_it_where_it_stands(tmp_path: Path) -> None:
    path = table_book.write(tmp_path / "book.xlsx", below=True)
    rows: Rows = [SAME, SAME, SAME, ["R4", "新", None, 1, None], ["R5", KEEP, KEEP, KEEP, KEEP]]
    assert refusal(replace(path, [*rows[:4], ["R5", "写", None, 1, None]], WHOLE)) == ("W103", "B8")
    assert replace(path, rows, WHOLE, continues=[0, 1, 2, 3, 4], below=2).written
    assert [row[:2] for row in values(path, 5)][3:] == [["R4", "新"], ["R5", "下方的说明"]]
    assert 'ref="A3:E8"' in part(path, "xl/tables/table1.xml")
    is_sound(path)


def test_a_blank_row_above_a_note_takes_in_a_row_of_the_table(tmp_path: Path) -> None:
    path = table_book.write(tmp_path / "book.xlsx", below=True)
    rows: Rows = [SAME, SAME, ["R4", "新", None, 1, None], SAME, ["R5", KEEP, KEEP, KEEP, KEEP]]
    assert refusal(replace(path, rows, WHOLE, continues=[0, 1, None, 2, None], below=2)) == ("W103", "B8")
    assert replace(path, rows, WHOLE, continues=[0, 1, None, 2, 4], below=2).written
    assert [row[:2] for row in values(path, 5)][2:] == [["R4", "新"], ["R3", "王五"], ["R5", "下方的说明"]]
    is_sound(path)


def test_a_row_below_the_table_goes_nowhere_else(tmp_path: Path) -> None:
    path = table_book.write(tmp_path / "book.xlsx", below=True)
    with pytest.raises(EditError):
        replace(path, [SAME] * 4, WHOLE, continues=[0, 1, 2, 4], below=2)
    totals = table_book.write(tmp_path / "totals.xlsx", totals=True)
    with pytest.raises(EditError):
        replace(totals, [SAME] * 4, WHOLE, continues=[0, 1, 2, 3], below=1)


def test_a_row_grows_for_a_longer_text_and_never_shrinks_in_its_place(tmp_path: Path) -> None:
    path = table_book.write(tmp_path / "book.xlsx")
    patched(path, {PART: [('<row r="4" ', '<row r="4" ht="60" customHeight="1" ')]})
    assert replace(path, new_rows(4), heights=[20, 48, None, 30]).written
    heights = dict(re.findall(r'<row r="(\d+)"[^>]*? ht="([\d.]+)"', part(path, PART)))
    assert (heights["4"], heights["5"], heights["7"]) == ("60", "48", "30") and "6" not in heights


def test_one_marked_row_marks_no_new_one(tmp_path: Path) -> None:
    path = table_book.write(tmp_path / "book.xlsx")
    patched(path, {PART: [('<c r="D4" s="3">', '<c r="D4" s="1">')]})
    assert replace(path, new_rows(4)).written
    styles = dict(re.findall(r'<c r="([A-E]\d+)" s="(\d+)"', part(path, PART)))
    assert (styles["D4"], styles["D7"]) == ("1", "3")
