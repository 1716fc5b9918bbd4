"""xingzhi.conf: what the macros' glue needs to know of this computer, in the format of xlwings.

One `"KEY","value"` a line. VBA reads it in the ANSI encoding of the system and expands `%NAME%` in values.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from addin.machine import Machine, Platform
from xingzhi.refusal import Refusal

EXECUTABLE = "XINGZHI_EXE"
WORKBOOK_FOLDER = "ADD_WORKBOOK_TO_PYTHONPATH"
_LINE = re.compile(r'\s*"([^"]*)"\s*,\s*"([^"]*)"\s*')
_VARIABLE = re.compile(r"%([^%]+)%")


def interpreter_key(machine: Machine) -> str:
    """The key that names the Python, or the frozen program, of a machine like this."""
    if machine.is_frozen:
        return EXECUTABLE
    return "INTERPRETER_MAC" if machine.platform is Platform.MACOS else "INTERPRETER_WIN"


def settings(machine: Machine) -> dict[str, str]:
    """What is to stand in the file. A received workbook's folder never comes onto Python's path."""
    return {interpreter_key(machine): _portable(machine), WORKBOOK_FOLDER: "False"}


def _portable(machine: Machine) -> str:
    # A user's name is often Chinese and the file is read as ANSI: the system itself knows where the profile lies.
    interpreter = machine.interpreter
    if machine.platform is Platform.WINDOWS and interpreter.is_relative_to(machine.home):
        return "\\".join(("%USERPROFILE%", *interpreter.relative_to(machine.home).parts))
    return str(interpreter)


def values(text: str) -> dict[str, str]:
    """Key to value, keys in capitals; the first of two counts, as it does for VBA."""
    found: dict[str, str] = {}
    for line in text.splitlines():
        if match := _LINE.fullmatch(line):
            found.setdefault(match[1].upper(), match[2])
    return found


def read(machine: Machine, path: Path) -> dict[str, str]:
    """`values` of a file; empty where there is none."""
    return values(_text(machine, path))


def expanded(machine: Machine, value: str) -> str:
    """A value as VBA expands it."""
    known = {**machine.environment, "USERPROFILE": str(machine.home)}
    filled = _VARIABLE.sub(lambda found: known.get(found[1], found[0]), value)
    # A path of Windows is one wherever the doctor is tried.
    return filled.replace("\\", "/") if filled != value else filled


def with_settings(machine: Machine, path: Path, ours: Mapping[str, str]) -> bytes:
    """The file with our keys set and every other line kept; Refusal where a value has no place in the encoding."""
    lines = [*_foreign(machine, path, ours), *(f'"{key}","{value}"' for key, value in ours.items())]
    return _bytes(machine, lines)


def without_settings(machine: Machine, path: Path) -> bytes | None:
    """The file without our keys, None where nothing else stands in it."""
    lines = _foreign(machine, path, settings(machine))
    return _bytes(machine, lines) if lines else None


def _foreign(machine: Machine, path: Path, ours: Mapping[str, str]) -> list[str]:
    lines = _text(machine, path).splitlines()
    return [line for line in lines if line.strip() and not (values(line).keys() & ours.keys())]


def _text(machine: Machine, path: Path) -> str:
    # What another program wrote there in another encoding goes back byte for byte.
    return path.read_text(encoding=machine.ansi, errors="surrogateescape") if path.is_file() else ""


def _bytes(machine: Machine, lines: list[str]) -> bytes:
    end = "\r\n" if machine.platform is Platform.WINDOWS else "\n"
    try:
        return "".join(line + end for line in lines).encode(machine.ansi, errors="surrogateescape")
    except UnicodeEncodeError as error:
        raise Refusal("refusal.addin_path", path=str(machine.interpreter)) from error
