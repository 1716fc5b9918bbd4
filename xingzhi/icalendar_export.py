"""Deadlines as an iCalendar file (RFC 5545)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

from icalendar import Alarm, Calendar, Event

from xingzhi.deadlines import STATE_LABELS, Deadline, State
from xingzhi.labels import Lang


def calendar(items: Iterable[Deadline], lang: Lang, today: date) -> bytes:
    """One all-day event for each due date that is still owed, with an alarm two days before.

    What is done or waived is left out. The identifiers are stable, so that a second import renews the first.
    """
    book = Calendar()
    book.add("prodid", "-//xingzhi//deadlines//")
    book.add("version", "2.0")
    stamp = datetime(today.year, today.month, today.day, tzinfo=UTC)
    for item in items:
        if item.span.due is None or item.state in (State.DONE, State.DONE_LATE, State.WAIVED):
            continue
        event = Event()
        key = "|".join((item.programme, *item.key))
        event.add("uid", f"{hashlib.sha256(key.encode()).hexdigest()[:32]}@xingzhi")
        event.add("dtstamp", stamp)
        event.add("dtstart", item.span.due)
        event.add("dtend", item.span.due + timedelta(days=1))
        parts = (item.rule.id, item.rule.title.of(lang), item.subject, item.span.period)
        event.add("summary", " ".join((f"[{item.unit}]", *(part for part in parts if part))))
        event.add("description", STATE_LABELS[item.state].of(lang))
        if item.span.provisional:
            event.add("status", "TENTATIVE")
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", item.rule.title.of(lang))
        alarm.add("trigger", timedelta(days=-2))
        event.add_component(alarm)
        book.add_component(event)
    return bytes(book.to_ical())
