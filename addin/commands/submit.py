"""报送: checked, saved, and copied under the name that the office expects into the folder that the workbook names."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import xlwings

from addin.checking import CheckedBook, check_book
from addin.commands.check import open_findings, written_findings
from addin.live_table import show, written
from addin.said import Level, Said, Stopped
from workbook_files.reader import read_grid
from workbook_templates.guide_sheet import SUBMIT_FOLDER
from xingzhi import messages
from xingzhi.findings import Severity
from xingzhi.grid import Grid
from xingzhi.identity import META_SHEET, Identity, read_identity
from xingzhi.unit_names import file_stem

SENT_AS = "sent_as"
"""The key of the line of `_meta` that says under which name this very workbook was sent last."""


def submit(book: xlwings.Book, today: date) -> Said:
    """Send the workbook where everything is mended or explained; else say what is missing. The copy is the saved workbook, byte
    for byte; what it takes the place of is what this workbook sent last, and nobody else's. Stopped where it cannot be sent:
    then nothing but what the check found is written."""
    checked = check_book(book, today)
    if not checked.identity.unit:
        raise Stopped("addin.blank_not_sent")
    found = open_findings(written_findings(book, checked, today))
    if found:
        errors = sum(each.severity is Severity.ERROR for each in found)
        text = messages.text("addin.not_sent", checked.lang, errors=errors, warnings=len(found) - errors)
        return Said(text, Level.WARNING, findings=checked.findings)
    source = _saved_place(book)
    target = _target(_folder(book, source), source, checked)
    lines = _meta_lines(checked.grid)
    if "send" not in lines:
        raise Stopped("addin.no_counter")
    send = checked.identity.send + 1
    meta = book.sheets[META_SHEET]
    meta.range((lines["send"], 2)).value = written(str(send))
    row = lines.get(SENT_AS, max(lines.values()) + 1)
    meta.range((row, 1), (row, 2)).value = [[written(SENT_AS), written(target.name)]]
    book.save()
    _copy(_saved_place(book), target, checked.identity, send)
    return Said(messages.text("addin.sent", checked.lang, file=str(target)), findings=checked.findings)


def _saved_place(book: xlwings.Book) -> Path:
    """Where the workbook lies on this computer. Stopped where it was never saved, or lies in a cloud alone."""
    try:
        place = Path(book.fullname)
    except xlwings.XlwingsError as error:
        raise Stopped("addin.never_saved") from error
    if not place.is_file():
        raise Stopped("addin.never_saved")
    return place


def _folder(book: xlwings.Book, source: Path) -> Path:
    """Where the workbook is to be sent. Stopped where it names no folder, or one that is not there."""
    names = [each for each in book.names if each.name == SUBMIT_FOLDER and "#REF!" not in (each.refers_to or "")]
    if not names:
        raise Stopped("addin.no_folder_cell")
    cell = names[0].refers_to_range
    text = str(cell.value or "").strip().strip('"')
    if not text:
        show(cell)
        raise Stopped("addin.no_folder", sheet=cell.sheet.name)
    try:
        folder = Path(text).expanduser()
        folder = folder if folder.is_absolute() else source.parent / folder
        there = folder.is_dir()
    except (OSError, RuntimeError, ValueError):
        folder, there = Path(text), False
    if not there:
        raise Stopped("addin.folder_gone", folder=str(folder))
    if folder.samefile(source.parent):
        raise Stopped("addin.same_folder", folder=str(folder))
    return folder


def _target(folder: Path, source: Path, checked: CheckedBook) -> Path:
    """The file that this workbook sent last, where that still is what it sent; else one that is not there yet: two clerks who
    fill two copies send to the same folder, and both count."""
    stem = file_stem(checked.identity.unit, checked.identity.unit_name)
    meta = checked.grid.sheet(META_SHEET)
    said = {str(row[0]): row[1] for row in meta.rows if len(row) > 1 and row[0]} if meta else {}
    own = str(said.get(SENT_AS) or "")
    for name in _names(stem, source.suffix):
        target = folder / name
        if not target.exists():
            return target
        if name == own and _identity(target) == _key(checked.identity, checked.identity.send):
            return target
    raise Stopped("addin.folder_gone", folder=str(folder))


def _names(stem: str, suffix: str) -> Iterator[str]:
    yield f"{stem}{suffix}"
    for number in range(2, 1000):
        yield f"{stem}_{number}{suffix}"


def _identity(path: Path) -> tuple[str, int, int] | None:
    """Whose workbook a file is, of which run, and which sending; None where it cannot be read."""
    try:
        grid, _ = read_grid(path)
    except OSError:
        return None
    identity = read_identity(grid)[0] if grid else None
    return _key(identity, identity.send) if identity else None


def _key(identity: Identity, send: int) -> tuple[str, int, int]:
    return identity.unit, identity.base_run, send


def _meta_lines(grid: Grid) -> dict[str, int]:
    """The rows of `_meta` by their keys."""
    sheet = grid.sheet(META_SHEET)
    return {str(row[0]): number for number, row in enumerate(sheet.rows, start=1) if row and row[0]} if sheet else {}


def _copy(source: Path, target: Path, identity: Identity, send: int) -> None:
    """A copy that is there whole or not at all: the office's sync may look at any moment. Stopped where it is not what was to
    be sent, as where the workbook could not be saved in its place, or where the folder takes nothing."""
    temporary = target.with_name(f".{target.name}.tmp")
    try:
        shutil.copyfile(source, temporary)
        if _identity(temporary) != _key(identity, send):
            raise Stopped("addin.not_saved")
        temporary.replace(target)
    except OSError as error:
        raise Stopped("addin.folder_refuses", folder=str(target.parent)) from error
    finally:
        temporary.unlink(missing_ok=True)
