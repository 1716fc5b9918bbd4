"""The frozen program: what goes into it, and what it does with its arguments."""

from __future__ import annotations

import ast
import sys
import types
from pathlib import Path

import pytest

from addin.frozen import recipe
from cli import frozen

ROOT = Path(__file__).resolve().parents[2]


def test_every_data_file_that_the_program_reads_goes_in() -> None:
    found = {(Path(source).name, folder) for source, folder in recipe.data_files()}
    wanted = {
        ("texts.yaml", "xingzhi/catalogue"),
        ("findings.yaml", "xingzhi/catalogue"),
        ("commands.toml", "addin"),
        ("install.sh", "addin/offline/files"),
    }
    assert wanted <= found
    for pattern, folder in (("programmes/*.yaml", "programmes"), ("files/*.xlsx", "files")):
        names = {path.name for path in (ROOT / "workbook_templates").glob(pattern)}
        assert names and {(name, f"workbook_templates/{folder}") for name in names} <= found
    modules = {(path.name, "addin/vba") for path in (ROOT / "addin" / "vba").glob("*.bas")}
    assert modules and modules <= found


def test_no_package_has_data_that_the_recipe_does_not_know() -> None:
    import tomllib

    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]
    packed = {
        path
        for package, patterns in settings["package-data"].items()
        for pattern in patterns
        for path in ROOT.joinpath(*package.split(".")).glob(pattern)
        if package != "addin.frozen"
    }
    assert packed <= {Path(source) for source, _ in recipe.data_files()}


def test_commands_that_are_imported_by_their_names_go_in() -> None:
    modules = (path.relative_to(ROOT).with_suffix("") for path in (ROOT / "addin").rglob("*.py"))
    wanted = {".".join(path.parts) for path in modules if path.name != "__init__"}
    assert wanted <= set(recipe.hidden_imports())


def test_nothing_of_the_part_under_another_licence_goes_in() -> None:
    assert not [source for source, _ in recipe.data_files() if "/pro/" in source.replace("\\", "/")]
    assert "xlwings.pro" in recipe.EXCLUDED


def test_a_pattern_without_a_file_stops_the_build(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(recipe.DATA, "xingzhi", ("catalogue/*.gone",))
    with pytest.raises(FileNotFoundError, match="gone"):
        recipe.data_files()


def test_the_spec_takes_all_from_the_recipe_and_can_be_read() -> None:
    spec = ast.parse((ROOT / "addin" / "frozen" / "xingzhi.spec").read_text(encoding="utf-8"))
    used = {ast.unparse(node) for node in ast.walk(spec) if isinstance(node, ast.Attribute)}
    assert {f"recipe.{name}" for name in ("entry", "data_files", "hidden_imports", "EXCLUDED", "METADATA")} <= used
    assert Path(recipe.entry()) == ROOT / "cli" / "frozen.py"


def test_called_by_the_add_in_it_runs_the_macro(monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[str] = []
    excel = types.ModuleType("addin.excel")
    excel.run = ran.append  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "addin.excel", excel)
    frozen.main(["macro", "check", "--wb=台账.xlsx", "--from_xl=1", "--app=C:\\EXCEL.EXE", "--hwnd=7"])
    assert ran == ["check"]


def test_called_otherwise_it_is_the_command(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["xingzhi", "--lang", "en", "programmes"])
    with pytest.raises(SystemExit) as done:
        frozen.main()
    assert done.value.code == 0 and "tengxian-civil-affairs" in capsys.readouterr().out
