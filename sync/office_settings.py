"""The office's settings: units, requirements, calendar and settings, as its sheets give them over the profile."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from pydantic import TypeAdapter, ValidationError

from sync.master_reader import RawTable
from sync.severity_settings import read_severities
from workbook_templates.office_tables import CALENDAR, CHECK_RULES, REQUIREMENTS, SETTINGS, UNIT_CODE_PATTERN, UNITS
from xingzhi import messages
from xingzhi.cleaning import compact
from xingzhi.findings import Finding, Severity, finding
from xingzhi.labels import Label
from xingzhi.notes import is_note
from xingzhi.programme import Programme, Settings, Term
from xingzhi.requirements import PeriodicReport, Requirement
from xingzhi.windows import WindowError, occurrences, parse_window
from xingzhi.workdays import DuePolicy

SOON_DAYS = Label("临期提醒工作日数", "Soon: working days before")
RECEIPT_DAYS = Label("登记宽限天数", "Days to record an activity")
DUE_POLICY = Label("截止日遇休息日", "A due date on a day off")
POLICIES = {
    DuePolicy.BEFORE: Label("提前", "before"),
    DuePolicy.AFTER: Label("顺延", "after"),
    DuePolicy.NONE: Label("不变", "none"),
}
_WHOLE_NUMBERS = {SOON_DAYS: ("soon_days", 30), RECEIPT_DAYS: ("receipt_days", 366)}
"""The settings that are whole numbers: the field of `Settings`, and the most that it may be."""

_READ = {
    UNITS.key: ("code", "name", "former_names", "joined", "left", "contact", "phone", "source"),
    REQUIREMENTS.key: ("id", "title", "window", "rule", "minimum", "maximum", "severity", "enabled"),
    CALENDAR.key: ("kind", "name", "from", "to"),
    SETTINGS.key: ("name", "value"),
    CHECK_RULES.key: ("code", "severity"),
}
"""The columns that are read here; that another is gone does not matter."""

_RULE: TypeAdapter[Requirement] = TypeAdapter(Requirement)
_FAR = timedelta(days=366)
"""How far outside the programme a window may lie: what lies further is a slip, and would be resolved day by day."""


@dataclass(frozen=True)
class Unit:
    """One unit of 单位名册."""

    code: str
    name: str
    former_names: tuple[str, ...] = ()
    contact: str = ""
    phone: str = ""
    joined: date | None = None
    left: date | None = None
    source: str = ""


@dataclass(frozen=True)
class OfficeSettings:
    """The term as the office has set it, its units in its own order, and what in its sheets cannot be used."""

    term: Term
    units: tuple[Unit, ...]
    findings: tuple[Finding, ...]

    def unit(self, code: str) -> Unit | None:
        """The unit of this code, or None."""
        return next((unit for unit in self.units if unit.code == code), None)


def read_settings(tables: Mapping[str, RawTable], profile: Programme, year: int) -> OfficeSettings:
    """What the office's sheets say; a sheet that is absent leaves the profile as it ships."""
    findings: list[Finding] = []
    programme = _programme(tables.get(REQUIREMENTS.key), profile, year, findings)
    bare = Term(programme=programme, year=year)
    settings = _settings(tables.get(SETTINGS.key), findings)
    days = _days(tables.get(CALENDAR.key), bare, findings)
    checks = tables.get(CHECK_RULES.key)
    severities = read_severities(checks, findings) if checks and _has(checks, ("code", "severity"), findings) else {}
    settings = settings.model_copy(update={**days, "severities": severities})
    term = Term(programme=programme, year=year, settings=settings)
    units = _units(tables.get(UNITS.key), term, findings)
    return OfficeSettings(term, units, tuple(findings))


def _has(raw: RawTable, needed: Iterable[str], findings: list[Finding]) -> bool:
    """Whether a sheet has the columns without which none of its rows can be read; each that it has lost is told."""
    gone = [key for key in _READ[raw.table.key] if key not in raw.places]
    for key in gone:
        severity = Severity.ERROR if raw.table is UNITS and key in needed else None
        name, sheet = raw.table[key].label, raw.table.label
        findings.append(
            finding("O108", severity=severity, sheet=sheet.zh, column=key, fields={"sheet": sheet}, name=name)
        )
    return not set(needed) & set(gone)


# --- units ---


def _units(raw: RawTable | None, term: Term, findings: list[Finding]) -> tuple[Unit, ...]:
    if raw is None or not _has(raw, ("code",), findings):
        return ()
    found: dict[str, Unit] = {}
    for row in raw.rows:
        code, name = raw.text(row, "code"), raw.text(row, "name")
        if not code and not name:
            continue
        fault = _code_fault(code, found)
        if fault:
            findings.append(finding("O103", sheet=UNITS.label.zh, value=code or name, reason=fault))
            continue
        found[code.casefold()] = Unit(
            code=code,
            name=name or code,
            former_names=tuple(part for part in re.split(r"[、,，;；\s]+", raw.text(row, "former_names")) if part),
            contact=raw.text(row, "contact"),
            phone=raw.text(row, "phone"),
            joined=_day(raw, row, "joined", term, findings),
            left=_day(raw, row, "left", term, findings),
            source=raw.text(row, "source"),
        )
    return tuple(found.values())


def _code_fault(code: str, found: Mapping[str, Unit]) -> Label | None:
    """What is wrong with a unit's code. Codes name files, and to Windows and macOS `a1` and `A1` are one name."""
    if not re.fullmatch(UNIT_CODE_PATTERN, code):
        return messages.label("reason.bad_code")
    same = found.get(code.casefold())
    if same is None:
        return None
    if same.code == code:
        return messages.label("reason.twice")
    return messages.label("reason.twice_but_for_case", other=same.code)


def _day(raw: RawTable, row: tuple[object, ...], key: str, term: Term, findings: list[Finding]) -> date | None:
    value, understood = raw.value(row, key, term.time)  # type: ignore[arg-type]
    if not understood:
        code, typed, name = raw.text(row, "code"), raw.text(row, key), UNITS[key].label  # type: ignore[arg-type]
        findings.append(finding("O109", sheet=UNITS.label.zh, column=key, value=code, name=name, typed=typed))
    return value if isinstance(value, date) else None


# --- settings and calendar ---


def _settings(raw: RawTable | None, findings: list[Finding]) -> Settings:
    values: dict[str, object] = {}
    if raw is None or not _has(raw, ("name", "value"), findings):
        return Settings()
    for row in raw.rows:
        name, value = raw.text(row, "name"), raw.text(row, "value")
        if not value:
            continue
        for label, (key, most) in _WHOLE_NUMBERS.items():
            if name in label.both():
                number = int(value) if value.isdecimal() and len(value) < 10 else most + 1
                if number <= most:
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


def _days(raw: RawTable | None, term: Term, findings: list[Finding]) -> dict[str, frozenset[date]]:
    days: dict[str, set[date]] = {"off": set(), "on": set()}

    def tell(value: str, reason: str) -> None:
        findings.append(finding("O104", sheet=CALENDAR.label.zh, value=value, reason=messages.label(reason)))

    for row in raw.rows if raw and _has(raw, ("kind", "from"), findings) else ():
        assert raw is not None
        if all(cell is None for cell in row):
            continue
        kind, understood = raw.value(row, "kind", term.time)
        first, (last, readable) = raw.value(row, "from", term.time)[0], raw.value(row, "to", term.time)
        name = raw.text(row, "name") or raw.text(row, "kind")
        if not understood or not isinstance(first, date):
            tell(name, "reason.kind_or_day_missing")
            continue
        end = last if isinstance(last, date) else first
        if not readable or end < first or (end - first).days > 60:
            tell(name, "reason.days_wrong")
        elif kind in days:
            days[str(kind)].update(first + timedelta(days=step) for step in range((end - first).days + 1))
    for day in sorted(days["off"] & days["on"]):
        tell(day.isoformat(), "reason.both_off_and_on")
        days["off"].discard(day)
    return {"days_off": frozenset(days["off"]), "days_on": frozenset(days["on"])}


# --- requirements ---


def _programme(raw: RawTable | None, profile: Programme, year: int, findings: list[Finding]) -> Programme:
    if raw is None or not _has(raw, ("id",), findings):
        return profile
    rules = {rule.id: rule for rule in profile.requirements}
    term = Term(programme=profile, year=year)
    rows = [(compact(raw.raw(row, "id")).upper(), row) for row in raw.rows]
    times = Counter(id for id, _ in rows)
    for id, row in rows:
        shown = id or raw.text(row, "title")
        if not shown or is_note(raw.text(row, "id") or shown):
            continue
        if times[id] == 1 and id in rules:
            rules[id] = _overlaid(raw, row, rules[id], term, findings)
        elif id not in rules or times.pop(id, 0):
            # The first of two rows tells of both; neither holds.
            findings.append(_unusable(shown, "id", "unknown_requirement" if id not in rules else "requirement_twice"))
    return profile.model_copy(update={"requirements": tuple(rules.values())})


def _unusable(id: str, key: str, reason: str) -> Finding:
    label, name = messages.label(f"reason.{reason}"), REQUIREMENTS[key].label
    return finding("O102", sheet=REQUIREMENTS.label.zh, column=key, value=id, name=name, reason=label)


def _overlaid(
    raw: RawTable, row: tuple[object, ...], rule: Requirement, term: Term, findings: list[Finding]
) -> Requirement:
    """The rule with what the office wrote over it: the row as a whole, since its cells belong together; where that
    cannot be, cell by cell, so that one bad cell does not lose the others."""
    changes: dict[str, dict[str, object]] = {}
    for key in _READ[REQUIREMENTS.key][1:]:
        if key not in raw.places:
            continue
        value, understood = raw.value(row, key, term.time)  # type: ignore[arg-type]
        change = _change(rule, key, value, term) if understood else _NOT_UNDERSTOOD[key]
        if isinstance(change, str):
            findings.append(_unusable(rule.id, key, change))
        elif change:
            changes[key] = change
    whole = _changed(rule, {field: value for change in changes.values() for field, value in change.items()}, term)
    if whole is not None:
        return whole
    for key, change in changes.items():
        tried = _changed(rule, change, term)
        if tried is None:
            findings.append(_unusable(rule.id, key, _MISFITS.get(key, "unfit")))
        rule = tried or rule
    return rule


_NOT_UNDERSTOOD = {"minimum": "not_whole", "maximum": "not_whole", "severity": "no_choice", "enabled": "no_choice"}
_MISFITS = {
    "window": "rule_not_monthly",
    "rule": "rule_not_monthly",
    "minimum": "least_over_most",
    "maximum": "least_over_most",
}


def _changed(rule: Requirement, change: dict[str, object], term: Term) -> Requirement | None:
    """The rule with its fields changed, None where they do not go together."""
    if not change:
        return rule
    try:
        found = _RULE.validate_python(rule.model_dump() | change)
    except ValidationError:
        return None
    if isinstance(found, PeriodicReport) and found.window is not None:
        months = [(day.year, day.month) for day in occurrences(found.rrule, parse_window(found.window, term.year))]
        # A report is known by its month.
        if not months or len(set(months)) < len(months):
            return None
    return found


def _change(rule: Requirement, key: str, value: object, term: Term) -> dict[str, object] | str:
    """The fields that a cell changes, empty where it changes nothing; or the reason why it cannot."""
    if key == "title":
        text = str(value or "")
        return {"title": {"zh": text, "en": text}} if text and text not in rule.title.both() else {}
    if key == "window":
        return _window_change(rule, str(value or ""), term)
    if key == "rule":
        return _recurrence_change(rule, str(value or ""), term)
    if key == "enabled":
        return {"enabled": value != "no"} if value in ("yes", "no") else {}
    if key == "maximum" and value is None:
        return {} if rule.maximum is None else {"maximum": None}
    if value is None or value == getattr(rule, key):
        return {}
    least = {"minimum": 0, "maximum": 1}.get(key)
    return "not_whole" if least is not None and isinstance(value, int) and value < least else {key: value}


def _window_change(rule: Requirement, text: str, term: Term) -> dict[str, object] | str:
    if not text or text == rule.window:
        return {}
    if rule.window is None:
        return "no_window"
    try:
        window = parse_window(text, term.year)
    except WindowError:
        return "window_unreadable"
    near = term.time.start - _FAR <= window.start and window.end <= term.time.end + _FAR
    return {"window": text} if near else "window_far"


def _recurrence_change(rule: Requirement, text: str, term: Term) -> dict[str, object] | str:
    current = getattr(rule, "rrule", None)
    if not text or text == current:
        return {}
    if current is None:
        return "no_rule"
    try:
        occurrences(text, term.time)
    except WindowError:
        return "rule_unreadable"
    return {"rrule": text}
