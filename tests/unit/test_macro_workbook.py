"""`xingzhi template --macros`: the unit workbook with the same VBA, and buttons that sit well on its guide sheet."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pytest
from lxml import etree
from support import libreoffice, ooxml_validator
from support.command import TODAY, json_of, run
from support.vba_in_libreoffice import run as run_vba
from support.vba_source import sources

from addin import glue
from addin.ribbon import Place, ribbon
from workbook_files.lint import lint
from workbook_templates.guide_sheet import STEPS
from xingzhi.labels import Lang

BLANK = ("--programme", "tengxian-civil-affairs", "--year", 2026, *TODAY)
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def written(folder: Path, lang: Lang = Lang.ZH, *more: str) -> Path:
    path = folder / "工作簿.xlsm"
    done = run("template", *BLANK, "--macros", "-o", path, "--lang", lang.value, *more)
    assert done.exit_code == 0, done.output
    return path


@pytest.mark.parametrize("lang", Lang)
def test_it_is_valid_and_has_the_sources_and_a_module_for_each_sheet(tmp_path: Path, lang: Lang) -> None:
    path = written(tmp_path, lang)
    assert lint(path) == []
    if ooxml_validator.available() is None:
        assert ooxml_validator.validate([path])[path] == []
    found = sources(path)
    for module in glue.modules(lang, frozen=False):
        assert found.pop(module.name) == module.source
    with zipfile.ZipFile(path) as package:
        sheets = [name for name in package.namelist() if re.fullmatch(r"xl/worksheets/sheet\d+\.xml", name)]
        codes = [etree.fromstring(package.read(name)).find(f"{MAIN}sheetPr").get("codeName") for name in sheets]
        book = etree.fromstring(package.read("xl/workbook.xml"))
    assert book.find(f"{MAIN}workbookPr").get("codeName") == "ThisWorkbook"
    assert sorted(found) == sorted(["ThisWorkbook", *codes])


@pytest.mark.parametrize("lang", Lang)
def test_its_buttons_run_the_unit_s_commands_and_lie_on_nothing(tmp_path: Path, lang: Lang) -> None:
    path = written(tmp_path, lang)
    with zipfile.ZipFile(path) as package:
        drawing = package.read("xl/drawings/vmlDrawing1.vml").decode()
        guide = etree.fromstring(package.read("xl/worksheets/sheet1.xml"))
    commands = ribbon().commands_of(Place.UNIT)
    assert re.findall(r"<x:FmlaMacro>\[0\]!(\w+)</x:FmlaMacro>", drawing) == [f"xingzhi_{c.name}" for c in commands]
    assert re.findall(r'color="#000000">([^<]+)</font>', drawing) == [c.label.of(lang) for c in commands]
    assert drawing.count("<x:PrintObject>False</x:PrintObject>") == len(commands)

    row = STEPS + 2
    anchors = [[int(n) for n in found.split(",")] for found in re.findall(r"<x:Anchor>([^<]+)</x:Anchor>", drawing)]
    # Within one cell, which is empty and belongs to no merged range.
    assert {(left, top, right, bottom) for left, _, top, _, right, _, bottom, _ in anchors} == {(1, row, 1, row)}
    (line,) = (each for each in guide.iter(f"{MAIN}row") if each.get("r") == str(row + 1))
    assert len(line) == 0
    assert not [
        each for each in guide.iter(f"{MAIN}mergeCell") if re.search(rf"[A-Z]{row + 1}\b", str(each.get("ref")))
    ]
    height = float(line.get("ht")) / 0.75
    boxes = [(left, top, right, bottom) for _, left, _, top, _, right, _, bottom in anchors]
    assert all(left >= 0 and right <= 66 * 7 and top >= 0 and bottom <= height for left, top, right, bottom in boxes)
    for number, (left, top, right, bottom) in enumerate(boxes):
        for other in boxes[:number]:
            assert right <= other[0] or other[2] <= left or bottom <= other[1] or other[3] <= top


def test_it_is_a_unit_workbook_like_the_one_without_macros(tmp_path: Path) -> None:
    path = written(tmp_path)
    plain = tmp_path / "工作簿.xlsx"
    assert run("template", *BLANK, "-o", plain).exit_code == 0
    with zipfile.ZipFile(path) as package, zipfile.ZipFile(plain) as other:
        changed = {
            name
            for name in other.namelist()
            if re.sub(rb' codeName="\w+"', b"", package.read(name)).replace(b"<sheetPr/>", b"") != other.read(name)
        }
        assert set(package.namelist()) - set(other.namelist()) == {
            "xl/vbaProject.bin",
            "xl/drawings/vmlDrawing1.vml",
            "xl/worksheets/_rels/sheet1.xml.rels",
        } - set(other.namelist())
    # The guide sheet, what lists the parts, and nothing of the tables.
    assert changed == {
        "[Content_Types].xml",
        "xl/workbook.xml",
        "xl/_rels/workbook.xml.rels",
        "xl/worksheets/sheet1.xml",
    }
    (read,) = json_of("check", path, "--json", *TODAY)["files"]
    assert read["programme"] and read["template_version"]
    (same,) = json_of("check", plain, "--json", *TODAY)["files"]
    # F112 says that a file has macros, and that they are not run.
    assert [each for each in read["findings"] if each["code"] != "F112"] == same["findings"]


def test_what_the_command_refuses(tmp_path: Path) -> None:
    wrong = run("template", *BLANK, "--macros", "-o", tmp_path / "x.xlsx")
    assert wrong.exit_code == 2 and ".xlsm" in wrong.stderr
    plain = run("template", *BLANK, "-o", tmp_path / "x.xlsm")
    assert plain.exit_code == 2 and ".xlsx" in plain.stderr
    alone = run("template", *BLANK, "--frozen", "-o", tmp_path / "x.xlsx")
    assert alone.exit_code == 2 and "--macros" in alone.stderr
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(libreoffice.available() is not None, reason=str(libreoffice.available()))
def test_libreoffice_runs_what_its_buttons_call(tmp_path: Path) -> None:
    names = [each.name for each in ribbon().commands_of(Place.UNIT)]
    path = written(tmp_path, Lang.ZH, "--frozen")
    program = tmp_path / "xingzhi.exe"
    program.touch()
    came = run_vba(path, [(f"xingzhi_{name}",) for name in names], {"XINGZHI_EXE": str(program)}, tmp_path)
    assert came == [f"frozen {program} macro {name}" for name in names]
