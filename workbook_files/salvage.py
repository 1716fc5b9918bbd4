"""Make a sound package of what is left of a damaged one, and say what is lost."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from workbook_files.file_findings import Refused, hostile
from workbook_files.limits import Limits
from workbook_files.loose_parts import LooseParts, Part, State, loose_parts
from workbook_files.sheet_register import RELATIONS, ROOT, TYPES, WORKBOOK, Register, register
from workbook_files.torn_xml import kept, texts_in, uncounted, without_lost_texts
from xingzhi import messages
from xingzhi.findings import Finding, Severity, finding

_SHEET = re.compile(r"xl/worksheets/[A-Za-z0-9_.-]+\.xml", re.I)
_TEXTS, _STYLES = "sharedStrings", "styles"
_EMPTY_SHEET = (
    b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData></sheetData></worksheet>'
)
_VALUE = re.compile(rb"<(?:\w+:)?(?:v|t)[ >]")
_NAMED = 5
"""So many of the parts that hold no content are named."""


def salvaged(path: Path, limits: Limits, folder: Path) -> tuple[Path, list[Finding]] | None:
    """A sound copy of a damaged OOXML workbook in `folder`, and an F117 for each thing that is lost or may be wrong.

    None for a file that is no such package. Raises Refused where nothing of it can be saved, and for what the guard
    refuses whoever asks. The copy is as little to be trusted as the file.
    """
    loose = loose_parts(path, limits)
    if loose is None:
        return None
    if "content.xml" in loose.parts or "xl/workbook.bin" in loose.parts:
        return None
    copy = folder / path.name
    wreck = _Wreck(path.name, loose)
    wreck.mend()
    with ZipFile(copy, "w", ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in wreck.sound.items():
            archive.writestr(name, content)
    return copy, wreck.losses


class _Wreck:
    """A damaged package. `sound` are the parts of the new one, `losses` what is lost."""

    def __init__(self, file: str, loose: LooseParts) -> None:
        self.file, self.loose = file, loose
        self.sound: dict[str, bytes] = {}
        self.losses: list[Finding] = []
        self._left = dict(loose.parts)
        # Some programs write their names in other letters.
        names = {name.lower(): name for name in loose.parts}
        self._special = {kind: names.get(f"xl/{kind}.xml".lower(), f"xl/{kind}.xml") for kind in (_TEXTS, _STYLES)}
        self._others = [name for name in loose.gone if not self._is_told(name)]

    def mend(self) -> None:
        """Fill `sound` and `losses`. Refused where no sheet holds anything."""
        if not self.loose.listed:
            self._lose("cut_off")
        texts = self._texts()
        self._styles()
        book = self._register()
        for name, part in book.sheets:
            self._sheet(name, part)
        self._fill_texts(book, texts)
        if not any(_VALUE.search(self.sound[part]) for _, part in book.sheets):
            raise Refused(hostile(self.file, "nothing_saved"))
        self._rest()
        if not self.losses:
            self._lose("package", severity=Severity.WARNING)

    def _register(self) -> Register:
        """Which part is which sheet; written anew where the workbook does not say it."""
        taken = {name: self._left.pop(name, None) for name in (TYPES, ROOT, WORKBOOK, RELATIONS)}
        sheets = [name for name in self.loose.parts if _SHEET.fullmatch(name)]
        found = register(taken, sheets, {kind: part for kind, part in self._special.items() if part in self.sound})
        self.sound.update(found.parts)
        if found.doubtful:
            self._lose("names")
        return found

    def _sheet(self, name: str, part: str) -> None:
        there = self._left.pop(part, Part(b"", State.BAD))
        bad = there.state is State.BAD
        mended = kept(there.content, 2 if bad else 3, doubted=bad)
        if mended is None or not (mended.whole or _VALUE.search(mended.content)):
            self.sound[part] = _EMPTY_SHEET
            self._lose("sheet", name)
            return
        self.sound[part] = mended.content
        if not mended.whole and mended.row:
            self._lose("rows_doubtful" if bad else "rows", name, row=mended.row)
            return
        if not mended.whole:
            self._lose("after_rows", name)
        if there.state is State.BAD:
            self._lose("doubtful", name)

    def _texts(self) -> int:
        """How many shared texts there are, those that could be kept being in `sound`."""
        part = self._left.pop(self._special[_TEXTS], None)
        mended = kept(part.content, 1) if part else None
        if part is None or mended is None:
            return 0
        self.sound[self._special[_TEXTS]] = uncounted(mended.content)
        if part.state is State.BAD:
            self._lose("texts_doubtful")
        return texts_in(mended.content)

    def _fill_texts(self, book: Register, count: int) -> None:
        lost = 0
        for _, part in book.sheets:
            self.sound[part], more = without_lost_texts(self.sound[part], count)
            lost += more
        if lost:
            self._lose("texts", count=lost)

    def _styles(self) -> None:
        name = self._special[_STYLES]
        part = self._left.pop(name, None)
        if part and part.state is State.WHOLE:
            self.sound[name] = part.content
        elif part or name in self.loose.gone or not self.loose.listed:
            self._lose("styles")

    def _rest(self) -> None:
        """What holds no cells is taken as it is, or not at all."""
        for name, part in self._left.items():
            if part.state is State.WHOLE:
                self.sound.setdefault(name, part.content)
            else:
                self._others.append(name)
        if self._others:
            shown = ("".join(sign if sign.isprintable() else "?" for sign in name[:80]) for name in self._others)
            names = "、".join(list(shown)[:_NAMED])
            self._lose("other", severity=Severity.WARNING, count=len(self._others), names=names)

    def _is_told(self, name: str) -> bool:
        told = (TYPES, ROOT, WORKBOOK, RELATIONS, *self._special.values())
        return name in told or _SHEET.fullmatch(name) is not None

    def _lose(self, kind: str, sheet: str = "", *, severity: Severity | None = None, **fields: str | int) -> None:
        loss = messages.label(f"loss.{kind}", name=sheet, **fields)
        found = finding("F117", file=self.file, sheet=sheet, severity=severity, loss=loss)
        self.losses.append(replace(found, told_as=f"F117|{kind}|{sheet}"))
