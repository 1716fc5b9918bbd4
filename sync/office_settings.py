"""The office's settings: units, requirements, calendar and settings, as its sheets give them over the profile."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from pydantic import TypeAdapter, ValidationError

from sync.master_reader import RawTable
from workbook_templates.office_tables import CALENDAR, REQUIREMENTS, SETTINGS, UNIT_CODE_PATTERN, UNITS
from xingzhi.findings import Finding, finding
from xingzhi.labels import Label
from xingzhi.programme import Programme, Settings, Term
from xingzhi.requirements import Requirement
from xingzhi.workdays import DuePolicy

SOON_DAYS = Label("临期提醒工作日数", "Soon: working days before")
DUE_POLICY = Label("截止日遇休息日", "A due date on a day off")
POLICIES = {
    DuePolicy.BEFORE: Label("提前", "before"),
    DuePolicy.AFTER: Label("顺延", "after"),
    DuePolicy.NONE: Label("不变", "none"),
}
_RULE: TypeAdapter[Requirement] = TypeAdapter(Requirement)


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
    term = Term(programme=programme, year=year, settings=settings.model_copy(update=days))
    units = _units(tables.get(UNITS.key), term, findings)
    return OfficeSettings(term, units, tuple(findings))


def _units(raw: RawTable | None, term: Term, findings: list[Finding]) -> tuple[Unit, ...]:
    found: dict[str, Unit] = {}
    for row in raw.rows if raw else ():
        assert raw is not None
        code, name = raw.text(row, "code"), raw.text(row, "name")
        if not code and not name:
            continue
        fault = None
        if not re.fullmatch(UNIT_CODE_PATTERN, code):
            fault = Label("不是 1 至 12 位字母或数字", "is not 1 to 12 letters or digits")
        elif code in found:
            fault = Label("重复了", "is given twice")
        if fault:
            findings.append(finding("O103", sheet=UNITS.label.zh, value=code or name, reason=fault))
            continue
        joined, left = (raw.value(row, key, term.time)[0] for key in ("joined", "left"))
        found[code] = Unit(
            code=code,
            name=name or code,
            former_names=tuple(part for part in re.split(r"[、,，;；\s]+", raw.text(row, "former_names")) if part),
            contact=raw.text(row, "contact"),
            phone=raw.text(row, "phone"),
            joined=joined if isinstance(joined, date) else None,
            left=left if isinstance(left, date) else None,
            source=raw.text(row, "source"),
        )
    return tuple(found.values())


def _settings(raw: RawTable | None, findings: list[Finding]) -> Settings:
    values: dict[str, object] = {}
    for row in raw.rows if raw else ():
        assert raw is not None
        name, value = raw.text(row, "name"), raw.text(row, "value")
        if name in SOON_DAYS.both():
            if value.isdigit() and int(value) <= 30:
                values["soon_days"] = int(value)
            elif value:
                default = str(Settings().soon_days)
                findings.append(finding("O101", sheet=SETTINGS.label.zh, name=SOON_DAYS, value=value, after=default))
        elif name in DUE_POLICY.both():
            policy = next((key for key, label in POLICIES.items() if value in label.both()), None)
            if policy:
                values["due_policy"] = policy
            elif value:
                label = POLICIES[Settings().due_policy]
                findings.append(finding("O101", sheet=SETTINGS.label.zh, name=DUE_POLICY, value=value, after=label))
    return Settings.model_validate(values)


def _days(raw: RawTable | None, term: Term, findings: list[Finding]) -> dict[str, frozenset[date]]:
    days: dict[str, set[date]] = {"off": set(), "on": set()}
    for row in raw.rows if raw else ():
        assert raw is not None
        if all(cell is None for cell in row):
            continue
        kind, understood = raw.value(row, "kind", term.time)
        first, last = (raw.value(row, key, term.time)[0] for key in ("from", "to"))
        name = raw.text(row, "name") or raw.text(row, "kind")
        if not understood or not isinstance(first, date):
            reason = Label("没有写清类型或开始日期", "lacks its kind or its first day")
            findings.append(finding("O104", sheet=CALENDAR.label.zh, value=name, reason=reason))
            continue
        end = last if isinstance(last, date) else first
        if end < first or (end - first).days > 60:
            reason = Label("起止日期不对", "has dates that cannot be right")
            findings.append(finding("O104", sheet=CALENDAR.label.zh, value=name, reason=reason))
        elif kind in days:
            days[str(kind)].update(first + timedelta(days=step) for step in range((end - first).days + 1))
    for day in sorted(days["off"] & days["on"]):
        reason = Label("既放假又上班", "is both off and on")
        findings.append(finding("O104", sheet=CALENDAR.label.zh, value=day.isoformat(), reason=reason))
        days["off"].discard(day)
    return {"days_off": frozenset(days["off"]), "days_on": frozenset(days["on"])}


def _programme(raw: RawTable | None, profile: Programme, year: int, findings: list[Finding]) -> Programme:
    if raw is None:
        return profile
    rules = {rule.id: rule for rule in profile.requirements}
    for row in raw.rows:
        rule = rules.get(raw.text(row, "id"))
        if rule is not None:
            rules[rule.id] = _overlaid(raw, row, rule, Term(programme=profile, year=year), findings)
    return profile.model_copy(update={"requirements": tuple(rules.values())})


def _overlaid(
    raw: RawTable, row: tuple[object, ...], rule: Requirement, term: Term, findings: list[Finding]
) -> Requirement:
    """The rule with what the office wrote over it, cell by cell, so that one bad cell does not lose the others."""
    for key in ("title", "window", "rule", "minimum", "maximum", "severity", "enabled"):
        if key not in raw.places:
            continue
        value, understood = raw.value(row, key, term.time)  # type: ignore[arg-type]
        change = _change(rule, key, value)
        if not understood or change is None:
            reason = Label("看不懂", "not understood")
        elif not change:
            continue
        else:
            try:
                rule = _RULE.validate_python(rule.model_dump() | change)
                continue
            except (ValidationError, ValueError) as error:
                reason = Label("与其他栏不合或写法不对", str(error).splitlines()[0])
        label = REQUIREMENTS[key].label
        findings.append(finding("O102", sheet=REQUIREMENTS.label.zh, value=rule.id, name=label, reason=reason))
    return rule


def _change(rule: Requirement, key: str, value: object) -> dict[str, object] | None:
    """The fields that a cell changes; empty where it changes nothing, None where it cannot apply."""
    if key == "title":
        text = str(value or "")
        return {"title": {"zh": text, "en": text}} if text and text not in rule.title.both() else {}
    if key == "window":
        return {"window": str(value)} if value and str(value) != rule.window else {}
    if key == "rule":
        current = getattr(rule, "rrule", None)
        if not value or value == current:
            return {}
        return {"rrule": str(value)} if current is not None else None
    if key == "enabled":
        return {"enabled": value != "no"} if value in ("yes", "no") else {}
    if key == "maximum":
        return {} if value == rule.maximum else {"maximum": value}
    if value is None or value == getattr(rule, key):
        return {}
    return {key: value}
