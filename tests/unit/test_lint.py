"""Each rule of the lint has a file that breaks it and nothing else; the file they are made from is
clean."""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest
import xlsxwriter
from support import ooxml_validator

from workbook_files.lint import EITHER, NEWER, PREFIXED, RULES, Defect, analyse, lint, reads_as_cell

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


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("lint")
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


@dataclass(frozen=True)
class Case:
    rule: str
    part: str
    edits: dict[str, list[tuple[str, str]]]
    detail: str
    id: str


def one(id: str, rule: str, part: str, before: str, after: str, detail: str, *, edited: str = "") -> Case:
    """A case of one edit, by default in the part that the defect names."""
    return Case(rule, part, {edited or part: [(before, after)]}, detail, id)


F1 = '<f>SUMPRODUCT(--(members[name]&lt;&gt;""))</f>'
CF = "<formula>marked</formula>"
LONG = "字" * 127

CASES = (
    [
        one("renamed-column", "header-mismatch", MEMBERS, 'name="name"', 'name="Name"', "'Name'"),
        one("escape", "header-mismatch", MEMBERS, "a_x005F_x0041_b", "a_x0041_b", "'aAb'"),
        one(
            "shared",
            "header-mismatch",
            MEMBERS,
            "<t>state</t>",
            "<t>state </t>",
            "'state '",
            edited=STRINGS,
        ),
        one(
            "inline",
            "header-mismatch",
            MEMBERS,
            '<c r="D2" t="s"><v>6</v>',
            '<c r="D2" t="inlineStr"><is><t>sta</t></is>',
            "'sta'",
            edited=SHEET,
        ),
        one(
            "formula-string",
            "header-mismatch",
            MEMBERS,
            '<c r="D2" t="s"><v>6</v>',
            '<c r="D2" t="str"><v>stat</v>',
            "'stat'",
            edited=SHEET,
        ),
        one(
            "number",
            "header-mismatch",
            MEMBERS,
            '<c r="D2" t="s"><v>6</v>',
            '<c r="D2"><v>3</v>',
            "no text",
            edited=SHEET,
        ),
        one(
            "width",
            "header-mismatch",
            MEMBERS,
            'displayName="members" ref="A2:D6"',
            'displayName="members" ref="A2:E6"',
            "4 tableColumns for 5 columns",
        ),
        one("cf", "structured-ref-in-cf", SHEET, CF, "<formula>members[name]=1</formula>", "A3:A6"),
        one("cf-at", "structured-ref-in-cf", SHEET, CF, "<formula>[@name]=1</formula>", "A3:A6"),
        one(
            "cf-scale",
            "structured-ref-in-cf",
            SHEET,
            '<cfvo type="num" val="1"/>',
            '<cfvo type="formula" val="MIN(members[name])"/>',
            "C3:C6",
        ),
        one("x14-cf", "structured-ref-in-cf", SHEET, "'名 单'!$A$1=1", "members[name]=1", "B3:B6"),
        one(
            "dv",
            "structured-ref-in-cf",
            SHEET,
            "<formula1>roles",
            "<formula1>members[name]",
            "B3:B6",
        ),
        one("x14-dv", "structured-ref-in-cf", SHEET, "'名 单'!$A$1:$A$4", "members[name]", "C9"),
        one(
            "quoted-sheet",
            "cf-foreign-sheet",
            SHEET,
            CF,
            "<formula>'名 单'!A1=1</formula>",
            "A3:A6",
        ),
        one(
            "column",
            "cf-foreign-sheet",
            SHEET,
            CF,
            "<formula>COUNTIF('名 单'!$A:$A,A3)</formula>",
            "A3:A6",
        ),
        one(
            "bare-sheet",
            "cf-foreign-sheet",
            OTHER,
            "<pageMargins",
            '<conditionalFormatting sqref="A1"><cfRule type="expression" priority="1"><formula>'
            "台账!A1=1</formula></cfRule></conditionalFormatting><pageMargins",
            "台账!A1",
        ),
        one(
            "cell",
            "table-name-is-cell",
            REPORTS,
            'displayName="reports"',
            'displayName="T01"',
            "T01",
        ),
        one("r1c1", "table-name-is-cell", REPORTS, 'displayName="reports"', 'displayName="rc"', "rc"),
        one(
            "invalid",
            "table-name-is-cell",
            REPORTS,
            'displayName="reports"',
            'displayName="a b"',
            "invalid",
        ),
        one(
            "name",
            "table-name-is-cell",
            BOOK,
            '<definedName name="roles"',
            '<definedName name="AB12">1</definedName><definedName name="roles"',
            "AB12",
        ),
        one(
            "tables",
            "duplicate-table-name",
            REPORTS,
            'displayName="reports"',
            'displayName="MEMBERS"',
            "MEMBERS",
        ),
        one(
            "name-and-table",
            "duplicate-table-name",
            REPORTS,
            'displayName="reports"',
            'displayName="Roles"',
            "Roles",
        ),
        one(
            "names",
            "duplicate-table-name",
            BOOK,
            '<definedName name="roles"',
            '<definedName name="Marked">1</definedName><definedName name="roles"',
            "arked",
        ),
        one("256", "list-too-long", SHEET, LONG, LONG + "字", "256"),
        one("surrogates", "list-too-long", SHEET, LONG, "\U00020000" + LONG[1:], "256"),
        one(
            "x14-list",
            "list-too-long",
            SHEET,
            "<xm:f>'名 单'!$A$1:$A$4",
            f'<xm:f>"{"a" * 256}"',
            "C9",
        ),
        one("round", "unbalanced-formula", SHEET, F1, "<f>SUM((1)</f>", "I1"),
        one("closing", "unbalanced-formula", SHEET, F1, "<f>SUM(1))</f>", "I1"),
        one("crossed", "unbalanced-formula", SHEET, F1, "<f>SUM({1)}</f>", "I1"),
        one("quote", "unbalanced-formula", SHEET, F1, '<f>T("a"")</f>', "I1"),
        one("sheet-quote", "unbalanced-formula", SHEET, F1, "<f>'名 单!A1</f>", "I1"),
        one("square", "unbalanced-formula", SHEET, F1, "<f>SUM(members[[name])</f>", "I1"),
        one("braces", "unbalanced-formula", SHEET, F1, "<f>SUM({1,2)</f>", "I1"),
        one("unbalanced-cf", "unbalanced-formula", SHEET, CF, "<formula>(marked</formula>", "A3:A6"),
        one("unbalanced-dv", "unbalanced-formula", SHEET, "LEN(D3)", "LEN(D3", "D3:D6"),
        one("unbalanced-name", "unbalanced-formula", BOOK, "COUNTIF(", "COUNTIF((", "marked"),
        one("missing-sheet", "dangling-name", SHEET, F1, "<f>名单!A1</f>", "名单"),
        one("missing-3d", "dangling-name", SHEET, F1, "<f>SUM(台账:乙!A1)</f>", "乙"),
        one("lost-ref", "dangling-name", SHEET, F1, "<f>SUM(#REF!)</f>", "#REF!"),
        one("lost-in-name", "dangling-name", BOOK, "'名 单'!$A$1:$A$4<", "'名 单'!#REF!<", "roles"),
        one("sheet-in-name", "dangling-name", BOOK, "'名 单'!$A$1:$A$4<", "旧!$A$1:$A$4<", "旧"),
        one("sheet-in-dv", "dangling-name", SHEET, "<formula1>roles", "<formula1>旧!A1:A4", "B3:B6"),
        one("no-value", "uncached-formula", SHEET, F1 + "<v>2</v>", F1, "I1"),
        one("empty-value", "uncached-formula", SHEET, F1 + "<v>2</v>", F1 + "<v></v>", "I1"),
        one("empty-self-closed", "uncached-formula", SHEET, F1 + "<v>2</v>", F1 + "<v/>", "I1"),
        one("prefixed", "prefix", SHEET, F1, "<f>_xlfn.XLOOKUP(1,A1,A2)</f>", "XLOOKUP"),
        one("worksheet", "prefix", SHEET, F1, "<f>_xlfn._xlws.FILTER(A1,A2)</f>", "FILTER"),
        one("bare", "prefix", SHEET, F1, "<f>concat(1,2)</f>", "CONCAT"),
        one("unknown", "prefix", SHEET, F1, "<f>_xlfn.TOMORROW(1)</f>", "TOMORROW"),
        one("lacking", "prefix", SHEET, F1, "<f>STDEV.S(1,2)</f>", "lacks"),
        one("prefix-in-name", "prefix", BOOK, "COUNTIF(", "IFNA(", "IFNA"),
        one(
            "missing-table",
            "missing-part",
            SHEET,
            '<tablePart r:id="rId1"/>',
            '<tablePart r:id="rId77"/>',
            "rId77",
        ),
        one(
            "missing-target",
            "missing-part",
            SHEET,
            "</Relationships>",
            '<Relationship Id="rId9" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
            'relationships/drawing" Target="../drawings/drawing9.xml"/></Relationships>',
            "xl/drawings/drawing9.xml",
            edited="xl/worksheets/_rels/sheet1.xml.rels",
        ),
        one(
            "missing-sheet-part",
            "missing-part",
            BOOK,
            "<sheets>",
            '<sheets><sheet name="空" sheetId="9" r:id="rId99"/>',
            "rId99",
        ),
        one(
            "tables-meet",
            "table-overlap",
            MEMBERS,
            'displayName="reports" ref="F2:G4"',
            'displayName="reports" ref="C6:D8" headerRowCount="0"',
            "reports",
            edited=REPORTS,
        ),
        one(
            "merge",
            "table-overlap",
            MEMBERS,
            '<mergeCell ref="A1:D1"/>',
            '<mergeCell ref="D6:E7"/>',
            "D6:E7",
            edited=SHEET,
        ),
        one(
            "merged-away",
            "table-overlap",
            REPORTS,
            '<mergeCell ref="A1:D1"/>',
            '<mergeCell ref="G1:H2"/>',
            "G1:H2",
            edited=SHEET,
        ),
    ]
    + [
        Case(
            "header-character",
            MEMBERS,
            {
                STRINGS: [("<t>state</t>", f"<t>{text}</t>")],
                MEMBERS: [('name="state"', f'name="{attribute}"')],
            },
            "column 4",
            id,
        )
        for id, text, attribute in [
            ("newline", "sta\nte", "sta_x000a_te"),
            ("escaped-newline", "sta_x000A_te", "sta&#10;te"),
            ("open", "sta[te", "sta[te"),
            ("close", "sta]te", "sta]te"),
            ("hash", "#", "#"),
            ("apostrophe", "it's", "it's"),
            ("at", "@state", "@state"),
        ]
    ]
    + [
        Case(
            "duplicate-header",
            MEMBERS,
            {
                STRINGS: [("<t>state</t>", "<t>NAME</t>")],
                MEMBERS: [('name="state"', 'name="NAME"')],
            },
            "'NAME' in column 4",
            "case",
        )
    ]
)


def test_a_clean_workbook_has_no_defect(clean: Path) -> None:
    assert lint(clean) == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.rule}-{case.id}")
def test_one_defect_breaks_one_rule(case: Case, clean: Path, tmp_path: Path) -> None:
    defects = lint(patch(clean, tmp_path / "broken.xlsx", case.edits))
    assert [(defect.rule, defect.part) for defect in defects] == [(case.rule, case.part)]
    assert case.detail in defects[0].detail


def test_every_rule_has_a_failing_file() -> None:
    assert {case.rule for case in CASES} == set(RULES)


def test_the_clean_workbook_passes_the_validator_too(clean: Path) -> None:
    if reason := ooxml_validator.available():
        pytest.skip(reason)
    assert ooxml_validator.validate([clean]) == {clean: []}


def test_the_validator_finds_what_breaks_the_schema(clean: Path, tmp_path: Path) -> None:
    if reason := ooxml_validator.available():
        pytest.skip(reason)
    broken = patch(clean, tmp_path / "broken.xlsx", {SHEET: [("<x14:cfRule ", '<x14:cfRule nonsense="1" ')]})
    torn = tmp_path / "torn.xlsx"
    torn.write_bytes(clean.read_bytes()[:900])
    found = ooxml_validator.validate([broken, clean, torn])
    assert list(found) == [broken, clean, torn]
    assert found[clean] == []
    assert re.search(r"UndeclaredAttribute .*sheet1\.xml.*nonsense", "\n".join(found[broken]))
    assert "corrupted" in "\n".join(found[torn])


def test_strict_packages_and_cells_without_an_address_are_read(clean: Path, tmp_path: Path) -> None:
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    strict = "http://purl.oclc.org/ooxml/spreadsheetml/main"
    edits = {part: [(main, strict)] for part in (BOOK, SHEET, MEMBERS, STRINGS)}
    edits[SHEET] += [(f' r="{cell}"', "") for cell in ("A2", "B2", "C2", "D2")] + [
        (F1 + "<v>2</v>", F1),
        ('<row r="2"', "<row"),
    ]
    defects = lint(patch(clean, tmp_path / "strict.xlsx", edits))
    assert defects == [Defect("uncached-formula", SHEET, "I1")]


@pytest.mark.parametrize(
    "name",
    ["A1", "t01", "XFD1048576", "R", "c", "R1C1", "RC", "rc16384", "R1048576C", "C7", "R007"],
)
def test_names_that_read_as_cells(name: str) -> None:
    assert reads_as_cell(name)


@pytest.mark.parametrize(
    "name",
    [
        "A0",
        "XFE1",
        "A1048577",
        "members",
        "T",
        "XFD",
        "R1C16385",
        "R0C1",
        "RC1x",
        "T_01",
        "T01a",
        "ABCD1",
        "",
        "汇总1",
        "C1R1",
    ],
)
def test_names_that_do_not_read_as_cells(name: str) -> None:
    assert not reads_as_cell(name)


def test_the_function_lists_do_not_meet() -> None:
    assert not NEWER & PREFIXED
    assert not (NEWER | PREFIXED) & EITHER


def test_formulas_alike_but_for_their_rows_share_one_analysis() -> None:
    assert analyse("IF($B5<>A5,Plan1!A5,0)") is analyse("IF($B77<>A77,Plan1!A77,0)")
    assert analyse("Plan1!A5").sheets == {"plan1"}
    assert analyse("Plan22!A5").sheets == {"plan22"}
    assert analyse("'Plan A22'!A5").sheets == {"plan a22"}
    assert analyse("LOG10(A5)").functions == {"LOG10"}


def test_a_large_sheet_is_linted_in_seconds(tmp_path: Path) -> None:
    path = tmp_path / "large.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("台账")
    for row in range(5000):
        for column in range(9):
            sheet.write_string(row, column, f"值{row}")
        formula = f'=IF(A{row + 1}="","",IF(COUNTIF($A$1:$A$5000,A{row + 1})>1,"重复","好"))'
        sheet.write_formula(row, 9, formula, None, "好")
    sheet.write_formula("L5000", "=SUM(1", None, 1)
    book.close()
    assert lint(path) == [Defect("unbalanced-formula", SHEET, "L5000: SUM(1")]
    shapes = {analyse(f'IF(A{row}="","",IF(COUNTIF(A1,A{row})>1,1,2))') for row in range(1, 5000)}
    assert len(shapes) == 1
