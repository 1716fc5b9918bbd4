"""报送: sent only when nothing is open, whole and byte for byte, into the folder that the workbook names."""

from __future__ import annotations

import shutil
from pathlib import Path

import openpyxl
import pytest
import xlwings
from support.office import FIRST_UNIT, PEOPLE, TODAY, Bureau, sha256, statuses, typing
from support.ribbon import FINDINGS, findings_of, press

from addin.said import Level, Said, Stopped
from workbook_files.reader import read_grid
from workbook_templates.blank import committed
from xingzhi.identity import read_identity
from xingzhi.labels import Lang

GUIDE = "填报说明"
NAME = "T01_青石镇民政办.xlsx"


def send(path: Path) -> Said:
    return press(path, "submit", TODAY).said


def set_folder(path: Path, folder: str) -> None:
    book = openpyxl.load_workbook(path)
    cell = str(book.defined_names["submit_folder"].value).rpartition("!")[2].replace("$", "")
    with typing(path) as typed:
        typed.sheet(GUIDE)[cell] = folder


def counter(path: Path) -> int:
    grid, _ = read_grid(path)
    assert grid is not None
    identity, _ = read_identity(grid)
    assert identity is not None
    return identity.send


@pytest.fixture
def book(fresh: Bureau, tmp_path: Path) -> Path:
    """T01's workbook on its clerk's computer, with what is overdue explained; the folder to send to is the office's inbox."""
    path = tmp_path / "我的表.xlsx"
    fresh.issued("T01").rename(path)
    with typing(path) as typed:
        for sheet, lines in FIRST_UNIT.items():
            typed.add(sheet, *lines)
    press(path, "check", TODAY)
    with typing(path) as typed:
        for number in range(1, len(findings_of(path)) + 1):
            typed.put(FINDINGS, number, {"单位说明": "正在办"})
    set_folder(path, str(fresh.folder.inbox))
    return path


def test_what_is_sent_is_the_saved_workbook_under_the_name_that_the_office_expects(fresh: Bureau, book: Path) -> None:
    said = send(book)
    sent = fresh.folder.inbox / NAME
    assert said.level is Level.INFO and said.text == f"已报送：复制到了 {sent}"
    assert [each.name for each in fresh.folder.inbox.iterdir()] == [NAME]
    assert (sha256(sent), counter(sent)) == (sha256(book), 1)
    with typing(book) as typed:
        typed.put(PEOPLE, 1, {"职务": "主任"})
    assert "已报送" in send(book).text
    assert (sha256(sent), counter(sent)) == (sha256(book), 2)
    result = fresh.sync()
    assert statuses(result)["T01"] == "accepted"
    assert fresh.line("汇总_人员名册", 姓名="石一")["职务"] == "主任"


def test_nothing_is_sent_while_something_is_open(fresh: Bureau, book: Path) -> None:
    with typing(book) as typed:
        typed.put(PEOPLE, 2, {"班子成员": "也许", "联系电话": "139"})
    said = send(book)
    assert said.level is Level.WARNING and said.text.startswith("还不能报送：必改 1 处，请核实 1 处。")
    assert list(fresh.folder.inbox.iterdir()) == [] and counter(book) == 0
    # What is missing is listed in the workbook.
    open_ = [line for line in findings_of(book) if not line["单位说明"]]
    assert [(line["代码"], line["单元格"]) for line in open_] == [("C104", "E6"), ("C109", "F6")]
    with typing(book) as typed:
        typed.put(PEOPLE, 2, {"班子成员": "否"})
        typed.put(FINDINGS, typed.record(FINDINGS, 代码="C109"), {"单位说明": "内部短号"})
    assert "已报送" in send(book).text and counter(book) == 1


def test_what_the_office_accepted_hinders_nothing(fresh: Bureau, book: Path) -> None:
    with typing(book) as typed:
        for number in range(1, len(findings_of(book)) + 1):
            typed.put(FINDINGS, number, {"单位说明": None, "行动办意见": "已认可"})
    assert "已报送" in send(book).text


@pytest.mark.parametrize("folder, key", [("", "addin.no_folder"), ("没有的", "addin.folder_gone")])
def test_a_folder_that_is_not_named_or_not_there(fresh: Bureau, book: Path, folder: str, key: str) -> None:
    set_folder(book, folder)
    with pytest.raises(Stopped) as stopped:
        send(book)
    assert stopped.value.key == key and counter(book) == 0


def test_a_folder_may_be_named_from_where_the_workbook_lies(book: Path) -> None:
    (book.parent / "报送").mkdir()
    set_folder(book, "报送")
    send(book)
    assert sha256(book.parent / "报送" / NAME) == sha256(book)
    # In quotation marks, as Windows gives a path that is copied.
    (book.parent / "报送" / NAME).unlink()
    set_folder(book, f'"{book.parent / "报送"}"')
    send(book)
    assert (book.parent / "报送" / NAME).is_file()


def test_the_workbook_is_never_sent_over_itself(book: Path) -> None:
    own = book.rename(book.with_name(NAME))
    set_folder(own, str(own.parent))
    with pytest.raises(Stopped) as stopped:
        send(own)
    assert stopped.value.key == "addin.same_folder" and counter(own) == 0


def test_an_older_workbook_has_no_cell_for_the_folder(book: Path) -> None:
    with typing(book) as typed:
        del typed.book.defined_names["submit_folder"]
    with pytest.raises(Stopped) as stopped:
        send(book)
    assert stopped.value.key == "addin.no_folder_cell"


def test_a_copy_that_breaks_off_leaves_no_half_a_file(
    fresh: Bureau, book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(source: Path, target: Path) -> None:
        Path(target).write_bytes(b"half")
        raise OSError("disk full")

    monkeypatch.setattr(shutil, "copyfile", full)
    with pytest.raises(Stopped) as stopped:
        send(book)
    assert stopped.value.key == "addin.folder_refuses"
    assert list(fresh.folder.inbox.iterdir()) == []


def test_two_clerks_who_send_to_one_folder_both_count(fresh: Bureau, book: Path) -> None:
    other = Path(shutil.copy2(book, book.with_name("同事的表.xlsx")))
    for path, name in ((book, "石甲"), (other, "石乙")):
        with typing(path) as typed:
            typed.add(PEOPLE, {"姓名": name, "部门": "办公室", "班子成员": "否"})
    for path in (book, other, book, other):
        send(path)
    # Each takes the place of what it sent itself, and of nothing else.
    sent = {each.name: (sha256(each), counter(each)) for each in fresh.folder.inbox.iterdir()}
    assert sent == {NAME: (sha256(book), 2), "T01_青石镇民政办_2.xlsx": (sha256(other), 2)}
    fresh.sync()
    assert {"石甲", "石乙"} <= {line["姓名"] for line in fresh.lines("汇总_人员名册")}


def test_what_the_office_put_under_the_name_stays(fresh: Bureau, book: Path) -> None:
    send(book)
    (fresh.folder.inbox / NAME).write_bytes(b"another's")
    send(book)
    assert (fresh.folder.inbox / NAME).read_bytes() == b"another's"
    assert sha256(fresh.folder.inbox / "T01_青石镇民政办_2.xlsx") == sha256(book)


def test_a_workbook_that_was_not_saved_is_not_sent(fresh: Bureau, book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # As where it is read-only, and the user saves it elsewhere.
    monkeypatch.setattr(xlwings.Book, "save", lambda *_: None)
    with pytest.raises(Stopped) as stopped:
        send(book)
    assert stopped.value.key == "addin.not_saved" and list(fresh.folder.inbox.iterdir()) == []


def test_a_blank_template_is_nobodys_and_not_sent(tmp_path: Path) -> None:
    path = Path(shutil.copy2(committed("tengxian-civil-affairs", Lang.ZH), tmp_path / "空白.xlsx"))
    for name, key in (("submit", "addin.blank_not_sent"), ("add_activity", "addin.no_unit")):
        with pytest.raises(Stopped) as stopped:
            press(path, name, TODAY)
        assert stopped.value.key == key


def test_a_folder_cell_whose_sheet_is_gone(book: Path) -> None:
    with typing(book) as typed:
        typed.book.defined_names["submit_folder"].value = "#REF!"
    with pytest.raises(Stopped) as stopped:
        send(book)
    assert stopped.value.key == "addin.no_folder_cell"
