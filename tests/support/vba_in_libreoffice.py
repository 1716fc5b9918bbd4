"""Run the VBA of a workbook in LibreOffice, with what it calls of xlwings, and what it tells its user, written down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from subprocess import TimeoutExpired

from support.libreoffice import run_basic

PROJECT = "XingzhiProject"
TRIES, SECONDS = 4, 60
_HEAD = "Rem Attribute VBA_ModuleType={kind}\nOption VBASupport 1\n"
_NOTE = """
Private Sub Note(what As String)
    Dim file As Integer
    file = FreeFile
    Open "{path}" For Append As #file
    Print #file, what
    Close #file
End Sub
"""
_XLWINGS = """
Public Function RunPython(PythonCommand As String)
    Note "python " & PythonCommand
End Function
Public Function RunFrozenPython(Executable As String, Optional Args As String)
    Note "frozen " & Executable & " " & Args
End Function
Public Function GetConfig(configKey As String) As Variant
    GetConfig = ""
{settings}
End Function
"""
_SAY = """
Public Sub TellUser(ByVal Message As String)
    Note "said " & Message
End Sub
"""
_CONTROL = "Option ClassModule\nPublic Tag As String\n"
_CALLS = """
Public Sub CallAll()
{calls}
    Note "done"
End Sub
Public Sub Press(what As String)
    Dim control As New PressedControl
    control.Tag = what
    RunTag control
End Sub
"""
_MAIN = """
Sub Main
    On Error Goto Failed
    Dim arguments(2) As New com.sun.star.beans.PropertyValue
    arguments(0).Name = "Hidden" : arguments(0).Value = False
    arguments(1).Name = "MacroExecutionMode" : arguments(1).Value = 4
    arguments(2).Name = "FilterName" : arguments(2).Value = "Calc MS Excel 2007 VBA XML"
    document = StarDesktop.loadComponentFromURL("{url}", "_blank", 0, arguments())
    project = document.BasicLibraries.getByName("{project}")
{modules}
    Dim indexes(), results()
    address = "vnd.sun.star.script:{project}.Calls.CallAll?language=Basic&location=document"
    document.getScriptProvider().getScript(address).invoke(Array(), indexes, results)
    document.close(True)
    StarDesktop.terminate
    Exit Sub
Failed:
    file = FreeFile
    Open "{path}" For Append As #file
    Print #file, "failed " & Error$ & " in line " & Erl
    Close #file
    StarDesktop.terminate
End Sub
"""


def run(path: Path, calls: Sequence[tuple[str, ...]], settings: Mapping[str, str], folder: Path) -> list[str]:
    """What came of each of `calls` (a procedure such as `xingzhi_check`, then its texts), one line each: `python`
    or `frozen` and what they were called with, or `said` and the message. `Press` with a tag presses a button of
    the ribbon. `settings` are what xlwings' configuration holds."""
    notes = folder / "notes.txt"
    note = _NOTE.format(path=notes.as_posix())
    cases = "\n".join(f'    If configKey = "{key}" Then GetConfig = "{value}"' for key, value in settings.items())
    body = "\n".join(f"    {procedure} " + ", ".join(map(_literal, texts)) for procedure, *texts in calls)
    standard = _HEAD.format(kind="VBAModule")
    modules = {
        "xlwings": standard + _XLWINGS.format(settings=cases) + note,
        "XingzhiSay": standard + _SAY + note,
        "PressedControl": _HEAD.format(kind="VBAClassModule") + _CONTROL,
        "Calls": standard + _CALLS.format(calls=body) + note,
    }
    puts = []
    for name, source in modules.items():
        put = "replaceByName" if name in ("xlwings", "XingzhiSay") else "insertByName"
        puts.append(f'    project.{put}("{name}", {_literal(source)})')
    main = _MAIN.format(url=path.as_uri(), project=PROJECT, modules="\n".join(puts), path=notes.as_posix())
    # Basic that calls Basic in a document's own project is an error to LibreOffice 7.4 each time, another each time, most
    # often when the call has ended well and seldom before it has begun: what counts is what was written down.
    for _ in range(TRIES):
        notes.unlink(missing_ok=True)
        with suppress(TimeoutExpired, RuntimeError):
            run_basic(main, SECONDS)
        lines = notes.read_text(encoding="utf-8").splitlines() if notes.exists() else []
        if "done" in lines:
            return lines[: lines.index("done")]
    raise RuntimeError(f"the calls came to {lines}")


def _literal(text: str) -> str:
    lines = ('"' + line.replace('"', '""') + '"' for line in text.split("\n"))
    return " & Chr(10) & ".join(lines)
