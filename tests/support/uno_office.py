"""A LibreOffice that stays open, reached by UNO from a Python that has no `uno`.

`with start() as office:` starts one with a profile of its own, which computes every formula of a file that it opens, and a
Python that has `uno` beside it (`uno_server.py`): LibreOffice's own, or that of the system with `python3-uno`.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from itertools import count
from os import getpid
from pathlib import Path
from typing import IO, Any

from support import libreoffice

SERVER = Path(__file__).with_name("uno_server.py")
SECONDS = 120

_PLACES = ("python", "python.exe", "../Resources/python")
"""Where LibreOffice's own Python lies beside its program."""

_NUMBERS = count(1)


@cache
def _python() -> str | None:
    """A Python that has `uno`."""
    program = libreoffice.find_program("soffice")
    beside = [Path(program).resolve().parent / each for each in _PLACES] if program else []
    found = [str(each) for each in beside if each.is_file()]
    for each in (*found, "/usr/bin/python3", shutil.which("python3"), shutil.which("python")):
        if each and shutil.which(each):
            asked = subprocess.run([each, "-I", "-c", "import uno"], capture_output=True, check=False, timeout=SECONDS)
            if not asked.returncode:
                return each
    return None


def available() -> str | None:
    """Return why no LibreOffice can be reached by UNO, or None if one can."""
    if libreoffice.available():
        return libreoffice.available()
    return None if _python() else "no Python has LibreOffice's uno (python3-uno)"


class UnoFailed(Exception):
    """A call that LibreOffice did not carry out."""


class Remote:
    """An object of LibreOffice: its methods are called as they are named there, `sheet.getRangeAddress()`.

    Structs go and come as mappings with their type under "struct", sequences as lists, enums as their names.
    """

    def __init__(self, office: UnoOffice, number: int) -> None:
        self._office, self._number = office, number

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name.startswith("__"):
            raise AttributeError(name)
        return lambda *args: self._office.call(self._number, name, args)


class UnoOffice:
    """One office; `desktop` is what everything begins with."""

    def __init__(self, to: IO[str], answers: IO[str]) -> None:
        self._to, self._answers = to, answers
        self.desktop: Any = Remote(self, 0)

    def call(self, number: int, name: str, args: tuple[object, ...]) -> Any:
        """Call a method. UnoFailed with what LibreOffice says."""
        self._to.write(json.dumps({"on": number, "call": name, "with": [_told(each) for each in args]}) + "\n")
        self._to.flush()
        line = self._answers.readline()
        if not line:
            raise UnoFailed("LibreOffice has ended")
        answer = json.loads(line)
        if "failed" in answer:
            raise UnoFailed(f"{name}: {answer['failed']}")
        return self._given(answer["is"])

    def open(self, path: Path) -> Any:
        """Open a file, without a window. UnoFailed where it is not opened."""
        found = self.desktop.loadComponentFromURL(path.resolve().as_uri(), "_blank", 0, [option("Hidden", True)])
        if found is None:
            raise UnoFailed(f"LibreOffice did not open {path.name}")
        return found

    def _given(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self._given(each) for each in value]
        return Remote(self, value["object"]) if isinstance(value, dict) and "object" in value else value


def _told(value: object) -> object:
    if isinstance(value, Remote):
        return {"object": value._number}
    return [_told(each) for each in value] if isinstance(value, list | tuple) else value


def option(name: str, value: object) -> dict[str, object]:
    """One option of a call."""
    return {"struct": "com.sun.star.beans.PropertyValue", "Name": name, "Value": value}


@contextmanager
def start() -> Iterator[UnoOffice]:
    """An office for as long as the block runs."""
    python, address = _python(), f"pipe,name=xingzhi-{getpid()}-{next(_NUMBERS)}"
    if python is None:
        raise RuntimeError(available())
    with libreoffice.start([f"--accept={address};urp;"], libreoffice.new_profile(recalculating=True)) as soffice:
        try:
            with subprocess.Popen(
                # Another Python must not find ours.
                [python, "-I", str(SERVER), address],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                encoding="utf-8",
            ) as server:
                assert server.stdin and server.stdout
                try:
                    yield UnoOffice(server.stdin, server.stdout)
                finally:
                    server.kill()
        finally:
            libreoffice.kill(soffice)
