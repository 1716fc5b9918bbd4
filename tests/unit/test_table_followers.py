"""What refers to a table follows it when its rows are replaced: ranges, formulas, filters, links, totals."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import xlsxwriter
from support import libreoffice, table_book
from support.codes import covers
from support.table_book import FIRST, HEADERS, PART, SHEET, TABLE, part, patched, sheet_of, values
from support.table_edits import is_sound, new_rows, plain, refusal, replace

from workbook_files.cell_values import EditError
from workbook_templates.pen import Link

D4 = '<c r="D4" s="3"><v>3</v></c>'


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
