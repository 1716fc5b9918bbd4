"""What is saved of a damaged package is what stood there; whatever is lost, or may be wrong, is told."""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.codes import covers
from support.hostile_case import BOOK, BOOK_RELATIONS, ROOT_RELATIONS, SHEET, STRINGS, TYPES, book, package, parts
from support.hostile_zips import with_field
from support.office import FIRST_UNIT, PEOPLE, SCHEDULE, fresh_office

from workbook_files.limits import RESCUE
from workbook_files.reader import read_grid, read_salvaged
from workbook_templates.pen import Field, Pen
from xingzhi.findings import Finding
from xingzhi.grid import Grid, Sheet
from xingzhi.labels import Lang

EVERYWHERE = {"texts_doubtful", "styles", "names"}
"""Losses that speak of every sheet."""


@cache
def filled() -> bytes:
    """A filled workbook of T01."""
    with tempfile.TemporaryDirectory() as folder:
        return fresh_office(Path(folder) / "办").filled("T01", FIRST_UNIT).read_bytes()


@cache
def drawn() -> bytes:
    """A workbook of three sheets, its parts in the order in which the templates are written."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "表.xlsx"
        with Pen(path) as pen:
            for sheet in ("甲", "乙", "丙"):
                rows = [[f"{sheet}{number}", str(number * 7)] for number in range(400)]
                pen.table(
                    pen.add_sheet(sheet), [Field("姓名", 12), Field("数", 9)], rows, name=f"rows_{sheet}", header_row=0
                )
        return path.read_bytes()


@cache
def truth(data: bytes) -> Grid:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "原.xlsx"
        path.write_bytes(data)
        grid, _ = read_grid(path)
    assert grid is not None
    return grid


def salvage(data: bytes, folder: Path) -> tuple[Grid | None, list[Finding]]:
    path = folder / "坏.xlsx"
    path.write_bytes(data)
    return read_salvaged(path, RESCUE)


def kinds(findings: list[Finding]) -> set[str]:
    """The kinds of what is lost, with the sheet where it is one sheet's."""
    return {each.told_as.removeprefix("F117|").rstrip("|") for each in findings if each.code == "F117"}


def cells(sheet: Sheet) -> dict[tuple[int, int], object]:
    return {
        (row, column): value
        for row, line in enumerate(sheet.rows, start=1)
        for column, value in enumerate(line, start=1)
        if value is not None
    }


def check(data: bytes, damaged: bytes, folder: Path) -> Grid | None:
    """Nothing is silently wrong, and nothing silently missing."""
    grid, findings = salvage(damaged, folder)
    if grid is None:
        assert findings
        return None
    told = kinds(findings)
    everywhere = bool(EVERYWHERE & told)
    for old in truth(data).sheets:
        new = grid.sheet(old.name)
        own = {each.split("|")[0] for each in told if each.endswith(f"|{old.name}")}
        if new is None:
            assert everywhere or "cut_off" in told, old.name
            continue
        was, now = cells(old), {at: value for at, value in cells(new).items() if at not in new.errors}
        if not everywhere and not own & {"doubtful", "rows_doubtful"}:
            assert {at: value for at, value in now.items() if was.get(at) != value} == {}, (old.name, told)
        missing = was.keys() - now.keys()
        if missing and not everywhere and not own:
            assert "texts" in told and missing <= new.errors.keys(), (old.name, told)
    for each in findings:
        assert each.message(Lang.ZH) != each.message(Lang.EN) and each.remedy(Lang.ZH)
    assert len({each.key for each in findings}) == len(findings)
    return grid


@pytest.mark.parametrize("tenth", range(1, 10))
@pytest.mark.parametrize("whole", [filled, drawn])
def test_a_package_cut_at_each_tenth(whole: Callable[[], bytes], tenth: int, tmp_path: Path) -> None:
    data = whole()
    check(data, data[: len(data) * tenth // 10], tmp_path)


@pytest.mark.parametrize("whole", [filled, drawn])
def test_a_package_without_its_end_has_all_its_rows(whole: Callable[[], bytes], tmp_path: Path) -> None:
    data = whole()
    grid = check(data, data[:-600], tmp_path)
    assert grid is not None
    assert [cells(sheet) for sheet in grid.sheets] == [cells(sheet) for sheet in truth(data).sheets]
    _, findings = salvage(data[:-600], tmp_path)
    assert kinds(findings) == {"cut_off"}
    assert "没有传完" in findings[0].message(Lang.ZH)


@covers("F117")
def test_a_sheet_that_was_written_over_leaves_the_others_whole(tmp_path: Path) -> None:
    data = bytearray(drawn())
    at = data.index(b"xl/worksheets/sheet2.xml") + 1500
    data[at : at + 300] = bytes(range(256)) + bytes(44)
    grid = check(drawn(), bytes(data), tmp_path)
    assert grid is not None
    for name in ("甲", "丙"):
        assert grid.sheet(name) == truth(drawn()).sheet(name)
    _, findings = salvage(bytes(data), tmp_path)
    (found,) = findings
    assert kinds(findings) == {"rows_doubtful|乙"} and found.sheet == "乙" and "“乙”第 " in found.message(Lang.ZH)
    saved = grid.sheet("乙")
    assert saved is not None and 20 < len(saved.rows) < 401
    assert cells(saved).items() <= cells(truth(drawn()).sheet("乙") or saved).items()


def test_a_filled_workbook_with_a_sheet_written_over(tmp_path: Path) -> None:
    (tmp_path / "整.xlsx").write_bytes(filled())
    with zipfile.ZipFile(tmp_path / "整.xlsx") as archive:
        sheets = [sheet.name for sheet in truth(filled()).sheets]
        part = f"xl/worksheets/sheet{sheets.index(PEOPLE) + 1}.xml"
        at = archive.getinfo(part).header_offset + 30 + len(part) + 900
    data = bytearray(filled())
    data[at : at + 300] = b"\x5a" * 300
    grid = check(filled(), bytes(data), tmp_path)
    assert grid is not None and grid.sheet(SCHEDULE) == truth(filled()).sheet(SCHEDULE)
    assert {each.partition("|")[2] for each in kinds(salvage(bytes(data), tmp_path)[1])} == {PEOPLE}


def test_a_wrong_checksum_is_told_and_the_rows_are_read(tmp_path: Path) -> None:
    grid, findings = salvage(with_field(book(), SHEET, "crc", 1), tmp_path)
    assert grid is not None and cells(grid.sheets[0]) == cells(truth(book()).sheets[0])
    assert {each.partition("|")[0] for each in kinds(findings)} == {"doubtful"}


def without_texts() -> bytes:
    """The workbook without the part that holds its texts, and cut off."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(drawn())) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name != STRINGS:
                new.writestr(name, old.read(name))
    return made.getvalue()[:-1]


def with_few_texts() -> bytes:
    """The workbook with the part that holds its texts written over from its middle on."""
    data = bytearray(drawn())
    at = data.index(STRINGS.encode()) + 1500
    data[at : at + 300] = b"\xff" * 300
    return bytes(data)


@pytest.mark.parametrize(
    ("damaged", "told"), [(without_texts, {"texts"}), (with_few_texts, {"texts", "texts_doubtful"})]
)
def test_texts_that_are_lost_are_errors_and_no_blanks(
    damaged: Callable[[], bytes], told: set[str], tmp_path: Path
) -> None:
    grid = check(drawn(), damaged(), tmp_path)
    assert grid is not None and kinds(salvage(damaged(), tmp_path)[1]) - {"cut_off"} == told
    last = grid.sheets[-1]
    assert last.errors[(401, 1)] == "#N/A" and last.value(401, 1) is None
    texts = {at for at, value in cells(truth(drawn()).sheets[-1]).items() if isinstance(value, str)}
    assert texts <= last.errors.keys() | cells(last).keys()


@pytest.mark.parametrize("lost", [TYPES, BOOK_RELATIONS, BOOK, ROOT_RELATIONS])
def test_what_names_the_sheets_is_made_anew(lost: str, tmp_path: Path) -> None:
    grid, findings = salvage(package(parts({lost: None}))[:-1], tmp_path)
    assert grid is not None and cells(grid.sheets[0]) == cells(truth(book()).sheets[0])
    assert ("names" in kinds(findings)) == (lost in (BOOK, BOOK_RELATIONS))
    assert grid.sheets[0].name == ("表1" if lost == BOOK else truth(book()).sheets[0].name)


@covers("F101")
def test_where_nothing_is_left_the_original_is_asked_for(tmp_path: Path) -> None:
    grid, (found,) = salvage(filled()[:400], tmp_path)
    assert grid is None and found.code == "F101"
    assert "没有救出" in found.message(Lang.ZH) and "重新发一次原文件" in found.remedy(Lang.ZH)


@covers("F101")
def test_a_file_that_was_cut_off_is_to_be_sent_again(tmp_path: Path) -> None:
    path = tmp_path / "坏.xlsx"
    path.write_bytes(filled()[:-600])
    grid, (found,) = read_grid(path)
    assert grid is None and found.remedy(Lang.ZH) == "没有传完，请单位重新发一次原文件"


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(
    st.lists(st.tuples(st.floats(0, 0.999), st.binary(min_size=1, max_size=200)), max_size=4),
    st.one_of(st.none(), st.floats(0.05, 1)),
)
def test_random_damage_never_raises_nor_goes_untold(damage: list[tuple[float, bytes]], cut: float | None) -> None:
    data = bytearray(drawn())
    for place, piece in damage:
        at = int(place * len(data))
        data[at : at + len(piece)] = piece
    with tempfile.TemporaryDirectory() as folder:
        check(drawn(), bytes(data[: int(len(data) * (1 if cut is None else cut))]), Path(folder))
