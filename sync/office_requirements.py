"""The programme's requirements with what the office wrote over them in 任务要求."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from pydantic import TypeAdapter, ValidationError

from sync.master_reader import RawTable
from sync.office_calendar import FAR
from sync.office_columns import READ, has_columns
from workbook_templates.office_tables import REQUIREMENTS
from xingzhi import messages
from xingzhi.cleaning import compact
from xingzhi.findings import Finding, finding
from xingzhi.notes import is_note
from xingzhi.programme import Programme, Settings, Term
from xingzhi.requirements import PeriodicReport, Requirement
from xingzhi.spans import window_of
from xingzhi.windows import Window, WindowError, occurrences, parse_window

_RULE: TypeAdapter[Requirement] = TypeAdapter(Requirement)


def read_programme(
    raw: RawTable | None, profile: Programme, year: int, anchors: Mapping[str, Window], findings: list[Finding]
) -> Programme:
    """The profile with what the sheet says over it. `anchors` are the names that a time may be given by."""
    if raw is None or not has_columns(raw, ("id",), findings):
        return profile
    rules = {rule.id: rule for rule in profile.requirements}
    term = Term(programme=profile, year=year, settings=Settings(anchors=anchors))
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
    for key in READ[REQUIREMENTS.key][1:]:
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
    window = window_of(found, term)
    if isinstance(found, PeriodicReport) and window is not None:
        months = [(day.year, day.month) for day in occurrences(found.rrule, window)]
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
    """A time is the name of an anchor, or a window, which takes the place of the anchor that the rule had."""
    if not text or text == (rule.anchor or rule.window):
        return {}
    if rule.window is None and rule.anchor is None:
        return "no_window"
    anchor = next((name for name in term.settings.anchors if compact(name) == compact(text)), None)
    if anchor is not None:
        return {"anchor": anchor}
    try:
        window = parse_window(text, term.year)
    except WindowError:
        return "window_unreadable"
    near = term.time.start - FAR <= window.start and window.end <= term.time.end + FAR
    return {"window": text, "anchor": None} if near else "window_far"


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
