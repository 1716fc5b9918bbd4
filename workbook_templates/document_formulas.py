"""Formulas that count documents by their stage, and the first days that end or begin what a project owes."""

from __future__ import annotations

from workbook_templates.deadline_formulas import BASE_DATE, Counts, Vocabulary, day, earliest, first_of
from xingzhi.documents import ALL_CONTENTS, TABLE, Stage
from xingzhi.requirements import Document, Paper, RowSet
from xingzhi.spans import Span


def document_counts(span: Span, rule: Document, words: Vocabulary, subject: str | None, due: str | None) -> Counts:
    """How many of the papers have a version that counts; `due` is the cell of a due day that is the project's own."""
    limit = due or (day(span.on_time_until) if span.on_time_until else None)
    done, in_time = (
        "+".join(f"N(SUMPRODUCT({_counting(rule, paper, words, subject, last)})>0)" for paper in rule.documents)
        for last in (BASE_DATE, earliest(BASE_DATE, limit))
    )
    need = len(rule.documents)
    return Counts(done, f"IF({done}>={need},1,0)", f"IF({in_time}>={need},1,0)")


def first_approval(paper: Paper, words: Vocabulary, subject: str) -> str:
    """The day on which a document of the project was first approved."""
    stages = [_at(words, Stage.APPROVED), _at(words, Stage.FILED), f'({_column(words, "state")}="")']
    return first_of([*_of(paper, words, subject), _either(*stages)], _column(words, "approved_on"))


def first_day(rows: RowSet, words: Vocabulary, subject: str) -> str:
    """The first day up to the base date on which there is a row of the set for the project."""
    when = words.column(rows.table, rows.date)
    return first_of([*words.in_set(rows, subject), f"({when}<{BASE_DATE}+1)"], when)


def _counting(rule: Document, paper: Paper, words: Vocabulary, subject: str | None, last: str) -> str:
    """1 for each version that counts as of the base date, and whose steps were done by the day `last`."""
    submitted, approved, filed = (_column(words, key) for key in ("submitted_on", "approved_on", "filed_on"))
    parts = _of(paper, words, subject)
    if rule.contents:
        each = "*".join(words.holds(TABLE, "contents", key) for key in rule.contents)
        parts.append(_either(words.holds(TABLE, "contents", ALL_CONTENTS), f"({each})"))
    steps = [submitted, *([approved] if rule.approved_by else []), *([filed] if rule.filed_with else [])]
    parts += [f"({column}<{last}+1)" for column in steps]
    unsaid = f'({_column(words, "state")}="")'
    by_filing = f"{unsaid}*{_past(filed)}"
    by_date = f"{unsaid}*({_past(approved)}+{_past(filed)})"
    if rule.filed_with:
        parts.append(_either(_at(words, Stage.FILED), by_filing))
    else:
        accepted = [_at(words, Stage.APPROVED), _at(words, Stage.FILED), by_date]
        parts.append(_either(*accepted) if rule.approved_by else _either(f'({submitted}<>"")', *accepted))
    if not (rule.approved_by or rule.filed_with):
        parts += [f"NOT({_at(words, stage)})" for stage in (Stage.NONE, Stage.RETURNED)]
    return "*".join(parts)


def _of(paper: Paper, words: Vocabulary, subject: str | None) -> list[str]:
    parts = [f"EXACT({_column(words, 'project')},{subject})"] if subject is not None else []
    parts.append(words.holds(TABLE, "kind", paper.kind))
    return [*parts, words.holds(TABLE, "sort", paper.sort)] if paper.sort else parts


def _column(words: Vocabulary, key: str) -> str:
    return words.column(TABLE, key)


def _at(words: Vocabulary, stage: Stage) -> str:
    return words.holds(TABLE, "state", stage)


def _past(column: str) -> str:
    return f'({column}<>"")*({column}<{BASE_DATE}+1)'


def _either(*conditions: str) -> str:
    return f"(({'+'.join(conditions)})>0)"
