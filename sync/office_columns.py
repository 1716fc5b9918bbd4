"""The columns of the office's own sheets that are read, and what is told of one that a sheet has lost."""

from __future__ import annotations

from collections.abc import Iterable

from sync.master_reader import RawTable
from workbook_templates.office_tables import CALENDAR, CHECK_RULES, REQUIREMENTS, SETTINGS, UNITS
from xingzhi.findings import Finding, Severity, finding

READ = {
    UNITS.key: ("code", "name", "former_names", "kind", "joined", "left", "contact", "phone", "source"),
    REQUIREMENTS.key: ("id", "title", "window", "rule", "minimum", "maximum", "severity", "enabled"),
    CALENDAR.key: ("kind", "name", "from", "to"),
    SETTINGS.key: ("name", "value"),
    CHECK_RULES.key: ("code", "severity"),
}
"""The columns that are read here; that another is gone does not matter."""


def has_columns(raw: RawTable, needed: Iterable[str], findings: list[Finding]) -> bool:
    """Whether a sheet has the columns without which none of its rows can be read; each that it has lost is told."""
    gone = [key for key in READ[raw.table.key] if key not in raw.places]
    for key in gone:
        severity = Severity.ERROR if raw.table is UNITS and key in needed else None
        name, sheet = raw.table[key].label, raw.table.label
        findings.append(
            finding("O108", severity=severity, sheet=sheet.zh, column=key, fields={"sheet": sheet}, name=name)
        )
    return not set(needed) & set(gone)
