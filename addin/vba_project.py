"""A VBA project ([MS-OVBA]) of source alone: without compiled code, Excel compiles it when it is loaded.

It is stored as xlwings stores its own: the version 0xFFFF in `_VBA_PROJECT` says that no program's compiled code is in it.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from addin.compound_writer import compound_file
from addin.vba_compression import compress

NAME = "XingzhiProject"
_ID = "{6B0A7C52-3E1D-4C8F-9A64-5D2F81B7E930}"
_OFFICE = (
    r"*\G{2DF8D04C-5BFA-101B-BDE5-00AA0044DE52}#2.0#0#"
    r"C:\Program Files\Common Files\Microsoft Shared\OFFICE16\MSO.DLL#Microsoft Office 16.0 Object Library"
)
"""Its path is a hint: Excel goes by the identity. IRibbonControl is in it."""

_LOCALE, _CODEPAGE = 0x409, 1252
_NO_CACHE = bytes.fromhex("cc61ffff000100")
_DOCUMENT = """Attribute VB_Name = "{name}"
Attribute VB_Base = "0{{{base}-0000-0000-C000-000000000046}}"
Attribute VB_GlobalNameSpace = False
Attribute VB_Creatable = False
Attribute VB_PredeclaredId = True
Attribute VB_Exposed = True
Attribute VB_TemplateDerived = False
Attribute VB_Customizable = True
"""
_WORKBOOK_BASE, _SHEET_BASE = "00020819", "00020820"


class Kind(StrEnum):
    """What a module is, by its key in the PROJECT stream."""

    DOCUMENT = "Document"
    CLASS = "Class"
    STANDARD = "Module"


@dataclass(frozen=True, slots=True)
class Module:
    """One module; its source is ASCII, in lines that end with \\n."""

    name: str
    kind: Kind
    source: str

    def stored(self) -> bytes:
        """Its source as VBA holds it; UnicodeEncodeError where it is not ASCII."""
        return self.source.replace("\n", "\r\n").encode("ascii")


def workbook_module(name: str = "ThisWorkbook") -> Module:
    """The module that every workbook has."""
    return Module(name, Kind.DOCUMENT, _DOCUMENT.format(name=name, base=_WORKBOOK_BASE))


def sheet_module(name: str) -> Module:
    """The module of the sheet of this code name."""
    return Module(name, Kind.DOCUMENT, _DOCUMENT.format(name=name, base=_SHEET_BASE))


def vba_project(modules: Sequence[Module]) -> bytes:
    """The content of `xl/vbaProject.bin`."""
    streams = {f"VBA/{each.name}": compress(each.stored()) for each in modules}
    names = b"".join(_ansi(each.name) + b"\0" + _wide(each.name) + b"\0\0" for each in modules)
    return compound_file(
        {
            **streams,
            "VBA/_VBA_PROJECT": _NO_CACHE,
            "VBA/dir": compress(_dir_stream(modules)),
            "PROJECT": _ansi("\r\n".join(_project_lines(modules)) + "\r\n"),
            "PROJECTwm": names + b"\0\0",
        }
    )


def _dir_stream(modules: Sequence[Module]) -> bytes:
    records = [
        _number(0x01, 1),  # Win32, which a Mac and 64 bits read as well
        _number(0x02, _LOCALE),
        _number(0x14, _LOCALE),
        _short(0x03, _CODEPAGE),
        _record(0x04, _ansi(NAME)),
        *_twice(0x05, 0x40, ""),
        _record(0x06) + _record(0x3D),
        _number(0x07, 0),
        _number(0x08, 0),
        struct.pack("<HIIH", 0x09, 4, 1, 1),
        *_twice(0x0C, 0x3C, ""),
        *_twice(0x16, 0x3E, "Office"),
        _record(0x0D, struct.pack("<I", len(_OFFICE)) + _ansi(_OFFICE) + bytes(6)),
        _short(0x0F, len(modules)),
        _short(0x13, 0xFFFF),
    ]
    for each in modules:
        records += _module_records(each)
    return b"".join([*records, _record(0x10)])


def _module_records(module: Module) -> Iterator[bytes]:
    yield from _twice(0x19, 0x47, module.name)
    yield from _twice(0x1A, 0x32, module.name)
    yield from _twice(0x1C, 0x48, "")
    yield _number(0x31, 0)  # the source begins at once: no compiled code before it
    yield _number(0x1E, 0)
    yield _short(0x2C, 0xFFFF)
    yield _record(0x21 if module.kind is Kind.STANDARD else 0x22)
    yield _record(0x2B)


def _project_lines(modules: Sequence[Module]) -> Iterator[str]:
    yield f'ID="{_ID}"'
    for each in modules:
        yield f"{each.kind}={each.name}" + ("/&H00000000" if each.kind is Kind.DOCUMENT else "")
    yield f'Name="{NAME}"'
    yield 'HelpContextID="0"'
    yield 'VersionCompatible32="393222000"'
    for key, state in (("CMG", bytes(4)), ("DPB", bytes(1)), ("GC", b"\xff")):
        yield f'{key}="{_encrypted(state)}"'
    yield ""
    yield "[Host Extender Info]"
    yield "&H00000001={3832D640-CF90-11CF-8E43-00A0C911005A};VBE;&H00000000"
    yield ""
    yield "[Workspace]"
    for each in modules:
        yield f"{each.name}=0, 0, 0, 0, C"


def _encrypted(state: bytes) -> str:
    """The state of protection (none), password (none) or visibility (visible), as 2.4.3.2 hides it; the seed is 0, so that
    two builds are the same."""
    key = sum(_ansi(_ID)) & 0xFF
    hidden = [0, 2, key]
    plain = key
    for byte in struct.pack("<I", len(state)) + state:
        hidden.append(byte ^ ((hidden[-2] + plain) & 0xFF))
        plain = byte
    return bytes(hidden).hex().upper()


def _record(kind: int, data: bytes = b"") -> bytes:
    return struct.pack("<HI", kind, len(data)) + data


def _number(kind: int, value: int) -> bytes:
    return _record(kind, struct.pack("<I", value))


def _short(kind: int, value: int) -> bytes:
    return _record(kind, struct.pack("<H", value))


def _twice(kind: int, wide: int, text: str) -> tuple[bytes, bytes]:
    """A text in the project's code page and in UTF-16."""
    return _record(kind, _ansi(text)), _record(wide, _wide(text))


def _ansi(text: str) -> bytes:
    return text.encode("ascii")


def _wide(text: str) -> bytes:
    return text.encode("utf-16-le")
