"""What a clerk typed, as a value: dates, months, numbers, choices, phones and padded names (domain section 5).

Each change is noted (N codes); what cannot be understood is a fault (C codes) and stays the text that was typed. All
functions are pure, and normalising a normalised value changes and notes nothing. Text that reads as a date is noted
even when it is written `2026-06-05`, because the formulas of a workbook do not count a date that is text.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta

from xingzhi.choices import read_choice, read_choices, spellings
from xingzhi.cleaning import (
    Raw,
    cell_text,
    close_gaps,
    compact,
    listed,
    one_line_end,
    one_width,
    suspect,
    typed,
    unpadded,
    visible,
    without_mark,
)
from xingzhi.columns import Column, ColumnType
from xingzhi.month_parts import Span, month_parts, part_text, read_span
from xingzhi.normalised import BLANK, Normalised, Note, faulty
from xingzhi.phones import holds_identity, mask_identity, phone
from xingzhi.unit_names import UnitNames
from xingzhi.windows import Window, full_text, months

_SERIALS = range(36526, 73051)
"""Excel's day numbers of 2000 to 2099."""

Reader = Callable[[Raw], Normalised]


def normalise(raw: Raw, column: Column, window: Window, units: UnitNames | None = None) -> Normalised:
    """The value of a cell in a column; a date without a year is looked for in the programme's window. `units` are the
    names that the office knows, where there is an office to ask."""
    return reader(column, window, units)(raw)


def reader(column: Column, window: Window, units: UnitNames | None = None) -> Reader:
    """`normalise` for one column, for reading many cells of it."""
    read = _reader(column, window, units)
    return lambda raw: _unmarked(raw, read) if isinstance(raw, str) and "'" in raw[:8] else read(raw)


def _unmarked(raw: str, read: Reader) -> Normalised:
    """What is read of a text that a spreadsheet has marked as text: text files keep the mark."""
    text = without_mark(raw)
    if text == raw:
        return read(raw)
    found = read(text)
    return found if found.fault else replace(found, notes=(*found.notes, ("N113", {"after": text.strip()})))


def _reader(column: Column, window: Window, units: UnitNames | None = None) -> Reader:
    if units is not None and column.names_unit:
        read = _reader(column, window)
        return lambda raw: _with_units(read(raw), units)
    match column.type:
        case ColumnType.TEXT:
            return _read_text
        case ColumnType.LONG_TEXT:
            return _read_long_text
        case ColumnType.RECORD:
            return lambda raw: Normalised(typed(raw) or None)
        case ColumnType.DATE:
            return lambda raw: _read_date(raw, window, spans=column.spans)
        case ColumnType.PERIOD:
            return lambda raw: _read_period(raw, window)
        case ColumnType.INTEGER:
            return _read_integer
        case ColumnType.PHONE:
            return _read_phone
        case ColumnType.CHOICE:
            known = spellings(column.choices)
            read_words = read_choices if column.multiple else read_choice
            return lambda raw: read_words(raw, known)


_LINE_END = re.compile("[\n\r\x0b\x0c\x85\u2028\u2029]")


def _read_text(raw: Raw) -> Normalised:
    text = cell_text(raw)
    if isinstance(raw, float) and not math.isfinite(raw):
        return BLANK
    if not suspect(text):
        return Normalised(text or None)
    whole = listed(text) if _LINE_END.search(text) else text
    line = unpadded(whole)
    even = one_width(line)
    value = close_gaps(even)
    if not value:
        return BLANK
    notes: list[Note] = []
    if whole.count("、") > text.count("、"):
        notes.append(("N112", {"after": value}))
    elif line != text or value != even:
        notes.append(("N102", {"after": value}))
    if even != line:
        notes.append(("N103", {"after": value}))
    return Normalised(value, tuple(notes))


def _read_long_text(raw: Raw) -> Normalised:
    if isinstance(raw, float) and not math.isfinite(raw):
        return BLANK
    text = one_line_end(cell_text(raw))
    value = visible(text).strip()
    if not value:
        return BLANK
    return Normalised(value, () if value == text else (("N102", {"after": value}),))


# --- dates and months ---

_CLOCK = re.compile(r"[\sT]+[0-9]{1,2}[:：][0-9]{2}.*$", re.DOTALL)
_WEEKDAY = re.compile(r"\(?(星期|周)[一二三四五六日天]\)?$")
_FULL_DATE = re.compile(
    r"([12][0-9]{3})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})[日号]?|([12][0-9]{3})([0-9]{2})([0-9]{2})"
)
_SHORT_DATE = re.compile(r"([0-9]{1,2})(?:月([0-9]{1,2})[日号]?|[-/]([0-9]{1,2}))")
_FULL_MONTH = re.compile(r"((?:19|20)[0-9]{2})(?:[-/.年]([0-9]{1,2})(?:月份?)?|([0-9]{2}))")
_SHORT_MONTH = re.compile(r"([0-9]{1,2})(?:月份?)?")


_FIRST_DATE, _LAST_DATE = date(1900, 3, 1), date(2199, 12, 31)
"""Spreadsheets count the days before differently or not at all; what comes after is a slip, or stands for `never`."""


def _read_date(raw: Raw, window: Window, *, spans: bool) -> Normalised:
    if not typed(raw):
        return BLANK
    found = _whole_day(raw) if isinstance(raw, date) else _find_date(raw, window)
    if isinstance(found, date):
        if not _FIRST_DATE <= found <= _LAST_DATE:
            return faulty(raw, "C102")
        if isinstance(raw, date):
            return Normalised(found)
        return Normalised(found, (("N101", {"after": found.isoformat()}),))
    if found[0] == "C102" and (span := _find_span(raw, window)):
        return _read_span(raw, span, window, spans=spans)
    return faulty(raw, found[0], **found[1])


def _find_span(raw: Raw, window: Window) -> Span | None:
    if isinstance(raw, Window):
        return Span(raw, sure=True)
    text = compact(raw)
    # A cell turns 2026.10 into the number 2026.1.
    return None if isinstance(raw, float) and text.endswith(".1") else read_span(text, window)


def _read_span(raw: Raw, span: Span, window: Window, *, spans: bool) -> Normalised:
    part = span.window
    if not spans or part not in month_parts(window):
        return faulty(raw, "C113", start=part.start.isoformat(), end=part.end.isoformat())
    if not span.sure:
        return faulty(raw, "C103", example=full_text(part))
    text = part_text(part, window)
    return Normalised(part, () if isinstance(raw, Window) or raw == text else (("N108", {"after": text}),))


def _whole_day(raw: date) -> date:
    return raw.date() if isinstance(raw, datetime) else raw


def _find_date(raw: Raw, window: Window) -> date | Note:
    serial = _serial(raw)
    if serial:
        return serial
    # Only what is in half width shows where the time of day begins.
    text = _WEEKDAY.sub("", compact(_CLOCK.sub("", one_width(typed(raw)))))
    if full := _FULL_DATE.fullmatch(text):
        year, month, day = (int(part) for part in full.groups() if part is not None)
        return _day(year, month, day) or ("C102", {})
    if short := _SHORT_DATE.fullmatch(text):
        month, day = int(short[1]), int(short[2] or short[3])
        days = [_day(year, month, day) for year in range(window.start.year, window.end.year + 1)]
        inside = [found for found in days if found and window.contains(found)]
        if len(inside) == 1:
            return inside[0]
        # 2024 is a leap year, so what is no day of it is a day of no year.
        if _day(2024, month, day):
            return ("C103", {"example": f"{window.start.year}-{month:02}-{day:02}"})
    return ("C102", {})


def _serial(raw: Raw) -> date | None:
    text = compact(raw)
    if isinstance(raw, float) and math.isfinite(raw):
        text = str(int(raw))
    if isinstance(raw, bool) or not re.fullmatch("[0-9]{5}", text) or int(text) not in _SERIALS:
        return None
    return date(1899, 12, 30) + timedelta(days=int(text))


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _read_period(raw: Raw, window: Window) -> Normalised:
    if not typed(raw):
        return BLANK
    found = _find_period(f"{raw.year:04}-{raw.month:02}" if isinstance(raw, date) else raw, window)
    if not isinstance(found, str):
        return faulty(raw, found[0], **found[1])
    return Normalised(found, () if found == raw else (("N107", {"after": found}),))


def _find_period(raw: Raw, window: Window) -> str | Note:
    text = compact(raw)
    if isinstance(raw, float) and text.endswith(".1"):
        # A cell turns 2026.10 into the number 2026.1.
        both = {f"{text[:-2]}-01", f"{text[:-2]}-10"}
        either = [period for period in months(window) if period in both]
        return either[0] if len(either) == 1 else ("C111", {})
    if full := _FULL_MONTH.fullmatch(text):
        month = int(full[2] or full[3])
        return f"{full[1]}-{month:02}" if 1 <= month <= 12 else ("C111", {})
    if (short := _SHORT_MONTH.fullmatch(text)) and 1 <= int(short[1]) <= 12:
        inside = [period for period in months(window) if period.endswith(f"-{int(short[1]):02}")]
        example = f"{window.start.year}-{int(short[1]):02}"
        return inside[0] if len(inside) == 1 else ("C103", {"example": example})
    found = _find_date(raw, window)
    if isinstance(found, date):
        return f"{found:%Y-%m}" if 1900 <= found.year < 2100 else ("C111", {})
    return ("C103", {"example": found[1]["example"]}) if found[0] == "C103" else ("C111", {})


# --- numbers ---

_WHOLE = re.compile(r"([+-]?(?:[0-9]{1,15}|[0-9]{1,3}(?:,[0-9]{3}){1,4}))(?:\.0+)?(?:人次|[人名次个位项])?")


def _read_integer(raw: Raw) -> Normalised:
    if isinstance(raw, int) and not isinstance(raw, bool):
        return Normalised(raw)
    if isinstance(raw, float) and raw.is_integer() and abs(raw) < 1e15:
        return Normalised(int(raw))
    if not typed(raw):
        return BLANK
    whole = _WHOLE.fullmatch(compact(raw)) if isinstance(raw, str) else None
    if not whole:
        return faulty(raw, "C105")
    value = int(whole[1].replace(",", ""))
    return Normalised(value, (("N106", {"after": str(value)}),))


# --- names of units ---

_BETWEEN_UNITS = re.compile("([、，,;；/\n]+)")


def _with_units(read: Normalised, units: UnitNames) -> Normalised:
    """The names of units in a text as the office writes them now; several may stand in one cell."""
    if read.invalid or not isinstance(read.value, str):
        return read
    changed: dict[str, str] = {}
    near: dict[str, str] = {}
    parts = _BETWEEN_UNITS.split(read.value)
    for place, part in enumerate(parts):
        name, current = part.strip(), units.current(part)
        if current and current != name:
            parts[place] = part.replace(name, current)
            changed[name] = current
        elif name and not current and (like := units.near(name)):
            near[name] = like
    told = [(code, pairs) for code, pairs in (("N109", changed), ("N111", near)) if pairs]
    notes = tuple((code, {"value": "、".join(pairs), "after": "、".join(pairs.values())}) for code, pairs in told)
    return Normalised("".join(parts), (*read.notes, *notes), read.fault) if notes else read


# --- phones ---


def _read_phone(raw: Raw) -> Normalised:
    if not typed(raw):
        return BLANK
    text = compact(raw)
    if holds_identity(text):
        return faulty(raw, "C110", value=mask_identity(text))
    number = phone(text)
    if number is None:
        return faulty(raw, "C109")
    return Normalised(number, () if number == raw else (("N104", {"after": number}),))
