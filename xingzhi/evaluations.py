"""Evaluations: which projects, persons and aspects of a unit have been rated as a rule asks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from xingzhi.evidence import Evidence, Fulfilment, RatingStanding, UnitRecords, effective, takes_part
from xingzhi.requirements import Evaluation, Rating
from xingzhi.rows import Row
from xingzhi.spans import Span

TABLE = "evaluation"

Key = tuple[str, ...]
"""What one rating is about: (project), (person, rater) or, for the unit itself, nothing."""


def count_ratings(span: Span, records: UnitRecords, subject: Row | None, today: date) -> Fulfilment:
    """How many of the things that a rule wants rated have been rated at least once."""
    rule = span.rule
    assert isinstance(rule, Evaluation)
    standings: list[RatingStanding] = []
    firsts: list[Evidence] = []
    counting: list[str] = []
    for rating in rule.ratings:
        wanted = _wanted(rule, rating, records)
        by_key: dict[Key, list[Evidence]] = {key: [] for key in wanted}
        for row, day in _rated(rating, records, today):
            if (key := _about(rating, row)) in by_key:
                received = records.receipts.get(row.record)
                by_key[key].append(Evidence(effective(span, day, received), row.number, day, received, row.record))
        rated = [min(by_key[key]) for key in wanted if by_key[key]]
        firsts += rated
        counting += [each.record for found in by_key.values() for each in found if each.record]
        standings.append(RatingStanding(rating, len(rated), len(wanted)))
    need = sum(each.need for each in standings)
    met = need > 0 and len(firsts) == need
    last = max(firsts) if met else None
    return Fulfilment(
        done=len(firsts),
        need=need,
        limit=None,
        met=met,
        on_time=last is not None and (span.on_time_until is None or last.decisive <= span.on_time_until),
        submitted=last.submitted if last else None,
        received=last.received if last else None,
        settled=last.decisive if last else None,
        ratings=tuple(standings),
        records=tuple(counting),
    )


def _wanted(rule: Evaluation, rating: Rating, records: UnitRecords) -> list[Key]:
    if rating.each == "unit":
        return [()]
    if rating.each == "project":
        return [(row.text("code"),) for row in records.table("projects") if takes_part(row, rule.levels)]
    persons = dict.fromkeys(
        row.text("person")
        for row in records.table("members")
        if row.text("person") and set(row.keys("role")) - set(rule.not_counted)
    )
    return [(person, rater) for person in persons for rater in rating.raters]


def _rated(rating: Rating, records: UnitRecords, today: date) -> Iterator[tuple[Row, date]]:
    for row in records.table(TABLE):
        day = row.date("rated_on")
        if row.text("subject") == rating.subject and day and day <= today:
            yield row, day


def _about(rating: Rating, row: Row) -> Key:
    if rating.each == "unit":
        return ()
    return (row.text("project"),) if rating.each == "project" else (row.text("person"), row.text("rater"))
