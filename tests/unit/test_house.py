"""The house: which floor may import which, what a floor may need, and the manners of every module."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FLOORS = {
    "xingzhi": set(),
    "workbook_templates": {"xingzhi"},
    "workbook_files": {"xingzhi", "workbook_templates"},
    "sync": {"xingzhi", "workbook_templates", "workbook_files"},
    "addin": {"xingzhi", "workbook_templates", "workbook_files"},
    "cli": {"xingzhi", "workbook_templates", "workbook_files", "sync", "addin"},
}
"""What each package may import beside itself."""

MODULES = [path for package in FLOORS for path in sorted((ROOT / package).rglob("*.py"))]
SPREADSHEETS = ("openpyxl", "xlsxwriter", "python_calamine", "xlwings", "gspread", "docx", "lxml")
LINES = 400
every_module = pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def imported(path: Path) -> Iterator[str]:
    """The top-level names that a module imports, wherever in it."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name}: a relative import hides its floor"
            yield (node.module or "").partition(".")[0]


def test_the_floors_are_all_there() -> None:
    assert all((ROOT / package / "__init__.py").is_file() for package in FLOORS)
    assert len(MODULES) > 80


@every_module
def test_imports_point_down_only(path: Path) -> None:
    package = path.relative_to(ROOT).parts[0]
    wrong = (set(imported(path)) & {*FLOORS, "tests", "benchmarks"}) - FLOORS[package] - {package}
    assert wrong == set()


def test_sync_and_the_addin_never_import_each_other() -> None:
    for package, other in (("sync", "addin"), ("addin", "sync")):
        assert other not in FLOORS[package]
        assert not [path for path in (ROOT / package).rglob("*.py") if other in set(imported(path))]


def test_what_needs_a_library_stands_on_one_floor() -> None:
    users = {
        "click": {"cli"},
        "xlsxwriter": {"workbook_templates"},
        "docx": {"workbook_templates"},
        "python_calamine": {"workbook_files"},
    }
    for library, floors in users.items():
        found = {path.relative_to(ROOT).parts[0] for path in MODULES if library in set(imported(path))}
        assert found <= floors, library


@every_module
def test_no_module_bears_a_standard_library_name(path: Path) -> None:
    # xlwings puts the workbook's folder first on sys.path.
    parts = path.relative_to(ROOT).with_suffix("").parts
    taken = [part for part in parts if part in sys.stdlib_module_names and part != "__init__"]
    assert taken == []


@pytest.mark.parametrize("path", [p for p in MODULES if p.name == "__init__.py"], ids=lambda p: p.parent.name)
def test_a_package_s_init_has_no_logic(path: Path) -> None:
    (only,) = tree(path).body
    assert isinstance(only, ast.Expr) and isinstance(only.value, ast.Constant) and isinstance(only.value.value, str)


@every_module
def test_every_module_says_what_it_is_for_and_is_short_enough_to_read(path: Path) -> None:
    assert ast.get_docstring(tree(path))
    count = len(path.read_text(encoding="utf-8").splitlines())
    assert count <= LINES, f"{count} lines"


def clock_reads(path: Path) -> list[int]:
    """The lines that ask for the present day or time."""
    names = {"today", "now", "utcnow"}
    return [
        node.lineno
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in names
        and isinstance(node.func.value, ast.Name | ast.Attribute)
        and ast.unparse(node.func.value).rpartition(".")[2] in {"date", "datetime"}
    ]


@every_module
def test_the_clock_is_read_in_the_command_alone(path: Path) -> None:
    package = path.relative_to(ROOT).parts[0]
    # What Excel runs is a command too.
    if package == "cli" or path == ROOT / "addin" / "excel.py":
        return
    if package == "sync":
        # When a run began is written down beside the day by which it judges; the day itself is an argument.
        assert not [n for n in ast.walk(tree(path)) if isinstance(n, ast.Attribute) and n.attr == "today" and
                    ast.unparse(n.value) == "date"]  # fmt: skip
        return
    assert clock_reads(path) == []


def test_the_domain_needs_no_spreadsheet_library_and_no_click() -> None:
    code = f"""
import importlib, pkgutil, sys
blocked = {(*SPREADSHEETS, "click", "pebble", "rich")!r}
class Wall:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in blocked:
            raise ImportError("blocked: " + name)
sys.meta_path.insert(0, Wall())
import xingzhi
names = [each.name for each in pkgutil.walk_packages(xingzhi.__path__, "xingzhi.")]
for name in names:
    importlib.import_module(name)
print(len(names))
"""
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) == len(list((ROOT / "xingzhi").rglob("*.py"))) - 1


def test_every_package_is_listed_for_installation() -> None:
    import tomllib

    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]
    there = {".".join(p.parent.relative_to(ROOT).parts) for p in MODULES if p.name == "__init__.py"}
    assert set(settings["packages"]) == there
    folders = {".".join(path.parent.relative_to(ROOT).parts) for path in MODULES}
    assert folders == there, "a folder of modules without __init__.py is not installed"
