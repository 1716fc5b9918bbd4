"""The workbook that the lint's tests break: it comes close to breaking every rule and breaks none."""

from __future__ import annotations

import zipfile
from pathlib import Path

import xlsxwriter

BOOK = "xl/workbook.xml"
SHEET = "xl/worksheets/sheet1.xml"
OTHER = "xl/worksheets/sheet2.xml"
STRINGS = "xl/sharedStrings.xml"
MEMBERS = "xl/tables/table1.xml"
REPORTS = "xl/tables/table2.xml"

X14 = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"
# XlsxWriter cannot write an x14 format or validation with a formula, so the test does.
EXTENSION = (
    f'<extLst><ext xmlns:x14="{X14}" uri="{{78C0D931-6437-407d-A8EE-F0AAD7539E65}}">'
    "<x14:conditionalFormattings><x14:conditionalFormatting"
    ' xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main">'
    '<x14:cfRule type="expression" priority="9" id="{DA7ABA51-AAAA-BBBB-0001-000000000001}">'
    "<xm:f>'名 单'!$A$1=1</xm:f></x14:cfRule><xm:sqref>B3:B6</xm:sqref>"
    "</x14:conditionalFormatting></x14:conditionalFormattings></ext>"
    f'<ext xmlns:x14="{X14}" uri="{{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}}">'
    '<x14:dataValidations xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main" count="1">'
    '<x14:dataValidation type="list" allowBlank="1"><x14:formula1><xm:f>\'名 单\'!$A$1:$A$4</xm:f>'
    "</x14:formula1><xm:sqref>C9</xm:sqref></x14:dataValidation></x14:dataValidations></ext>"
    "</extLst></worksheet>"
)


def write(path: Path) -> None:
    """Write a workbook that comes close to breaking every rule and breaks none."""
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("台账")
    lists = book.add_worksheet("名 单")
    lists.write_column("A1", ["书记", "委员", "干事", 4])
    book.define_name("roles", "='名 单'!$A$1:$A$4")
    book.define_name("marked", "=COUNTIF('名 单'!$A:$A,台账!$A3)>0")
    book.define_name("台账!local", "=台账!$A$3")
    book.define_name("'名 单'!local", "='名 单'!$A$1")
    headers = ["name", "Role (1)", "a_x0041_b", "state"]
    sheet.add_table("A2:D6", {"name": "members", "columns": [{"header": header} for header in headers]})
    sheet.add_table("F2:G4", {"name": "reports", "columns": [{"header": "name"}, {"header": "值"}]})
    sheet.merge_range("A1:D1", "台账", book.add_format())
    sheet.write_column("A3", ["甲", "乙"])
    first = '=SUMPRODUCT(--(members[name]<>""))'
    sheet.write_formula("I1", first, None, 2)
    sheet.write_formula("I2", '=IF(members[[#This Row],[name]]="(","[","\'")', None, "x")
    sheet.write_formula("I3", "=SUM('名 单'!A1:'名 单'!A4,台账:'名 单'!A1,台账!I1:台账!I2)", None, 4)
    sheet.write_formula("I4", "=_xlfn.STDEV.S(1,2)+AGGREGATE(9,6,1)", None, 1)
    sheet.write_formula("I5", "=[1]其他!A1+'C:\\[b.xlsx]其他'!A1", None, 1)
    sheet.write_array_formula("I6:I6", "{=SUM({1,2;3,4}*1)}", None, 10)
    sheet.write_formula("I7", '=T("xlookup(#REF![x]")&local', None, "x")
    sheet.conditional_format("A3:A6", {"type": "formula", "criteria": "=marked"})
    sheet.conditional_format("B3:B6", {"type": "formula", "criteria": "=台账!$A3=\"'名 单'!A1\""})
    sheet.conditional_format("C3:C6", {"type": "data_bar", "min_type": "num", "min_value": 1})
    sheet.data_validation("B3:B6", {"validate": "list", "source": "=roles"})
    sheet.data_validation("C3:C6", {"validate": "list", "source": ["字" * 127, "词" * 127]})
    sheet.data_validation("D3:D6", {"validate": "custom", "value": "=LEN(D3)<5"})
    book.close()


def patch(source: Path, target: Path, edits: dict[str, list[tuple[str, str]]]) -> Path:
    """Copy a package with the first occurrence of texts in its parts replaced."""
    left = dict(edits)
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for item in old.namelist():
            text = old.read(item)
            for before, after in left.pop(item, []):
                assert before.encode() in text, f"{before} is not in {item}"
                text = text.replace(before.encode(), after.encode(), 1)
            new.writestr(item, text)
    assert not left
    return target


def write_clean(folder: Path) -> Path:
    """The clean workbook, with what XlsxWriter cannot write."""
    write(folder / "written.xlsx")
    return patch(
        folder / "written.xlsx",
        folder / "clean.xlsx",
        {
            SHEET: [
                ("</worksheet>", EXTENSION),
                # XlsxWriter writes the cached "" of a formula as Excel does not, without its type.
                ("</row>", '<c r="J1" t="str"><f>""</f><v></v></c></row>'),
            ],
            MEMBERS: [('name="a_x0041_b"', 'name="a_x005F_x0041_b"')],
        },
    )
