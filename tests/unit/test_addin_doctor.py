"""What the doctor says of computers that are not here: each obstacle in words, with its next step."""

from __future__ import annotations

import json
import plistlib
import re
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from importlib import resources
from pathlib import Path
from string import Formatter

import pytest
import yaml
from click.testing import CliRunner
from support.fake_machines import APP_PATHS, FakeMarks, machine, with_registry

from addin.doctor import State, examine
from addin.installation import carry_out, plan_install
from addin.machine import Machine, Platform
from addin.places import addin_file, configuration_file, script_folder
from cli.commands.addin_doctor import exit_code
from cli.main import xingzhi

ADDIN = b"PK an add-in"
CURRENT = frozenset({sha256(ADDIN).hexdigest()})
OFFICE = r"Microsoft\Office\16.0"
POLICY, OWN = rf"HKCU\Software\Policies\{OFFICE}", rf"HKCU\Software\{OFFICE}"
both = pytest.mark.parametrize("platform", [Platform.WINDOWS, Platform.MACOS])


def installed(platform: Platform, root: Path) -> Machine:
    made = machine(platform, root)
    carry_out(made, plan_install(made, ADDIN))
    return made


def said(made: Machine) -> dict[str, tuple[State, str, str]]:
    """Check to (state, what is said, the next step), in English."""
    found = examine(made, CURRENT)
    return {each.check: (each.state, each.said.en, each.step.en if each.step else "") for each in found}


@both
def test_all_is_well_after_an_installation(tmp_path: Path, platform: Platform) -> None:
    made = installed(platform, tmp_path)
    assert {check: state for check, (state, *_) in said(made).items() if state is not State.GOOD} == {}
    assert exit_code(examine(made, CURRENT)) == 0


@both
def test_before_an_installation_it_says_to_install(tmp_path: Path, platform: Platform) -> None:
    made = machine(platform, tmp_path)
    found = said(made)
    for check in ("addin", "configuration"):
        assert found[check][0] is State.MISSING and found[check][2] == "Run `xingzhi addin install`"
    assert exit_code(examine(made, CURRENT)) == 1


Change = Callable[[Machine], Machine]


def registry(key: str, name: str, value: str | int) -> Change:
    return lambda made: with_registry(made, (key, name, value))


def unlink(place: Callable[[Machine], Path]) -> Change:
    def change(made: Machine) -> Machine:
        place(made).unlink()
        return made

    return change


def write(place: Callable[[Machine], Path], content: str) -> Change:
    def change(made: Machine) -> Machine:
        place(made).write_text(content, encoding=made.ansi, newline="")
        return made

    return change


def conf(interpreter: str, more: str = '"ADD_WORKBOOK_TO_PYTHONPATH","False"') -> Change:
    return write(configuration_file, f'"INTERPRETER_WIN","{interpreter}"\r\n{more}\r\n')


def other_python(made: Machine) -> Machine:
    path = made.home / "other" / "python.exe"
    path.parent.mkdir()
    path.touch()
    return conf(str(path))(made)


def lacking(name: str) -> Change:
    return lambda made: replace(made, can_import=lambda asked: asked != name)


WINDOWS: list[tuple[str, Change, str, State]] = [
    ("python", lambda made: replace(made, python=(3, 8)), "old", State.MISSING),
    ("python", lambda made: replace(made, bits=32), "bits", State.MISSING),
    ("libraries", lacking("win32com"), "missing", State.MISSING),
    ("libraries", lacking("xlwings"), "missing", State.MISSING),
    ("excel", registry(APP_PATHS, "", ""), "missing", State.MISSING),
    ("excel", registry(APP_PATHS, "", r"C:\Users\w\Kingsoft\WPS Office\et.exe"), "missing", State.MISSING),
    ("addin", unlink(addin_file), "missing", State.MISSING),
    ("addin", write(addin_file, "older"), "other", State.MISSING),
    ("configuration", unlink(configuration_file), "missing", State.MISSING),
    ("configuration", write(configuration_file, '"SHOW CONSOLE","True"\r\n'), "no_interpreter", State.MISSING),
    ("configuration", conf(r"%USERPROFILE%\gone\python.exe"), "gone", State.MISSING),
    ("configuration", conf(r"%USERPROFILE%\xingzhi\env\python.exe", ""), "open_path", State.MISSING),
    ("configuration", other_python, "other", State.NOTE),
    ("macros", registry(rf"{POLICY}\Common", "VBAOff", 1), "vba_off_policy", State.MISSING),
    ("macros", registry(rf"{OWN}\Common", "VBAOff", 1), "vba_off_own", State.MISSING),
    ("macros", registry(rf"{POLICY}\Excel\Security", "DisableAllAddins", 1), "addins_off_policy", State.MISSING),
    ("macros", registry(rf"{OWN}\Excel\Security", "DisableAllAddins", 1), "addins_off_own", State.MISSING),
    ("macros", registry(rf"{POLICY}\Excel\Security", "RequireAddinSig", 1), "signed_only_policy", State.MISSING),
    ("macros", registry(rf"{OWN}\Excel\Security", "RequireAddinSig", 1), "signed_only_own", State.MISSING),
    (
        "macros",
        registry(rf"{POLICY}\Excel\Security\Trusted Locations", "AllLocationsDisabled", 1),
        "untrusted_policy",
        State.MISSING,
    ),
    (
        "macros",
        registry(rf"{OWN}\Excel\Security\Trusted Locations", "AllLocationsDisabled", 1),
        "untrusted_own",
        State.MISSING,
    ),
    ("buttons", registry(rf"{POLICY}\Excel\Security", "VBAWarnings", 4), "buttons_off_policy", State.NOTE),
    ("buttons", registry(rf"{OWN}\Excel\Security", "VBAWarnings", 4), "buttons_off_own", State.NOTE),
    ("buttons", registry(rf"{POLICY}\Excel\Security", "VBAWarnings", 3), "buttons_signed_policy", State.NOTE),
    ("buttons", registry(rf"{OWN}\Excel\Security", "VBAWarnings", 3), "buttons_signed_own", State.NOTE),
    ("mark", lambda made: replace(made, marks=FakeMarks({addin_file(made)})), "marked", State.MISSING),
    (
        "wps",
        registry(r"HKCU\Software\Kingsoft\Office\6.0\Common", "InstallRoot", r"C:\WPS"),
        "found",
        State.NOTE,
    ),
]


def unlink_script(made: Machine) -> Machine:
    (path,) = script_folder(made).iterdir()
    path.unlink()
    return made


def macros_off(made: Machine) -> Machine:
    path = made.home / "Library" / "Preferences" / "com.microsoft.office.plist"
    path.parent.mkdir(parents=True)
    path.write_bytes(plistlib.dumps({"VisualBasicMacroExecutionState": "DisabledWithoutWarnings"}))
    return made


def wps_app(made: Machine) -> Machine:
    (made.applications[0] / "wpsoffice.app").mkdir()
    return made


def no_excel(made: Machine) -> Machine:
    (made.applications[0] / "Microsoft Excel.app").rmdir()
    return made


MACOS: list[tuple[str, Change, str, State]] = [
    ("libraries", lacking("appscript"), "missing", State.MISSING),
    ("excel", no_excel, "missing", State.MISSING),
    ("script", unlink_script, "missing", State.MISSING),
    ("macros", macros_off, "mac_off", State.MISSING),
    ("wps", wps_app, "found", State.NOTE),
]
CASES = [(Platform.WINDOWS, *case) for case in WINDOWS] + [(Platform.MACOS, *case) for case in MACOS]


TEXTS = yaml.safe_load(resources.files("xingzhi").joinpath("catalogue", "texts.yaml").read_text(encoding="utf-8"))
NAMES = [f"{platform.value}-{check}-{key}-{number}" for number, (platform, check, _, key, _) in enumerate(CASES)]


@pytest.mark.parametrize(("platform", "check", "change", "key", "state"), CASES, ids=NAMES)
def test_each_obstacle_is_found_alone_and_said(
    tmp_path: Path, platform: Platform, check: str, change: Change, key: str, state: State
) -> None:
    made = change(installed(platform, tmp_path))
    found = said(made)
    assert {name for name, (each, *_) in found.items() if each is not State.GOOD} == {check}
    assert found[check][0] is state
    for told, template in zip(found[check][1:], (f"doctor.{check}.{key}", f"doctor.{check}.{key}.step"), strict=True):
        assert re.fullmatch(pattern(TEXTS[template]["en"]), told), told
    assert exit_code(examine(made, CURRENT)) == (1 if state is State.MISSING else 0)


def pattern(template: str) -> str:
    """A regular expression for what a text says once its fields are filled in."""
    return "".join(re.escape(before) + (".+" if name else "") for before, name, *_ in Formatter().parse(template))


def test_no_text_of_an_obstacle_is_without_a_case() -> None:
    told = {key.removesuffix(".step") for key in TEXTS if key.startswith("doctor.") and key.count(".") == 3}
    assert told == {f"doctor.{check}.{key}" for _, check, _, key, _ in CASES} | {"doctor.excel.linux"}


def test_the_settings_of_an_older_excel_are_found_under_its_number(tmp_path: Path) -> None:
    made = installed(Platform.WINDOWS, tmp_path)
    off = (r"HKCU\Software\Policies\Microsoft\Office\15.0\Common", "VBAOff", 1)
    assert said(with_registry(made, off))["macros"][0] is State.GOOD
    older = (r"HKLM\SOFTWARE\Classes\Excel.Application\CurVer", "", "Excel.Application.15")
    assert said(with_registry(made, off, older))["macros"][0] is State.MISSING


def test_a_policy_of_the_computer_counts_as_one_of_the_user(tmp_path: Path) -> None:
    key = POLICY.replace("HKCU", "HKLM")
    made = with_registry(installed(Platform.WINDOWS, tmp_path), (rf"{key}\Common", "VBAOff", 1))
    assert said(made)["macros"][0] is State.MISSING


def test_the_frozen_program_needs_no_other_python(tmp_path: Path) -> None:
    made = replace(machine(Platform.WINDOWS, tmp_path), is_frozen=True)
    carry_out(made, plan_install(made, ADDIN))
    assert {check for check, (state, *_) in said(made).items() if state is not State.GOOD} == set()
    assert "the program" in said(made)["python"][1]


def test_the_log_is_named(tmp_path: Path) -> None:
    made = installed(Platform.WINDOWS, tmp_path)
    assert "nothing has failed" in said(made)["log"][1] and str(made.log) in said(made)["log"][1]
    made.log.touch()
    assert "send it to" in said(made)["log"][1]


def test_on_linux_it_says_what_to_use_instead(tmp_path: Path) -> None:
    made = machine(Platform.LINUX, tmp_path)
    found = said(made)
    assert set(found) == {"python", "excel", "wps", "log"}
    assert found["excel"][0] is State.MISSING and "xingzhi watch" in found["excel"][2]
    (made.applications[0] / "wps-office").mkdir(parents=True)
    assert said(made)["wps"][0] is State.NOTE


def test_the_command_says_it_in_both_languages_and_as_json() -> None:
    spoken = CliRunner().invoke(xingzhi, ["addin", "doctor"])
    assert spoken.exit_code in (0, 1) and "Python" in spoken.stdout and "日志" in spoken.stdout
    assert "日志" not in CliRunner().invoke(xingzhi, ["--lang", "en", "addin", "doctor"]).stdout
    told = json.loads(CliRunner().invoke(xingzhi, ["addin", "doctor", "--json"]).stdout)
    assert {each["check"] for each in told["checks"]} >= {"python", "excel", "wps", "log"}
    assert all(each["remedy"] for each in told["checks"] if each["state"] == "missing")


@pytest.mark.parametrize("arguments", [["addin", "install"], ["addin", "doctor"], ["pack"]], ids=" ".join)
def test_help_is_in_both_languages(arguments: list[str]) -> None:
    chinese = CliRunner().invoke(xingzhi, [*arguments, "--help"]).stdout
    english = CliRunner().invoke(xingzhi, ["--lang", "en", *arguments, "--help"]).stdout
    assert re.search("[一-鿿]", chinese) and english and not re.search("[一-鿿]", english)
