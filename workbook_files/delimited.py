"""Text with a delimiter (.csv, .tsv) as the rows of one sheet."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import PurePath

from workbook_files.file_findings import Refused, damaged, too_large
from workbook_files.limits import WIDEST, Limits
from xingzhi.findings import Finding, finding
from xingzhi.grid import Sheet

DELIMITERS = ("\t", ",", ";", "|", "，")
"""What may stand between two cells. The last is a mark of Chinese prose too, so it counts only where no other does."""

_AS_FORMULA = re.compile(r'="(.*)"', re.DOTALL)
_LONGEST = 1 << 20
"""Characters of one cell; Excel takes 32,767."""

_LINES_OF_A_CELL = 200
_SURE_WIDTH = 4
"""A line of so many cells within a quoted one is a row that a stray quotation mark has swallowed, and no prose."""

_SAMPLE = 65_536


def delimiter_of(text: str) -> str:
    """The character between the cells of a text: the one by which most rows are equally wide; '' where none parts two
    rows into cells."""
    sample = text[:_SAMPLE]
    scores = {}
    for delimiter in DELIMITERS:
        rows = _sampled(sample, delimiter)
        usual, count = Counter(len(row) for row in rows).most_common(1)[0] if rows else (1, 0)
        if usual > 1 and (count >= 2 or (len(rows) == 1 and usual > 2)) and count * 2 > len(rows):
            scores[delimiter] = (delimiter != DELIMITERS[-1], count / len(rows), usual)
    if not scores:
        return _by_lines(sample)
    return max(scores, key=lambda delimiter: scores[delimiter])


def read_delimited(file: str, text: str, limits: Limits) -> tuple[Sheet, list[Finding]]:
    """The one sheet of a text, named like the file. Every value is text, as it is in the file.

    A quotation mark without its other would swallow the rows behind it: then the line with it is parted at its
    delimiters as it stands, the others are read as they are meant, and F114 names it. Raises Refused where the cells are
    too many.
    """
    name = PurePath(file).stem[:31]
    reading = _Reading(file, text, delimiter_of(text) or ",", limits)
    rows, broken = reading.rows()
    findings = []
    if broken:
        lines = "、".join(map(str, broken[:10])) + ("…" if len(broken) > 10 else "")
        findings.append(finding("F114", file=file, sheet=name, cell=f"A{broken[0]}", value=lines))
    return Sheet(name, rows), findings


def shown_value(text: str) -> str:
    """What a program that fears for its leading zeros writes as `="0123"`, without that; no other text is changed."""
    wrapped = _AS_FORMULA.fullmatch(text)
    return wrapped[1].replace('""', '"') if wrapped else text


def _sampled(sample: str, delimiter: str) -> list[list[str]]:
    try:
        rows = [row for row in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter) if row]
    except csv.Error:
        return []
    # The sample may end within a row.
    return rows[:-1] if len(sample) == _SAMPLE and len(rows) > 1 else rows


def _by_lines(sample: str) -> str:
    """The delimiter that most lines share, where quotation marks are in the way of rows."""
    lines = [line for line in sample.splitlines() if line.strip()][:50]
    for delimiter in DELIMITERS[:-1]:
        if len(lines) > 1 and sum(delimiter in line for line in lines) * 2 > len(lines):
            return delimiter
    return ""


class _Reading:
    """The reading of one text. Rows are counted from 1 as they come out; blank ones count."""

    def __init__(self, file: str, text: str, delimiter: str, limits: Limits) -> None:
        self.file, self.text, self.delimiter, self.limits = file, text, delimiter, limits
        self.area = 0
        csv.field_size_limit(_LONGEST)

    def rows(self) -> tuple[list[list[str | None]], list[int]]:
        """The rows, and which of them were parted without regard to their quotation marks."""
        try:
            rows = list(self._bounded(self._parse(self.text)))
        except csv.Error:
            rows = None
        if rows is not None and not (suspects := list(self._swallowing(rows))):
            return [self._values(row) for row in rows], []
        if rows is not None and self._width(rows) < _SURE_WIDTH:
            return [self._values(row) for row in rows], suspects
        self.area = 0
        broken: list[int] = []
        try:
            found = list(self._bounded(self._line_by_line(broken)))
        except csv.Error as error:
            raise Refused(damaged(self.file, error)) from error
        return [self._values(row) for row in found], broken

    def _parse(self, text: str, quoting: int = csv.QUOTE_MINIMAL) -> Iterator[list[str]]:
        strict = quoting != csv.QUOTE_NONE
        return csv.reader(
            io.StringIO(text, newline=""),
            delimiter=self.delimiter,
            quoting=quoting,  # type: ignore[arg-type]
            strict=strict,
        )

    def _bounded(self, rows: Iterator[list[str]]) -> Iterator[list[str]]:
        for row in rows:
            self.area += len(row)
            if self.area > self.limits.area or len(row) > WIDEST:
                sheet = PurePath(self.file).stem[:31]
                raise Refused(too_large(self.file, "area", max(self.area, len(row)), self.limits.area, sheet=sheet))
            yield row

    def _values(self, row: list[str]) -> list[str | None]:
        return [shown_value(cell) or None for cell in row]

    def _width(self, rows: list[list[str]]) -> int:
        return Counter(len(row) for row in rows if row).most_common(1)[0][0] if any(rows) else 0

    def _swallowing(self, rows: list[list[str]]) -> Iterator[int]:
        """The rows with a cell of several lines one of which is as wide as a row."""
        width = self._width(rows)
        for number, row in enumerate(rows, start=1):
            lines = [line for cell in row if "\n" in cell for line in cell.splitlines()[1:-1]]
            if width > 1 and any(line.count(self.delimiter) == width - 1 for line in lines):
                yield number

    def _line_by_line(self, broken: list[int]) -> Iterator[list[str]]:
        """Each line as a row, or as many lines as make one; a line whose quotation marks make none is noted."""
        lines = self.text.splitlines(keepends=True)
        width = len(self._whole(lines[0]) or ()) if lines else 0
        at = number = 0
        while at < len(lines):
            row, used = self._record(lines, at, width)
            number += 1
            if row is None:
                broken.append(number)
                parted = next(iter(self._parse(lines[at], csv.QUOTE_NONE)), [])
                row = [_unquoted(cell) for cell in parted]
            yield row
            at += used

    def _record(self, lines: list[str], at: int, width: int) -> tuple[list[str] | None, int]:
        """The row that begins in a line, and how many lines it takes; None with one line where it is none."""
        row = self._whole(lines[at])
        if row is not None:
            return row, 1
        for end in range(at + 1, min(at + _LINES_OF_A_CELL, len(lines))):
            following = self._whole(lines[end])
            if following is not None and len(following) == width and width >= _SURE_WIDTH:
                break
            row = self._whole("".join(lines[at : end + 1]))
            if row is not None and len(row) == width:
                return row, end + 1 - at
        return None, 1

    def _whole(self, text: str) -> list[str] | None:
        """The one row of a text, None where its quotation marks do not pair off."""
        try:
            rows = list(self._parse(text))
        except csv.Error:
            return None
        return rows[0] if len(rows) == 1 else [] if not rows else None


def _unquoted(cell: str) -> str:
    inner = cell.strip()
    return inner[1:-1] if len(inner) > 1 and inner[0] == inner[-1] == '"' else cell
