"""报送: checked, saved, and copied under the name that the office expects into the folder that the workbook names."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import xlwings

from addin.checking import CheckedBook, check_book
from addin.commands.check import written_findings
from addin.live_table import written
from addin.said import Level, Said, Stopped
from workbook_templates.guide_sheet import SUBMIT_FOLDER
from xingzhi import messages
from xingzhi.findings import Finding, Severity
from xingzhi.identity import META_SHEET
from xingzhi.unit_names import file_stem


def submit(book: xlwings.Book, today: date) -> Said:
    """Send the workbook where nothing is to be mended and every warning is explained; else say what is missing. The copy is
    the saved workbook, byte for byte. OSError where the folder cannot be written to."""
    checked = check_book(book, today)
    found = written_findings(book, checked, today)
    if open_ := [each for each in found if _is_open(each)]:
        errors = sum(each.severity is Severity.ERROR for each in open_)
        text = messages.text("addin.not_sent", checked.lang, errors=errors, warnings=len(open_) - errors)
        return Said(text, Level.WARNING, findings=checked.findings)
    folder = _folder(book, checked)
    source = Path(book.fullname)
    if not source.is_file():
        raise Stopped("addin.never_saved")
    target = folder / f"{file_stem(checked.identity.unit, checked.identity.unit_name)}{source.suffix}"
    if target.exists() and target.samefile(source):
        raise Stopped("addin.same_folder", folder=str(folder))
    send = _raise_counter(book, checked)
    book.save()
    _copy(source, target)
    text = messages.text("addin.sent", checked.lang, file=str(target), send=send)
    return Said(text, findings=checked.findings)


def _is_open(each: Finding) -> bool:
    return each.severity is not Severity.INFO and not each.accepted and not each.explanation


def _folder(book: xlwings.Book, checked: CheckedBook) -> Path:
    """Where the workbook is to be sent. Stopped where it names no folder, or one that is not there."""
    cell = next((each.refers_to_range for each in book.names if each.name == SUBMIT_FOLDER), None)
    if cell is None:
        raise Stopped("addin.no_folder_cell")
    text = str(cell.value or "").strip().strip('"')
    if not text:
        cell.sheet.activate()
        cell.select()
        raise Stopped("addin.no_folder", sheet=cell.sheet.name)
    folder = Path(text).expanduser()
    if not folder.is_absolute():
        folder = Path(book.fullname).parent / folder
    if not folder.is_dir():
        raise Stopped("addin.folder_gone", folder=str(folder))
    return folder


def _raise_counter(book: xlwings.Book, checked: CheckedBook) -> int:
    sheet = checked.grid.sheet(META_SHEET)
    rows = [str(row[0]) if row else "" for row in sheet.rows] if sheet else []
    if "send" not in rows:
        raise Stopped("addin.no_counter")
    send = checked.identity.send + 1
    book.sheets[META_SHEET].range((rows.index("send") + 1, 2)).value = written(str(send))
    return send


def _copy(source: Path, target: Path) -> None:
    """A copy that is there whole or not at all: the office's sync may look at any moment."""
    temporary = target.with_name(f".{target.name}.tmp")
    try:
        shutil.copyfile(source, temporary)
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)
