"""The office's settings: units, requirements, calendar and settings, as its sheets give them over the profile."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sync.master_reader import RawTable
from sync.office_calendar import read_anchors, read_days
from sync.office_columns import has_columns
from sync.office_requirements import read_programme
from sync.office_units import Unit, read_units
from sync.severity_settings import read_severities
from workbook_templates.office_tables import CALENDAR, CHECK_RULES, REQUIREMENTS, SETTINGS, UNITS
from xingzhi import messages
from xingzhi.columns import Column, ColumnType
from xingzhi.findings import Finding, finding
from xingzhi.labels import Label
from xingzhi.normalise import normalise
from xingzhi.programme import Programme, Settings, Term
from xingzhi.windows import months
from xingzhi.workdays import DuePolicy

__all__ = ["OfficeSettings", "Unit", "read_settings"]

SOON_DAYS = Label("临期提醒工作日数", "Soon: working days before")
RECEIPT_DAYS = Label("登记宽限天数", "Days to record an activity")
DUE_POLICY = Label("截止日遇休息日", "A due date on a day off")
CLOSED_MONTH = Label("已结月份", "Closed month")
FILE_SIZE = Label("文件大小上限（MB）", "Largest file (MB)")
FILE_TIME = Label("单个文件时限（秒）", "Longest time for a file (seconds)")
FILE_MEMORY = Label("单个文件内存上限（MB）", "Most memory for a file (MB)")
POLICIES = {
    DuePolicy.BEFORE: Label("提前", "before"),
    DuePolicy.AFTER: Label("顺延", "after"),
    DuePolicy.NONE: Label("不变", "none"),
}
_MONTH = Column("closed", CLOSED_MONTH, ColumnType.PERIOD)
_WHOLE_NUMBERS = {
    SOON_DAYS: ("soon_days", range(31)),
    RECEIPT_DAYS: ("receipt_days", range(367)),
    FILE_SIZE: ("file_megabytes", range(1, 401)),
    FILE_TIME: ("file_seconds", range(1, 3601)),
    FILE_MEMORY: ("file_memory", range(256, 65_537)),
}
"""The settings that are whole numbers: the field of `Settings`, and what it may be."""


@dataclass(frozen=True)
class OfficeSettings:
    """The term as the office has set it, its units in its own order, and what in its sheets cannot be used, a closed
    month among it: then what was closed stays so."""

    term: Term
    units: tuple[Unit, ...]
    findings: tuple[Finding, ...]
    closed_unusable: bool = False

    def unit(self, code: str) -> Unit | None:
        """The unit of this code, or None."""
        return next((unit for unit in self.units if unit.code == code), None)


def read_settings(tables: Mapping[str, RawTable], profile: Programme, year: int) -> OfficeSettings:
    """What the office's sheets say; a sheet that is absent leaves the profile as it ships."""
    findings: list[Finding] = []
    bare = Term(programme=profile, year=year)
    calendar = tables.get(CALENDAR.key)
    if calendar and not has_columns(calendar, ("kind", "from"), findings):
        calendar = None
    anchors = read_anchors(calendar, bare, findings)
    programme = read_programme(tables.get(REQUIREMENTS.key), profile, year, anchors, findings)
    settings = _settings(tables.get(SETTINGS.key), findings)
    closed = _closed_month(tables.get(SETTINGS.key), bare, findings)
    days = read_days(calendar, bare, findings)
    checks = tables.get(CHECK_RULES.key)
    graded = checks is not None and has_columns(checks, ("code", "severity"), findings)
    severities = read_severities(checks, findings) if checks and graded else {}
    changes = {**days, "anchors": anchors, "closed": closed or "", "severities": severities}
    term = Term(programme=programme, year=year, settings=settings.model_copy(update=changes))
    units = read_units(tables.get(UNITS.key), term, findings)
    return OfficeSettings(term, units, tuple(findings), closed_unusable=closed is None)


def _settings(raw: RawTable | None, findings: list[Finding]) -> Settings:
    values: dict[str, object] = {}
    if raw is None or not has_columns(raw, ("name", "value"), findings):
        return Settings()
    for row in raw.rows:
        name, value = raw.text(row, "name"), raw.text(row, "value")
        if not value:
            continue
        for label, (key, allowed) in _WHOLE_NUMBERS.items():
            if name in label.both():
                number = int(value) if value.isdecimal() and len(value) < 10 else -1
                if number in allowed:
                    values[key] = number
                else:
                    default = str(Settings.model_fields[key].default)
                    findings.append(finding("O101", sheet=SETTINGS.label.zh, name=label, value=value, after=default))
        if name in DUE_POLICY.both():
            policy = next((key for key, label in POLICIES.items() if value in label.both()), None)
            if policy:
                values["due_policy"] = policy
            else:
                label = POLICIES[Settings().due_policy]
                findings.append(finding("O101", sheet=SETTINGS.label.zh, name=DUE_POLICY, value=value, after=label))
    return Settings.model_validate(values)


def _closed_month(raw: RawTable | None, term: Term, findings: list[Finding]) -> str | None:
    """The last month that is closed (YYYY-MM), '' for none, None where what is typed cannot be used or the setting is
    gone from its sheet: no month is opened for a slip."""
    if raw is None or not {"name", "value"} <= set(raw.places):
        return None
    cells = [raw.raw(row, "value") for row in raw.rows if raw.text(row, "name") in CLOSED_MONTH.both()]
    if not cells:
        return None
    found = normalise(cells[0], _MONTH, term.time)
    if found.value is None:
        return ""
    if found.fault is None and found.value in months(term.time):
        return str(found.value)
    findings.append(closed_finding(str(found.value)))
    return None


def closed_finding(value: str) -> Finding:
    """What is said of a closed month that cannot be used: nothing is opened for a slip."""
    as_before = messages.label("settings.closed_as_before")
    return finding("O101", sheet=SETTINGS.label.zh, name=CLOSED_MONTH, value=value, after=as_before)
