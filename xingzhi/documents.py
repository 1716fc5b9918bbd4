"""Documents: which version of a plan, a regulation or a list counts, and what the others wait for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from enum import StrEnum

from xingzhi.evidence import (
    Evidence,
    Fulfilment,
    PaperStanding,
    Step,
    UnitRecords,
    effective,
    numbers,
    of_subject,
    qualifies,
)
from xingzhi.requirements import Document, Paper, RowSet
from xingzhi.rows import Row
from xingzhi.spans import Span

TABLE = "documents"
ALL_CONTENTS = "all"
"""The choice of contents that stands for every one that a rule asks."""


class Stage(StrEnum):
    """How far a document has come: the choices of its state."""

    NONE = "none"
    PENDING = "pending"
    RETURNED = "returned"
    APPROVED = "approved"
    FILED = "filed"


APPROVED = (Stage.APPROVED, Stage.FILED)

_OF_OTHERS = (Step.APPROVE, Step.FILE)


def count_documents(span: Span, records: UnitRecords, subject: Row | None, today: date) -> Fulfilment:
    """How many of the documents that a rule wants are there, approved and filed as it asks."""
    rule = span.rule
    assert isinstance(rule, Document)
    counting: list[Row] = []
    deciding: list[Evidence] = []
    papers: list[PaperStanding] = []
    waiting: list[bool] = []
    for paper in rule.documents:
        versions = _versions(paper, records, subject)
        good = [row for row in versions if _step(rule, row, today) is None]
        counting += good
        deciding += sorted(_evidence(span, rule, row, records) for row in good)[:1]
        papers.append(_standing(rule, paper, versions, today, fulfilled=bool(good)))
        waiting.append(bool(good) or _waits_in_time(span, rule, versions, papers[-1].step, records, today))
    met = len(deciding) == len(rule.documents)
    last = max(deciding) if met else None
    on_time = last is not None and (span.on_time_until is None or last.decisive <= span.on_time_until)
    return Fulfilment(
        done=len(deciding),
        need=len(rule.documents),
        limit=None,
        met=met,
        on_time=on_time,
        submitted=last.submitted if last else None,
        received=last.received if last else None,
        settled=last.decisive if last and last.decisive is not date.min else None,
        papers=tuple(papers),
        waiting=not met and all(waiting),
        records=numbers(counting),
    )


def first_approval(paper: Paper, records: UnitRecords, subject: Row | None) -> date | None:
    """The day on which a document of the subject was first approved, None where that is not known."""
    rows = (row for row in _versions(paper, records, subject) if row.text("state") in ("", *APPROVED))
    return min((day for row in rows if (day := row.date("approved_on"))), default=None)


def first_day(counts: RowSet, records: UnitRecords, subject: Row | None, today: date) -> date | None:
    """The first day up to `today` on which there is a row of the set for the subject."""
    rows = (row for row in of_subject(records.table(counts.table), counts.project, subject) if qualifies(row, counts))
    return min((day for row in rows if (day := row.date(counts.date)) and day <= today), default=None)


def _versions(paper: Paper, records: UnitRecords, subject: Row | None) -> list[Row]:
    return [
        row
        for row in of_subject(records.table(TABLE), "project", subject)
        if row.text("kind") == paper.kind and (paper.sort is None or row.text("sort") == paper.sort)
    ]


def _stage(row: Row, today: date) -> str:
    """The state that the office gave; where it gave none, what the dates up to today tell."""
    if state := row.text("state"):
        return state

    def past(column: str) -> bool:
        day = row.date(column)
        return day is not None and day <= today

    if past("filed_on"):
        return Stage.FILED
    if past("approved_on"):
        return Stage.APPROVED
    return Stage.PENDING if past("submitted_on") else Stage.NONE


def _step(rule: Document, row: Row, today: date) -> Step | None:
    """What a version waits for under a rule; None where it counts. A date to come has not come."""
    stage = _stage(row, today)
    submitted = row.date("submitted_on")
    if stage == Stage.RETURNED:
        return Step.MEND
    if stage == Stage.NONE or (submitted is None and stage not in APPROVED) or _ahead(submitted, today):
        return Step.SUBMIT
    if _missing(rule, row):
        return Step.COMPLETE
    if rule.approved_by and (stage not in APPROVED or _ahead(row.date("approved_on"), today)):
        return Step.APPROVE
    if rule.filed_with and (stage != Stage.FILED or _ahead(row.date("filed_on"), today)):
        return Step.FILE
    return None


def _waits_in_time(
    span: Span, rule: Document, versions: Sequence[Row], latest: Step | None, records: UnitRecords, today: date
) -> bool:
    """Whether the latest version waits for others than the unit, and the unit had submitted one that does so in time."""
    if rule.before or latest not in _OF_OTHERS:
        return False
    days = [_evidence(span, rule, row, records).decisive for row in versions if _step(rule, row, today) in _OF_OTHERS]
    return span.on_time_until is None or min(days) <= span.on_time_until


def _ahead(day: date | None, today: date) -> bool:
    return day is not None and day > today


def _missing(rule: Document, row: Row) -> tuple[str, ...]:
    held = row.keys("contents")
    return () if ALL_CONTENTS in held else tuple(each for each in rule.contents if each not in held)


def _standing(rule: Document, paper: Paper, versions: Sequence[Row], today: date, *, fulfilled: bool) -> PaperStanding:
    if not versions:
        return PaperStanding(paper, fulfilled, None, Step.SUBMIT)
    # Of two rows of one version, or of none, the later in the sheet is the later.
    _, latest = max(enumerate(versions), key=lambda each: (_version(each[1]), each[0]))
    return PaperStanding(paper, fulfilled, latest, _step(rule, latest, today), _missing(rule, latest))


def _version(row: Row) -> int:
    number = row.get("version")
    return number if isinstance(number, int) else 0


def _evidence(span: Span, rule: Document, row: Row, records: UnitRecords) -> Evidence:
    """A version with the day by which it is judged: that of its submission, and of what is owed before an activity the last
    of the days of its steps; `date.min` where none is known."""
    submitted, received = row.date("submitted_on"), _received(row, records)
    if submitted:
        days = [effective(span, submitted, received)]
    else:
        late = received and span.recorded_until and received > span.recorded_until
        days = [received] if received and late else []
    if rule.before:
        steps = [("approved_on", rule.approved_by), ("filed_on", rule.filed_with)]
        days += [day for column, asked in steps if asked and (day := row.date(column))]
    return Evidence(max(days, default=date.min), row.number, submitted, received, row.record)


def _received(row: Row, records: UnitRecords) -> date | None:
    """The day on which the office first had the document: by its record, unless the office itself dealt with it before
    the record came in."""
    received = records.receipts.get(row.record)
    dealt = [day for column in ("approved_on", "filed_on") if (day := row.date(column))]
    return min([received, *dealt]) if received else None
