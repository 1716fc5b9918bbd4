"""The ruled fields of a form: printed where they are known, else with room to write."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from workbook_templates.form_content import LABEL, VALUE, Content, day_text
from workbook_templates.form_page import Box, Grid, Paper
from xingzhi.columns import ColumnType
from xingzhi.labels import Lang

LINE = 0.76
"""The distance of ruled lines in centimetres."""

_OWN = ("unit", "project")
"""Fields that say more than a cell of the row."""


def add_fields(paper: Paper, content: Content, rows: Sequence[Sequence[str]]) -> Grid:
    """A table of fields, each named by its column; one or two to a row."""
    grid = paper.grid(LABEL, VALUE, LABEL, VALUE)
    for keys in rows:
        boxes: list[Box] = []
        for key in keys:
            boxes += [heading(content, key), Box(field_text(content, key), span=1 if len(keys) == 2 else 3)]
        grid.add(*boxes)
    return grid


def add_ruled(grid: Grid, heading: Box, text: str, lines: int, *, sign: str = "") -> None:
    """A heading beside a text and that many ruled lines; `sign` stands on the right of the last one."""
    rows = [Box(text, span=3, top=True)] if text else []
    rows += [Box(span=3)] * (lines - bool(sign))
    rows += [Box(sign, span=3, align="right")] if sign else []
    for number, box in enumerate(rows):
        first, last = number == 0, number == len(rows) - 1
        dotted = replace(box, above="" if first else "dotted", below="" if last else "dotted")
        side = Box(heading.text, align="center", heads=True) if first else Box(under=True)
        grid.add(side, dotted, least=LINE, kept=not last and not text)


def heading(content: Content, key: str) -> Box:
    """The heading of a field: its column's label."""
    text = content.text(f"form.{key}") if key in _OWN else content.table[key].label.of(content.lang)
    return Box(text, align="center")


def field_text(content: Content, key: str) -> str:
    """What a field says: room for a day where there is none, boxes to tick where yes or no is not said."""
    if key in _OWN:
        return content.unit if key == "unit" else content.project
    column, said = content.table[key], content.value(key)
    if not said and column.type is ColumnType.DATE:
        return day_text(None, content.lang)
    if not said and {choice.key for choice in column.choices} == {"yes", "no"}:
        return "　".join(f"☐ {choice.label.of(content.lang)}" for choice in column.choices)
    if key == "kind" and content.row.table == "schedule" and content.value("form"):
        form = content.value("form")
        return f"{said}（{form}）" if content.lang is Lang.ZH else f"{said} ({form})"
    return said
