"""Damaged packages are findings with a reason that a clerk understands; what is wrong with the disk is raised."""

from __future__ import annotations

import errno
import logging
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from support.codes import covers

from workbook_files import reader
from workbook_files.properties import read_properties
from workbook_files.reader import read_grid
from workbook_files.workers import read_all
from workbook_templates.pen import Field, Pen
from xingzhi.findings import Finding
from xingzhi.labels import Lang

LOCAL, CENTRAL = b"PK\x03\x04", b"PK\x01\x02"


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "报来.xlsx"
    with Pen(path) as pen:
        pen.book.set_custom_property("xingzhi.unit", "T01")
        pen.table(pen.add_sheet("人员名册"), [Field("姓名", 12)], [["石一"]], name="people", header_row=0)
    return path


def central(data: bytearray, part: str, offset: int, value: int) -> None:
    """Overwrite two bytes of a part's entry in the central directory."""
    at = data.rindex(CENTRAL, 0, data.rindex(part.encode()))
    struct.pack_into("<H", data, at + offset, value)


def newer_zip(data: bytearray) -> None:
    central(data, "xl/workbook.xml", 6, 99)


def unknown_compression(data: bytearray) -> None:
    central(data, "xl/worksheets/sheet1.xml", 10, 97)


def encrypted_part(data: bytearray) -> None:
    central(data, "xl/worksheets/sheet1.xml", 8, 1)


def torn_stream(data: bytearray) -> None:
    at = data.index(b"xl/worksheets/sheet1.xml") + len("xl/worksheets/sheet1.xml")
    data[at : at + 40] = bytes([0xFF]) * 40


def torn_end(data: bytearray) -> None:
    del data[len(data) // 2 :]


@pytest.mark.parametrize("damage", [newer_zip, unknown_compression, torn_stream])
@covers("F101")
def test_a_damaged_package_is_told_in_the_reader_s_language(book: Path, damage: Callable[[bytearray], None]) -> None:
    data = bytearray(book.read_bytes())
    damage(data)
    book.write_bytes(data)
    grid, (found,) = read_grid(book)
    assert grid is None and (found.code, found.file) == ("F101", "报来.xlsx")
    assert "内容已损坏（" in found.message(Lang.ZH)
    assert "its content is damaged (" in found.message(Lang.EN)


@covers("F101")
def test_a_file_that_was_cut_off_on_its_way_is_told_so(book: Path) -> None:
    data = bytearray(book.read_bytes())
    torn_end(data)
    book.write_bytes(data)
    grid, (found,) = read_grid(book)
    assert grid is None and found.code == "F101" and "没有传完" in found.message(Lang.ZH)


@covers("F101")
@pytest.mark.parametrize("declared", [1, 60_000])
def test_what_a_package_says_of_its_sizes_is_not_believed(book: Path, declared: int) -> None:
    data = bytearray(book.read_bytes())
    central(data, "xl/worksheets/sheet1.xml", 24, declared)
    book.write_bytes(data)
    grid, (found,) = read_grid(book)
    assert grid is None and found.code == "F101" and "登记的大小与内容不符" in found.message(Lang.ZH)


@covers("F103")
def test_a_package_of_encrypted_parts_has_a_password(book: Path) -> None:
    data = bytearray(book.read_bytes())
    encrypted_part(data)
    book.write_bytes(data)
    grid, (found,) = read_grid(book)
    assert grid is None and found.code == "F103"


def test_random_damage_never_raises(book: Path) -> None:
    whole, random = book.read_bytes(), Random(2026)
    for _ in range(300):
        data = bytearray(whole)
        for _ in range(random.randint(1, 6)):
            data[random.choice([random.randrange(len(data)), len(data) - random.randint(1, 900)])] = random.randrange(
                256
            )
        book.write_bytes(data)
        grid, findings = read_grid(book)
        assert (grid is None) == bool(findings)


class Panic(BaseException):
    """What a panic in Rust is to Python."""


@pytest.mark.parametrize("error", [Panic("index out of bounds"), zlib.error("Error -3"), Panic()])
def test_whatever_a_parser_raises_is_a_finding(
    book: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    monkeypatch.setattr(reader, "read_properties", raising(error))
    grid, (found,) = read_grid(book)
    assert grid is None and found.code == "F101"
    assert (str(error) or type(error).__name__) in found.message(Lang.ZH)


@pytest.mark.parametrize("error", [KeyboardInterrupt(), MemoryError(), PermissionError(errno.EACCES, "denied")])
def test_what_is_not_the_file_s_fault_is_raised(
    book: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    monkeypatch.setattr(reader, "read_properties", raising(error))
    with pytest.raises(type(error)):
        read_grid(book)


def raising(error: BaseException) -> Callable[[Path], object]:
    def fail(_: Path) -> object:
        raise error

    return fail


def test_a_part_with_an_encoding_that_there_is_not_counts_as_absent(book: Path, tmp_path: Path) -> None:
    odd = tmp_path / "odd.xlsx"
    with zipfile.ZipFile(book) as old, zipfile.ZipFile(odd, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name.startswith("docProps"):
                data = b'<?xml version="1.0" encoding="klingon"?><Properties/>'
            new.writestr(name, data)
    found = read_properties(odd)
    assert found.custom == {} and found.modified is None


def test_a_time_of_change_beyond_the_calendar_counts_as_unknown(book: Path, tmp_path: Path) -> None:
    odd = tmp_path / "odd.xlsx"
    core = '<c xmlns:d="http://purl.org/dc/terms/"><d:modified>9999-12-31T23:59:59-12:00</d:modified></c>'
    with zipfile.ZipFile(book) as old, zipfile.ZipFile(odd, "w") as new:
        for name in old.namelist():
            new.writestr(name, core if name == "docProps/core.xml" else old.read(name))
    assert read_properties(odd).modified is None


def fail_on_one(path: Path) -> str:
    """A task with a fault of the program in it."""
    if path.name == "坏.xlsx":
        raise KeyError("from")
    if path.name == "锁.xlsx":
        raise PermissionError(errno.EACCES, "Permission denied")
    return path.name


@covers("F110", "F101")
def test_a_failure_of_the_program_stops_one_file_and_is_logged(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    paths = [tmp_path / name for name in ("甲.xlsx", "坏.xlsx", "锁.xlsx", "乙.xlsx")]
    with caplog.at_level(logging.ERROR):
        read = dict(read_all(paths, fail_on_one, workers=1))
    assert read[paths[0]] == "甲.xlsx" and read[paths[3]] == "乙.xlsx"
    failed, locked = read[paths[1]], read[paths[2]]
    assert isinstance(failed, Finding) and (failed.code, failed.file) == ("F110", "坏.xlsx")
    assert "KeyError" in failed.message(Lang.ZH)
    assert "fail_on_one" in caplog.text  # the traceback, for whoever maintains this
    assert isinstance(locked, Finding) and locked.code == "F101" and "占用" in locked.message(Lang.ZH)


def test_a_sheet_that_reaches_far_is_read_whatever_its_file_is_called(tmp_path: Path) -> None:
    path = tmp_path / "台账.tmp"
    with Pen(path) as pen:
        sheet = pen.add_sheet("远")
        sheet.write_string(0, 0, "近处")
        sheet.write_string(1_048_575, 16_383, "远处")
    grid, findings = read_grid(path)
    assert grid is not None, findings
    assert (grid.sheets[0].value(1, 1), grid.sheets[0].value(1_048_576, 16_384)) == ("近处", "远处")
