"""The demo's office at work in its master between two syncs: it approves and files, chases, waives, and enters a report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from sync import demo_texts as texts
from sync.demo_content import DemoUnit, Story
from sync.demo_fill import Page, load, save
from sync.demo_schedule import Cell, RawRow
from sync.office_settings import CLOSED_MONTH
from workbook_templates.office_tables import FINDINGS, REMINDERS, SETTINGS, merged_table
from workbook_templates.tables.documents import DOCUMENTS
from workbook_templates.tables.reports import REPORTS
from xingzhi.columns import Column, Table
from xingzhi.deadlines import STATE_LABELS, State
from xingzhi.labels import Lang
from xingzhi.workdays import WorkCalendar

WORK = ("filed", "approved", "returned", "entered", "reminded", "waived", "accepted", "closed")
"""What the office does in its master, in the order in which it is told."""

_DAYS_TO_DECIDE = 2
_FILED = frozenset({"plan", "project_plan", "training_plan"})
_APPROVED_BY = {"project_plan": texts.PROMOTERS, "list": texts.LEADERS}
_SILENT = (Story.LATE, Story.MISSING)
"""Units that the office has to telephone, since nothing comes of them; a report was got out of the first."""

_WAIVED = "T04"
"""What the office waives for the unit that never sends: its people went to a training of the county's."""

_FIRST = "T01"
"""The line on which the office notes what a unit said on the telephone."""

_CLOSED_AFTER = {7: 6, 8: 7}
"""After the sync of a month the office closes the one before it."""


def decided(kind: str, sent: date, *, complete: bool, number: int) -> RawRow:
    """What the office writes about a document, choices by their keys; nothing about one that it need not decide on.

    `number` is that of a filing. A project plan that is not complete is returned.
    """
    days = WorkCalendar()
    if kind == "project_plan" and not complete:
        return {"state": "returned", "comment": texts.RETURNED}
    row: RawRow = {}
    if kind in _APPROVED_BY:
        approved_on = days.add_working_days(sent, _DAYS_TO_DECIDE)
        row = {"state": "approved", "approved_by": _APPROVED_BY[kind], "approved_on": approved_on}
    if kind in _FILED:
        filed_on = days.add_working_days(sent, _DAYS_TO_DECIDE + (kind in _APPROVED_BY))
        row |= {"state": "filed", "filing_number": texts.FILING.format(year=sent.year, number=number)}
        row["filed_on"] = filed_on
    return row


@dataclass
class DemoOffice:
    """The clerk of the office. `done` counts what was written into the master, by what it was."""

    master: Path
    cast: Sequence[DemoUnit]
    lang: Lang
    done: Counter[str] = field(default_factory=Counter)

    def work(self, synced: date) -> None:
        """An hour with the master, on the first working day after a sync: it is opened, typed in, saved and closed."""
        today = WorkCalendar().add_working_days(synced, 1)
        book = load(self.master)
        names = set(book.sheetnames)
        if names & set(merged_table(DOCUMENTS).label.both()):
            self._decide(Page(book, merged_table(DOCUMENTS)))
        if names & set(merged_table(REPORTS).label.both()):
            self._enter(Page(book, merged_table(REPORTS)))
        self._chase(Page(book, REMINDERS), today)
        self._accept(Page(book, FINDINGS))
        if synced.month in _CLOSED_AFTER:
            self._close(Page(book, SETTINGS), f"{synced.year}-{_CLOSED_AFTER[synced.month]:02d}")
        save(book, self.master, datetime(today.year, today.month, today.day, 11))

    def _decide(self, page: Page) -> None:
        """Each document that is new gets its state; the filing numbers run on."""
        number = sum(1 for row in page.lines() if page.cell(row, "filing_number").value)
        for row in page.lines():
            sent, kind = page.cell(row, "submitted_on").value, self._key(page, row, DOCUMENTS["kind"])
            if page.cell(row, "state").value or not isinstance(sent, datetime) or not kind:
                continue
            whole = page.cell(row, "contents").value == DOCUMENTS["contents"].choice("all").label.of(self.lang)
            answer = decided(kind, sent.date(), complete=whole, number=number + 1)
            number += "filing_number" in answer
            self._write(page, row, DOCUMENTS, answer)
            if answer:
                self.done[str(answer["state"])] += 1

    def _enter(self, page: Page) -> None:
        """代录: the first report of a unit that has sent no workbook came by telephone."""
        silent = [unit for unit in self.cast if unit.story in _SILENT]
        if self.done["entered"] or not silent:
            return
        unit = min(silent, key=lambda each: _SILENT.index(each.story))
        report = unit.plan.reports[0]
        row = max(page.lines(), default=page.header) + 1
        self._write(
            page, row, merged_table(REPORTS), {"unit": unit.code, **report, "received_on": report["submitted_on"]}
        )
        self.done["entered"] += 1

    def _chase(self, page: Page, today: date) -> None:
        """The silent units are reminded of what they owe, and one thing is waived."""
        silent = {unit.code: unit for unit in self.cast if unit.story in _SILENT}
        overdue = STATE_LABELS[State.OVERDUE].of(self.lang)
        for row in page.lines():
            unit = silent.get(str(page.cell(row, "unit").value))
            if unit is None or page.cell(row, "state").value != overdue:
                continue
            if unit.story is Story.MISSING and page.cell(row, "requirement").value == _WAIVED:
                self._write(page, row, REMINDERS, {"waived": "yes", "reply": texts.WAIVED})
                self.done["waived"] += 1
                continue
            before = page.cell(row, "reminded").value
            count = before if isinstance(before, int) else 0
            self._write(page, row, REMINDERS, {"reminded": count + 1, "last_reminded": today})
            if page.cell(row, "requirement").value == _FIRST:
                page.cell(row, "reply").value = texts.REPLIES[unit.story.value]
            self.done["reminded"] += 1

    def _accept(self, page: Page) -> None:
        """认可: what a unit has explained is accepted."""
        for row in page.lines():
            if page.cell(row, "explanation").value and not page.cell(row, "accepted").value:
                self._write(page, row, FINDINGS, {"accepted": "yes", "comment": texts.ACCEPTED})
                self.done["accepted"] += 1

    def _close(self, page: Page, month: str) -> None:
        """结账: what a unit sends for the month from now on is marked."""
        row = next(row for row in page.lines() if page.cell(row, "name").value == CLOSED_MONTH.of(self.lang))
        page.cell(row, "value").value = month
        self.done["closed"] += 1

    def _key(self, page: Page, row: int, column: Column) -> str:
        word = page.cell(row, column.key).value
        return next((choice.key for choice in column.choices if word == choice.label.of(self.lang)), "")

    def _write(self, page: Page, row: int, table: Table, values: Mapping[str, Cell]) -> None:
        for key, value in values.items():
            choices = {choice.key: choice.label.of(self.lang) for choice in table[key].choices}
            page.cell(row, key).value = choices.get(str(value), value) if choices else value  # type: ignore[assignment]
