"""The entry of the macros in Excel: what is shown to the user, what goes into the log, and what Excel is left as."""

from __future__ import annotations

import atexit
import shutil
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import NoReturn

import pytest
import xlwings

from addin import excel
from addin.excel import command, present, spare_excel
from addin.hosts.file_app import Shown
from addin.hosts.file_host import FileHost, open_book
from addin.said import Said, Stopped
from xingzhi.labels import Lang

BLANKS = Path(__file__).parents[2] / "workbook_templates" / "files"
TODAY = date(2026, 6, 1)
WORKING = {
    "zh": Shown("status", "行知台账：正在处理，请稍候……"),
    "en": Shown("status", "Xingzhi: working, please wait…"),
}


@pytest.fixture(params=["zh", "en"])
def lang(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def host(lang: str, tmp_path: Path) -> Iterator[FileHost]:
    path = Path(shutil.copy(BLANKS / f"tengxian-civil-affairs-2026-{lang}.xlsx", tmp_path / "表.xlsx"))
    with open_book(path) as host:
        yield host


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "log" / "xingzhi.log"
    monkeypatch.setattr("addin.log.log_file", lambda: path)
    monkeypatch.setattr("addin.excel.log_file", lambda: path)
    return path


@pytest.fixture
def foot(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """What the foot of the window was given, in order."""
    given: list[object] = []
    from addin.hosts.file_app import FileApp

    before = FileApp._set_status_bar

    def note(self: FileApp, value: object) -> None:
        given.append(value)
        before(self, value)

    monkeypatch.setattr(FileApp, "status_bar", property(None, note))
    return given


def use(monkeypatch: pytest.MonkeyPatch, work: Callable[[xlwings.Book, date], Said]) -> None:
    monkeypatch.setattr(excel, "command", lambda name: work)


def test_what_a_command_says_is_shown_in_the_language_of_the_workbook(
    host: FileHost, lang: str, foot: list[object]
) -> None:
    present(host.book, "check", TODAY)
    working, told = host.said
    assert working == WORKING[lang] and told.where == "alert"
    starts = {"zh": ("行知台账", "校验完成"), "en": ("Xingzhi", "Checked")}[lang]
    assert (told.title, told.text.startswith(starts[1])) == (starts[0], True)
    assert foot[-1] is False


def test_what_needs_no_answer_is_shown_at_the_foot_alone(
    host: FileHost, lang: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(excel, "command", lambda _: lambda book, today: Said("字" * 300, passing=True))
    present(host.book, "next_finding", TODAY)
    assert [each.where for each in host.said] == ["status", "status"] and host.said[0] == WORKING[lang]
    assert host.said[1].text == "字" * 250
    # On a Mac xlwings wipes the foot when the process ends.
    monkeypatch.setattr(sys, "platform", "darwin")
    present(host.book, "next_finding", TODAY)
    assert (host.said[-1].where, host.said[-1].text) == ("alert", "字" * 300)


def test_a_command_that_cannot_go_on_says_what_to_do_and_wrote_nothing(
    host: FileHost, lang: str, log: Path, foot: list[object]
) -> None:
    before = Path(host.book.fullname).read_bytes()
    present(host.book, "number_rows", TODAY)
    assert host.said[-1].text == Stopped("addin.no_unit").text(Lang(lang)) and host.said[-1].where == "alert"
    host.save()
    assert Path(host.book.fullname).read_bytes() == before and not log.exists() and foot[-1] is False


def test_a_command_that_fails_is_told_in_one_box_and_is_in_the_log(
    host: FileHost, lang: str, log: Path, foot: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(book: xlwings.Book, today: date) -> NoReturn:
        raise KeyError("一个缺口")

    use(monkeypatch, fail)
    present(host.book, "check", TODAY)
    said = host.said[-1]
    assert said.where == "alert" and "KeyError: '一个缺口'" in said.text and str(log) in said.text
    assert said.text.startswith({"zh": "程序出错，没有完成", "en": "The program failed"}[lang])
    written = log.read_text(encoding="utf-8")
    assert "ERROR" in written and "Traceback" in written and "一个缺口" in written
    assert foot[-1] is False


def test_a_failure_is_told_though_no_log_can_be_written(
    host: FileHost, log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(book: xlwings.Book, today: date) -> NoReturn:
        raise OSError("disk full")

    log.parent.write_text("a file stands where the folder would be")
    use(monkeypatch, fail)
    present(host.book, "check", TODAY)
    assert "disk full" in host.said[-1].text


@pytest.mark.parametrize(
    "name", ["", "nothing", "__init__", "_counts", "os.path", "check.check_under", "../check", "Said"]
)
def test_a_name_that_is_no_command_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="no command"):
        command(name)


def test_a_ribbon_of_another_version_is_told_that_there_is_no_such_command(host: FileHost, log: Path) -> None:
    present(host.book, "of_another_version", TODAY)
    assert "no command: of_another_version" in host.said[-1].text and log.exists()


def test_excel_runs_the_command_on_the_workbook_that_called(host: FileHost, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlwings.Book, "caller", classmethod(lambda cls: host.book))
    excel.run("about")
    assert host.said[-1].where == "alert" and "表.xlsx" in host.said[-1].text


def test_no_caller_is_logged_and_raised(log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def none(cls: type) -> NoReturn:
        raise Exception("Book.caller() must not be called directly")

    monkeypatch.setattr(xlwings.Book, "caller", classmethod(none))
    with pytest.raises(Exception, match="must not be called directly"):
        excel.run("about")
    assert "must not be called directly" in log.read_text(encoding="utf-8")


def test_the_exit_of_the_process_ends_no_excel(monkeypatch: pytest.MonkeyPatch) -> None:
    ended: list[str] = []
    windows = ModuleType("xlwings._xlwindows")
    windows.cleanup = lambda: ended.append("Excel")  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "xlwings._xlwindows", windows)
    monkeypatch.setattr(xlwings, "_xlwindows", windows, raising=False)
    taken: list[object] = []
    monkeypatch.setattr(atexit, "unregister", taken.append)
    monkeypatch.setattr(sys, "platform", "win32")
    spare_excel()
    assert taken == [windows.cleanup] and ended == []
    monkeypatch.setattr(sys, "platform", "darwin")
    spare_excel()
    assert len(taken) == 1
