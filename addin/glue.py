"""The VBA that goes into an add-in or a workbook: ours, xlwings' own from the installed wheel, and the texts.

What is taken of xlwings is its stand-alone module (`xlwings_custom_addin.bas`) and the Dictionary class that it needs on a
Mac, both with their notices. Remote.bas, License.bas, the Web*.cls and WebHelpers.bas serve xlwings PRO and its server
and are left out; so is Extensions.bas, since there are no worksheet functions.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from addin.vba_project import Kind, Module
from xingzhi import messages
from xingzhi.labels import Lang

VBA = Path(__file__).with_name("vba")
TEXTS = "XingzhiTexts"
TEXT_KEYS = ("title", "bad_command", "no_workbook", "bad_file_name", "not_installed", "no_program")
"""Of the texts `vba.<key>`; the function of each is `Text` and the key in capitals and small letters."""

_PIECE = 24
"""Letters a statement: VBA takes 1023 characters a line."""

_CHANGES = (
    # Whose configuration it reads.
    ('Public Const PROJECT_NAME As String = "myaddin"', 'Public Const PROJECT_NAME As String = "xingzhi"', 1),
    # A sheet of the active workbook, or a file beside it, could name the program to run: a received workbook may not.
    ('Optional source As String = "") As Variant', 'Optional source As String = "user") As Variant', 1),
    # A workbook's name on the command line is outside cmd's quotes there, and within sh's double quotes on a Mac; and
    # its folder may not come onto Python's path.
    ('AddExcelDir & ";" & ActiveFullName & ";" & ThisFullName & ";"', '"false;;;"', 2),
    # A sheet whose name ends with .py would lead to xlwings.pro.
    ("                uses_embedded_code = True\n", "                uses_embedded_code = False\n", 1),
    ("\n\n'xlwings is distributed under", "\n\n'Changed for xingzhi: its addin/glue.py lists the changes.\n"
     "'xlwings is distributed under", 1),
)  # fmt: skip
"""Of xlwings' module: what is written, instead of what, and how often it stands there."""


def modules(lang: Lang, *, frozen: bool) -> tuple[Module, ...]:
    """The modules without a document's own; ours say what they say in `lang`. ValueError where the installed xlwings is not
    the one that we know."""
    runner = "XingzhiFrozen" if frozen else "XingzhiPython"
    ours = ("XingzhiRibbon", "XingzhiMacros", runner, "XingzhiGuard", "XingzhiSay")
    return (
        *(Module(name, Kind.STANDARD, _text(VBA / f"{name}.bas")) for name in ours),
        Module(TEXTS, Kind.STANDARD, "\n".join(_texts(lang)) + "\n"),
        Module("xlwings", Kind.STANDARD, _xlwings()),
        Module("Dictionary", Kind.CLASS, _dictionary()),
    )


def wheel_file(name: str) -> Path:
    """A file of the installed xlwings, which is not imported for it; `name` is relative to its package."""
    found = find_spec("xlwings")
    if found is None or found.origin is None:
        raise ModuleNotFoundError("xlwings is not installed")
    return Path(found.origin).parent / name


def _xlwings() -> str:
    source = _text(wheel_file("xlwings_custom_addin.bas"))
    for old, new, times in _CHANGES:
        if source.count(old) != times:
            raise ValueError(f"the installed xlwings has {source.count(old)} times, not {times}: {old.strip()}")
        source = source.replace(old, new)
    return source


def _dictionary() -> str:
    """The class as a project holds it: an exported file has other lines at its top."""
    source = _text(wheel_file("addin/Dictionary.cls"))
    name = 'Attribute VB_Name = "Dictionary"\n'
    base = 'Attribute VB_Base = "0{FCFB3D2A-A0FA-1068-A738-08002B3371B5}"\n'
    _, found, body = source.partition(name)
    exposed = "Attribute VB_Exposed = True\n"
    if not found or body.count(exposed) != 1:
        raise ValueError("the installed xlwings has another Dictionary.cls")
    more = "Attribute VB_TemplateDerived = False\nAttribute VB_Customizable = False\n"
    return name + base + body.replace(exposed, exposed + more)


def _texts(lang: Lang) -> Iterator[str]:
    """A module of functions that give texts of the catalogue: VBA source is ASCII, so each letter beyond is a ChrW."""
    yield f'Attribute VB_Name = "{TEXTS}"'
    yield "Option Explicit"
    for key in TEXT_KEYS:
        name = "Text" + key.title().replace("_", "")
        text = messages.text(f"vba.{key}", lang)
        yield f"\nPublic Function {name}() As String"
        for start in range(0, len(text), _PIECE):
            before = f"{name} & " if start else ""
            yield f"    {name} = {before}" + " & ".join(_literals(text[start : start + _PIECE]))
        yield "End Function"


def _literals(text: str) -> Iterator[str]:
    plain = ""
    for letter in text:
        if letter.isascii() and letter.isprintable():
            plain += letter.replace('"', '""')
            continue
        if plain:
            yield f'"{plain}"'
        plain = ""
        yield f"ChrW({ord(letter)})"
    if plain:
        yield f'"{plain}"'


def _text(path: Path) -> str:
    return path.read_text(encoding="ascii").replace("\r\n", "\n")
