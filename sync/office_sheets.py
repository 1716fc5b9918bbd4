"""What 单位名册, 任务要求, 节点, 设置 and 校验规则 hold when `init` makes them."""

from __future__ import annotations

from collections.abc import Callable

from sync.office_settings import (
    CLOSED_MONTH,
    DUE_POLICY,
    FILE_MEMORY,
    FILE_SIZE,
    FILE_TIME,
    POLICIES,
    RECEIPT_DAYS,
    SOON_DAYS,
)
from sync.severity_settings import fresh_rows
from sync.state import State
from workbook_templates.office_tables import CALENDAR, CHECK_RULES, REQUIREMENTS, SETTINGS, SEVERITIES, UNITS
from workbook_templates.pen import Cell
from xingzhi import messages
from xingzhi.columns import YES_NO, Table
from xingzhi.identity import TEMPLATE_VERSION
from xingzhi.requirements import PeriodicReport


def rows(table: Table, state: State) -> list[list[Cell]]:
    """The first rows of one of the office's sheets."""
    return _MAKERS[table.key](state)


def _units(state: State) -> list[list[Cell]]:
    return [
        [
            unit.code,
            unit.name,
            "、".join(unit.former_names) or None,
            unit.kind or None,
            None,
            unit.joined,
            unit.left,
            unit.contact or None,
            unit.phone or None,
            unit.source or None,
        ]
        for unit in state.units
    ]


def _requirements(state: State) -> list[list[Cell]]:
    lang = state.lang
    yes, no = (choice.label.of(lang) for choice in YES_NO)
    severities = {choice.key: choice.label.of(lang) for choice in SEVERITIES}
    return [
        [
            rule.id,
            rule.title.of(lang),
            messages.text(f"requirement.kind.{rule.kind}", lang),
            messages.text(f"requirement.scope.{rule.scope.value}", lang),
            rule.anchor or rule.window,
            rule.rrule if isinstance(rule, PeriodicReport) else None,
            rule.minimum or None,
            rule.maximum,
            severities[rule.severity.value],
            yes if rule.enabled else no,
            "、".join(messages.text(f"requirement.assumed.{name}", lang) for name in rule.assumed) or None,
            None,
        ]
        for rule in state.settings.term.programme.requirements
    ]


def _calendar(state: State) -> list[list[Cell]]:
    return []


def _settings(state: State) -> list[list[Cell]]:
    lang, term = state.lang, state.settings.term

    def text(key: str) -> str:
        return messages.text(key, lang)

    fixed = text("settings.hint.fixed")
    return [
        [SOON_DAYS.of(lang), str(term.settings.soon_days), text("settings.hint.soon")],
        [RECEIPT_DAYS.of(lang), str(term.settings.receipt_days), text("settings.hint.receipt")],
        [DUE_POLICY.of(lang), POLICIES[term.settings.due_policy].of(lang), text("settings.hint.policy")],
        [CLOSED_MONTH.of(lang), None, text("settings.hint.closed")],
        [FILE_SIZE.of(lang), str(term.settings.file_megabytes), text("settings.hint.file_size")],
        [FILE_TIME.of(lang), str(term.settings.file_seconds), text("settings.hint.file_time")],
        [FILE_MEMORY.of(lang), str(term.settings.file_memory), text("settings.hint.file_memory")],
        [text("settings.programme"), term.programme.id, fixed],
        [text("settings.year"), str(term.year), fixed],
        [text("settings.version"), TEMPLATE_VERSION, fixed],
    ]


_MAKERS: dict[str, Callable[[State], list[list[Cell]]]] = {
    UNITS.key: _units,
    REQUIREMENTS.key: _requirements,
    CALENDAR.key: _calendar,
    SETTINGS.key: _settings,
    CHECK_RULES.key: lambda state: fresh_rows(state.lang),
}
