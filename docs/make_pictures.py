"""Draw `docs/pictures/*.png` and write the formulas into `docs/self-check.md`. Run it as `python docs/make_pictures.py`.

An invented unit's workbook is written with the rows of `picture_rows.yaml`, checked as `xingzhi check` would, and written
anew with what was found. LibreOffice computes and draws it; pdftoppm (poppler-utils) makes the pictures.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import yaml
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.dimensions import ColumnDimension
from openpyxl.worksheet.header_footer import HeaderFooter
from openpyxl.worksheet.worksheet import Worksheet

DOCS = Path(__file__).resolve().parent
sys.path[:0] = [str(DOCS.parent), str(DOCS.parent / "tests")]

from support import libreoffice  # noqa: E402

from workbook_files.reader import read_grid  # noqa: E402
from workbook_templates import deadline_sheet, findings_sheet, sheet_names  # noqa: E402
from workbook_templates.profiles import profile  # noqa: E402
from workbook_templates.tables.registry import TABLES  # noqa: E402
from workbook_templates.unit_book import UnitBook  # noqa: E402
from workbook_templates.unit_workbook import build  # noqa: E402
from xingzhi.checks.workbook import check_workbook  # noqa: E402
from xingzhi.cleaning import Raw  # noqa: E402
from xingzhi.columns import Table, record_number  # noqa: E402
from xingzhi.fulfilment import UnitRecords  # noqa: E402
from xingzhi.headers import HEADER_ROW  # noqa: E402
from xingzhi.identity import TEMPLATE_VERSION, Identity  # noqa: E402
from xingzhi.normalise import normalise  # noqa: E402
from xingzhi.programme import Term  # noqa: E402
from xingzhi.rows import Row  # noqa: E402

PICTURES = DOCS / "pictures"
PAGE = DOCS / "self-check.md"
TODAY = date(2026, 7, 24)
UNIT = "MZ01"
SELF_CHECK = "自查"
DPI = 110
SMALLER = {"guide": 74, "findings": 84}
"""Where most of a page is text, it is legible in fewer dots, and no picture should be heavy."""

BLANK_ROWS = 1
"""Blank rows that a picture shows below those in use."""

LINES = 12
"""How many lines of 应报事项 and of 校验结果 a picture shows."""

TERM = Term(programme=profile("tengxian-civil-affairs"), year=2026)
_BEGIN, _END = "<!-- formula {key} -->", "<!-- end -->"


@cache
def rows() -> dict[str, tuple[Row, ...]]:
    """The rows as a reader of the clerk's file would understand them, by table."""
    typed = yaml.safe_load((DOCS / "picture_rows.yaml").read_text(encoding="utf-8"))
    return {table.key: tuple(_rows(table, typed[table.label.zh])) for table in TABLES}


def _rows(table: Table, typed: list[dict[str, Raw]]) -> Iterator[Row]:
    by_header = {column.label.zh: column for column in table.columns}
    for number, cells in enumerate(typed, start=1):
        read = {by_header[header].key: normalise(cell, by_header[header], TERM.time) for header, cell in cells.items()}
        values = {column.key: read[column.key].value if column.key in read else None for column in table.columns}
        invalid = frozenset(key for key, each in read.items() if each.invalid)
        yield Row(table.key, values, record=record_number(UNIT, table.letters, number), invalid=invalid)


def write(path: Path) -> None:
    """The workbook with its findings in 校验结果."""
    identity = Identity(TEMPLATE_VERSION, TERM.programme.id, TERM.year, UNIT, "青石镇民政办", 1)
    used = {key: len(each) for key, each in rows().items()}
    book = UnitBook(TERM, identity, TODAY, UnitRecords(UNIT, rows()), serials=used, live=False)
    build(book, path)
    grid, _ = read_grid(path)
    assert grid is not None
    checked = check_workbook(grid, identity, TERM, TABLES, TODAY)
    build(replace(book, findings=checked.findings), path)


def formulas(path: Path) -> dict[str, str]:
    """The self-check formula of the first row of each table that has one."""
    book = load_workbook(path)
    found = {}
    for table in TABLES:
        (headers, first) = book[table.label.zh].iter_rows(min_row=HEADER_ROW, max_row=HEADER_ROW + 1)
        cell = next((below for head, below in zip(headers, first, strict=True) if head.value == SELF_CHECK), None)
        if cell is not None:
            found[table.key] = str(cell.value)
    return found


def shown(formula: str) -> str:
    """A formula as the page shows it: a line for each thing that is checked."""
    return re.sub(r"(?<=[)\"])&(?=IF\()", "\n  &", formula)


def with_formulas(page: str, found: dict[str, str]) -> str:
    """The page with the formulas between its marks. KeyError where a formula has no place."""
    for key, formula in found.items():
        begin = _BEGIN.format(key=key)
        if begin not in page:
            raise KeyError(begin)
        head, _, rest = page.partition(begin)
        page = f"{head}{begin}\n```text\n{shown(formula)}\n```\n{_END}{rest.partition(_END)[2]}"
    return page


def crop_sheets(path: Path, out: Path) -> list[str]:
    """Copy the workbook so that each sheet prints on one page what its picture shows; the names of the pictures."""
    book = load_workbook(path)
    names = []
    for table in TABLES:
        sheet = book[table.label.zh]
        last = HEADER_ROW + len(rows()[table.key]) + BLANK_ROWS
        _hide_unused(sheet, last)
        _print(sheet, f"A1:{get_column_letter(sheet.max_column)}{last}")
        names.append(table.key)
    last = findings_sheet.HEADER + 1 + LINES
    guide, deadlines = book[sheet_names.GUIDE.zh], book[sheet_names.DEADLINES.zh]
    edge = max(cell.column for row in guide.iter_rows() for cell in row if cell.value is not None) - 1
    _print(guide, f"A1:{get_column_letter(edge)}{guide.max_row}")
    _print(deadlines, f"A1:K{deadline_sheet.HEADER + 1 + LINES}")
    _print(book[sheet_names.FINDINGS.zh], f"A1:J{last}")
    book.save(out)
    return ["guide", *names, "deadlines", "findings"]


def _hide_unused(sheet: Worksheet, last: int) -> None:
    """Hide the columns in which no row holds anything: a picture of all of them could not be read."""
    # openpyxl keeps neighbours of one width as one, and would hide them together.
    for group in list(sheet.column_dimensions.values()):
        for column in range(group.min or 1, (group.max or 0) + 1):
            sheet.column_dimensions[get_column_letter(column)] = ColumnDimension(
                sheet, index=get_column_letter(column), width=group.width, customWidth=True
            )
    for column in range(1, sheet.max_column + 1):
        cells = [sheet.cell(row, column).value for row in range(HEADER_ROW + 1, last - BLANK_ROWS + 1)]
        if not any(cell is not None for cell in cells):
            sheet.column_dimensions[get_column_letter(column)].hidden = True


def _print(sheet: Worksheet, area: str) -> None:
    sheet.print_area = area
    sheet.print_title_rows = sheet.print_title_cols = None
    sheet.page_setup.fitToWidth = sheet.page_setup.fitToHeight = 1
    sheet.HeaderFooter = HeaderFooter()


def draw(path: Path, folder: Path) -> list[Path]:
    """Draw the workbook's sheets into `folder`, each cropped to what is on it."""
    with tempfile.TemporaryDirectory(prefix="xingzhi-pictures-") as name:
        names = crop_sheets(path, Path(name, "cropped.xlsx"))
        pdf = libreoffice.convert(Path(name, "cropped.xlsx"), "pdf", Path(name))
        made = []
        for page, picture in enumerate(names, start=1):
            dpi = SMALLER.get(picture, DPI)
            left, top, width, height = _ink(pdf, page, dpi)
            made.append(folder / f"{picture}.png")
            crop = ["-x", str(left), "-y", str(top), "-W", str(width), "-H", str(height)]
            made[-1].write_bytes(_pdftoppm(pdf, page, dpi, "-png", *crop))
    return made


def _ink(pdf: Path, page: int, dpi: int, margin: int = 8) -> tuple[int, int, int, int]:
    """The box of a page that is not white, with a margin: left, top, width, height in pixels."""
    image = _pdftoppm(pdf, page, dpi, "-gray")
    header = re.match(rb"P5\s+(\d+)\s+(\d+)\s+255\s", image)
    assert header, "pdftoppm wrote no grey map"
    width, pixels = int(header[1]), image[header.end() :]
    lines = [pixels[start : start + width] for start in range(0, len(pixels), width)]
    inked = [number for number, line in enumerate(lines) if line.strip(b"\xff")]
    left = min(len(line) - len(line.lstrip(b"\xff")) for line in lines)
    right = max(len(line.rstrip(b"\xff")) for line in lines)
    top, bottom = max(inked[0] - margin, 0), inked[-1] + margin
    left = max(left - margin, 0)
    return left, top, right + margin - left, bottom - top


def _pdftoppm(pdf: Path, page: int, dpi: int, *options: str) -> bytes:
    command = ["pdftoppm", "-r", str(dpi), "-f", str(page), "-l", str(page), *options, str(pdf)]
    return subprocess.run(command, check=True, capture_output=True, timeout=120).stdout


def main() -> None:
    """Make everything anew."""
    reason = libreoffice.available(drawing=True)
    if reason:
        raise SystemExit(f"no pictures: {reason}")
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="xingzhi-pictures-") as name:
        path = Path(name, "unit.xlsx")
        write(path)
        for made in draw(path, PICTURES):
            print(f"{made.relative_to(DOCS.parent)}: {made.stat().st_size // 1000} KB")
        PAGE.write_text(with_formulas(PAGE.read_text(encoding="utf-8"), formulas(path)), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
