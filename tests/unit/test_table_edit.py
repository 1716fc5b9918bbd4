"""The rows of a table are replaced where they stand, and what refers to them follows."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
import xlsxwriter
from support import libreoffice, ooxml_validator, table_book
from support.codes import covers
from support.lint_book import patch
from support.table_book import FIRST, HEADERS, PART, SHEET, TABLE, WRITTEN, part, patched, sheet_of, values

from workbook_files.cell_values import EditError, Value
from workbook_files.lint import lint
from workbook_files.package_edit import PackageEdit
from workbook_files.raw_package import RawPackage
from workbook_files.table_edit import TableEdit
from workbook_files.workbook_edit import Outcome, edit_workbook
from workbook_templates.pen import Formula, Link
from xingzhi.labels import Lang

FILES = Path(__file__).resolve().parents[2] / "workbook_templates" / "files"


def new_rows(count: int) -> list[list[Value]]:
    return [[f"N{n}", f"人{n}", date(2026, 6, n % 28 + 1), n] for n in range(1, count + 1)]


def replace(
    path: Path, rows: Sequence[Sequence[Value]], columns: Sequence[str | int] = WRITTEN, **more: object
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


@pytest.mark.parametrize("before", [0, 1, 3])
@pytest.mark.parametrize("after", [0, 1, 2, 3, 7])
def test_a_table_takes_more_rows_or_fewer_and_everything_that_refers_to_it_follows(
    before: int, after: int, tmp_path: Path
) -> None:
    path = table_book.write(tmp_path / "book.xlsx", rows=before)
    rows = new_rows(after)
    outcome = replace(path, rows, purge=True)
    assert (outcome.written, outcome.findings) == (True, [])
    last = FIRST - 1 + max(after, 1)
    found = values(path, after + 3, width=4)
    assert found[:after] == plain(rows)
    assert found[after:] == [[None] * 4] * 3
    table = part(path, "xl/tables/table1.xml")
    assert table.count(f'ref="A3:E{last}"') == 2
    sheet = part(path, PART)
    column = f"D{FIRST}" if last == FIRST else f"D{FIRST}:D{last}"
    assert f'<conditionalFormatting sqref="{column}">' in sheet and f"<xm:sqref>{column}</xm:sqref>" in sheet
    assert f'sqref="{column.replace("D", "B")}"' in sheet
    names = part(path, "xl/workbook.xml")
    assert f"{SHEET}!$A$1:$E${last}<" in names and f'"一格">{SHEET}!$D$4<' in names
    assert f"{SHEET}!$1:$3<" in names
    chart = part(path, "xl/charts/chart1.xml")
    assert f"<c:f>{SHEET}!$D$3</c:f>" in chart
    if before > 1:
        # A range of one cell, of a table of one row, may be meant as that cell.
        assert f'"人数">{SHEET}!$D$4:$D${last}<' in names
        assert f"$B$4:$B${last}</c:f>" in chart and f"$D$4:$D${last}</c:f>" in chart
        assert f"<f>SUM({SHEET}!D4:D{last})</f>" in part(path, "xl/worksheets/sheet2.xml")
        assert f"<f>SUM(D4:D{last})</f>" in sheet
    assert sheet_of(path).value(4, 8) == "旁注"
    is_sound(path)


def test_libreoffice_computes_the_right_values_from_what_was_written(tmp_path: Path) -> None:
    if reason := libreoffice.available():
        pytest.skip(reason)
    path = table_book.write(tmp_path / "book.xlsx", totals=True)
    assert replace(path, new_rows(6)).written
    libreoffice.poison(path, tmp_path / "poisoned.xlsx")
    done = libreoffice.recalculate(tmp_path / "poisoned.xlsx", tmp_path / "out")
    other = sheet_of(done, "统计 表")
    assert [other.value(row, 1) for row in range(1, 5)] == [21, 21, 21, 2]
    assert sheet_of(done).value(10, 4) == 21 and sheet_of(done).value(5, 8) == 21
    assert values(done, 6, width=2) == [[f"N{n}", f"人{n}"] for n in range(1, 7)]


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


@covers("W104")
def test_a_row_in_which_the_office_wrote_goes_by_purge_only(tmp_path: Path) -> None:
    path = table_book.write(tmp_path / "book.xlsx")
    before = path.read_bytes()
    assert refusal(replace(path, new_rows(2))) == ("W104", "E6")
    assert path.read_bytes() == before and list(tmp_path.iterdir()) == [path]
    assert replace(path, new_rows(2), continues=[0, 2]).written
    assert [row[4] for row in values(path, 3)] == ["办公室的话", "待核", None]
    assert replace(path, new_rows(1), purge=True).written
    assert sheet_of(path).value(5, 1) is None


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


@covers("W107")
@pytest.mark.parametrize("value", ["a\x01", "\ud800", "字" * 32768, float("nan"), float("inf"), 10**17])
def test_what_no_cell_holds_is_refused(value: Value, tmp_path: Path) -> None:
    path = table_book.write(tmp_path / "book.xlsx")
    rows = new_rows(3)
    rows[1][1] = value
    assert refusal(replace(path, rows)) == ("W107", "B5")


@covers("W101", "W102")
def test_a_table_or_a_column_that_is_not_there_is_told(tmp_path: Path) -> None:
    path = table_book.write(tmp_path / "book.xlsx")
    assert refusal(edit_workbook(path, [TableEdit("units", ["名称"], [])]))[0] == "W101"
    outcome = replace(path, [["x"]], ["电话"])
    assert refusal(outcome)[0] == "W102"
    assert "电话" in outcome.findings[0].message(Lang.ZH)


def test_an_edit_that_contradicts_itself_is_the_programme_s_failure(tmp_path: Path) -> None:
    path = table_book.write(tmp_path / "book.xlsx")
    for rows, columns, continues in (
        ([["x"]], ["姓名", "备注"], None),
        ([["x"]], ["姓名"], [7]),
        ([["x"], ["y"]], ["姓名"], [1, 1]),
        ([["x"]], ["姓名"], [0, 1]),
        ([["x", "y"]], ["姓名", "姓名"], None),
    ):
        with pytest.raises(EditError):
            replace(path, rows, columns, continues=continues)
    assert list(tmp_path.iterdir()) == [path]


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


def test_a_totals_row_moves_with_the_table_and_what_it_holds_with_it(tmp_path: Path) -> None:
    path = table_book.write(tmp_path / "book.xlsx", totals=True)
    assert replace(path, new_rows(6)).written
    sheet = sheet_of(path)
    assert [sheet.value(10, column) for column in (1, 2, 4)] == ["合计", None, 12]
    assert values(path, 6, width=4) == plain(new_rows(6))
    table = part(path, "xl/tables/table1.xml")
    assert 'ref="A3:E10"' in table and '<autoFilter ref="A3:E9"/>' in table
    assert "<f>SUBTOTAL(109,people[人数])</f>" in part(path, PART)
    is_sound(path)
    assert replace(path, new_rows(2), purge=True).written
    assert [sheet_of(path).value(row, 1) for row in range(4, 12)] == ["N1", "N2", "合计", *[None] * 5]
    is_sound(path)


@covers("W106")
def test_totals_that_a_formula_names_by_their_cell_do_not_move(tmp_path: Path) -> None:
    path = table_book.write(tmp_path / "book.xlsx", totals=True)
    named = [("<f>人员汇总!D4*2</f>", "<f>人员汇总!D7*2</f>")]
    patched(path, {"xl/worksheets/sheet2.xml": named})
    assert refusal(replace(path, new_rows(4))) == ("W106", "D7")
    assert replace(path, new_rows(3)).written


@covers("W112")
def test_a_filter_stays_and_hides_the_records_that_it_hid(tmp_path: Path) -> None:
    path = table_book.write(tmp_path / "book.xlsx")
    criteria = '<autoFilter ref="A3:E6"><filterColumn colId="3"><filters><filter val="5"/></filters></filterColumn></autoFilter>'
    patched(
        path,
        {
            "xl/tables/table1.xml": [('<autoFilter ref="A3:E6"/>', criteria)],
            PART: [('<row r="4"', '<row r="4" hidden="1"'), ('<row r="5"', '<row r="5" hidden="1"')],
        },
    )
    outcome = replace(path, new_rows(4), continues=[0, 2, 1, None])
    assert outcome.written and [each.code for each in outcome.findings] == ["W112"]
    assert sheet_of(path).hidden_rows == {4, 6}
    assert '<filter val="5"/>' in part(path, "xl/tables/table1.xml")
    outcome = replace(path, new_rows(1), purge=True)
    assert outcome.written and sheet_of(path).hidden_rows == {4}
    is_sound(path)


@covers("W103")
def test_notes_below_the_table_are_never_written_over(tmp_path: Path) -> None:
    path = table_book.write(tmp_path / "book.xlsx", below=True)
    assert replace(path, new_rows(4)).written
    before = path.read_bytes()
    assert refusal(replace(path, new_rows(5))) == ("W103", "B8")
    assert path.read_bytes() == before
    assert replace(path, new_rows(3), purge=True).written
    assert sheet_of(path).value(8, 2) == "下方的说明"


MERGED = '<mergeCells count="1"><mergeCell ref="D8:F9"/></mergeCells>'
LINKED = '<hyperlinks><hyperlink ref="C7" location="A1"/></hyperlinks>'
VALIDATED = '<dataValidation type="whole" sqref="B8:B9"><formula1>1</formula1></dataValidation>'


@pytest.mark.parametrize(
    ("before", "after", "cell"),
    [
        ("</sheetData>", f"</sheetData>{MERGED}", "D8"),
        ("<pageMargins", f"{LINKED}<pageMargins", "C7"),
        ("</dataValidations>", f"{VALIDATED}</dataValidations>", "B8"),
    ],
)
def test_what_else_takes_up_the_rows_below_is_told(before: str, after: str, cell: str, tmp_path: Path) -> None:
    path = table_book.write(tmp_path / "book.xlsx")
    patched(path, {PART: [(before, after)]})
    assert refusal(replace(path, new_rows(6))) == ("W103", cell)
    assert replace(path, new_rows(3)).written


def test_two_tables_one_under_the_other_do_not_meet(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet(SHEET)
    columns = [{"header": header} for header in HEADERS]
    sheet.add_table("A3:E4", {"name": TABLE, "columns": columns})
    sheet.add_table("B9:C10", {"name": "other", "columns": [{"header": "甲"}, {"header": "乙"}]})
    book.close()
    assert replace(path, new_rows(5)).written
    assert refusal(replace(path, new_rows(6)))[0] == "W103"


@covers("W105")
def test_a_comment_stays_on_its_record(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet(SHEET)
    sheet.add_table("A3:E6", {"name": TABLE, "columns": [{"header": header} for header in HEADERS]})
    sheet.write_comment("B5", "请核实")
    sheet.write_comment("G6", "旁边的")
    book.close()
    assert refusal(replace(path, new_rows(3), continues=[1, 0, 2])) == ("W105", "B5")
    assert refusal(replace(path, new_rows(1), purge=True)) == ("W105", "B5")
    assert replace(path, new_rows(3), continues=[2, 1, 0]).written
    assert replace(path, new_rows(2)).written
    is_sound(path)


def test_links_go_with_their_rows(tmp_path: Path) -> None:
    path = table_book.write(tmp_path / "book.xlsx")
    links = "".join(f'<hyperlink ref="{ref}" location="A1"/>' for ref in ("E4", "E6", "H4"))
    patched(path, {PART: [("<pageMargins", f"<hyperlinks>{links}</hyperlinks><pageMargins")]})
    assert replace(path, new_rows(2), continues=[2, 1], purge=True).written
    assert re.findall('<hyperlink ref="([^"]*)"', part(path, PART)) == ["E4", "H4"]
    is_sound(path)


def test_a_calculated_column_of_the_office_s_reaches_down_to_new_rows(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet(SHEET)
    columns: list[dict[str, str]] = [{"header": header} for header in HEADERS]
    columns[4]["formula"] = "=people[[#This Row],[人数]]*2"
    sheet.add_table("A3:E4", {"name": TABLE, "columns": columns, "data": [["R", "x", 1, 2]]})
    book.close()
    assert replace(path, new_rows(3)).written
    assert part(path, PART).count("<f>people[[#This Row],[人数]]*2</f>") == 3
    is_sound(path)
    assert replace(path, new_rows(1)).written, (
        "a formula of a calculated column is nothing that the office wrote in a row"
    )
    if libreoffice.available() is None:
        assert replace(path, new_rows(4)).written
        done = libreoffice.recalculate(path, tmp_path / "out")
        assert [row[4] for row in values(done, 4)] == [2, 4, 6, 8]


D4 = '<c r="D4" s="3"><v>3</v></c>'
SHARED = '<c r="D4" s="3"><f t="shared" ref="D4:E4" si="0">1+1</f><v>2</v></c>'
SHARING = '<c r="E5" s="1"><f t="shared" si="0"/><v>2</v></c>'
ARRAY = '<c r="D4" s="3"><f t="array" ref="D4:D6">A1:A3</f><v>2</v></c>'


@covers("W109")
@pytest.mark.parametrize(
    ("cells", "says"),
    [
        ([(D4, SHARED), ('<c r="E5" s="1"/>', SHARING)], "D4"),
        ([(D4, ARRAY)], "D4:D6"),
        ([('<row r="4"', "<row")], "位置"),
        ([('<c r="B4"', "<c")], "位置"),
        ([("<sheetData>", "<sheetData><!-- x -->")], "注释"),
    ],
)
def test_a_form_that_cannot_be_changed_safely_is_refused(
    cells: list[tuple[str, str]], says: str, tmp_path: Path
) -> None:
    path = table_book.write(tmp_path / "book.xlsx")
    patched(path, {PART: cells})
    before = path.read_bytes()
    outcome = replace(path, new_rows(3))
    assert refusal(outcome)[0] == "W109"
    assert says in outcome.findings[0].message(Lang.ZH)
    assert path.read_bytes() == before


def test_rows_that_come_from_elsewhere_are_left_to_their_source(tmp_path: Path) -> None:
    path = table_book.write(tmp_path / "book.xlsx")
    patched(path, {"xl/tables/table1.xml": [("<table ", '<table tableType="queryTable" ')]})
    assert refusal(replace(path, new_rows(3)))[0] == "W109"


@covers("W108")
def test_a_signed_workbook_is_not_touched(tmp_path: Path) -> None:
    path = table_book.write(tmp_path / "book.xlsx")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("_xmlsignatures/sig1.xml", "<Signature/>")
    assert refusal(replace(path, new_rows(3)))[0] == "W108"


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


def test_ranges_that_do_not_span_the_body_stay_as_they_are(tmp_path: Path) -> None:
    path = table_book.write(tmp_path / "book.xlsx")
    formula = "<formula>$D4&gt;SUM($D$4:$D$6)</formula>"
    formats = "".join(
        f'<conditionalFormatting sqref="{ref}"><cfRule type="expression" dxfId="0" priority="{n}">{formula}</cfRule>'
        "</conditionalFormatting>"
        for n, ref in enumerate(("A6", "B4:B5", "C4 C6", "A4:E99", "G4:G6", "E1:E6"), start=5)
    )
    patched(path, {PART: [("<dataValidations", formats + "<dataValidations")]})
    assert replace(path, new_rows(5)).written
    found = re.findall('<conditionalFormatting sqref="([^"]*)"', part(path, PART))
    assert found[1:] == ["A6", "B4:B5", "C4 C6:C8", "A4:E99", "G4:G6", "E1:E8"]
    assert part(path, PART).count("<formula>$D4&gt;SUM($D$4:$D$8)</formula>") == 6
    assert replace(path, new_rows(120)).written
    assert "A4:E123" in re.findall('<conditionalFormatting sqref="([^"]*)"', part(path, PART))
    is_sound(path)


def test_running_totals_keep_their_rows(tmp_path: Path) -> None:
    path = table_book.write(tmp_path / "book.xlsx")
    note, last = '<c r="H4" t="s"><v>14</v></c>', '<c r="E6" s="1" t="s"><v>13</v></c>'
    running = {row: f'<c r="I{row}"><f>SUM(D$4:D{row})</f><v>1</v></c>' for row in (4, 6)}
    patched(path, {PART: [(note, note + running[4]), (last, last + running[6])]})
    assert replace(path, new_rows(5)).written
    assert re.findall("<f>(SUM[^<]*)</f>", part(path, PART)) == ["SUM(D$4:D4)", "SUM(D4:D8)", "SUM(D$4:D6)"]


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


def test_links_within_the_workbook_are_a_part_of_the_value(tmp_path: Path) -> None:
    path = table_book.write(tmp_path / "book.xlsx")
    plain_xml = part(path, PART)
    rows = new_rows(4)
    rows[0][1], rows[3][1] = Link("internal:'统计 表'!A1", "去看"), Link("internal:人员汇总!A1", "<回>")
    assert replace(path, rows).written
    assert sheet_of(path).value(4, 2) == "去看" and sheet_of(path).value(7, 2) == "<回>"
    links = re.findall("<hyperlink [^>]*/>", part(path, PART))
    assert links == ['<hyperlink ref="B4" location="\'统计 表\'!A1"/>', '<hyperlink ref="B7" location="人员汇总!A1"/>']
    is_sound(path)
    again = path.read_bytes()
    assert replace(path, rows).written and path.read_bytes() == again
    assert replace(path, new_rows(4)).written
    assert "<hyperlink" not in part(path, PART) and "<hyperlink" not in plain_xml
    with pytest.raises(EditError):
        replace(path, [[Link("https://example.org/", "x")]] * 4, ["姓名"])


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


def test_a_calculated_column_with_addresses_means_its_own_row(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet(SHEET)
    columns: list[dict[str, str]] = [{"header": header} for header in HEADERS]
    columns[4]["formula"] = "=SUM($D$4:$D$5)"
    sheet.add_table("A3:E5", {"name": TABLE, "columns": columns})
    book.close()
    share = "D4/SUM($D$4:$D$5)"
    cells = [
        (f'<c r="E{row}"><f>SUM($D$4:$D$5)</f>', f'<c r="E{row}"><f>{share.replace("D4/", f"D{row}/")}</f>')
        for row in (4, 5)
    ]
    declared = "<calculatedColumnFormula>SUM($D$4:$D$5)"
    assert replace(path, new_rows(3)).written
    assert part(path, PART).count("<f>SUM($D$4:$D$6)</f>") == 3
    assert "<calculatedColumnFormula>SUM($D$4:$D$6)<" in part(path, "xl/tables/table1.xml")
    assert replace(path, new_rows(2)).written
    patched(path, {PART: cells, "xl/tables/table1.xml": [(declared, f"<calculatedColumnFormula>{share}")]})
    assert replace(path, new_rows(4)).written
    formulas = re.findall("<f>([^<]*)</f>", part(path, PART))
    assert formulas == [f"D{row}/SUM($D$4:$D$7)" for row in range(4, 8)]
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


@covers("W114")
def test_a_chart_that_comes_to_lie_over_rows_is_told(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet(SHEET)
    sheet.add_table("A3:E5", {"name": TABLE, "columns": [{"header": header} for header in HEADERS]})
    chart = book.add_chart({"type": "pie"})
    chart.add_series({"values": f"={SHEET}!$D$4:$D$5"})
    sheet.insert_chart("B8", chart)
    beside = book.add_chart({"type": "pie"})
    beside.add_series({"values": f"={SHEET}!$D$4:$D$5"})
    sheet.insert_chart("H6", beside)
    book.close()
    assert replace(path, new_rows(4)).findings == []
    outcome = replace(path, new_rows(5))
    assert outcome.written and [(each.code, each.cell) for each in outcome.findings] == [("W114", "B8")]
    assert "$D$4:$D$8" in part(path, "xl/charts/chart1.xml")


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
