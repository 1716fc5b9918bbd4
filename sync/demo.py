"""The demo: a whole office of invented units, filled in as real ones are, issued and synced by the real commands."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path

from sync import init, issue, run
from sync.demo_content import DemoUnit, Story, demo_units
from sync.demo_fill import fill
from sync.demo_names import LIMIT
from sync.demo_office import WORK, DemoOffice
from sync.demo_rows import RawRows
from sync.office import OfficeError, OfficeFolder
from sync.office_settings import Unit
from workbook_files.workers import end_with_parent
from workbook_templates import sheet_names
from workbook_templates.profiles import profile, profile_ids
from xingzhi import messages
from xingzhi.labels import Label, Lang

Progress = Callable[[str, int, int], None]
"""(what is being done, how many are done, how many there are)."""

LOOK_AT = (
    sheet_names.OVERVIEW,
    sheet_names.COMPLETION,
    sheet_names.REMINDERS,
    sheet_names.MASTER_FINDINGS,
    sheet_names.CHANGES,
)
SHOWN = 20
"""A report tells so many units one by one."""

_FILE_NAMES = ("{name}", "{name}行动学习台账", "{name}（8月）", "{name} 8月", "{code}{name}")
_LATER_FILES = {Story.LATE: "{name} 9月", Story.TWICE: "{name}（更正）", Story.TWO_CLERKS: "{name}（{surname}）"}


@dataclass(frozen=True)
class UnitReport:
    """What one unit did, and what the two syncs made of it. `findings` counts the last sync's by severity."""

    unit: DemoUnit
    files: tuple[str, ...]
    first: str
    second: str
    findings: Mapping[str, int]


_WORKERS = 2
"""As many as `sync` reads with."""

_DAYS = ((6, 25), (7, 24), (8, 25), (9, 10))
"""The days of the demo: the report's due dates of 2026, and one in between."""


@dataclass(frozen=True)
class DemoReport:
    """What the demo made: the office, what became of each unit, and the sheets of the master to look at.

    `work` counts what the office wrote into its master between the syncs, by the kinds of `demo_office.WORK`.
    """

    folder: Path
    master: Path
    programme: Label
    year: int
    days: tuple[date, ...]
    units: tuple[UnitReport, ...]
    overdue: int
    work: Mapping[str, int]
    look_at: tuple[Label, ...] = LOOK_AT

    @property
    def today(self) -> date:
        """The day on which the demo ends: what is asked of the office afterwards should be asked as of it."""
        return self.days[-1]

    @property
    def findings(self) -> dict[str, int]:
        """The findings of the last sync by severity, all units together."""
        return {key: sum(each.findings.get(key, 0) for each in self.units) for key in ("error", "warning", "info")}


def run_demo(
    root: Path,
    *,
    units: int = 12,
    programme: str,
    year: int,
    seed: int = 1,
    lang: Lang = Lang.ZH,
    progress: Progress | None = None,
) -> DemoReport:
    """Make an office at `root`, have its units fill in and send their workbooks, sync at each month's due date and once
    more, and have the office work in its master between the syncs.

    The same arguments give the same office. OfficeError where `root` holds something already, or for a number of units
    or a programme that cannot be had.
    """
    if root.exists() and (not root.is_dir() or any(root.iterdir())):
        raise OfficeError("refusal.not_empty", folder=str(root))
    if not 1 <= units <= LIMIT:
        raise OfficeError("demo.units", limit=str(LIMIT))
    if programme not in profile_ids():
        raise OfficeError("cli.no_programme", value=programme, known="、".join(profile_ids()))
    rules = profile(programme)
    cast = demo_units(units, year, seed)
    opening, days = rules.time(year).start, tuple(date(year, *day) for day in _DAYS)
    office = init.create_office(
        root, programme=programme, year=year, lang=lang, today=opening, units=[_registered(each) for each in cast]
    )
    issued = {each.code: each.path for each in issue.issue(office, today=opening, progress=progress)}
    clerk = DemoOffice(office.master, cast, lang)
    with ProcessPoolExecutor(_WORKERS, mp_context=get_context("spawn"), initializer=end_with_parent) as pool:
        clerks = _Clerks(office, lang, frozenset(rules.tables), issued, pool, progress)
        for day in days[:-1]:
            clerks.send_monthly(cast, day)
            first = run.sync(office, today=day, progress=progress)
            clerk.work(day)
            if day == days[1]:
                clerks.take_feedback(cast)
        clerks.send_later(cast, days[-1])
    second = run.sync(office, today=days[-1], progress=progress)
    before, after = ({each.code: each for each in result.units} for result in (first, second))
    return DemoReport(
        folder=root,
        master=office.master,
        programme=rules.title,
        year=year,
        days=days,
        units=tuple(
            UnitReport(
                unit=each,
                files=tuple(clerks.sent.get(each.code, ())),
                first=before[each.code].status,
                second=after[each.code].status,
                findings=after[each.code].findings,
            )
            for each in cast
        ),
        overdue=second.overdue,
        work=clerk.done,
    )


def report_lines(report: DemoReport, lang: Lang) -> list[str]:
    """The report as the command prints it."""

    def say(key: str, **fields: str | int) -> str:
        return messages.text(f"demo.{key}", lang, **fields)

    found, comma = report.findings, "、" if lang is Lang.ZH else ", "
    told = [each for each in report.units if each.unit.story is not Story.GOOD][:SHOWN]
    return [
        say(
            "made",
            folder=str(report.folder),
            programme=report.programme.of(lang),
            year=report.year,
            count=len(report.units),
        ),
        say("days", days=comma.join(day.isoformat() for day in report.days)),
        *(_told(each, lang) for each in told),
        *([say("others", count=len(report.units) - len(told))] if len(told) < len(report.units) else []),
        *(say(f"office.{kind}", count=report.work[kind]) for kind in WORK if report.work.get(kind)),
        say("totals", error=found["error"], warning=found["warning"], info=found["info"], overdue=report.overdue),
        say("look", master=report.master.name, sheets=comma.join(label.of(lang) for label in report.look_at)),
        say("next", folder=str(report.folder), today=report.today.isoformat()),
    ]


def _told(each: UnitReport, lang: Lang) -> str:
    unit = each.unit
    told = f"slip.{unit.slip}" if unit.story is Story.BEHIND else f"story.{unit.story}"
    story = f"habit.{unit.habit}" if unit.habit else told
    return messages.text(
        "demo.unit",
        lang,
        code=unit.code,
        name=unit.name,
        story=messages.text(f"demo.{story}", lang),
        first=messages.text(f"demo.status.{each.first}", lang),
        second=messages.text(f"demo.status.{each.second}", lang),
        error=each.findings.get("error", 0),
        warning=each.findings.get("warning", 0),
        info=each.findings.get("info", 0),
    )


def _registered(unit: DemoUnit) -> Unit:
    return Unit(code=unit.code, name=unit.name, contact=unit.contact, phone=unit.phone)


class _Clerks:
    """The units' clerks: they copy what was issued, fill it in, and send it. `sent` gives each unit's file names.

    Filling is most of the demo's work, so it is done in the processes of `pool`.
    """

    def __init__(
        self,
        office: OfficeFolder,
        lang: Lang,
        tables: frozenset[str],
        issued: Mapping[str, Path],
        pool: Executor,
        progress: Progress | None,
    ) -> None:
        self.office, self.lang, self.tables, self.issued = office, lang, tables, dict(issued)
        self.pool, self.progress = pool, progress
        self.sent: dict[str, list[str]] = {}
        self.explaining: set[str] = set()

    def take_feedback(self, cast: Sequence[DemoUnit]) -> None:
        """Units that have something to explain go on in the workbook of 反馈, in which it is listed."""
        for unit in cast:
            found = [*self.office.feedback.glob(f"{unit.code}_*.xlsx")] if unit.explanations else []
            if found:
                self.issued[unit.code] = found[0]
                self.explaining.add(unit.code)

    def send_monthly(self, cast: Sequence[DemoUnit], day: date) -> None:
        """All but the missing one and the late one send their workbooks, the same file again each month."""
        filled = []
        for unit in cast:
            if unit.story not in (Story.MISSING, Story.LATE):
                pattern = _FILE_NAMES[sum(map(ord, unit.code)) % len(_FILE_NAMES)]
                rows = unit.first_half if unit.story is Story.TWO_CLERKS else unit.rows
                filled.append(self._send(unit, pattern, rows(day, self.lang), day))
        self._wait(filled)

    def send_later(self, cast: Sequence[DemoUnit], day: date) -> None:
        """The late one sends at last, one sends a corrected version, and the second of two clerks a copy of his own."""
        filled = []
        for unit in cast:
            if unit.story in _LATER_FILES:
                rows = {Story.TWICE: unit.second_version, Story.TWO_CLERKS: unit.second_half}.get(unit.story, unit.rows)
                filled.append(self._send(unit, _LATER_FILES[unit.story], rows(day, self.lang), day))
        self._wait(filled)

    def _send(self, unit: DemoUnit, pattern: str, rows: RawRows, day: date) -> Future[None]:
        """A copy of what the office gave, filled in on the evening before, lands in the inbox."""
        name = pattern.format(name=unit.name, code=unit.code, surname=unit.second_clerk[0]) + ".xlsx"
        if name not in self.sent.setdefault(unit.code, []):
            self.sent[unit.code].append(name)
        path = self.office.inbox / name
        shutil.copyfile(self.issued[unit.code], path)
        used = {key: lines for key, lines in rows.items() if key in self.tables}
        mess = [each for each in unit.mess(self.lang) if each.table in self.tables]
        saved = datetime(day.year, day.month, day.day, 17) - timedelta(days=1)
        said = unit.explanations if unit.code in self.explaining else ()
        return self.pool.submit(fill, path, used, over=True, mess=mess, explanations=said, saved=saved)

    def _wait(self, filled: Sequence[Future[None]]) -> None:
        for number, each in enumerate(filled, start=1):
            each.result()
            if self.progress:
                self.progress(messages.text("progress.fill", self.lang), number, len(filled))
