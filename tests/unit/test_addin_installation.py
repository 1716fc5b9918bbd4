"""The add-in comes to where Excel looks, on a Windows PC and on a Mac that are folders here."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from support.fake_machines import FakeMarks, machine
from support.place_names import EXCEL_PLACES, SOURCE

from addin import configuration
from addin.installation import Action, Step, carry_out, plan_install, plan_removal
from addin.machine import Machine, Platform, StreamMarks
from addin.places import addin_file, configuration_file
from cli.commands import addin_install
from xingzhi.refusal import Refusal

ADDIN = b"PK an add-in"
both = pytest.mark.parametrize("platform", [Platform.WINDOWS, Platform.MACOS])


def actions(steps: tuple[Step, ...]) -> list[tuple[Action, str]]:
    return [(step.action, step.what) for step in steps]


def files(made: Machine) -> dict[str, bytes]:
    """Every file of a home by its path in it, but for its Python."""
    there = {
        path.relative_to(made.home).as_posix(): path.read_bytes() for path in made.home.rglob("*") if path.is_file()
    }
    return {name: content for name, content in there.items() if not name.endswith("python.exe")}


def install(made: Machine, addin: bytes = ADDIN) -> tuple[Step, ...]:
    steps = plan_install(made, addin)
    carry_out(made, steps)
    return steps


@both
def test_it_lands_where_excel_and_the_glue_look(tmp_path: Path, platform: Platform) -> None:
    made = machine(platform, tmp_path)
    install(made)
    expected = {name for name in EXCEL_PLACES[platform]}
    assert set(files(made)) == expected
    assert files(made)[EXCEL_PLACES[platform][0]] == ADDIN


def test_these_places_are_the_ones_that_xlwings_itself_uses() -> None:
    glue, command = (SOURCE / "xlwings_custom_addin.bas").read_text(), (SOURCE / "cli.py").read_text()
    assert r'Environ("USERPROFILE") & "\." & PROJECT_NAME & "\" & PROJECT_NAME & ".conf"' in glue
    assert 'GetMacDir("$HOME", False) & "/" & PROJECT_NAME & ".conf"' in glue
    assert "/Library/Application Scripts/com.microsoft.Excel" in command
    assert "~/Library/Containers/com.microsoft.Excel/Data/xlwings.conf" in glue


@both
def test_a_plan_writes_nothing_and_a_second_installation_changes_nothing(tmp_path: Path, platform: Platform) -> None:
    made = machine(platform, tmp_path)
    before = files(made)
    assert {step.action for step in plan_install(made, ADDIN)} == {Action.NEW}
    assert files(made) == before == {}
    install(made)
    first = files(made)
    assert {step.action for step in install(made)} == {Action.KEEP}
    assert files(made) == first


@both
def test_a_newer_add_in_replaces_the_one_that_is_there(tmp_path: Path, platform: Platform) -> None:
    made = machine(platform, tmp_path)
    install(made)
    steps = install(made, b"PK a newer one")
    assert actions(steps)[:2] == [(Action.REPLACE, "addin"), (Action.KEEP, "configuration")]
    assert addin_file(made).read_bytes() == b"PK a newer one"


@both
def test_the_configuration_names_the_interpreter_and_keeps_what_others_wrote(
    tmp_path: Path, platform: Platform
) -> None:
    made = machine(platform, tmp_path)
    path = configuration_file(made)
    path.parent.mkdir(parents=True)
    foreign = '"SHOW CONSOLE","True"', '"ONEDRIVE_CONSUMER_WIN","D:\\云盘"'
    old = f'"{configuration.interpreter_key(made)}","C:\\old\\python.exe"'
    path.write_bytes("\r\n".join([foreign[0], old, "", foreign[1], ""]).encode(made.ansi))
    install(made)
    lines = path.read_bytes().decode(made.ansi).splitlines()
    assert lines[:2] == list(foreign)
    values = configuration.read(made, path)
    assert values["ADD_WORKBOOK_TO_PYTHONPATH"] == "False"
    assert Path(configuration.expanded(made, values[configuration.interpreter_key(made)])) == made.interpreter
    assert len(lines) == 4


def test_bytes_of_another_encoding_come_through(tmp_path: Path) -> None:
    made = machine(Platform.WINDOWS, tmp_path)
    path = configuration_file(made)
    path.parent.mkdir(parents=True)
    path.write_bytes(b'"OTHER","\xff\xfe\x81"\r\n')
    install(made)
    assert path.read_bytes().startswith(b'"OTHER","\xff\xfe\x81"\r\n')


def test_on_windows_the_configuration_is_ascii_though_the_user_is_not(tmp_path: Path) -> None:
    made = machine(Platform.WINDOWS, tmp_path)
    install(made)
    content = configuration_file(made).read_bytes()
    assert content.isascii() and rb"%USERPROFILE%\xingzhi\env\python.exe" in content
    assert content.count(b"\n") == content.count(b"\r\n") == 2


def test_a_path_that_vba_could_not_read_is_refused(tmp_path: Path) -> None:
    made = replace(machine(Platform.WINDOWS, tmp_path), interpreter=tmp_path / "𠮷" / "python.exe")
    with pytest.raises(Refusal, match="plain English"):
        plan_install(made, ADDIN)
    assert files(made) == {}


def test_the_frozen_program_is_named_as_such(tmp_path: Path) -> None:
    made = replace(machine(Platform.WINDOWS, tmp_path), is_frozen=True)
    install(made)
    assert set(configuration.read(made, configuration_file(made))) == {"XINGZHI_EXE", "ADD_WORKBOOK_TO_PYTHONPATH"}


def test_on_a_mac_the_script_is_the_one_that_the_glue_calls(tmp_path: Path) -> None:
    made = machine(Platform.MACOS, tmp_path)
    install(made)
    (script,) = (made.home / "Library" / "Application Scripts" / "com.microsoft.Excel").iterdir()
    version = re.search(r'XLWINGS_VERSION As String = "(.+)"', (SOURCE / "xlwings_custom_addin.bas").read_text())
    assert version and script.name == f"xlwings-{version[1]}.applescript"
    assert b"VbaHandler" in script.read_bytes()


@both
def test_marks_of_files_that_came_from_elsewhere_are_taken_away(tmp_path: Path, platform: Platform) -> None:
    made = machine(platform, tmp_path)
    marks = FakeMarks({addin_file(made)})
    made = replace(made, marks=marks)
    steps = install(made)
    assert (Action.UNMARK, "mark") in actions(steps) and marks.marked == set()


def test_the_mark_of_windows_is_a_stream_of_the_file(tmp_path: Path) -> None:
    # Where there are no streams the name is that of a file beside it: the code that removes it is the same.
    path = tmp_path / "xingzhi.xlam"
    stream = tmp_path / "xingzhi.xlam:Zone.Identifier"
    stream.write_text("[ZoneTransfer]\nZoneId=3\n")
    assert StreamMarks().has(path)
    StreamMarks().remove(path)
    assert not stream.exists() and not StreamMarks().has(path)
    StreamMarks().remove(path)


@both
def test_removal_takes_away_what_was_installed_and_nothing_else(tmp_path: Path, platform: Platform) -> None:
    made = machine(platform, tmp_path)
    assert plan_removal(made) == ()
    beside = addin_file(made).with_name("other.xlam")
    install(made)
    beside.write_bytes(b"not ours")
    carry_out(made, plan_removal(made))
    left = {name.rpartition("/")[2] for name in files(made)}
    assert {"other.xlam"} <= left and "xingzhi.xlam" not in left and "xingzhi.conf" not in left
    assert plan_removal(made) == ()


def test_removal_leaves_the_settings_of_others(tmp_path: Path) -> None:
    made = machine(Platform.WINDOWS, tmp_path)
    path = configuration_file(made)
    path.parent.mkdir(parents=True)
    path.write_bytes(b'"SHOW CONSOLE","True"\r\n')
    install(made)
    carry_out(made, plan_removal(made))
    assert path.read_bytes() == b'"SHOW CONSOLE","True"\r\n'


def test_an_add_in_that_excel_holds_is_told_and_left_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = machine(Platform.WINDOWS, tmp_path)
    install(made)

    def held(source: Path, target: Path) -> None:
        raise PermissionError(13, "in use", str(target))

    steps = plan_install(made, b"PK a newer one")
    monkeypatch.setattr("addin.installation.os.replace", held)
    with pytest.raises(Refusal, match="close Excel"):
        carry_out(made, steps)
    assert addin_file(made).read_bytes() == ADDIN
    assert not list(addin_file(made).parent.glob("*.new"))


def test_the_command_prints_the_plan_and_does_nothing_in_a_dry_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    made = machine(Platform.WINDOWS, tmp_path)
    monkeypatch.setattr(addin_install, "built", lambda _: ADDIN)
    addin_install.install(made, dry_run=True, remove=False)
    planned = capsys.readouterr().out
    assert (
        f"新建加载项：{addin_file(made)}" in planned and str(made.interpreter) in planned and "什么都没有写" in planned
    )
    assert files(made) == {}
    for said in ("已装好", "早已装好"):
        addin_install.install(made, dry_run=False, remove=False)
        assert said in capsys.readouterr().out
    addin_install.install(made, dry_run=False, remove=True)
    assert f"删除加载项：{addin_file(made)}" in capsys.readouterr().out
    assert files(made) == {}


def test_where_there_is_no_excel_it_says_what_to_do_instead(tmp_path: Path) -> None:
    made = machine(Platform.LINUX, tmp_path)
    plans: tuple[Callable[[], object], ...] = (lambda: plan_install(made, ADDIN), lambda: plan_removal(made))
    for plan in plans:
        with pytest.raises(Refusal, match="xingzhi check"):
            plan()
