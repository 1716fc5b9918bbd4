"""Workbooks written as text, for tests that a reader understands at a glance.

    name.xz_year: 2026                  a defined name; `property.xingzhi.year: 2026` is a document property
    bare: yes                           the file is of a kind that can carry no identity
    == 人员名册                          a sheet; `== 人员名册 @1` puts its first row in row 1 (row 4 otherwise,
    | 姓名   | 部门   | 联系电话    |      where a template has its headers), `hidden` after the name hides it
    | 张甲   | 办公室 | 13800000000 |
    ~ merged A6:A8 F4:G4                ranges of the sheet that are merged
    ~ hidden 6 8-9                      rows of it that are hidden
    # a comment; blank lines count for nothing

A cell is blank where nothing stands between two bars. `2026-06-05` is a date, `2026-06-05T09:30` a date with a time,
`12` and `1.5` are numbers, `TRUE` a boolean, `#REF!` an error, `=?` a formula that the file holds no value for; anything
else is text, and so is whatever follows an apostrophe (`'2026-06-05`). In text, `\\n \\t \\s \\| \\u3000` are a new line, a
tab, a space, a bar and any character; `{字*31}` repeats a text.

- `parse_sheets(text) -> tuple[Sheet, ...]`
- `grid(text, file="测试.xlsx") -> Grid`
- `cell(text) -> (value, error)`, one cell of a table
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime

from xingzhi.cell_errors import UNCACHED
from xingzhi.grid import Box, CellValue, Grid, Sheet
from xingzhi.headers import HEADER_ROW

_SHEET = re.compile(r"== (?P<name>.+?)(?: @(?P<row>[0-9]+))?(?P<hidden> hidden)?")
_ERROR = re.compile(r"#(REF!|N/A|VALUE!|DIV/0!|NAME\?|NUM!|NULL!)")
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|[ntsr|\\])")
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r", "s": " ", "|": "|", "\\": "\\"}
_REPEAT = re.compile(r"\{(.+?)\*([0-9]+)\}")
_FIELD = re.compile(r"(?P<kind>name|property)\.(?P<key>[^:]+): (?P<value>.*)")


def parse_sheets(text: str) -> tuple[Sheet, ...]:
    """The sheets of a text, in order; lines before the first are not looked at."""
    sheets: list[Sheet] = []
    rows: list[list[CellValue]] = []
    errors: dict[tuple[int, int], str] = {}
    for line in text.splitlines():
        if head := _SHEET.fullmatch(line.rstrip()):
            rows, errors = [[] for _ in range(int(head["row"] or HEADER_ROW) - 1)], {}
            sheets.append(Sheet(_unescaped(head["name"]), rows, visible=not head["hidden"], errors=errors))
        elif line.lstrip().startswith("|"):
            if not sheets:
                raise ValueError(f"a row before the first sheet: {line}")
            rows.append([])
            for place, token in enumerate(_tokens(line), start=1):
                value, error = cell(token)
                rows[-1].append(value)
                if error == UNCACHED:
                    sheets[-1] = replace(sheets[-1], uncached=sheets[-1].uncached | {(len(rows), place)})
                elif error:
                    errors[len(rows), place] = error
        elif sheets and line.startswith("~ "):
            sheets[-1] = _told(sheets[-1], *line.split()[1:])
        elif sheets and line.strip() and not line.lstrip().startswith("#"):
            raise ValueError(f"neither a sheet nor a row: {line}")
    return tuple(sheets)


def _told(sheet: Sheet, what: str, *items: str) -> Sheet:
    """The sheet with its merged ranges or hidden rows."""
    if what == "merged":
        return replace(sheet, merged=(*sheet.merged, *map(_box, items)))
    if what != "hidden":
        raise ValueError(f"neither merged nor hidden: {what}")
    spans = [[int(end) for end in item.split("-")] for item in items]
    return replace(sheet, hidden_rows=frozenset(row for span in spans for row in range(span[0], span[-1] + 1)))


def _box(text: str) -> Box:
    (top, left), (bottom, right) = (_position(part) for part in text.split(":"))
    return (top, left, bottom, right)


def _position(text: str) -> tuple[int, int]:
    letters = text.rstrip("0123456789")
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return int(text.removeprefix(letters)), column


def grid(text: str, file: str = "测试.xlsx") -> Grid:
    """A workbook with the sheets, defined names and document properties of a text."""
    fields = [field for line in text.splitlines() if (field := _FIELD.fullmatch(line.strip()))]
    carriers: dict[str, dict[str, str]] = {"name": {}, "property": {}}
    for field in fields:
        carriers[field["kind"]][field["key"]] = field["value"]
    head, mark, rest = f"\n{text}".partition("\n== ")
    bare = "\nbare: yes" in head
    names, properties = carriers["name"], carriers["property"]
    return Grid(file, parse_sheets(mark.strip() + " " + rest), names=names, properties=properties, bare=bare)


def cell(text: str) -> tuple[CellValue, str]:
    """The value that a token stands for, and its error or `=?` where it is one (the value is then None)."""
    if not text:
        return None, ""
    if text.startswith("'"):
        return _unescaped(text[1:]), ""
    if text == UNCACHED or _ERROR.fullmatch(text):
        return None, text
    if text in ("TRUE", "FALSE"):
        return text == "TRUE", ""
    if re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        return date.fromisoformat(text), ""
    if re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]+", text):
        return datetime.fromisoformat(text), ""
    if re.fullmatch("-?[0-9]+", text):
        return int(text), ""
    if re.fullmatch(r"-?[0-9]+\.[0-9]+", text):
        return float(text), ""
    return _unescaped(text), ""


def _tokens(line: str) -> Iterator[str]:
    body = line.strip()[1:]
    if not body.endswith("|"):
        raise ValueError(f"a row that does not end with a bar: {line}")
    return (token.strip(" ") for token in re.split(r"(?<!\\)\|", body[:-1]))


def _unescaped(text: str) -> str:
    text = _REPEAT.sub(lambda found: found[1] * int(found[2]), text)
    return _ESCAPE.sub(lambda found: _ESCAPED.get(found[1]) or chr(int(found[1][1:], 16)), text)
