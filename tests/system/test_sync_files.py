"""Files that cannot be taken: each is refused with a reason, and none holds up the others."""

from __future__ import annotations

import os
import signal
import zipfile
from datetime import date
from pathlib import Path
from random import Random

import openpyxl
import pytest
from support.codes import covers
from support.office import (
    FIRST_UNIT,
    PEOPLE,
    PROGRAMME,
    TODAY,
    Bureau,
    codes,
    fresh_office,
    sha256,
    statuses,
    typing,
)

from workbook_files.workers import read_all
from workbook_templates.profiles import profile
from workbook_templates.unit_book import UnitBook
from workbook_templates.unit_workbook import build
from xingzhi.findings import Finding
from xingzhi.identity import TEMPLATE_VERSION, Identity
from xingzhi.labels import Lang
from xingzhi.programme import Term

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@pytest.fixture
def office(tmp_path: Path) -> Bureau:
    """Workbooks are issued, nothing is received."""
    return fresh_office(tmp_path / "行动办")


def send(
    office: Bureau,
    name: str,
    *,
    version: str = TEMPLATE_VERSION,
    programme: str = PROGRAMME,
    year: int = 2026,
    unit: str,
) -> Path:
    """A workbook with another identity, and one person in it, in the inbox."""
    path = office.folder.inbox / name
    term = Term(programme=profile(PROGRAMME), year=year)
    build(UnitBook(term, Identity(version, programme, year, unit=unit), date(2026, 6, 1)), path)
    with typing(path) as book:
        book.add(PEOPLE, {"姓名": "石一", "部门": "办公室", "班子成员": "是"})
    return path


@pytest.mark.parametrize(
    ("identity", "code"),
    [
        ({"programme": "another-programme"}, "B102"),
        ({"year": 2025}, "B103"),
        ({"version": "0"}, "B104"),
    ],
    ids=["programme", "year", "version"],
)
@covers("B102", "B103", "B104")
def test_the_wrong_workbook_is_refused_with_its_reason(office: Bureau, identity: dict[str, object], code: str) -> None:
    send(office, "报来.xlsx", unit="T01", **identity)  # type: ignore[arg-type]
    office.filled("T02", {PEOPLE: [{"姓名": "柳一", "部门": "办公室", "班子成员": "是"}]})
    result = office.sync()
    assert statuses(result) == {"T01": "rejected", "T02": "accepted", "T03": "missing"}
    assert codes(result, "T01") == [code]
    assert [line["姓名"] for line in office.lines("汇总_人员名册")] == ["柳一"]
    again = office.sync()
    assert statuses(again)["T01"] == "rejected" and not again.written


def test_a_refused_file_speaks_only_while_it_lies_in_the_inbox(office: Bureau) -> None:
    path = send(office, "去年的.xlsx", unit="T01", year=2025)
    office.sync()
    path.unlink()
    office.filled("T01", FIRST_UNIT)
    result = office.sync()
    assert statuses(result)["T01"] == "accepted" and codes(result, "T01") == []


@covers("B105")
def test_a_unit_that_the_office_does_not_know_is_listed_as_unmatched(office: Bureau) -> None:
    send(office, "外县.xlsx", unit="X99")
    result = office.sync()
    assert [(each.code, each.file, each.unit) for each in result.unmatched] == [("B105", "外县.xlsx", "")]
    assert set(statuses(result).values()) == {"missing"}
    assert "X99" in office.line("填报问题", 代码="B105")["问题"]
    master = sha256(office.master)
    assert not office.sync().written and sha256(office.master) == master


@pytest.mark.parametrize(
    ("name", "unit"), [("青石镇民政办6月.xlsx", "T01"), ("旧柳乡民政办.xlsx", "T02")], ids=["name", "former name"]
)
@covers("B101")
def test_a_file_without_identity_is_the_unit_s_that_its_name_names(office: Bureau, name: str, unit: str) -> None:
    book = openpyxl.Workbook()
    book.active.append(["姓名", "部门"])  # type: ignore[union-attr]
    book.save(office.folder.inbox / name)
    result = office.sync()
    assert statuses(result)[unit] == "rejected" and codes(result, unit) == ["B101"]
    assert result.unmatched == []


def test_a_blank_template_is_taken_by_the_name_of_its_file(office: Bureau) -> None:
    send(office, "白沙镇民政办.xlsx", unit="")
    result = office.sync()
    assert statuses(result)["T03"] == "accepted"
    assert office.line("汇总_人员名册", 姓名="石一")["单位代码"] == "T03"


def test_a_unit_found_by_the_office_s_file_pattern(office: Bureau) -> None:
    with office.at_work() as book:
        book.put("单位名册", 3, {"来源": "*白沙*.xlsx"})
    send(office, "【白沙】报表.xlsx", unit="")
    assert statuses(office.sync())["T03"] == "accepted"


def damaged(office: Bureau) -> dict[str, bytes]:
    whole = office.issued("T03").read_bytes()
    return {
        "乱码.xlsx": Random(7).randbytes(4000),
        "断了.xlsx": whole[: len(whole) // 2],
        "空的.xlsx": b"",
        "加密.xlsx": OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le"),
        "网页.xls": b"<html><p>1</p></html>",
        "相片.xlsx": b"\x89PNG\r\n\x1a\n" + bytes(100),
    }


@covers("F101", "F102", "F103", "F106")
def test_damaged_files_are_told_and_the_others_are_consolidated(office: Bureau) -> None:
    for name, content in damaged(office).items():
        office.receive(content, name)
    office.filled("T01", FIRST_UNIT)
    office.filled("T02", {PEOPLE: [{"姓名": "柳一", "部门": "办公室", "班子成员": "是"}]})
    result = office.sync()
    found = {each.file: each.code for each in result.unmatched}
    assert found == {
        "乱码.xlsx": "F101",
        "断了.xlsx": "F101",
        "空的.xlsx": "F102",
        "加密.xlsx": "F103",
        "网页.xls": "F106",
        "相片.xlsx": "F106",
    }
    assert statuses(result) == {"T01": "accepted", "T02": "accepted", "T03": "missing"}
    assert len(office.lines("汇总_人员名册")) == 4
    assert {line["文件"] for line in office.lines("填报问题", 单位代码=None)} == set(damaged(office))


def test_a_damaged_file_of_a_unit_leaves_what_the_unit_sent_before(office: Bureau) -> None:
    path = office.filled("T01", FIRST_UNIT, "青石镇民政办.xlsx")
    office.sync()
    path.write_bytes(path.read_bytes()[:5000])
    result = office.sync()
    assert codes(result, "T01") == ["F101"]
    assert result.tables["people"] == 3 and result.changes == {"inserted": 0, "updated": 0, "withdrawn": 0}


def test_locks_and_the_litter_of_desktops_are_not_files_that_someone_sent(office: Bureau) -> None:
    for name in ("~$T01.xlsx", ".~lock.T01.xlsx#", "Thumbs.db", ".DS_Store", "desktop.ini"):
        office.receive(b"x", name)
    result = office.sync()
    assert result.unmatched == [] and set(statuses(result).values()) == {"missing"}


@covers("F107")
def test_a_unit_that_never_sent_anything_is_told_until_it_does(office: Bureau) -> None:
    office.filled("T01", FIRST_UNIT)
    missing = {each.unit for each in office.sync().findings if each.code == "F107"}
    assert missing == {"T02", "T03"}


def limit_to_a_megabyte(office: Bureau) -> None:
    with office.at_work() as book:
        page = book.sheet("设置")
        row = next(row for row in page.iter_rows() if row[0].value == "文件大小上限（MB）")
        row[1].value = "1"


@covers("F104")
def test_a_file_over_the_office_s_limit_is_not_opened_and_the_limit_is_named(office: Bureau) -> None:
    limit_to_a_megabyte(office)
    path = office.filled("T01", FIRST_UNIT)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/custom.bin", Random(1).randbytes(1_100_000))
    result = office.sync()
    (found,) = (each for each in result.findings if each.code == "F104")
    assert found.unit == "T01" and "上限 1.0 MB" in found.message(Lang.ZH)
    assert statuses(result)["T01"] == "rejected"


def test_photographs_in_a_workbook_do_not_count_toward_its_size(office: Bureau) -> None:
    limit_to_a_megabyte(office)
    path = office.filled("T01", FIRST_UNIT)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/media/image1.jpeg", Random(1).randbytes(3_000_000))
    assert statuses(office.sync())["T01"] == "accepted"


def kill_the_worker(path: Path) -> str:
    """What a hostile file does to the process that opens it."""
    if path.name == "坏.xlsx":
        os.kill(os.getpid(), signal.SIGKILL)
    return path.name


@covers("F105")
@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
def test_a_file_that_kills_its_reader_is_a_finding_and_the_others_are_read(tmp_path: Path) -> None:
    paths = [tmp_path / name for name in ("甲.xlsx", "坏.xlsx", "乙.xlsx")]
    read = dict(read_all(paths, kill_the_worker, workers=1))
    assert read[paths[0]] == "甲.xlsx" and read[paths[2]] == "乙.xlsx"
    killed = read[paths[1]]
    assert isinstance(killed, Finding) and (killed.code, killed.file) == ("F105", "坏.xlsx")
    assert killed.message(Lang.ZH)


def test_the_day_of_a_run_is_the_day_of_receipt(office: Bureau) -> None:
    path = office.filled("T01", FIRST_UNIT)
    os.utime(path, (0, 0))  # chat programs and memory sticks reset a file's time
    office.sync()
    assert office.line("汇总_信息报送")["收到日期"] == TODAY


def corrupted(content: bytes, part: str, offset: int, value: int) -> bytes:
    """A package with two bytes of one entry of its directory overwritten."""
    data = bytearray(content)
    at = data.rindex(b"PK\x01\x02", 0, data.rindex(part.encode()))
    data[at + offset : at + offset + 2] = value.to_bytes(2, "little")
    return bytes(data)


@covers("F101")
def test_a_corrupt_package_does_not_stop_the_others(office: Bureau) -> None:
    whole = office.issued("T03").read_bytes()
    office.receive(corrupted(whole, "xl/workbook.xml", 6, 99), "版本.xlsx")
    office.receive(corrupted(whole, "xl/worksheets/sheet2.xml", 10, 97), "压缩.xlsx")
    office.receive(corrupted(whole, "xl/worksheets/sheet2.xml", 8, 1), "加密.xlsx")
    office.receive(whole[:8000] + bytes(200) + whole[8200:], "坏了.xlsx")
    office.filled("T01", FIRST_UNIT)
    result = office.sync()
    assert {each.file: each.code for each in result.unmatched} == {
        "版本.xlsx": "F101",
        "压缩.xlsx": "F101",
        "加密.xlsx": "F103",
        "坏了.xlsx": "F101",
    }
    assert all("内容已损坏" in each.message(Lang.ZH) for each in result.unmatched if each.code == "F101")
    assert statuses(result)["T01"] == "accepted"


def carry(office: Bureau, code: str, **meta: str) -> Path:
    """A unit's workbook with other texts in its hidden sheet."""
    path = office.filled(code, {PEOPLE: [{"姓名": "柳一", "部门": "办公室", "班子成员": "是"}]})
    with typing(path) as book:
        for row in book.sheet("_meta").iter_rows():
            if row[0].value in meta:
                row[1].value = meta[str(row[0].value)]
    return path


@pytest.mark.parametrize("meta", [{"unit": "T01"}, {"programme": "another"}, {"year": "2025"}, {"year": "²"}])
@covers("B106")
def test_a_workbook_whose_carriers_disagree_on_whose_it_is_is_nobody_s(office: Bureau, meta: dict[str, str]) -> None:
    carry(office, "T02", **meta).rename(office.folder.inbox / "报来.xlsx")
    result = office.sync()
    assert [(each.code, each.file) for each in result.unmatched] == [("B106", "报来.xlsx")]
    assert set(statuses(result).values()) == {"missing"} and result.tables["people"] == 0


@pytest.mark.parametrize("meta", [{"send": "²"}, {"send": "9" * 30}, {"base_run": "9" * 30}, {"lang": "xx"}])
def test_a_counter_that_no_program_wrote_counts_as_none(office: Bureau, meta: dict[str, str]) -> None:
    carry(office, "T02", **meta)
    result = office.sync()
    assert statuses(result)["T02"] == "accepted" and codes(result, "T02") == []


@pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
def test_a_link_to_a_file_is_the_file_and_is_never_written(office: Bureau, tmp_path: Path) -> None:
    path = office.filled("T01", FIRST_UNIT).rename(tmp_path / "别处.xlsx")
    (office.folder.inbox / "链接.xlsx").symlink_to(path)
    (office.folder.inbox / "断了.xlsx").symlink_to(tmp_path / "没有.xlsx")
    before = sha256(path)
    result = office.sync()
    assert statuses(result)["T01"] == "accepted" and result.unmatched == [] and sha256(path) == before


@covers("C102")
def test_days_outside_the_calendar_of_spreadsheets_stay_as_they_were_typed(office: Bureau) -> None:
    people: list[dict[str, object]] = [
        {"姓名": "柳一", "部门": "办公室", "班子成员": "是", "任职起": "1000-01-01", "任职止": "9999-12-31"},
        {"姓名": "柳二", "部门": "办公室", "班子成员": "否", "任职起": "1899-12-31", "任职止": date(9999, 12, 31)},
    ]
    office.filled("T02", {PEOPLE: people})
    assert codes(office.sync(), "T02") == ["C102"] * 4
    master = sha256(office.master)
    assert not office.sync().written and sha256(office.master) == master
    lines = office.lines("汇总_人员名册")
    assert [(line["任职起"], line["任职止"]) for line in lines] == [
        ("1000-01-01", "9999-12-31"),
        ("1899-12-31", "9999-12-31"),
    ]


def test_texts_as_long_as_cells_can_be_are_kept_and_the_master_stays_as_it_is(office: Bureau) -> None:
    person = {"姓名": "柳一", "部门": "办公室", "班子成员": "是", "职务": "长" * 32_767}
    path = office.filled("T02", {PEOPLE: [person]})
    with typing(path) as book:
        page = book.sheet(PEOPLE)
        for step in range(2):
            page.cell(4, page.max_column + 1).value = f"自加{step}"
            page.cell(5, page.max_column).value = "加" * 20_000
    office.sync()
    assert office.line("汇总_人员名册")["职务"] == "长" * 32_767
    assert not office.sync().written
