"""校验规则: how much each kind of finding matters to the office."""

from __future__ import annotations

import re
from collections import Counter

from sync.master_reader import RawTable
from workbook_templates.office_tables import CHECK_RULES, SEVERITIES
from workbook_templates.pen import Cell
from xingzhi import messages
from xingzhi.cleaning import compact
from xingzhi.findings import Finding, Severity, finding
from xingzhi.labels import Label, Lang
from xingzhi.severities import graded_codes

_LABELS = {choice.key: choice.label for choice in SEVERITIES}


def fresh_rows(lang: Lang) -> list[list[Cell]]:
    """The sheet as it is made: a line for each code that may be changed, and nothing changed."""
    return [
        [code, _in_words(messages.finding_template(code, "message", lang)), _default(code).of(lang), None, None]
        for code in graded_codes()
    ]


def read_severities(raw: RawTable, findings: list[Finding]) -> dict[str, Severity]:
    """The severities that the office has set, by code; what cannot be used is told (O113), and the default holds.

    A code that stands in two rows with two severities has none.
    """
    typed: dict[str, set[str]] = {}
    for row in raw.rows:
        code, text = compact(raw.raw(row, "code")).upper(), raw.text(row, "severity")
        if text and code not in graded_codes():
            findings.append(_unusable(code or raw.text(row, "message"), text, "unknown_code"))
        elif text:
            typed.setdefault(code, set()).add(text)
    found: dict[str, Severity] = {}
    for code, texts in typed.items():
        keys = [next((c.key for c in SEVERITIES if text in c.spellings()), "") for text in sorted(texts)]
        if len(Counter(keys)) == 1 and keys[0]:
            found[code] = Severity(keys[0])
        else:
            reason = "no_choice" if "" in keys else "code_twice"
            findings.append(_unusable(code, "、".join(sorted(texts)), reason))
    return found


def _unusable(code: str, text: str, reason: str) -> Finding:
    return finding(
        "O113",
        sheet=CHECK_RULES.label.zh,
        column="severity",
        value=code,
        typed=text,
        reason=messages.label(f"reason.{reason}"),
    )


def _default(code: str) -> Label:
    return _LABELS[messages.finding_severity(code)]


def _in_words(template: str) -> str:
    """A message without what differs from one finding to the next."""
    return re.sub(r"\{[^}]*\}", "…", template)
