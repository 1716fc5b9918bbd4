"""The inbox: files that could not be read this time, the archive, and units that are not there yet or no longer."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest
from support.codes import covers
from support.office import FIRST_UNIT, MADE, PROGRAMME, TODAY, Bureau, codes, fresh_office, sha256, statuses
from system.office_work import NO_CHANGES

from sync.inbox import Received, digest
from sync.init import create_office
from sync.office_settings import Unit
from xingzhi import messages
from xingzhi.findings import Finding, finding
from xingzhi.labels import Lang


@pytest.fixture
def office(tmp_path: Path) -> Bureau:
    """Workbooks are issued, nothing is received."""
    return fresh_office(tmp_path / "行动办")


def locked(name: str) -> Finding:
    return finding("F101", file=name, reason=messages.label("reason.no_permission", detail="Permission denied"))


def hung(name: str) -> Finding:
    return finding("F105", file=name, reason=messages.label("reason.over_time", limit="60"))


@pytest.mark.parametrize("trouble", [hung, locked], ids=["F105", "F101"])
@pytest.mark.parametrize("before", [False, True], ids=["first", "again"])
@covers("F101", "F105")
def test_a_file_that_could_not_be_read_this_time_is_read_again(
    office: Bureau, monkeypatch: pytest.MonkeyPatch, trouble: Callable[[str], Finding], before: bool
) -> None:
    path = office.filled("T01", {}, "青石镇民政办.xlsx")
    if before:
        office.sync()
    office.filled("T01", FIRST_UNIT, path.name)

    def fail(paths: Sequence[Path], *more: object) -> Iterator[Received]:
        return (Received(each, findings=(trouble(each.name),)) for each in paths)

    with monkeypatch.context() as patch:
        patch.setattr("sync.run.read_files", fail)
        first = office.sync()
        code = trouble("").code
        assert statuses(first)["T01"] == ("unchanged" if before else "rejected")
        assert codes(first, "T01") == [code] and "F107" not in {e.code for e in first.findings if e.unit == "T01"}
        assert office.line("填报问题", 代码=code)["文件"] == path.name
        assert not office.sync().written
    done = office.sync()
    assert statuses(done)["T01"] == "accepted" and codes(done, "T01") == []


def test_a_file_that_another_program_holds_is_told_and_keeps_nothing_up(
    office: Bureau, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = office.filled("T01", FIRST_UNIT, "T01.xlsx")
    office.sync()
    office.filled("T02", FIRST_UNIT, "T02.xlsx")

    def held(each: Path) -> str:
        if each == path:
            raise PermissionError(13, "used by another process", str(each))
        return digest(each)

    with monkeypatch.context() as patch:
        patch.setattr("sync.run.digest", held)
        result = office.sync()
    assert statuses(result) == {"T01": "unchanged", "T02": "accepted", "T03": "missing"}
    assert codes(result, "T01") == ["F101"] and result.tables["people"] == 6
    assert codes(office.sync(), "T01") == []


def test_every_received_file_gets_its_copy_in_the_archive_whatever_became_of_the_master(office: Bureau) -> None:
    path = office.filled("T01", FIRST_UNIT, "T01.xlsx")
    office.sync()
    (kept,) = (office.folder.archive / "T01").iterdir()
    kept.unlink()
    result = office.sync()
    assert not result.written and result.changes == NO_CHANGES
    assert sha256(kept) == sha256(path)


def test_a_file_of_which_nobody_knows_whose_it_is_is_kept_in_the_archive_too(office: Bureau) -> None:
    sent = office.receive(b"Sent by mistake: minutes of a meeting", "会议纪要.txt")
    for _ in range(2):
        assert [each.file for each in office.sync().unmatched] == [sent.name]
        (kept,) = (office.folder.archive / "未归属单位").iterdir()
        assert sha256(kept) == sha256(sent) and kept.name == f"{sha256(sent)[:12]}_{sent.name}"
    sent.unlink()
    office.sync()
    assert kept.exists()


def test_the_archive_never_puts_two_units_into_one_folder(office: Bureau) -> None:
    (office.folder.archive / "t01").mkdir()  # to Windows and macOS the same name as T01
    office.filled("T01", FIRST_UNIT, "T01.xlsx")
    office.sync()
    (folder,) = (path for path in office.folder.archive.iterdir() if path.name.startswith("T01"))
    assert folder.name != "T01" and len(list(folder.iterdir())) == 1
    assert list((office.folder.archive / "t01").iterdir()) == []


def test_a_unit_that_has_left_or_is_yet_to_join_is_not_missing(tmp_path: Path) -> None:
    day = timedelta(days=1)
    units = (
        Unit("T01", "青石镇民政办", left=TODAY - day),
        Unit("T02", "柳溪乡民政办", joined=TODAY + day),
        Unit("T03", "白沙镇民政办", joined=TODAY, left=TODAY),
    )
    made = create_office(tmp_path / "行动办", programme=PROGRAMME, year=2026, lang=Lang.ZH, today=MADE, units=units)
    result = Bureau(made).sync()
    assert statuses(result) == {"T01": "unchanged", "T02": "unchanged", "T03": "missing"}
    assert {each.unit for each in result.findings if each.code == "F107"} == {"T03"}
    later = Bureau(made).sync(date(2026, 6, 26))
    assert statuses(later) == {"T01": "unchanged", "T02": "missing", "T03": "unchanged"}


def test_findings_that_read_alike_are_listed_once_each_however_often_it_is_synced(office: Bureau) -> None:
    for name in ("甲.xlsx", "乙.xlsx", "丙.xlsx"):
        office.receive(b"no workbook", name)
    office.sync()
    listed, master = office.lines("填报问题", 代码="F106"), sha256(office.master)
    assert [line["文件"] for line in listed] == ["丙.xlsx", "乙.xlsx", "甲.xlsx"]
    assert not office.sync().written and sha256(office.master) == master
    for name in ("甲.xlsx", "乙.xlsx", "丙.xlsx"):
        (office.folder.inbox / name).unlink()
    office.sync()
    assert office.lines("填报问题", 代码="F106") == []


def test_a_unit_s_file_of_the_longest_name_is_taken_and_kept(office: Bureau) -> None:
    office.filled("T01", FIRST_UNIT, "民" * 82 + "表.xlsx")
    assert statuses(office.sync())["T01"] == "accepted"
    (kept,) = (office.folder.archive / "T01").iterdir()
    assert kept.name.endswith("民表.xlsx")


@pytest.mark.parametrize("whose", ["T01", ""])
def test_a_name_that_is_no_text_stops_nothing(office: Bureau, whose: str) -> None:
    """A name in GBK, as it comes out of an archive that was unpacked where names are UTF-8."""
    office.filled("T02", {}, "T02.xlsx")
    path = office.filled("T01", FIRST_UNIT, "T01.xlsx")
    odd = os.fsdecode("名册.xlsx".encode("gbk"))
    try:
        path = path.rename(path.with_name(odd))
    except OSError:
        pytest.skip("the file system takes no such names")
    if not whose:
        path.write_bytes(b"")
    result = office.sync()
    assert statuses(result)["T02"] == "accepted"
    assert statuses(result)["T01"] == ("accepted" if whose else "missing")
    assert [each.code for each in result.unmatched] == ([] if whose else ["F102"])
    assert all(each.file.endswith(".xlsx") and each.file.isprintable() for each in result.unmatched)
    assert not office.sync().written
