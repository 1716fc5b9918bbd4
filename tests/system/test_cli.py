"""The command as its users meet it: exit codes, languages, and how little it loads for help."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner
from support.command import TODAY, run
from support.office import (
    PEOPLE,
    PROGRAMME,
    Bureau,
    tree_hash,
    typing,
)

from cli.commands import (
    check,
    deadlines,
    diff,
    history,
    init,
    issue,
    programmes,
    restore,
    status,
    sync,
    template,
    watch,
)
from cli.main import xingzhi
from xingzhi.labels import Lang
from xingzhi.messages import text_keys

CHINESE = re.compile("[\u4e00-\u9fff]")
CLEAN_UNIT = {PEOPLE: [{"姓名": "石一", "部门": "办公室", "班子成员": "是"}]}
"""Nothing to mend, on a day before anything is due."""


# Exit codes: 0 done and clean, 1 done with errors found, 2 could not run.


def test_sync_ends_with_0_where_nothing_is_wrong(fresh: Bureau) -> None:
    fresh.filled("T01", CLEAN_UNIT)
    assert run("sync", fresh.root, "--today", "2026-06-03", "--workers", 1).exit_code == 0


def test_sync_ends_with_1_where_something_must_be_mended(fresh: Bureau) -> None:
    fresh.receive(b"", "空的.xlsx")
    result = run("sync", fresh.root, "--today", "2026-06-03", "--workers", 1)
    assert result.exit_code == 1 and "空的.xlsx" in result.stdout


@pytest.mark.parametrize("command", ["sync", "watch", "issue", "status", "deadlines"])
def test_a_folder_that_is_no_office_ends_with_2_and_one_line(tmp_path: Path, command: str) -> None:
    result = run(command, tmp_path)
    assert result.exit_code == 2 and result.stdout == ""
    assert len(result.stderr.strip().splitlines()) == 1 and "xingzhi init" in result.stderr
    english = run("--lang", "en", command, tmp_path).stderr
    assert not CHINESE.search(english.replace(str(tmp_path), "")) and "xingzhi init" in english
    assert list(tmp_path.iterdir()) == []


def test_an_open_master_ends_with_2(office: Bureau) -> None:
    (office.root / "~$总台账.xlsx").write_bytes(b"\x06" + "王小月".encode("gb18030").ljust(164))
    result = run("sync", office.root)
    assert result.exit_code == 2 and "王小月" in result.stderr and result.stdout == ""


def test_status_ends_with_1_where_a_unit_has_errors_and_0_where_none_has(office: Bureau) -> None:
    assert run("status", office.root, *TODAY).exit_code == 1
    assert run("status", office.root, "--today", "2026-06-03").exit_code == 0


def test_issue_ends_with_0_and_with_2_for_a_unit_that_there_is_not(office: Bureau) -> None:
    assert run("issue", office.root, "--unit", "T02").exit_code == 0
    result = run("issue", office.root, "--unit", "X99")
    assert result.exit_code == 2 and "X99" in result.stderr


def test_issue_before_any_unit_is_listed_ends_with_2(tmp_path: Path) -> None:
    run("init", tmp_path / "新办", "--programme", PROGRAMME, "--year", 2026)
    assert run("issue", tmp_path / "新办").exit_code == 2


def test_init_ends_with_2_for_a_folder_in_use_and_for_an_unknown_programme(tmp_path: Path) -> None:
    (tmp_path / "别的").mkdir()
    (tmp_path / "别的" / "账.txt").write_text("不能动")
    before = tree_hash(tmp_path)
    assert run("init", tmp_path / "别的", "--programme", PROGRAMME, "--year", 2026).exit_code == 2
    unknown = run("init", tmp_path / "新的", "--programme", "没有的", "--year", 2026)
    assert unknown.exit_code == 2 and PROGRAMME in unknown.stderr
    assert tree_hash(tmp_path) == before


def test_template_ends_with_0_and_2(tmp_path: Path) -> None:
    good = ("template", "--programme", PROGRAMME, "--year", 2026, "-o")
    assert run(*good, tmp_path / "空白.xlsx").exit_code == 0
    assert openpyxl.load_workbook(tmp_path / "空白.xlsx").sheetnames[0] == "填报说明"
    assert run(*good, tmp_path / "空白.txt").exit_code == 2
    assert run(*good, tmp_path / "没有" / "空白.xlsx").exit_code == 2
    assert run("template", "--programme", "没有的", "--year", 2026, "-o", tmp_path / "又.xlsx").exit_code == 2
    assert {path.name for path in tmp_path.iterdir()} == {"空白.xlsx"}


def test_programmes_ends_with_0_and_2() -> None:
    assert PROGRAMME in run("programmes").stdout
    whole = run("programmes", PROGRAMME)
    assert whole.exit_code == 0 and all(id in whole.stdout for id in ("T02", "T15", "T25"))
    assert run("programmes", "没有的").exit_code == 2


def test_check_ends_with_0_1_and_2(fresh: Bureau) -> None:
    good = fresh.filled("T01", CLEAN_UNIT)
    bad = fresh.filled("T02", {PEOPLE: [{"姓名": "柳一"}]})
    day = ("--today", "2026-06-03", "--workers", 1)
    assert run("check", good, *day).exit_code == 0
    result = run("check", good, bad, *day)
    assert result.exit_code == 1 and "C101" in result.stdout and f"{PEOPLE}!C5" in result.stdout
    assert run("check", fresh.root / "没有.xlsx").exit_code == 2


def test_deadlines_of_a_file_that_is_no_workbook_of_ours_ends_with_1(tmp_path: Path) -> None:
    openpyxl.Workbook().save(tmp_path / "别的.xlsx")
    result = run("deadlines", tmp_path / "别的.xlsx")
    assert result.exit_code == 1 and "B101" in result.stderr
    assert run("deadlines", tmp_path / "没有.xlsx").exit_code == 2


def test_a_day_that_is_none_ends_with_2(office: Bureau) -> None:
    assert run("sync", office.root, "--today", "6月24日").exit_code == 2


# Languages.


@pytest.mark.parametrize(
    "arguments",
    [("--help",), *((name, "--help") for name in sorted(xingzhi.commands)), ("programmes",), ("programmes", PROGRAMME)],
    ids=" ".join,
)
def test_english_where_english_is_asked_for(arguments: tuple[str, ...]) -> None:
    *command, last = arguments
    result = run("--lang", "en", *command, last)
    assert result.exit_code == 0
    windows = re.compile("[0-9~至次年月上中下旬]+")  # a window is written as the profile writes it
    assert not CHINESE.search(windows.sub("", result.stdout)), result.stdout
    assert CHINESE.search(run(*arguments).stdout)


def test_an_english_office_speaks_english(tmp_path: Path) -> None:
    root = tmp_path / "office"
    made = run("--lang", "en", "init", root, "--programme", PROGRAMME, "--year", 2026)
    assert made.exit_code == 0 and not CHINESE.search(made.stdout)
    with typing(root / "master.xlsx") as book:
        book.add("Units", {"Code": "T01", "Name": "Riverside"})
    run("--lang", "en", "issue", root, "--today", "2026-06-01")
    (path,) = (root / "issued").iterdir()
    with typing(path) as book:
        page = book.sheet("People")
        page["B5"], page["C5"], page["E5"] = "Ann", "Office", "perhaps"
    path.rename(root / "inbox" / path.name)
    for command in (("sync", root), ("status", root), ("deadlines", root), ("check", root / "inbox" / path.name)):
        result = run("--lang", "en", *command, "--today", "2026-07-10")
        assert result.exit_code in (0, 1) and result.stdout
        assert not CHINESE.search(result.stdout), result.stdout
        assert not CHINESE.search(result.stderr), result.stderr
    assert "C104" in run("--lang", "en", "check", root / "inbox" / path.name).stdout


def test_the_environment_chooses_the_language() -> None:
    english = CliRunner(env={"XINGZHI_LANG": "en"}).invoke(xingzhi, ["--help"])
    assert not CHINESE.search(english.stdout)


def test_every_command_and_option_has_its_help_in_the_catalogue() -> None:
    modules = (check, deadlines, diff, history, init, issue, programmes, restore, status, sync, template, watch)
    for command in (each.command for each in modules):
        assert f"cli.{command.name}" in text_keys()
        for parameter in command.params:
            if parameter.param_type_name == "option" and parameter.name != "help":
                assert f"cli.option.{parameter.name}" in text_keys(), parameter.name


# What it leaves on disk, and what it loads.


def test_init_writes_launchers_to_double_click(tmp_path: Path) -> None:
    root = tmp_path / "行动办"
    assert run("init", root, "--programme", PROGRAMME, "--year", 2026).exit_code == 0
    windows = (root / "一键汇总.cmd").read_bytes()
    assert windows.count(b"\n") == windows.count(b"\r\n") > 3 and b"sync ." in windows
    for suffix in (".command", ".desktop"):
        path = root / f"一键汇总{suffix}"
        assert b"\r" not in path.read_bytes() and "xingzhi sync ." in path.read_text()
        assert os.name == "nt" or os.access(path, os.X_OK)
    assert {path.name for path in root.iterdir() if path.is_dir()} >= {"收件", "下发", "反馈", "归档", "附件"}


def test_the_launcher_of_macos_consolidates_the_folder_that_it_lies_in(tmp_path: Path) -> None:
    if os.name == "nt":
        pytest.skip("a shell script")
    root = tmp_path / "有 空格的行动办"
    run("init", root, "--programme", PROGRAMME, "--year", 2026)
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    done = subprocess.run(
        ["sh", str(root / "一键汇总.command")], cwd="/", env={**os.environ, "PATH": path}, input="\n",
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert str(root / "总台账.xlsx") in done.stdout.replace("\n", "") or "总台账" in done.stdout, done.stderr


def python(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize("arguments", [["--help"], ["sync", "--help"], ["--version"]], ids=" ".join)
def test_help_loads_no_spreadsheet_library(arguments: list[str]) -> None:
    code = f"""
import sys
from cli.main import xingzhi
try:
    xingzhi({arguments!r})
except SystemExit as done:
    assert not done.code, done.code
heavy = ("openpyxl", "xlsxwriter", "python_calamine", "xlwings", "gspread", "pydantic", "pebble", "holidays")
loaded = [name for name in heavy if name in sys.modules]
assert not loaded, loaded
"""
    done = python(code)
    assert done.returncode == 0, done.stderr
    assert done.stdout


def test_json_stays_pure_in_a_real_process_where_the_console_is_not_utf_8(office: Bureau) -> None:
    command = [sys.executable, "-m", "cli.main", "sync", str(office.root), "--json", *TODAY]
    env = {**os.environ, "PYTHONIOENCODING": "gbk"}
    done = subprocess.run(command, capture_output=True, timeout=60, check=False, env=env)
    said = json.loads(done.stdout.decode("utf-8"))
    assert said["units"][0]["name"] == "青石镇民政办" and done.stderr == b""


def test_a_table_for_people_is_in_chinese(office: Bureau) -> None:
    shown = run("status", office.root, *TODAY).stdout
    assert "青石镇民政办" in shown and "成立领导小组和办公室" in shown
    assert Lang.ZH.value not in shown.split()
