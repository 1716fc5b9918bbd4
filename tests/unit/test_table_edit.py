"""The rows of a table are replaced where they stand, and read as what they were."""

from __future__ import annotations

import re
import zipfile
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
import xlsxwriter
from support import table_book
from support.lint_book import patch
from support.table_book import FIRST, HEADERS, PART, SHEET, TABLE, part, patched, values
from support.table_edits import is_sound, new_rows, plain, refusal, replace

from workbook_files.cell_values import EditError, Value
from workbook_files.package_edit import PackageEdit
from workbook_files.raw_package import RawPackage
from workbook_files.table_edit import TableEdit
from workbook_files.workbook_edit import edit_workbook, set_cells
from workbook_templates.pen import Formula

FILES = Path(__file__).resolve().parents[2] / "workbook_templates" / "files"
D4 = '<c r="D4" s="3"><v>3</v></c>'


def test_what_the_office_wrote_stays_with_its_row_and_its_look(tmp_path: Path) -> None:
    path = table_book.write(tmp_path / "book.xlsx")
    assert replace(path, new_rows(5)).written
    assert [row[4] for row in values(path, 5)] == ["办公室的话", None, "待核", None, None]
    styles = dict(re.findall(r'<c r="([A-E]\d+)" s="(\d+)"', part(path, PART)))
    assert all(styles[f"{letter}{row}"] == styles[f"{letter}4"] for letter in "ABCDE" for row in range(5, 9))


def test_rows_may_change_places_and_the_office_s_cells_go_with_them(tmp_path: Path) -> None:
    path = table_book.write(tmp_path / "book.xlsx")
    patched(path, {PART: [('<c r="E5" s="1"/>', '<c r="E5" s="1"><f>D5*$D$4+D6</f><v>17</v></c>')]})
    rows = new_rows(4)
    assert replace(path, rows, continues=[2, None, 0, 1]).written
    assert values(path, 4, width=4) == plain(rows)
    assert [row[4] for row in values(path, 4)] == ["待核", None, "办公室的话", 17]
    assert "<f>D7*$D$4+D8</f>" in part(path, PART)
    is_sound(path)


def test_rows_typed_past_the_end_become_the_table_s_as_they_stand(tmp_path: Path) -> None:
    path = table_book.write(tmp_path / "book.xlsx")
    typed: list[list[Value]] = [["R4", "赵六", None, 6, "后加"], [None] * 5, ["", "钱七", None, 7, "再加"]]
    cells: dict[str, Value] = {
        f"{letter}{7 + n}": v for n, row in enumerate(typed) for letter, v in zip("ABCDE", row, strict=True) if v
    }
    assert set_cells(path, {SHEET: cells}).written
    numbers: list[list[Value]] = [["R1"], ["R2"], ["R3"], ["R4"], [None], ["R6"], ["R7"]]
    refused = edit_workbook(path, [TableEdit(TABLE, ["记录号"], numbers)])
    assert refusal(refused) == ("W103", "A7")
    edit = TableEdit(TABLE, ["记录号"], numbers, continues=[*range(6), None], below=3)
    assert edit_workbook(path, [edit]).written
    assert [row[1] for row in values(path, 7)] == ["张三", "李四", "王五", "赵六", None, "钱七", None]
    assert [row[0] for row in values(path, 7)] == [each for (each,) in numbers]
    with RawPackage(path) as raw:
        assert PackageEdit(raw).table(TABLE).last == FIRST + 6
    is_sound(path)


def test_below_a_table_there_may_be_its_totals_and_then_no_rows(tmp_path: Path) -> None:
    path = table_book.write(tmp_path / "book.xlsx", totals=True)
    with pytest.raises(EditError):
        edit_workbook(path, [TableEdit(TABLE, ["记录号"], [["R1"]] * 4, below=1)])


def test_rows_are_given_heights(tmp_path: Path) -> None:
    path = table_book.write(tmp_path / "book.xlsx")
    assert replace(path, new_rows(3), heights=[42.5, 20]).written
    tags = re.findall(r"<row r=\"([456])\"([^>]*)>", part(path, PART))
    assert [re.findall(r' ht="([^"]*)"', tag) for _, tag in tags] == [["42.5"], ["20"], []]
    is_sound(path)


def test_every_kind_of_value_reads_as_what_it_was(tmp_path: Path) -> None:
    path = table_book.write(tmp_path / "book.xlsx")
    texts = [
        "=1+1",
        "+86",
        "-",
        "@某人",
        "＝全角",
        "\t制表",
        " 空格 ",
        "_x0041_",
        "a\r\nb\nc",
        "<&>\"'",
        "007",
        "\U00020000",
    ]
    rows: list[list[Value]] = [[text, text, None, n] for n, text in enumerate(texts)]
    others: list[Value] = [
        True,
        False,
        1.5,
        10**12,
        datetime(2026, 5, 4, 3, 2, 1),
        time(8, 30),
        timedelta(hours=30),
        "",
    ]
    rows += [["v", "v", None, other] for other in others]
    rows += [["f", Formula("=1+1", 2), date(2026, 1, 1), Formula('="是"', "是")]]
    rows += [["d", date(2026, 2, 3), date(2026, 1, 1), date(2026, 1, 2)], ["old", "x", date(1899, 1, 1), 1]]
    assert replace(path, rows).written
    found = values(path, len(rows), width=4)
    assert [row[0] for row in found[: len(texts)]] == texts
    assert [row[3] for row in found[len(texts) :][:4]] == [True, False, 1.5, 1e12]
    assert found[len(texts) + 4][3] == datetime(2026, 5, 4, 3, 2, 1)
    assert found[-3] == ["f", 2, date(2026, 1, 1), "是"]
    assert found[-2] == ["d", date(2026, 2, 3), date(2026, 1, 1), date(2026, 1, 2)]
    assert found[-1][2] == "1899-01-01"
    cells = dict(re.findall(r'<c r="([A-D]\d+)" s="(\d+)"', part(path, PART)))
    formats = re.search("<cellXfs.*?</cellXfs>", part(path, "xl/styles.xml"))
    assert formats is not None
    quoted = [index for index, xf in enumerate(re.findall("<xf [^>]*>", formats[0])) if 'quotePrefix="1"' in xf]
    marked = {row for row in range(FIRST, FIRST + len(texts)) if int(cells[f"B{row}"]) in quoted}
    assert marked == set(range(FIRST, FIRST + 6))
    is_sound(path)
    again = path.read_bytes()
    assert replace(path, rows).written
    assert path.read_bytes() == again, "styles are found again, and not added at each writing"


def test_days_are_counted_as_the_workbook_counts_them(tmp_path: Path) -> None:
    path = table_book.write(tmp_path / "book.xlsx")
    patched(path, {"xl/workbook.xml": [("<workbookPr ", '<workbookPr date1904="1" ')]})
    assert replace(path, new_rows(4)).written
    assert values(path, 4, width=4) == plain(new_rows(4))
    assert f"<v>{(date(2026, 6, 2) - date(1904, 1, 1)).days}</v>" in part(path, PART)


def test_columns_that_the_office_moved_inserted_or_renamed_are_found(tmp_path: Path) -> None:
    path = table_book.write(tmp_path / "book.xlsx")
    table = [
        (
            '<tableColumn id="4" name="人数"/><tableColumn id="5" name="备注"/>',
            '<tableColumn id="5" name="备注"/><tableColumn id="4" name="总人数"/>',
        )
    ]
    swapped = [
        (
            '<c r="D3" t="s"><v>4</v></c><c r="E3" t="s"><v>5</v></c>',
            '<c r="D3" t="s"><v>5</v></c><c r="E3" t="inlineStr"><is><t>总人数</t></is></c>',
        )
    ]
    patched(path, {"xl/tables/table1.xml": table, PART: swapped})
    assert refusal(replace(path, new_rows(3)))[0] == "W102"
    assert replace(path, new_rows(3), ["记录号", "姓名", "入职", 4]).written
    assert [[row[0], row[4]] for row in values(path, 3)] == [["N1", 1], ["N2", 2], ["N3", 3]]
    assert [row[3] for row in values(path, 3)] == [3, 4, 5]
    is_sound(path)


def test_strict_workbooks_and_prefixed_names_are_written_as_they_are(tmp_path: Path) -> None:
    path = table_book.write(tmp_path / "book.xlsx")
    sheet = part(path, PART)
    prefixed = re.sub(r"<(/?)(?!\?|x14|xm|mc)(\w)", r"<\1x:\2", sheet).replace("xmlns=", "xmlns:x=")
    main, strict = (
        "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
        "http://purl.oclc.org/ooxml/spreadsheetml/main",
    )
    patched(path, {PART: [(sheet, prefixed.replace(main, strict, 1))], "xl/workbook.xml": [(main, strict)]})
    assert replace(path, new_rows(5)).written
    written = part(path, PART)
    assert '<x:c r="A8" s="1" t="inlineStr"><x:is><x:t xml:space="preserve">N5</x:t></x:is></x:c>' in written
    assert values(path, 5, width=4) == plain(new_rows(5))


def test_a_macro_workbook_keeps_its_macros(tmp_path: Path) -> None:
    source = table_book.write(tmp_path / "book.xlsx")
    macros = bytes(range(256)) * 8
    types = [
        ("openxmlformats-officedocument.spreadsheetml.sheet.main", "ms-excel.sheet.macroEnabled.main"),
        ("<Override", '<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/><Override'),
    ]
    path = patch(source, tmp_path / "book.xlsm", {"[Content_Types].xml": types})
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/vbaProject.bin", macros)
        archive.writestr("xl/vbaProjectSignature.bin", b"signed")
    assert replace(path, new_rows(5)).written
    with zipfile.ZipFile(path) as archive:
        assert archive.read("xl/vbaProject.bin") == macros
    assert values(path, 5, width=4) == plain(new_rows(5))


def test_a_column_that_the_office_inserted_keeps_what_it_holds(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet(SHEET)
    bold = book.add_format({"bold": True})
    headers = ["记录号", "办公室加的", *HEADERS[1:4]]
    sheet.add_table("A3:E5", {"name": TABLE, "columns": [{"header": header} for header in headers]})
    sheet.write("B4", "好", bold)
    sheet.write_formula("B5", "=D5+1", bold, 1)
    book.close()
    assert replace(path, new_rows(4)).written
    rows = values(path, 4)
    assert [[row[0], *row[2:]] for row in rows] == plain(new_rows(4))
    assert [row[1] for row in rows] == ["好", 1, None, None]
    is_sound(path)


def test_a_table_without_a_header_is_written_from_its_first_row(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet(SHEET)
    columns = [{"header": header} for header in HEADERS]
    sheet.add_table("A4:E5", {"name": TABLE, "columns": columns, "header_row": False})
    book.close()
    ids = [1, 2, 3, 4]
    assert replace(path, new_rows(3), ids).written
    assert values(path, 4, width=4) == [*plain(new_rows(3)), [None] * 4]
    assert 'ref="A4:E6"' in part(path, "xl/tables/table1.xml")
    is_sound(path)


@pytest.mark.parametrize("table", ["people", "reports", "findings"])
def test_the_tables_of_our_own_templates_are_written(table: str, tmp_path: Path) -> None:
    path = tmp_path / "报送.xlsx"
    path.write_bytes((FILES / "tengxian-civil-affairs-2026-zh.xlsx").read_bytes())
    with RawPackage(path) as raw:
        found = PackageEdit(raw).table(table)
    before = found.last - found.first + 1
    for count in (before + 2, 2):
        rows: list[list[Value]] = [["甲", f"{n}"] for n in range(count)]
        assert edit_workbook(path, [TableEdit(table, [1, 2], rows, purge=True)]).written
        assert values(path, count, first=found.first, width=2, name=found.sheet.name) == rows
    is_sound(path)


def test_a_text_that_stays_the_same_keeps_what_a_part_of_it_looks_like(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet(SHEET)
    sheet.add_table("A3:E5", {"name": TABLE, "columns": [{"header": header} for header in HEADERS]})
    sheet.write_rich_string("B4", "人", book.add_format({"bold": True}), "1")
    sheet.write_string("B5", "=文")
    book.close()
    shared = re.findall('<c r="B4" t="s">.*?</c>', part(path, PART))
    rows = new_rows(2)
    rows[1][1] = "=文"
    assert replace(path, rows).written
    assert re.findall('<c r="B4" t="s">.*?</c>', part(path, PART)) == shared
    assert re.search('<c r="B5" s="\\d+" t="inlineStr">', part(path, PART)), "marked as text, lest it become a formula"
    rows[0][1] = "人2"
    assert replace(path, rows).written
    assert [row[1] for row in values(path, 2)] == ["人2", "=文"]
