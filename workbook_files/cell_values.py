"""Values as the XML of cells (ECMA-376 part 1, 18.3.1.4): text within the cell, dates as numbers of days."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import Enum

from workbook_files.file_findings import Refused
from workbook_files.part_xml import escaped
from workbook_files.style_sheet import DATE, DATE_TIME, DURATION, GENERAL, TIME, StyleSheet
from workbook_templates.pen import FIRST_DATE, FORMULA_LIMIT, FORMULA_STARTS, TEXT_LIMIT, Formula, Link
from xingzhi import messages
from xingzhi.findings import finding

Value = str | int | float | bool | date | time | timedelta | Formula | Link | None
"""What a cell may be given; bool, date and datetime among them. An empty text is a blank cell."""


class Keep(Enum):
    """What stands in place of a value where a cell is left as it is; in a new row it is as one of a column of the office's."""

    KEEP = "keep"


KEEP = Keep.KEEP
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_LOOKS_ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_LAST_DAY = 2_958_465
EXACT = 2**53
"""Above it a cell no longer tells every whole number from the next."""

_EPOCH_1900, _EPOCH_1904 = datetime(1899, 12, 30), datetime(1904, 1, 1)
_DAY = 86_400.0


class EditError(ValueError):
    """An edit that contradicts itself: the programme's failure, and no finding."""


@dataclass
class CellWriter:
    """Writes the cells of one sheet. `x` is the prefix of its elements, `file` and `sheet` are for what is refused."""

    file: str
    sheet: str
    x: bytes
    styles: Callable[[], StyleSheet]
    uses_1904: bool

    def cell(self, address: str, value: Value, style: int | None) -> bytes:
        """The bytes of a cell that had, or whose column has, a style. W107 for a value that no cell holds."""
        if isinstance(value, Link):
            value = value.text
        if isinstance(value, Formula):
            return self._formula(address, value, style)
        kind, content, number_format = self._content(address, value)
        # A number in a cell that is marked as text would become text when it is edited.
        is_text = kind == "inlineStr"
        quoted = (
            True if is_text and str(value).startswith(FORMULA_STARTS) else None if is_text or not content else False
        )
        shown = self._style(style, quoted=quoted, number_format=number_format)
        if kind == "inlineStr":
            content = b'<%bis><%bt xml:space="preserve">%b</%bt></%bis>' % (self.x, self.x, content, self.x, self.x)
        elif content:
            content = b"<%bv>%b</%bv>" % (self.x, content, self.x)
        return self._element(address, shown, kind, content)

    def empty(self, address: str, style: int | None, formula: str = "", *, array: bool = False) -> bytes:
        """A cell with a look alone, or with a formula that has no value yet: whoever opens the file computes it."""
        content = b""
        if formula:
            kind = b' t="array" ref="%b"' % address.encode() if array else b""
            content = b"<%bf%b>%b</%bf>" % (self.x, kind, escaped(formula), self.x)
        return self._element(address, style, "", content)

    def _formula(self, address: str, formula: Formula, style: int | None) -> bytes:
        text = formula.text.removeprefix("=")
        if len(formula.text) > FORMULA_LIMIT or _FORBIDDEN.search(text):
            raise self._refused(address, formula.text, "characters")
        if formula.value == "":
            kind, content, number_format = "str", b"", None
        else:
            kind, content, number_format = self._content(address, formula.value)
        kind = "str" if kind == "inlineStr" else kind
        inner = b"<%bf>%b</%bf><%bv>%b</%bv>" % (self.x, escaped(text), self.x, self.x, content, self.x)
        return self._element(address, self._style(style, number_format=number_format), kind, inner)

    def _content(
        self, address: str, value: str | int | float | date | time | timedelta | None
    ) -> tuple[str, bytes, int | None]:
        """(cell type, escaped content, number format that it asks for)."""
        match value:
            case None | "":
                return "", b"", None
            case bool():
                return "b", b"1" if value else b"0", None
            case str():
                return "inlineStr", self._text(address, value), None
            case int() | float():
                if not math.isfinite(value) or (isinstance(value, int) and abs(value) > EXACT):
                    raise self._refused(address, str(value), "number")
                # Shown as a day, it would be one that no calendar has, and some readers fail over it.
                return "", repr(value).encode(), None if 0 <= value <= _LAST_DAY else GENERAL
            case timedelta():
                return "", _number(value.total_seconds() / _DAY), DURATION
            case time():
                seconds = timedelta(hours=value.hour, minutes=value.minute, seconds=value.second).total_seconds()
                return "", _number(seconds / _DAY), TIME
            case _:
                return self._day(address, value)

    def _day(self, address: str, value: date) -> tuple[str, bytes, int | None]:
        epoch = _EPOCH_1904 if self.uses_1904 else _EPOCH_1900
        moment = (
            value.replace(tzinfo=None) if isinstance(value, datetime) else datetime(value.year, value.month, value.day)
        )
        if moment.date() < max(FIRST_DATE, epoch.date()):
            # What is before differs from program to program, so that it is kept as the text that it is.
            return "inlineStr", self._text(address, day_as_text(value)), None
        days = (moment - epoch).total_seconds() / _DAY
        return "", _number(days), DATE if moment.time() == time() else DATE_TIME

    def _text(self, address: str, text: str) -> bytes:
        if _FORBIDDEN.search(text):
            raise self._refused(address, text, "characters")
        if len(text.encode("utf-16-le")) // 2 > TEXT_LIMIT:
            raise self._refused(address, text[:40], "long")
        return escaped(_LOOKS_ESCAPED.sub("_x005F_", text).replace("\r", "_x000D_"))

    def _style(self, style: int | None, *, quoted: bool | None = None, number_format: int | None = None) -> int | None:
        if style is None and not quoted and number_format is None:
            # A workbook without styles can hold it all the same.
            return None
        return self.styles().variant(style, quoted=quoted, number_format=number_format)

    def _element(self, address: str, style: int | None, kind: str, content: bytes) -> bytes:
        tag = b'<%bc r="%b"' % (self.x, address.encode())
        tag += b"" if style is None else b' s="%d"' % style
        tag += b' t="%b"' % kind.encode() if kind else b""
        return tag + (b">%b</%bc>" % (content, self.x) if content else b"/>")

    def _refused(self, address: str, value: str, why: str) -> Refused:
        shown = _FORBIDDEN.sub("�", value)[:40]
        reason = messages.label(f"write.{why}")
        return Refused(finding("W107", file=self.file, sheet=self.sheet, cell=address, value=shown, reason=reason))


def day_as_text(value: date) -> str:
    """How a day is written that the workbook's calendar does not have."""
    return value.isoformat()[:10]


def _number(value: float) -> bytes:
    return repr(int(value) if value == int(value) else value).encode()
