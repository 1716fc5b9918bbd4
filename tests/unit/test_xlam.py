"""The add-in's file: the same each time, valid, with our ribbon and exactly our VBA."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zipfile
from difflib import unified_diff
from pathlib import Path

import pytest
from lxml import etree
from support import ooxml_validator
from support.command import run
from support.vba_source import sources

from addin import glue
from addin.ribbon import CALLBACK, Place, ribbon
from addin.xlam import addin_bytes, build
from workbook_files.lint import lint
from xingzhi import messages
from xingzhi.labels import Lang

ROOT = Path(__file__).resolve().parents[2]
UI = "{http://schemas.microsoft.com/office/2006/01/customui}"
KINDS = [(lang, frozen) for lang in Lang for frozen in (False, True)]
each_kind = pytest.mark.parametrize(("lang", "frozen"), KINDS, ids=[f"{lang}-{frozen}" for lang, frozen in KINDS])


@each_kind
def test_two_builds_are_the_same_byte_for_byte(tmp_path: Path, lang: Lang, frozen: bool) -> None:
    path = tmp_path / "xingzhi.xlam"
    code = "import sys; from pathlib import Path; from addin.xlam import build; from xingzhi.labels import Lang\n"
    code += f"build(Path(sys.argv[1]), lang=Lang({lang.value!r}), frozen={frozen})"
    # Another process, another order of sets, another time zone.
    other = {**os.environ, "PYTHONHASHSEED": "7", "TZ": "Pacific/Kiritimati"}
    subprocess.run([sys.executable, "-c", code, str(path)], cwd=ROOT, env=other, check=True, timeout=60)
    assert path.read_bytes() == addin_bytes(lang, frozen=frozen)


@each_kind
def test_olevba_reads_back_exactly_the_sources(tmp_path: Path, lang: Lang, frozen: bool) -> None:
    path = tmp_path / "xingzhi.xlam"
    build(path, lang=lang, frozen=frozen)
    found = sources(path)
    left_out = "XingzhiPython" if frozen else "XingzhiFrozen"
    ours = {each.stem: each.read_text("ascii") for each in glue.VBA.glob("*.bas") if each.stem != left_out}
    assert len(ours) == 5
    for name, source in ours.items():
        assert found[name] == source
        assert source.startswith(f'Attribute VB_Name = "{name}"\nOption Explicit\n')
    assert set(found) == {*ours, "XingzhiTexts", "xlwings", "Dictionary", "ThisWorkbook", "Sheet2"}


def test_of_xlwings_only_what_is_listed_was_changed_and_its_notices_stay(tmp_path: Path) -> None:
    build(tmp_path / "xingzhi.xlam", lang=Lang.ZH)
    found = sources(tmp_path / "xingzhi.xlam")
    theirs = glue.wheel_file("xlwings_custom_addin.bas").read_text("ascii")
    lines = [*unified_diff(theirs.splitlines(), found["xlwings"].splitlines(), lineterm="", n=0)][2:]
    taken = [line[1:].strip() for line in lines if line.startswith("-") and line != "-    #Else"]
    put = [line[1:].strip() for line in lines if line.startswith("+") and line != "+    #Else"]
    # Its own configuration, that of the user alone, no names of workbooks on Python's command line, no embedded code.
    assert taken[:2] == ['Public Const PROJECT_NAME As String = "myaddin"', "uses_embedded_code = True"]
    assert len(taken) == 5 and len(put) == 6
    assert "xingzhi" in put[0] and 'PROJECT_NAME As String = "xingzhi"' in put[1]
    assert put[2] == "uses_embedded_code = False"
    assert all(line.startswith('PYTHONPATH = "false;;;" & GetConfig("ONEDRIVE_') for line in put[3:5])
    assert put[5].endswith('Optional source As String = "user") As Variant')
    assert (
        "BSD 3-clause license" in found["xlwings"] and "Redistributions of source code must retain" in found["xlwings"]
    )
    assert "License: MIT" in found["Dictionary"]
    exported = glue.wheel_file("addin/Dictionary.cls").read_text("ascii").replace("\r\n", "\n")
    assert found["Dictionary"].partition("VB_Description")[2] == exported.partition("VB_Description")[2]


def test_nothing_that_serves_xlwings_pro_is_in_it(tmp_path: Path) -> None:
    build(tmp_path / "xingzhi.xlam", lang=Lang.ZH)
    found = sources(tmp_path / "xingzhi.xlam")
    assert not {"Remote", "License", "WebHelpers", "WebClient", "WebRequest", "Extensions"} & set(found)
    assert not re.search(r"^\s*uses_embedded_code = True", found["xlwings"], re.MULTILINE)


def test_another_xlwings_than_the_one_we_know_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = glue.wheel_file("xlwings_custom_addin.bas").read_text("ascii").replace('source As String = ""', "source")
    (tmp_path / "xlwings_custom_addin.bas").write_text(other, "ascii")
    monkeypatch.setattr(glue, "wheel_file", lambda name: tmp_path / name)
    with pytest.raises(ValueError, match="source As String"):
        glue.modules(Lang.ZH, frozen=False)


@each_kind
def test_the_package_is_valid_and_says_nothing_of_whoever_made_its_base(
    tmp_path: Path, lang: Lang, frozen: bool
) -> None:
    path = tmp_path / "xingzhi.xlam"
    build(path, lang=lang, frozen=frozen)
    assert lint(path) == []
    if ooxml_validator.available() is None:
        assert ooxml_validator.validate([path])[path] == []
    with zipfile.ZipFile(path) as package:
        assert package.testzip() is None and package.namelist()[0] == "[Content_Types].xml"
        assert {item.date_time for item in package.infolist()} == {(2026, 1, 1, 0, 0, 0)}
        text = b"".join(package.read(name) for name in package.namelist() if not name.endswith(".bin"))
        for word in (b"felix", b"absPath", b"myaddin", b"Interpreter"):
            assert word.lower() not in text.lower()


def custom_ui(path: Path) -> etree._Element:
    with zipfile.ZipFile(path) as package:
        relations = package.read("_rels/.rels").decode()
        # The relation of 2006 goes with the namespace of 2006.
        assert 'Type="http://schemas.microsoft.com/office/2006/relationships/ui/extensibility"' in relations
        return etree.fromstring(package.read("customUI/customUI.xml"))


@pytest.mark.parametrize("lang", Lang)
def test_the_ribbon_has_a_button_for_each_command_in_the_language_of_the_add_in(tmp_path: Path, lang: Lang) -> None:
    path = tmp_path / "xingzhi.xlam"
    build(path, lang=lang)
    (tab,) = custom_ui(path).iter(f"{UI}tab")
    assert tab.get("label") == {Lang.ZH: "行知台账", Lang.EN: "Xingzhi"}[lang]
    groups = {str(group.get("label")): [str(each.get("tag")) for each in group] for group in tab}
    assert list(groups.values()) == [
        ["check", "next_finding", "deadlines", "add_activity", "number_rows", "clear_marks", "submit"],
        ["consolidate", "progress"],
        ["about"],
    ]
    buttons = [*tab.iter(f"{UI}button")]
    assert {button.get("onAction") for button in buttons} == {CALLBACK}
    ids = [element.get("id") for element in tab.iter() if element is not tab]
    assert len(set(ids)) == len(ids)
    for button, command in zip(buttons, ribbon().commands, strict=True):
        assert button.get("label") == command.label.of(lang) and button.get("supertip") == command.tip.of(lang)
        assert button.get("imageMso") == command.image and button.get("size") in ("large", "normal")
    chinese = re.compile("[\u4e00-\u9fff]")
    assert all(bool(chinese.search(str(button.get("label")))) is (lang is Lang.ZH) for button in buttons)


def test_the_callback_and_the_macros_of_the_commands_are_there() -> None:
    module, _, procedure = CALLBACK.partition(".")
    assert f"Public Sub {procedure}(control As IRibbonControl)" in (glue.VBA / f"{module}.bas").read_text("ascii")
    macros = (glue.VBA / "XingzhiMacros.bas").read_text("ascii")
    found = re.findall(r'^Public Sub xingzhi_([a-z_]+)\(\)\n    RunCommand "([a-z_]+)"\nEnd Sub$', macros, re.MULTILINE)
    assert found == [(each.name, each.name) for each in ribbon().commands]
    assert macros.count("Sub xingzhi_") == len(found)


def test_each_command_has_its_workbook() -> None:
    names = {place: {each.name for each in ribbon().commands_of(place)} for place in Place}
    assert names[Place.MASTER] == {"consolidate", "progress", "about"}
    assert names[Place.UNIT] == {each.name for each in ribbon().commands} - {"consolidate", "progress"}


@pytest.mark.parametrize("lang", Lang)
def test_the_texts_of_the_glue_are_those_of_the_catalogue(lang: Lang) -> None:
    (module,) = (each for each in glue.modules(lang, frozen=False) if each.name == glue.TEXTS)
    assert module.source.isascii() and max(map(len, module.source.splitlines())) < 1023
    wanted = {"Text" + key.title().replace("_", ""): messages.text(f"vba.{key}", lang) for key in glue.TEXT_KEYS}
    said = dict.fromkeys(wanted, "")
    for name, value in re.findall(r"^    (\w+) = (?:\1 & )?(.*)$", module.source, re.MULTILINE):
        for plain, code in re.findall(r'"((?:[^"]|"")*)"|ChrW\((\d+)\)', value):
            said[name] += chr(int(code)) if code else plain.replace('""', '"')
    assert said == wanted
    called = set(re.findall(r"\bText[A-Z]\w+(?=\(\))", "".join(p.read_text("ascii") for p in glue.VBA.glob("*.bas"))))
    assert called == set(wanted)


def test_the_command_writes_it_and_refuses_what_is_no_xlam(tmp_path: Path) -> None:
    path = tmp_path / "台账.xlam"
    done = run("addin", "build", "-o", path, "--lang", "en", "--frozen")
    assert done.exit_code == 0, done.output
    assert path.read_bytes() == addin_bytes(Lang.EN, frozen=True)
    wrong = run("addin", "build", "-o", tmp_path / "x.xlsm")
    assert wrong.exit_code == 2 and ".xlam" in wrong.stderr and not (tmp_path / "x.xlsm").exists()
    nowhere = run("addin", "build", "-o", tmp_path / "no" / "x.xlam")
    assert nowhere.exit_code == 2
