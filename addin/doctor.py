"""What is missing for the add-in to run on a computer, in words, each with the next step."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from pathlib import Path

from addin import configuration
from addin.installation import run_script
from addin.machine import Machine, Platform
from addin.office_settings import button_obstacle, excel, macro_obstacle, wps
from addin.places import addin_file, configuration_file, script_folder
from xingzhi.labels import Label
from xingzhi.messages import label

OLDEST = (3, 11)
"""The oldest Python that xingzhi runs on."""


class State(StrEnum):
    """How a check ends."""

    GOOD = "good"
    NOTE = "note"
    """Worth knowing; nothing is missing."""
    MISSING = "missing"


@dataclass(frozen=True)
class Diagnosis:
    """What one check says; `check` ends the catalogue's key `doctor.check.*`."""

    check: str
    state: State
    said: Label
    step: Label | None = None


def examine(machine: Machine, current: Collection[str]) -> tuple[Diagnosis, ...]:
    """Every check that a system of this kind has; `current` are SHA-256 digests of the add-ins that this version builds."""
    found = [python(machine), excel_found(machine)]
    if machine.platform is not Platform.LINUX:
        found.insert(1, libraries(machine))
        found += [addin(machine, current), conf(machine), macros(machine), mark(machine)]
        if machine.platform is Platform.MACOS:
            found.append(script(machine))
        if machine.platform is Platform.WINDOWS:
            found.append(buttons(machine))
    return (*found, wps_found(machine), log(machine))


def python(machine: Machine) -> Diagnosis:
    """Python's version and its bits."""
    version = ".".join(map(str, machine.python))
    told = {"version": version, "path": str(machine.interpreter)}
    if machine.is_frozen:
        return _good("python", "frozen", **told)
    if machine.python < OLDEST:
        return _missing("python", "old", **told)
    if machine.bits != 64:
        return _missing("python", "bits", **told)
    return _good("python", "good", **told)


def libraries(machine: Machine) -> Diagnosis:
    """The packages by which Python speaks to Excel."""
    bridge = {Platform.WINDOWS: ("win32com", "pywin32"), Platform.MACOS: ("appscript", "appscript")}[machine.platform]
    lacking = [name for module, name in (("xlwings", "xlwings"), bridge) if not machine.can_import(module)]
    if lacking:
        return _missing("libraries", "missing", names="、".join(lacking), python=str(machine.interpreter))
    return _good("libraries", "good", names=f"xlwings、{bridge[1]}")


def excel_found(machine: Machine) -> Diagnosis:
    """Excel itself."""
    if machine.platform is Platform.LINUX:
        return _missing("excel", "linux")
    place = excel(machine)
    return _good("excel", "good", path=place) if place else _missing("excel", "missing")


def addin(machine: Machine, current: Collection[str]) -> Diagnosis:
    """The add-in, and whether this version built it."""
    path = addin_file(machine)
    if not path.is_file():
        return _missing("addin", "missing", path=str(path))
    if sha256(path.read_bytes()).hexdigest() not in current:
        return _missing("addin", "other", path=str(path))
    return _good("addin", "good", path=str(path))


def conf(machine: Machine) -> Diagnosis:
    """The configuration, and whether the Python that it names is there."""
    path = configuration_file(machine)
    if not path.is_file():
        return _missing("configuration", "missing", path=str(path))
    values = configuration.read(machine, path)
    key = configuration.interpreter_key(machine)
    if not values.get(key):
        return _missing("configuration", "no_interpreter", path=str(path), name=key)
    interpreter = Path(configuration.expanded(machine, values[key]))
    if not interpreter.exists():
        return _missing("configuration", "gone", path=str(path), interpreter=str(interpreter))
    if values.get(configuration.WORKBOOK_FOLDER, "").lower() != "false":
        return _missing("configuration", "open_path", path=str(path))
    if interpreter != machine.interpreter:
        told = {"interpreter": str(interpreter), "here": str(machine.interpreter)}
        return _note("configuration", "other", **told)
    return _good("configuration", "good", interpreter=str(interpreter))


def script(machine: Machine) -> Diagnosis:
    """macOS: the script by which macros start Python, of the version that the add-in names."""
    path = script_folder(machine) / run_script()[0]
    return _good("script", "good", path=str(path)) if path.is_file() else _missing("script", "missing", path=str(path))


def macros(machine: Machine) -> Diagnosis:
    """Whether Excel lets the add-in run."""
    obstacle = macro_obstacle(machine)
    return _missing("macros", obstacle) if obstacle else _good("macros", "good")


def buttons(machine: Machine) -> Diagnosis:
    """Whether Excel lets macros in a workbook run: the template with buttons needs it, the add-in does not."""
    obstacle = button_obstacle(machine)
    return _note("buttons", obstacle) if obstacle else _good("buttons", "good")


def mark(machine: Machine) -> Diagnosis:
    """The mark of a file that came from elsewhere, which blocks its macros."""
    path = addin_file(machine)
    if machine.marks.has(path):
        return _missing("mark", "marked", path=str(path))
    return _good("mark", "good")


def wps_found(machine: Machine) -> Diagnosis:
    """WPS, in which the macros do not run."""
    place = wps(machine)
    return _note("wps", "found", path=place) if place else _good("wps", "none")


def log(machine: Machine) -> Diagnosis:
    """Where the macros' log is."""
    return _good("log", "there" if machine.log.is_file() else "empty", path=str(machine.log))


def _good(check: str, key: str, **args: str) -> Diagnosis:
    return Diagnosis(check, State.GOOD, label(f"doctor.{check}.{key}", **args))


def _note(check: str, key: str, **args: str) -> Diagnosis:
    return _with_step(State.NOTE, check, key, args)


def _missing(check: str, key: str, **args: str) -> Diagnosis:
    return _with_step(State.MISSING, check, key, args)


def _with_step(state: State, check: str, key: str, args: dict[str, str]) -> Diagnosis:
    said, step = (label(f"doctor.{check}.{key}{end}", **args) for end in ("", ".step"))
    return Diagnosis(check, state, said, step)
