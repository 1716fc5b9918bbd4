"""Each rule of the lint has a file that breaks it and nothing else; the file they are made from is
clean."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import xlsxwriter
from support import ooxml_validator
from support.lint_book import BOOK, MEMBERS, SHEET, STRINGS, patch, write_clean
from support.lint_cases import CASES, F1, Case

from workbook_files.lint import EITHER, NEWER, PREFIXED, RULES, Defect, analyse, lint, reads_as_cell


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_clean(tmp_path_factory.mktemp("lint"))


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
