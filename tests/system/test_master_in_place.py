"""Fifty runs over a master in which an office has put everything that Excel can hold: what is not the tool's stays."""

from __future__ import annotations

import json
import os
import shutil
from collections import defaultdict
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from random import Random

from support import libreoffice, ooxml_validator
from support.excel_work import Opened, Page
from support.monster_master import ANALYSIS, EVENTS, PEOPLE, REPORTS, furnish
from support.office import TODAY, Bureau
from support.random_office import LINE_KEYS, RandomOffice

from sync.master_stage import PURGED
from sync.records import Status
from sync.session import Session, open_session
from workbook_files.lint import lint
from workbook_files.owned import kind_of, stays
from workbook_files.package import box_of
from workbook_files.package_edit import PackageEdit
from workbook_files.raw_package import RawPackage
from workbook_files.sheet_part import SheetPart
from workbook_templates.office_tables import ROW_STATES, merged_table
from xingzhi.columns import Owner
from xingzhi.grid import CellValue

CHAIN = "xl/calcChain.xml"
RUNS = 50
LABELS = {each.key: each.label.zh for each in ROW_STATES}


def test_fifty_runs_leave_what_is_the_office_s(office: Bureau, tmp_path: Path) -> None:
    os.rename(furnish(office.master), office.master.with_suffix(".xlsm"))
    work = RandomOffice(office, Random(5))
    before, today = tmp_path / "before.xlsm", TODAY
    with open_session(office.root) as session:
        hanging = comments(session)
    for number in range(1, RUNS + 1):
        today += timedelta(days=work.random.randrange(4) // 2)
        if work.random.random() < 0.45:
            work.units_work()
        if work.random.random() < 0.75:
            work.office_works()
        shutil.copyfile(office.master, before)
        result = office.sync(today=today, purge=work.random.random() < 0.1)
        assert not {each.code for each in result.findings} & {"O117", "O118", "O119"}, number
        assert foreign(before, office.master) == [], number
        assert new_defects(before, office.master) == [], number
        with open_session(office.root) as session:
            says_what_the_ledger_says(session)
            words_stand(work, session)
            assert comments(session) == hanging, number
        if number % 10 == 0:
            assert not office.sync(today=today).written, number
            if ooxml_validator.available() is None:
                assert ooxml_validator.validate([office.master]) == {office.master: []}
    with open_session(office.root) as session:
        rows = session.ledger.all_rows(session.programme)
        assert json.loads(session.ledger.state(PURGED) or "[]"), "no row was ever purged"
        assert {row.status for row in rows} >= {Status.ACTIVE, Status.WITHDRAWN} and len(rows) > 40
    sums_are_right(office, tmp_path)


def foreign(before: Path, after: Path) -> list[str]:
    """What changed though it is the office's."""
    old, new = Opened(before), Opened(after)
    found = sorted((old.parts.keys() ^ new.parts.keys()) - {CHAIN})
    pages = {old.part("总体情况")}
    sheets = {entry.part: name for name, entry in old.entries.items() if entry.kind == "worksheet"}
    with RawPackage(before) as raw:
        types = {name: PackageEdit(raw).content_type(name) for name in old.parts}
    for name in sorted(old.parts.keys() & new.parts.keys()):
        if old.parts[name] != new.parts[name]:
            kind = "page" if name in pages else kind_of(name, types[name])
            if not stays(kind, old.parts[name], new.parts[name]):
                found.append(name)
            if name in sheets and name not in pages:
                found += [f"{sheets[name]}!{cell}" for cell in foreign_cells(old, new, sheets[name])]
    return found


def foreign_cells(old: Opened, new: Opened, sheet: str) -> list[str]:
    """The cells outside the tables, and outside the office's columns beside them, that changed in more than the range of a
    formula."""
    part = old.part(sheet)
    left, right = SheetPart(old.parts[part], ""), SheetPart(new.parts[part], "")
    tables = [each for book in (old, new) for each in book.tables.values() if each.sheet.name == sheet]
    first = min((each.first for each in tables), default=1_000_000)
    last = max((each.box[2] for each in tables), default=0)
    found = []
    for number in left.rows.keys() | right.rows.keys():
        if first <= number <= last or sheet == "_meta":
            continue
        one, other = left.cells(number), right.cells(number)
        for column in one.keys() | other.keys():
            cells = [left.formula.sub(b"", each[column].raw) if column in each else b"" for each in (one, other)]
            if cells[0] != cells[1]:
                found.append(f"{number}/{column}")
    return found


def new_defects(before: Path, after: Path) -> list[str]:
    def defects(path: Path) -> list[str]:
        return [f"{each.rule} {each.part}" for each in lint(path) if each.rule != "uncached-formula"]

    return [each for each in defects(after) if each not in defects(before)]


def says_what_the_ledger_says(session: Session) -> None:
    """Each record that the ledger has stands once in the master, with its unit's values and the office's."""
    purged = {tuple(each) for each in json.loads(session.ledger.state(PURGED) or "[]")}
    rows = session.ledger.all_rows(session.programme)
    for table in session.tables:
        raw = session.content.tables[merged_table(table).key]
        shown = {raw.text(row, "record"): row for row in raw.rows if raw.text(row, "programme")}
        assert len(shown) == sum(1 for row in raw.rows if raw.text(row, "programme")), "a record stands twice"
        wanted = {
            row.record: row
            for row in rows
            if row.table == table.key
            and not (row.status is Status.WITHDRAWN and (row.programme, row.unit, row.table, row.record) in purged)
        }
        assert shown.keys() == wanted.keys(), table.key
        for number, row in wanted.items():
            office = session.ledger.office_values(session.programme, row.unit).get((table.key, number), {})
            for column in table.columns:
                said, understood = raw.value(shown[number], column.key, session.term.time)
                mine = column.owner is Owner.OFFICE
                meant = (office if mine else row.values).get(column.key)
                if column.key == "received_on" and meant is None:
                    meant = row.first_received
                if column.key not in ("record",) and understood:
                    assert said == meant, (table.key, number, column.key)
            assert raw.text(shown[number], "unit") == row.unit
            assert raw.text(shown[number], "row_status") == LABELS[row.status.value]


def page(session: Session, sheet: str, key: str = "记录号") -> Page:
    return Page(session.office.master, sheet, key, sheets=session.masters.standing.sheets)


def words_stand(work: RandomOffice, session: Session) -> None:
    """What the office typed beside a record, or a line, stands beside it still."""
    records = {sheet: page(session, sheet) for sheet in (PEOPLE, REPORTS)}
    for (sheet, record, header), value in work.words.items():
        if record in records[sheet].rows:
            assert records[sheet].value(record, header) == value, (sheet, record, header)
    for sheet, names in LINE_KEYS.items():
        for line in page(session, sheet, key="方案").lines():
            for header in ("免报", "责任人", "办公室意见"):
                key = (sheet, header, *(str(line[name]) for name in names))
                if line["方案"] and key in work.lines:
                    assert line[header] == work.lines[key], key


def comments(session: Session) -> Mapping[str, list[str]]:
    """On which lines comments hang: the first cells of the row, by part."""
    found: dict[str, list[str]] = defaultdict(list)
    with RawPackage(session.office.master) as raw:
        package = PackageEdit(raw)
        for entry in package.sheets():
            related = package.relations(entry.part).values() if entry.kind == "worksheet" else ()
            for part in (part for kind, part in related if kind in ("comments", "threadedComment")):
                for element in package.tree(part).iter("comment", "threadedComment"):
                    row = box_of(element.get("ref"))[0]
                    sheet = page(session, entry.name).sheet
                    found[part].append(f"{entry.name} {sheet.value(row, 1)} {sheet.value(row, 3)}")
    return found


def sums_are_right(office: Bureau, folder: Path) -> None:
    if libreoffice.available() is not None:
        return
    libreoffice.poison(office.master, folder / "poisoned.xlsm")
    computed = libreoffice.recalculate(folder / "poisoned.xlsm", folder / "computed")
    events = [line for line in Page(office.master, EVENTS).lines() if line["记录号"]]
    owed, there = (sum(number(line[each]) for line in events) for each in ("应到人数", "实到人数"))
    sheet = Page(computed, ANALYSIS).sheet
    people = sum(1 for line in Page(office.master, PEOPLE).lines() if line["姓名"])
    reports = sum(1 for line in Page(office.master, REPORTS).lines() if line["记录号"])
    assert [sheet.value(row, 2) for row in range(1, 7)] == [owed, owed, owed, owed - there, people, reports]
    for line in Page(computed, EVENTS).lines():
        if line["记录号"]:
            assert line["缺席"] == number(line["应到人数"]) - number(line["实到人数"])


def number(cell: CellValue) -> float:
    return cell if isinstance(cell, int | float) else 0
