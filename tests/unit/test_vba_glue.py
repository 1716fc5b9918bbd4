"""The glue at work: LibreOffice loads what we build and runs it, with xlwings' part of it written down."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from support import libreoffice
from support.vba_in_libreoffice import run

from addin.ribbon import ribbon
from addin.xlam import build
from xingzhi import messages
from xingzhi.labels import Lang

pytestmark = pytest.mark.skipif(libreoffice.available() is not None, reason=str(libreoffice.available()))
PYTHON = {"INTERPRETER_WIN": sys.executable, "INTERPRETER_MAC": sys.executable}
NAMES = [each.name for each in ribbon().commands]


def python(name: str) -> str:
    return f"python import addin.excel; addin.excel.run('{name}')"


def said(key: str, lang: Lang = Lang.ZH) -> str:
    return "said " + messages.text(f"vba.{key}", lang)


def test_each_button_of_the_ribbon_and_each_macro_runs_its_command(tmp_path: Path) -> None:
    path = tmp_path / "xingzhi.xlam"
    build(path, lang=Lang.ZH)
    calls = [*(("Press", name) for name in NAMES), *((f"xingzhi_{name}",) for name in NAMES)]
    assert run(path, calls, PYTHON, tmp_path) == [python(name) for name in NAMES * 2]


def test_a_tag_that_is_no_name_never_reaches_python(tmp_path: Path) -> None:
    path = tmp_path / "xingzhi.xlam"
    build(path, lang=Lang.ZH)
    tags = ["", "x'); import os; os.abort(); ('", "Check", "check ", "check1", 'a"b', "校验"]
    calls = [("Press", tag) for tag in tags]
    assert run(path, [*calls, ("Press", "check")], PYTHON, tmp_path) == [said("bad_command")] * len(tags) + [
        python("check")
    ]


def test_without_a_configured_python_none_is_run(tmp_path: Path) -> None:
    path = tmp_path / "xingzhi.xlam"
    build(path, lang=Lang.EN)
    assert run(path, [("Press", "check")], {}, tmp_path) == [said("not_installed", Lang.EN)]


def test_a_configured_python_that_is_gone_is_named(tmp_path: Path) -> None:
    path = tmp_path / "xingzhi.xlam"
    build(path, lang=Lang.ZH)
    gone = {"INTERPRETER_WIN": "/no/python", "INTERPRETER_MAC": "/no/python"}
    assert run(path, [("Press", "check")], gone, tmp_path) == [said("no_program") + " /no/python"]


@pytest.mark.parametrize("name", ["a$(b).xlam", "a`b`.xlam", "a|b.xlam"])
def test_a_file_name_that_a_shell_would_read_is_refused(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    build(path, lang=Lang.ZH)
    assert run(path, [("xingzhi_check",)], PYTHON, tmp_path) == [said("bad_file_name")]


def test_the_frozen_add_in_runs_the_program_and_needs_no_python(tmp_path: Path) -> None:
    path = tmp_path / "xingzhi.xlam"
    build(path, lang=Lang.ZH, frozen=True)
    program = tmp_path / "xingzhi.exe"
    program.touch()
    calls = [("Press", "submit"), ("xingzhi_about",), ("Press", "x & y")]
    assert run(path, calls, {"XINGZHI_EXE": str(program)}, tmp_path) == [
        f"frozen {program} macro submit",
        f"frozen {program} macro about",
        said("bad_command"),
    ]


@pytest.mark.parametrize(
    ("settings", "key"), [(PYTHON, "not_installed"), ({"XINGZHI_EXE": "/no/xingzhi"}, "no_program")]
)
def test_a_frozen_add_in_says_that_its_program_is_not_there(tmp_path: Path, settings: dict[str, str], key: str) -> None:
    path = tmp_path / "xingzhi.xlam"
    build(path, lang=Lang.ZH, frozen=True)
    (line,) = run(path, [("Press", "submit")], settings, tmp_path)
    assert line.startswith(said(key))
