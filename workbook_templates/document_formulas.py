"""Formulas that count documents by their stage, and the first days that end or begin what a project owes."""

from __future__ import annotations

from workbook_templates.deadline_formulas import BASE_DATE, Counts, Vocabulary, day, earliest, first_of, is_subject
from xingzhi.documents import ALL_CONTENTS, TABLE, Stage
from xingzhi.requirements import Document, Paper, Requirement, RowSet
from xingzhi.spans import Span


def document_counts(span: Span, rule: Document, words: Vocabulary, subject: str | None, due: str | None) -> Counts:
    """How many of the papers have a version that counts; `due` is the cell of a due day that is the project's own."""
    limit = due or (day(span.on_time_until) if span.on_time_until else None)
    last_in_time = earliest(BASE_DATE, limit)
    done, in_time = (
        "+".join(f"N(SUMPRODUCT({_counting(rule, paper, words, subject, last)})>0)" for paper in rule.documents)
        for last in (BASE_DATE, last_in_time)
    )
    need = len(rule.documents)
    waiting = None
    if may_wait(rule):
        parts = (_fulfilled_or_waiting(rule, paper, words, subject, last_in_time) for paper in rule.documents)
        waiting = f"IF({done}>={need},0,IFERROR({'*'.join(parts)},0))"
    return Counts(done, f"IF({done}>={need},1,0)", f"IF({in_time}>={need},1,0)", waiting=waiting)


def may_wait(rule: Requirement) -> bool:
    """Whether others than the unit may be the only ones who have something left to do."""
    return isinstance(rule, Document) and not rule.before and bool(rule.approved_by or rule.filed_with)


def first_approval(paper: Paper, words: Vocabulary, subject: str) -> str:
    """The day on which a document of the project was first approved."""
    stages = [_at(words, Stage.APPROVED), _at(words, Stage.FILED), f'({_column(words, "state")}="")']
    return first_of([*_of(paper, words, subject), _either(*stages)], _column(words, "approved_on"))


def first_day(rows: RowSet, words: Vocabulary, subject: str) -> str:
    """The first day up to the base date on which there is a row of the set for the project."""
    when = words.column(rows.table, rows.date)
    return first_of([*words.in_set(rows, subject), f"({when}<{BASE_DATE}+1)"], when)


def _counting(rule: Document, paper: Paper, words: Vocabulary, subject: str | None, last: str) -> str:
    """1 for each version that counts as of the base date, and is on time by the day `last`."""
    steps_by = last if rule.before else BASE_DATE
    parts = [*_of(paper, words, subject), *_complete(rule, words), _by(words, "submitted_on", last)]
    return "*".join([*parts, *_settled(rule, words, steps_by)])


def _complete(rule: Document, words: Vocabulary) -> list[str]:
    if not rule.contents:
        return []
    each = "*".join(words.holds(TABLE, "contents", key) for key in rule.contents)
    return [_either(words.holds(TABLE, "contents", ALL_CONTENTS), f"({each})")]


def _settled(rule: Document, words: Vocabulary, last: str) -> list[str]:
    """The steps that the rule names are done, by the day `last`."""
    submitted, approved, filed = (_column(words, key) for key in ("submitted_on", "approved_on", "filed_on"))
    asked = [("approved_on", rule.approved_by), ("filed_on", rule.filed_with)]
    parts = [_by(words, key, last) for key, body in asked if body]
    unsaid = f'({_column(words, "state")}="")'
    by_filing = f"{unsaid}*{_past(filed)}"
    by_date = f"{unsaid}*({_past(approved)}+{_past(filed)})"
    if rule.filed_with:
        parts.append(_either(_at(words, Stage.FILED), by_filing))
    else:
        accepted = [_at(words, Stage.APPROVED), _at(words, Stage.FILED), by_date]
        parts.append(_either(*accepted) if rule.approved_by else _either(f'({submitted}<>"")', *accepted))
    if not (rule.approved_by or rule.filed_with):
        parts += _neither(words, Stage.NONE, Stage.RETURNED)
    return parts


def _fulfilled_or_waiting(rule: Document, paper: Paper, words: Vocabulary, subject: str | None, last: str) -> str:
    """1 where a version counts; or where the latest one waits for others, and one that does was submitted by `last`."""
    waits = [*_of(paper, words, subject), *_waits(rule, words)]
    in_time = "*".join([*waits, _by(words, "submitted_on", last)])
    latest = f"{_latest(waits, words)}={_latest(_of(paper, words, subject), words)}"
    waiting = f"(SUMPRODUCT({in_time})>0)*({latest})"
    if len(rule.documents) == 1:
        return waiting
    return f"(((SUMPRODUCT({_counting(rule, paper, words, subject, BASE_DATE)})>0)+{waiting})>0)"


def _waits(rule: Document, words: Vocabulary) -> list[str]:
    """Submitted and complete, and the steps that the rule names are not all done."""
    submitted, approved, filed = (_column(words, key) for key in ("submitted_on", "approved_on", "filed_on"))
    unsaid = f'({_column(words, "state")}="")'
    sent = _either(
        f'({submitted}<>"")',
        _at(words, Stage.APPROVED),
        _at(words, Stage.FILED),
        f"{unsaid}*({_past(approved)}+{_past(filed)})",
    )
    settled = "*".join(_settled(rule, words, BASE_DATE))
    return [
        *_neither(words, Stage.NONE, Stage.RETURNED),
        sent,
        _by(words, "submitted_on", BASE_DATE),
        *_complete(rule, words),
        f"(({settled})=0)",
    ]


def _latest(conditions: list[str], words: Vocabulary) -> str:
    """A number that is greater the later a version is: by its version, then by its place in the sheet."""
    version = _column(words, "version")
    return f"SUMPRODUCT(MAX({'*'.join(conditions)}*({version}*10000000+ROW({version}))))"


def _by(words: Vocabulary, key: str, last: str) -> str:
    return f"({_column(words, key)}<{last}+1)"


def _neither(words: Vocabulary, *stages: Stage) -> list[str]:
    return [f"NOT({_at(words, stage)})" for stage in stages]


def _of(paper: Paper, words: Vocabulary, subject: str | None) -> list[str]:
    parts = [is_subject(_column(words, "project"), subject)] if subject is not None else []
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
