"""Text with a delimiter (.csv, .tsv) as the rows of one sheet."""

from __future__ import annotations

import csv
import io
import re
from pathlib import PurePath

from workbook_files.file_findings import Refused, damaged, too_large
from workbook_files.limits import Limits
from workbook_files.text_file import delimiter_of
from xingzhi.findings import Finding, finding
from xingzhi.grid import Sheet

_AS_FORMULA = re.compile(r'="(.*)"', re.DOTALL)
_LONGEST = 1 << 20
"""Characters of one cell; Excel takes 32,767, but what a stray quote swallows is longer."""


def read_delimited(file: str, text: str, limits: Limits) -> tuple[Sheet, list[Finding]]:
    """The one sheet of a text, named like the file. Every value is text, as it is in the file.

    Quotes that do not pair off would swallow all that follows: then each line is a row as it stands, and F114 says so.
    Raises Refused where the cells are too many.
    """
    delimiter = delimiter_of(text) or ","
    findings: list[Finding] = []
    try:
        rows = _rows(file, text, delimiter, limits, quoting=csv.QUOTE_MINIMAL)
    except csv.Error:
        findings.append(finding("F114", file=file))
        try:
            rows = _rows(file, text, delimiter, limits, quoting=csv.QUOTE_NONE)
        except csv.Error as fault:
            raise Refused(damaged(file, fault)) from fault
    return Sheet(PurePath(file).stem[:31], rows), findings


def shown_value(text: str) -> str:
    """What a program that fears for its leading zeros writes as `="0123"`, without that; no other text is changed."""
    wrapped = _AS_FORMULA.fullmatch(text)
    return wrapped[1].replace('""', '"') if wrapped else text


def _rows(file: str, text: str, delimiter: str, limits: Limits, *, quoting: int) -> list[list[str | None]]:
    csv.field_size_limit(_LONGEST)
    strict = quoting != csv.QUOTE_NONE
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, quoting=quoting, strict=strict)  # type: ignore[arg-type]
    rows: list[list[str | None]] = []
    width = area = 0
    for cells in reader:
        rows.append([shown_value(cell) or None for cell in cells])
        width = max(width, len(cells))
        area += len(cells)
        if area > limits.area or width > _WIDEST:
            raise Refused(too_large(file, "area", max(area, width), limits.area, sheet=PurePath(file).stem[:31]))
    return rows


_WIDEST = 16_384
