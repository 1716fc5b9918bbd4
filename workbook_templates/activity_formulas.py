"""Formulas that count activities and other dated rows, and the reports of a month."""

from __future__ import annotations

from workbook_templates.deadline_formulas import BASE_DATE, Counts, Vocabulary, day, earliest, quoted
from xingzhi.requirements import PeriodicReport, RowSet
from xingzhi.spans import Span


def row_counts(span: Span, rows: RowSet, words: Vocabulary, subject: str | None, until: str | None) -> Counts:
    """Rows from the span's first day on; `until` is a cell that holds the last day that counts."""
    conditions = words.in_set(rows, subject)
    when = words.column(rows.table, rows.date)
    last = day(span.counts_until) if span.counts_until else None
    in_time_last = day(span.on_time_until) if span.on_time_until else None

    def up_to(*days: str | None) -> str:
        dated = [f"({when}>={day(span.counts_from)})", f"({when}<{earliest(BASE_DATE, *days)}+1)"]
        return f"SUMPRODUCT({'*'.join([*conditions, *dated])})"

    done, in_time = up_to(last, until), up_to(last, until, in_time_last)
    need = span.rule.minimum
    return Counts(done, f"IF({done}>={need},1,0)", f"IF({in_time}>={need},1,0)")


def report_counts(span: Span, rule: PeriodicReport, words: Vocabulary) -> Counts:
    """Reports of the span's month, on time by the office's word, by its date, then by the unit's."""

    def column(key: str) -> str:
        return words.column(rule.table, key)

    assert span.on_time_until is not None
    month = f"EXACT({column(rule.period)},{quoted(span.period)})"
    done = f"SUMPRODUCT(--{month})"
    limit = day(span.on_time_until)
    received, submitted, verdict = column(rule.received), column(rule.submitted), column(rule.verdict)
    yes, no = (words.choice(rule.table, rule.verdict, key) for key in ("yes", "no"))
    claimed = f'({received}="")*({submitted}<>"")*({submitted}<{limit}+1)'
    by_date = f'(({received}<>"")*({received}<{limit}+1)+{claimed})'
    in_time = f"SUMPRODUCT({month}*NOT(EXACT({verdict},{no}))*((EXACT({verdict},{yes})+{by_date})>0))"
    need = rule.minimum
    return Counts(done, f"IF({done}>={need},1,0)", f"IF({in_time}>={need},1,0)")
