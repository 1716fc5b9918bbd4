"""一键汇总 and 报送进度 on a real office's master: the `xingzhi` process runs, and the master is open again after."""

from __future__ import annotations

from datetime import datetime

import pytest
from support.office import FIRST_UNIT, PEOPLE, TODAY, Bureau, sha256, statuses
from support.ribbon import press

from addin.commands.consolidate import consolidate
from addin.commands.progress import progress
from addin.hosts.file_host import open_book
from addin.said import Level, Stopped


def test_the_master_is_consolidated_and_open_again(fresh: Bureau) -> None:
    fresh.filled("T01", FIRST_UNIT, "T01.xlsx")
    before = sha256(fresh.master)
    with open_book(fresh.master) as host:
        app = host.book.app
        said = consolidate(host.book, TODAY)
        assert [each.name for each in app.books] == [fresh.master.name]
        # It is the new one that is open.
        values = app.books[0].sheets["汇总_人员名册"].range("A1:H12").value
        assert "石一" in {cell for row in values for cell in row}
    assert sha256(fresh.master) != before
    assert said.text.splitlines()[:3] == [
        "第 3 次运行，汇总完成。",
        "收下 1 家，没有变化 0 家，没收下 0 家，没报 2 家。",
        "新增 6 行，修改 0 行，撤销 0 行。",
    ]
    assert [line["姓名"] for line in fresh.lines("汇总_人员名册")] == ["石一", "石二", "石三"]
    # The same run, as `xingzhi sync` sees it: nothing is new.
    assert statuses(fresh.sync())["T01"] == "unchanged"


def test_what_the_office_typed_before_it_clicked_is_saved_first(office: Bureau) -> None:
    with open_book(office.master) as host:
        sheet = host.book.sheets["汇总_信息报送"]
        values = sheet.range((1, 1), (12, 25)).value
        (row,) = (n for n, line in enumerate(values, start=1) if "启动侧记" in line)
        (header,) = (line for line in values if "收到日期" in line)
        sheet.range((row, header.index("收到日期") + 1)).value = datetime(2026, 6, 23)
        # No unit's row has changed, and the master has.
        assert consolidate(host.book, TODAY).text.splitlines()[0].endswith("汇总完成。")
    assert str(office.line("汇总_信息报送", 标题="启动侧记")["收到日期"]).startswith("2026-06-23")


def test_a_sync_that_cannot_run_says_why_and_leaves_the_master_open(fresh: Bureau) -> None:
    before = sha256(fresh.master)
    ledger = fresh.root / ".xingzhi" / "ledger.sqlite3"
    ledger.write_bytes(b"no ledger")
    with open_book(fresh.master) as host:
        app = host.book.app
        said = consolidate(host.book, TODAY)
        assert [each.name for each in app.books] == [fresh.master.name]
    assert said.level is Level.WARNING and said.text.startswith("没有汇总成：")
    assert "ledger.sqlite3" in said.text and "Traceback" not in said.text
    assert sha256(fresh.master) == before


@pytest.mark.parametrize("command", [consolidate, progress])
def test_a_workbook_that_is_no_master_is_left_alone(fresh: Bureau, command: object) -> None:
    path = fresh.issued("T01")
    before = path.read_bytes()
    with open_book(path) as host:
        with pytest.raises(Stopped) as stopped:
            command(host.book, TODAY)  # type: ignore[operator]
        assert stopped.value.key == "addin.no_master" and host.book.name == path.name
    assert path.read_bytes() == before


def test_the_progress_names_who_has_not_sent_and_shows_the_sheet(office: Bureau) -> None:
    office.filled("T02", {PEOPLE: FIRST_UNIT[PEOPLE]}, "T02.xlsx")
    before = sha256(office.master)
    with open_book(office.master) as host:
        said = progress(host.book, TODAY)
        assert host.book.sheets.active.name == "完成情况"
    assert said.level is Level.WARNING and said.text.splitlines() == [
        "已报 1 家，共 3 家。",
        "没报的：柳溪乡民政办、白沙镇民政办。",
        f"有逾期的：{said.text.splitlines()[2].removeprefix('有逾期的：')}",
        "收件里没有收下或还没汇总的文件：1 个（没收下的见“填报问题”）。",
    ]
    assert "青石镇民政办" in said.text.splitlines()[2] and sha256(office.master) == before


def test_where_nothing_is_new_the_office_is_told_so(office: Bureau) -> None:
    with open_book(office.master) as host:
        consolidate(host.book, TODAY)
    with open_book(office.master) as host:
        assert consolidate(host.book, TODAY).text.startswith("没有新文件，总台账没有动。")


@pytest.mark.parametrize(
    "name", ["check", "clear_marks", "next_finding", "submit", "deadlines", "add_activity", "number_rows"]
)
def test_the_buttons_of_a_unit_say_that_this_is_the_master(office: Bureau, name: str) -> None:
    before = sha256(office.master)
    with pytest.raises(Stopped) as stopped:
        press(office.master, name, TODAY)
    assert stopped.value.key == "addin.is_master" and sha256(office.master) == before
