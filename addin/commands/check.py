"""校验: what is wrong in the workbook, written into 校验结果, by which the cells are painted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import xlwings

from addin.checking import CheckedBook, check_book
from addin.findings_table import FindingsTable
from addin.said import Level, Said
from workbook_templates.grid_check import OfficeRules
from xingzhi import messages
from xingzhi.findings import Finding, Severity, summary


def check(book: xlwings.Book, today: date) -> Said:
    """Check the workbook."""
    return check_under(book, today, None)


def check_under(book: xlwings.Book, today: date, office: OfficeRules | None) -> Said:
    """Check the workbook by the rules of the office in whose folder it lies, None elsewhere."""
    checked = check_book(book, today, office=office)
    counts = _counts(written_findings(book, checked, today))
    clean = not counts[Severity.ERROR.value] and not counts[Severity.WARNING.value]
    text = messages.text("addin.clean" if clean else "addin.checked", checked.lang, **counts)
    return Said(text, Level.INFO if clean else Level.WARNING, findings=checked.findings)


def written_findings(book: xlwings.Book, checked: CheckedBook, today: date) -> Sequence[Finding]:
    """Write what was found; return it with what the unit and the office say of it, gravest first."""
    table = FindingsTable.of(book, checked.grid, checked.lang)
    found = table.found(checked)
    lead = messages.text("addin.checked_lead", checked.lang, today=today.isoformat(), **_counts(found))
    table.write(found, checked.tables, lead)
    return found


def open_findings(found: Sequence[Finding]) -> list[Finding]:
    """Those that are to be mended or verified, and neither explained by the unit nor accepted by the office."""
    return [each for each in found if each.severity is not Severity.INFO and not each.accepted and not each.explanation]


def _counts(found: Sequence[Finding]) -> dict[str, int]:
    """How many are to be dealt with, by severity, and how many of them were explained or accepted."""
    grave = [each for each in found if each.severity is not Severity.INFO]
    still = open_findings(found)
    notes = summary(found)[Severity.INFO.value]
    return {**summary(still), Severity.INFO.value: notes, "settled": len(grave) - len(still)}
