"""The master as a file: what of it can be changed in place, and what its tables tell that their cells do not."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from sync.master_places import needed_columns
from sync.master_reader import COMPLETION, MasterContent, RawTable, raw_table
from workbook_files.file_findings import Refused
from workbook_files.raw_package import DAMAGE
from workbook_files.table_shapes import BookShape, TableShape, book_shape
from workbook_templates.office_tables import COMPLETION_TABLE, OFFICE_SHEETS
from xingzhi.columns import Table
from xingzhi.findings import Finding, finding
from xingzhi.labels import Lang
from xingzhi.programme import Term

if TYPE_CHECKING:
    from sync.session import Session


def shape_of(path: Path) -> tuple[BookShape | None, Finding | None]:
    """The shape of a master that may be changed in place; None, and what is in the way, of one that may not."""
    try:
        return book_shape(path), None
    except Refused as refused:
        return None, refused.found
    except (*DAMAGE, OSError) as error:
        return None, finding("W110", file=path.name, reason=f"{type(error).__name__}")


@dataclass(frozen=True)
class WrittenColumns:
    """The columns of a table when it was last written: the ids of ours by key, and the headers of the office's."""

    ids: Mapping[str, int]
    own: Collection[str]


def written_columns(content: MasterContent, shape: BookShape) -> str:
    """The columns of every table, as JSON: with them a column is known again that the office renamed, since Excel keeps its
    id."""
    found = {}
    for key, raw in content.tables.items():
        table = shape.tables.get(key.casefold())
        if table is not None:
            ours = {index + 1: name for name, index in raw.places.items()}
            columns = list(enumerate(table.columns, start=table.left))
            found[key] = {
                # One that the office took out stays known, lest it be taken for one of a newer version.
                "ids": {name: 0 for name in raw.table.by_key} | {ours[at]: id for at, (id, _) in columns if at in ours},
                "own": [header for at, (_, header) in columns if at not in ours],
            }
    return json.dumps(found, ensure_ascii=False)


def read_columns(kept: str | None) -> dict[str, WrittenColumns]:
    """The inverse of `written_columns`."""
    return {key: WrittenColumns(each["ids"], each["own"]) for key, each in json.loads(kept or "{}").items()}


def shaped(content: MasterContent, shape: BookShape | None, written: Mapping[str, WrittenColumns]) -> MasterContent:
    """The content without the rows of totals, and with the columns that the office renamed."""
    if shape is None:
        return content
    tables = dict(content.tables)
    for key, raw in tables.items():
        table = shape.tables.get(key.casefold())
        if table is not None and table.first == raw.first:
            tables[key] = _renamed(_without_totals(raw, table), table, written.get(key))
    return replace(content, tables=tables)


def renamed_sheets(shape: BookShape | None, tables: Iterable[Table], lang: Lang) -> dict[str, str]:
    """The names of sheets that the office named otherwise, by the table that stands on them."""
    labels = {table.key: table.label.of(lang) for table in (*tables, COMPLETION_TABLE)}
    return {
        key: table.sheet
        for key, label in labels.items()
        if shape and shape.sheet(label) is None and (table := shape.tables.get(key.casefold()))
    }


def _without_totals(raw: RawTable, table: TableShape) -> RawTable:
    return replace(raw, rows=raw.rows[: table.last - table.first + 1]) if table.totals else raw


def _renamed(raw: RawTable, table: TableShape, written: WrittenColumns | None) -> RawTable:
    places = dict(raw.places)
    for column in raw.table.columns if written and _is_aligned(raw, table) else ():
        assert written is not None
        id = written.ids.get(column.key) if column.key not in places else None
        for index, (other, header) in enumerate(table.columns, start=table.left - 1):
            # LibreOffice counts the columns anew: what is known for the office's stays the office's.
            if other == id and header not in written.own and index not in places.values():
                places[column.key] = index
    return replace(raw, places=places)


def rebuilt_sheets(session: Session, own: Collection[str]) -> dict[str, str]:
    """The sheets, by table, that are there and are to be made anew, since no edit can put them right, with the message key of
    the reason. `own` are the headers of the columns that the office added to 完成情况."""
    content, shape = session.masters.standing, session.masters.shape
    found: dict[str, str] = {}
    if shape is None:
        return found
    for key, raw in content.tables.items():
        table = shape.tables.get(key.casefold())
        if raw.table in OFFICE_SHEETS:
            continue
        if table is None or table.first != raw.first or not _is_aligned(raw, table):
            found[key] = "no_table"
        elif any(not table.left <= raw.places.get(name, -1) + 1 <= table.right for name in needed_columns(key)):
            found[key] = "no_column"
        elif key in session.columns and not session.columns[key].ids.keys() >= raw.table.by_key.keys():
            found[key] = "new_column"
    if COMPLETION in content.pages and (reason := _completion_reason(session, shape.tables.get(COMPLETION), own)):
        found[COMPLETION] = reason
    return found


def _completion_reason(session: Session, table: TableShape | None, own: Collection[str]) -> str:
    """Why no edit can put 完成情况 right, '' where one can: its columns are the requirements in use, in whatever order."""
    raw = raw_table(session.masters.standing.pages[COMPLETION], COMPLETION_TABLE)
    if table is None:
        return "no_table"
    if raw is None or not table.left <= raw.places.get("unit", -1) + 1 <= table.right:
        return "no_column"
    headers = [header for _, header in table.columns]
    named = {headers[place + 1 - table.left] for place in raw.places.values() if place < table.right}
    ours = set(completion_headers(session.term, session.lang))
    return "" if set(headers) - named - set(own) == ours else "requirements"


def _is_aligned(raw: RawTable, table: TableShape) -> bool:
    """Whether the table has the headers that its cells say: a program that knows no tables moves or renames the cells only."""
    return all(
        "".join(header.split()) == "".join(raw.headers[at].split()) if at < len(raw.headers) else False
        for at, (_, header) in enumerate(table.columns, start=table.left - 1)
    )


def completion_headers(term: Term, lang: Lang) -> list[str]:
    """The columns of 完成情况, one for each requirement in use."""
    return [f"{rule.id} {rule.title.of(lang)}" for rule in term.programme.requirements if rule.enabled]
