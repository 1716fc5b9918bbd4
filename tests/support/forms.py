"""Forms for tests: one unit's records, the document that they make, and what stands in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import docx
from docx.document import Document
from docx.table import Table
from support.terms import records, shipped

from workbook_templates.form_content import Content
from workbook_templates.forms import FORMS, Form, write_forms
from xingzhi.labels import Lang
from xingzhi.programme import Term
from xingzhi.rows import Row, Value

TODAY = date(2026, 7, 10)
HELD = date(2026, 7, 16)
UNIT = "青石镇民政办"
PROJECT = {"code": "XM1", "level": "project", "title": "主动发现困难群众"}
ACTIVITY: Mapping[str, Any] = {
    "record": "T01-HD-0003",
    "project": "XM1",
    "kind": "survey",
    "form": "visit",
    "title": "入户核查",
    "planned_on": date(2026, 7, 15),
    "held_on": HELD,
    "place": "柳树村",
    "host": "石一",
}
DOCUMENT: Mapping[str, Any] = {
    "record": "T01-FA-0001",
    "kind": "project_plan",
    "project": "XM1",
    "title": "主动发现困难群众项目方案",
    "version": 2,
    "contents": ("convener", "goal"),
    "addressee": "县行动办",
    "submitted_on": date(2026, 7, 14),
}


def person(name: str, department: str = "救助股", **more: Value) -> dict[str, Value]:
    """A line of 人员名册."""
    return {"name": name, "department": department, "post": "股员", "leadership": "no", **more}


def member(name: str, *roles: str, **more: Value) -> dict[str, Value]:
    """A line of 小组成员 of XM1."""
    return {"project": "XM1", "person": name, "role": roles or ("core",), **more}


def group(size: int) -> dict[str, Any]:
    """A group of core members and the people who form it."""
    names = [f"石{number:02}" for number in range(1, size + 1)]
    return {"people": [person(name) for name in names], "members": [member(name) for name in names]}


def content(
    row: Mapping[str, Any],
    *,
    lang: Lang = Lang.ZH,
    term: Term | None = None,
    invalid: Iterable[str] = (),
    unit: str = UNIT,
    **tables: Any,
) -> Content:
    """What a form of a row is filled with: an activity by its `HD` number, else a document."""
    table = "schedule" if "-HD-" in str(row["record"]) else "documents"
    tables.setdefault("projects", [dict(PROJECT)])
    held = records(**tables)
    typed = Row(table, row, record=str(row["record"]), invalid=frozenset(invalid))
    return Content(term or shipped(), unit, typed, held, TODAY, lang)


def write(folder: Path, filled: Content, *forms: Form, name: str = "表.docx") -> Path:
    """The forms of the content, those of its table where none are named."""
    path = folder / name
    write_forms(filled, forms or FORMS[filled.row.table], path)
    return path


def lines(table: Table) -> list[list[str]]:
    """The texts of a table by row, a box that spans columns once."""
    found = []
    for row in table.rows:
        texts: list[str] = []
        seen: list[Any] = []
        for cell in row.cells:
            if cell._tc not in seen:
                seen.append(cell._tc)
                texts.append(cell.text)
        found.append(texts)
    return found


def opened(path: Path) -> Document:
    """The document, as another program reads it."""
    return docx.Document(str(path))


def table_of(path: Path, heading: str) -> list[list[str]]:
    """The lines of the first table in which a box says just this."""
    for table in opened(path).tables:
        found = lines(table)
        if any(heading in line for line in found):
            return found
    raise LookupError(heading)


def field(path: Path, heading: str) -> str:
    """What stands beside a heading."""
    for line in table_of(path, heading):
        if heading in line:
            return line[line.index(heading) + 1]
    raise LookupError(heading)


def everything(path: Path) -> str:
    """All texts of the tables and paragraphs of a document."""
    document = opened(path)
    texts: Sequence[str] = [paragraph.text for paragraph in document.paragraphs]
    return "\n".join([*texts, *("\n".join(line) for table in document.tables for line in lines(table))])
