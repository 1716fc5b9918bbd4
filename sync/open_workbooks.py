"""Whether a program has a workbook open: by the lock file that it leaves beside it, and by the file itself."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

from sync.office import OfficeError

_WIDE_NAMES = (55, 54)
"""Where an owner file has the user's name in UTF-16, after its length in two bytes: that of Excel, and that of others."""

_LONGEST_NAME = 54


class Holder(NamedTuple):
    """Who has a workbook open, as its lock file says, and that file: a program that crashed leaves it behind."""

    name: str
    lock: Path


def holder_of(path: Path) -> Holder | None:
    """Who has a workbook open in Excel, WPS or LibreOffice; None if no one."""
    # Excel, and WPS on Windows; WPS on Linux and macOS; LibreOffice.
    for name, said in ((f"~${path.name}", _owner), (f".~{path.name}", _owner), (f".~lock.{path.name}#", _author)):
        lock = path.with_name(name)
        if lock.exists():
            try:
                text = lock.read_bytes()[:400]
            except OSError:
                text = b""
            return Holder(said(text) or lock.name, lock)
    return None


def demand_closed(path: Path) -> None:
    """OfficeError where a program has the master open, or does not let it be written."""
    holder = holder_of(path)
    if holder is not None:
        raise OfficeError("refusal.master_open", holder=holder.name, lock=str(holder.lock))
    try:
        with path.open("r+b"):
            pass
    except PermissionError as error:
        raise OfficeError("refusal.master_held", file=str(path)) from error
    except FileNotFoundError:
        pass


def _owner(text: bytes) -> str:
    """The user's name in an owner file of Excel's kind: in UTF-16, else in the bytes of the computer's own code page."""
    for place in _WIDE_NAMES:
        length = int.from_bytes(text[place : place + 2], "little")
        name = text[place + 2 : place + 2 + 2 * length].decode("utf-16-le", "replace").strip()
        if 0 < length <= _LONGEST_NAME and name and name.isprintable():
            return name
    name = text[1 : 1 + min(text[0], _LONGEST_NAME)].decode("gb18030", "replace").strip() if text else ""
    return name if name.isprintable() else ""


def _author(text: bytes) -> str:
    """`name,account,host,time,profile;` as LibreOffice writes it, a comma in a name after a backslash."""
    fields = re.split(r"(?<!\\),", text.decode("utf-8", "replace"))
    name, account, host, when = (field.replace("\\,", ",").strip() for field in (*fields, "", "", "")[:4])
    return ", ".join(part for part in (name or account, host, when) if part and part.isprintable())
