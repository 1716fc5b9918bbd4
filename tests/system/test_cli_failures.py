"""What stops a command is one line on stderr and exit code 2: never 1, which says that the work is done."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from support.command import run
from support.office import PROGRAMME, Bureau, fresh_office

import addin.file_check
import sync.demo
import sync.history
import sync.init
import sync.issue
import sync.restore
import sync.run
import sync.run_diff
import sync.status
import workbook_templates.blank
from cli.localised import LocalisedCommand
from cli.output import refusals


@pytest.fixture
def office(tmp_path: Path) -> Bureau:
    """Workbooks are issued, nothing is received."""
    return fresh_office(tmp_path / "行动办")


def calls(office: Bureau) -> dict[str, tuple[object, str, tuple[object, ...]]]:
    """Of each command: where its work is done, under what name, and how it is called."""
    new = office.root.parent / "新办"
    of_programme = ("--programme", PROGRAMME, "--year", 2026)
    return {
        "template": (workbook_templates.blank, "write_blank", (*of_programme, "-o", office.root / "空白.xlsx")),
        "demo": (sync.demo, "run_demo", (new,)),
        "init": (sync.init, "create_office", (new, *of_programme)),
        "issue": (sync.issue, "issue", (office.root,)),
        "check": (addin.file_check, "check_files", (office.issued("T01"),)),
        "deadlines": (sync.status, "office_deadlines", (office.root,)),
        "status": (sync.status, "office_status", (office.root,)),
        "sync": (sync.run, "sync", (office.root,)),
        "history": (sync.history, "history", (office.root,)),
        "diff": (sync.run_diff, "run_diff", (1, 2, office.root)),
        "restore": (sync.restore, "restore", (1, office.root)),
    }


COMMANDS = (
    "template",
    "demo",
    "init",
    "issue",
    "check",
    "deadlines",
    "status",
    "sync",
    "history",
    "diff",
    "restore",
)
DISK_FULL = OSError(errno.ENOSPC, "No space left on device", "总台账.xlsx")


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize(
    ("error", "zh", "en"),
    [
        (DISK_FULL, "磁盘已满", "disk is full"),
        (PermissionError(errno.EACCES, "denied", "总台账.xlsx"), "请关闭后再试", "close it"),
        (FileNotFoundError(errno.ENOENT, "gone", "x.ics"), "没有这个文件", "no such file"),
        (OSError(errno.EIO, "Input/output error", "x"), "系统拒绝（Input", "refused (Input"),
        (KeyboardInterrupt(), "已中断", "Interrupted"),
    ],
    ids=["full", "permission", "absent", "other", "interrupt"],
)
def test_what_the_disk_or_the_user_stops_is_one_line(
    office: Bureau, monkeypatch: pytest.MonkeyPatch, command: str, error: BaseException, zh: str, en: str
) -> None:
    result, english = failing(office, monkeypatch, command, error)
    assert result.exit_code == english.exit_code == 2 and result.stdout == ""
    assert len(result.stderr.splitlines()) == len(english.stderr.splitlines()) == 1
    assert zh in result.stderr and en in english.stderr


@pytest.mark.parametrize("command", COMMANDS)
def test_a_failure_of_the_program_says_so_and_shows_where(
    office: Bureau, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    result, english = failing(office, monkeypatch, command, KeyError("from"))
    assert result.exit_code == english.exit_code == 2 and result.stdout == ""
    first, second, *_, last = result.stderr.splitlines()
    assert "程序出错（KeyError）" in first and second.startswith("Traceback") and last == "KeyError: 'from'"
    assert english.stderr.startswith("The program failed (KeyError)")


def failing(
    office: Bureau, monkeypatch: pytest.MonkeyPatch, command: str, error: BaseException
) -> tuple[click.testing.Result, click.testing.Result]:
    """What a command prints in both languages where its work raises."""

    def fail(*_: object, **__: object) -> None:
        raise error

    module, name, arguments = calls(office)[command]
    monkeypatch.setattr(module, name, fail)
    return run(command, *arguments), run("--lang", "en", command, *arguments)


def test_a_place_that_cannot_be_written_ends_with_2(office: Bureau, tmp_path: Path) -> None:
    nowhere = tmp_path / "没有" / "应报.ics"
    result = run("deadlines", office.root, "--ics", nowhere)
    assert result.exit_code == 2 and str(nowhere) in result.stderr and len(result.stderr.splitlines()) == 1


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="a folder in which nobody can write")
def test_a_template_that_the_disk_refuses_ends_with_2() -> None:
    result = run("template", "--programme", PROGRAMME, "--year", 2026, "-o", "/proc/空白.xlsx")
    assert result.exit_code == 2 and "/proc/空白.xlsx" in result.stderr and len(result.stderr.splitlines()) == 1


def test_a_command_is_covered_even_where_it_forgets_to_ask() -> None:
    def work() -> None:
        raise ZeroDivisionError

    result = CliRunner().invoke(LocalisedCommand("sync", callback=work), [])
    assert result.exit_code == 2 and "ZeroDivisionError" in result.stderr


def test_what_is_click_s_own_stays_click_s() -> None:
    with pytest.raises(click.BadParameter), refusals():
        raise click.BadParameter("x")
    assert run("sync", "--没有").exit_code == 2


def test_a_real_process_ends_with_2(tmp_path: Path) -> None:
    code = """
import sync.run
import sync.run_diff
def fail(*_, **__): raise RuntimeError("no luck")
sync.run.sync = fail
from cli.main import main
main()
"""
    root = fresh_office(tmp_path / "行动办").root
    done = subprocess.run(
        [sys.executable, "-c", code, "sync", str(root)], capture_output=True, timeout=60, check=False,
        env={**os.environ, "PYTHONIOENCODING": "gbk"},
    )  # fmt: skip
    assert done.returncode == 2 and done.stdout == b""
    assert "程序出错（RuntimeError）" in done.stderr.decode("utf-8")


@pytest.mark.parametrize(
    ("lang", "words"),
    [("zh", ("用法：", "选项:", "命令:", "显示版本")), ("en", ("Usage:", "Options:", "Commands:", "Show the version"))],
)
def test_click_s_own_words_follow_the_language(lang: str, words: tuple[str, ...]) -> None:
    said = run("--lang", lang, "--help").stdout
    assert all(word in said for word in words)
    demo = run("--lang", lang, "demo", "--help").stdout
    assert ("默认：12" if lang == "zh" else "default: 12") in demo
    assert ("必填" if lang == "zh" else "required") in run("--lang", lang, "init", "--help").stdout
