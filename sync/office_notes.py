"""What the office wrote where the tool writes anew, and what is told of a master that is built again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING

from sync.master_formulas import formulas_of
from sync.master_reader import COMPLETION, OVERVIEW, PAGES, MasterContent, RawTable, cell_text
from sync.master_shape import rebuilt_sheets
from sync.office_entries import RawRow
from sync.pending_master import MASTER_RUN
from sync.publish import previous_master
from sync.session import Session, master_tables
from workbook_templates.office_tables import CHANGES, COMPLETION_TABLE, OFFICE_SHEETS, merged_table
from workbook_templates.overview_sheet import PAGE_HEIGHT, PAGE_WIDTH
from xingzhi import messages
from xingzhi.columns import Owner
from xingzhi.findings import Finding, finding
from xingzhi.grid import CellValue, Sheet, address
from xingzhi.labels import Label

if TYPE_CHECKING:
    from sync.office_merge import OfficeMerge


def move_notes(session: Session, merge: OfficeMerge, master: MasterContent, today: date) -> None:
    """What was written on sheets whose rows are replaced goes to sheets of the office's own."""
    if merge.older:
        names = {sheet.name.casefold() for sheet in merge.added}
        merge.added += tuple(sheet for sheet in master.added if sheet.name.casefold() not in names)
    base = None if merge.older else session.masters.base
    in_place = session.masters.shape is not None
    titles = {**PAGES, CHANGES.key: CHANGES.label}
    for key, rows in _notes(master, base, session.programme, in_place=in_place).items():
        sheet = titles[key].of(session.lang)
        name = messages.text("notes.sheet", session.lang, sheet=sheet)
        head = messages.text("notes.moved", session.lang, sheet=sheet, today=today.isoformat())
        before = next((each for each in merge.added if each.name.casefold() == name.casefold()), None)
        moved = Sheet(before.name if before else name, [*(before.rows if before else ()), [head], *rows, []])
        merge.added = (*(each for each in merge.added if each is not before), moved)
        merge.findings.append(
            finding("O111", sheet=sheet, value=moved.name, programme=session.programme, fields={"sheet": titles[key]})
        )


def said_of_master(session: Session, merge: OfficeMerge, run: int) -> list[Finding]:
    """The office's own sheets are kept as values; what else they had is in the master that was."""
    older, content = session.masters.older, session.masters.older or session.content
    archive, kept = session.office.archive.name, previous_master(session.office, run).name
    in_place, anew = session.masters.shape is not None, rebuilt_sheets(session, merge.entries.headers[COMPLETION])
    names = {table.key: table.label for table in (*master_tables(session.tables), COMPLETION_TABLE)}
    found = [finding("O106", value=sheet.name, file=archive) for sheet in merge.added if not in_place]
    found += _said_of_sheets(session, {names[key]: reason for key, reason in anew.items()}, kept)
    damage = session.masters.damage
    if damage:
        key = "partly" if damage.lost.zh else "wholly" if damage.content else "nothing"
        read = messages.label(f"damage.{key}", lost=damage.lost)
        found.append(finding("O115", value=damage.reason.zh, fields={"value": damage.reason}, read=read, file=kept))
    elif older:
        found.append(finding("O107", value=older.run, other=session.ledger.state(MASTER_RUN) or "", file=kept))
    lost = {names[key].of(session.lang) for key in anew}
    path = session.masters.path
    formulas = formulas_of(path) if in_place and lost and path else content.formulas
    for sheet, cells in formulas.items():
        if in_place and sheet not in lost:
            continue
        found.append(finding("O110", sheet=sheet, cell=cells[0], value=str(len(cells)), file=kept))
    found += [finding("O112", sheet=sheet, file=kept) for sheet in content.garbled]
    if not session.masters.sha256:
        found.append(finding("O116"))
    found += _stray_lines(session, merge)
    for each in merge.entries.unreadable:
        # A reminder is known by what it is about, not by a number that anyone could look up.
        where = each.key.unit if each.key.record.startswith("[") else each.key.record
        found.append(
            finding(
                "O114",
                sheet=each.sheet.of(session.lang),
                column=each.column.key,
                record=where,
                value=each.typed,
                name=each.column.label,
                fields={"sheet": each.sheet},
            )
        )
    return found


def _stray_lines(session: Session, merge: OfficeMerge) -> Iterator[Finding]:
    """Rows that the office typed for a unit and that count for none. One cell alone may be a total or a note."""
    listed = {unit.code for unit in session.settings.units}
    for table in session.tables:
        raw = session.content.tables.get(merged_table(table).key)
        for line in merge.entries.loose.get(table.key, ()) if raw else ():
            told = sum(1 for column in table.owned_by(Owner.UNIT) if column.key in line.cells)
            if raw is None or line.place is None or told < 2:
                continue
            unit = cell_text(line.cells.get("unit"))
            sheet = raw.table.label
            yield finding(
                "O120",
                sheet=sheet.of(session.lang),
                cell=address(raw.first + line.place, raw.places.get("unit", 0) + 1),
                value=unit,
                name=sheet,
                reason=messages.label("stray.copy" if unit in listed else "stray.unit"),
                fields={"row": str(raw.first + line.place)},
            )


def _said_of_sheets(session: Session, anew: Mapping[Label, str], kept: str) -> list[Finding]:
    """What is told of a master that cannot be changed in place, or not all of whose sheets can."""
    masters = session.masters
    if masters.shape is None:
        hindrance = masters.hindrance.message(session.lang) if masters.hindrance else ""
        return [finding("O119", file=kept, reason=hindrance)] if hindrance else []
    found = [
        finding("O117", sheet=label.of(session.lang), file=kept, reason=messages.label(f"master.{reason}"), name=label)
        for label, reason in anew.items()
        if reason != "requirements" or masters.shape.sheets.get(label.of(session.lang))
    ]
    for raw in masters.standing.tables.values():
        gone = [column for column in raw.table.columns if column.key not in raw.places]
        if raw.table not in OFFICE_SHEETS and raw.table.label not in anew:
            sheet = raw.table.label
            found += [
                finding(
                    "O118", sheet=sheet.of(session.lang), column=each.key, value=each.label.of(session.lang), name=sheet
                )
                for each in gone
            ]
    return found


def _notes(
    content: MasterContent, base: MasterContent | None, programme: str, *, in_place: bool
) -> dict[str, list[list[CellValue]]]:
    """What the office wrote on 总体情况 and 数据变动, whose rows are replaced at each run, by sheet key."""
    written = base.pages.get(OVERVIEW) if base else None
    found = {OVERVIEW: _page_notes(content.pages.get(OVERVIEW), written, in_place=in_place)}
    raw, before = content.tables.get(CHANGES.key), base.tables.get(CHANGES.key) if base else None
    if raw:
        places = list(raw.places.values())
        known = {_declared(before, row) for row in before.rows} if before else None
        lines: list[list[CellValue]] = []
        for row in raw.rows:
            ours = _declared(raw, row) in known if known is not None else raw.text(row, "programme") == programme
            typed = any(row[index] is not None for index, _ in raw.added)
            if any(cell is not None for cell in row) and (typed or not ours):
                lines.append([*(row[index] for index in places), *(row[index] for index, _ in raw.added)])
        if lines or (not in_place and any(raw.headers[index] for index, _ in raw.added)):
            headers: list[CellValue] = [raw.headers[index] for index in places]
            found[CHANGES.key] = [[*headers, *(header for _, header in raw.added)], *lines]
    return {key: rows for key, rows in found.items() if rows}


def _page_notes(sheet: Sheet | None, written: Sheet | None, *, in_place: bool) -> list[list[CellValue]]:
    """The cells that differ from what was written: address and value. Texts of ours that moved are no notes. Where the master
    is changed in place, what stands beside the page and below it stays there."""
    ours = {cell_text(cell) for row in written.rows for cell in row} if written else set()
    found: list[list[CellValue]] = []
    for number, row in enumerate(sheet.rows if sheet else (), start=1):
        for column, cell in enumerate(row, start=1):
            if cell is None or (written is None and column <= PAGE_WIDTH):
                continue
            if in_place and (column > PAGE_WIDTH or number > PAGE_HEIGHT):
                continue
            before = written.value(number, column) if written else None
            if cell_text(cell) != cell_text(before) and (before is None or cell_text(cell) not in ours):
                found.append([address(number, column), cell])
    return found


def _declared(raw: RawTable, row: RawRow) -> tuple[str, ...]:
    return tuple(raw.text(row, column.key) for column in raw.table.columns)
