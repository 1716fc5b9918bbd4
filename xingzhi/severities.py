"""How much a finding matters, in the office's own word: severities by code, and rules that are on trial."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from xingzhi.findings import Finding, Severity
from xingzhi.messages import finding_codes
from xingzhi.programme import Term

_GRADED = re.compile("[CRKM][0-9]{3}|Q10[2-9]")


def graded_codes() -> tuple[str, ...]:
    """The codes whose severity an office may change: what is said of cells, rows, references, merges and amounts.

    Whether a file can be taken (F, B, S), what the tool changed in reading (N) and the office's own sheets (O) are not
    among them; how grave an overdue requirement is (Q101) is said in 任务要求, rule by rule.
    """
    return tuple(code for code in finding_codes() if _GRADED.fullmatch(code))


def graded(findings: Iterable[Finding], term: Term) -> list[Finding]:
    """The findings with the severities that the office has set. What is said of a requirement on trial stays a note."""
    severities = term.settings.severities
    trial = {rule.id for rule in term.programme.requirements if rule.severity is Severity.INFO}
    found = []
    for each in findings:
        severity = Severity.INFO if each.requirement in trial else severities.get(each.code, each.severity)
        found.append(each if severity is each.severity else replace(each, severity=severity))
    return found
