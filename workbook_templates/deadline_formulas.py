"""Formulas of Excel 2010 that count what `xingzhi.fulfilment` counts, over the tables of the unit's own workbook.

Text is compared by EXACT inside SUMPRODUCT and never by COUNTIF, which takes `a*` for a pattern and `2026-06` for a
date. A blank compares as 0 and a text as greater than any number, so a date must be both >= and < to count; the upper
bound is the day after, since a cell may hold a time of day.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from xingzhi.columns import Column, Table
from xingzhi.fulfilment import STOPPED
from xingzhi.labels import Lang
from xingzhi.requirements import (
    Composition,
    Milestone,
    PeriodicReport,
    Quota,
    RoleCount,
    RowSet,
)
from xingzhi.spans import Span

BASE_DATE = "base_date"
"""The defined name of the one cell that holds the day on which the workbook looks at its deadlines."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Formulas without their `=`: how much is done, whether that suffices, and whether it did so on time (1 or 0)."""

    done: str
    met: str
    on_time: str


@dataclass(frozen=True)
class Vocabulary:
    """The tables in the language of one workbook."""

    tables: dict[str, Table]
    lang: Lang

    def column(self, table: str, key: str) -> str:
        """The structured reference of a column."""
        return f"{table}[{self.tables[table][key].label.of(self.lang)}]"

    def choice(self, table: str, key: str, choice: str) -> str:
        """The text of a choice as a string literal."""
        return quoted(self.tables[table][key].choice(choice).label.of(self.lang))

    def holds(self, table: str, key: str, choice: str) -> str:
        """An array that is true where the cell holds the choice, alone or among several."""
        column: Column = self.tables[table][key]
        reference = self.column(table, key)
        text = column.choice(choice).label.of(self.lang)
        if not column.multiple:
            return f"EXACT({reference},{quoted(text)})"
        listed = f'"、"&SUBSTITUTE({reference},"兼","、")&"、"'
        return f"ISNUMBER(SEARCH({quoted(f'、{text}、')},{listed}))"


def quoted(text: str) -> str:
    """A string literal of a formula."""
    return '"' + text.replace('"', '""') + '"'


def day(value: date) -> str:
    """A date of a formula."""
    return f"DATE({value.year},{value.month},{value.day})"


def counts(span: Span, words: Vocabulary, subject: str | None) -> Counts:
    """The formulas of one span; `subject` is the cell that holds the project's code, None for the unit."""
    rule = span.rule
    if isinstance(rule, Milestone | Quota):
        return _row_counts(span, rule.counts, words, subject)
    if isinstance(rule, PeriodicReport):
        return _report_counts(span, rule, words)
    if isinstance(rule, Composition):
        return _composition_counts(span, rule, words, subject)
    raise TypeError(f"{rule.id}: a {rule.kind} has no due date to show")


def applies(
    span: Span,
    words: Vocabulary,
    code: str,
    level: str,
    state: str,
    dates: Mapping[str, str],
    waived: Iterable[str] = (),
) -> str:
    """True where a span binds the project whose code, level, state and dates stand in these cells; `waived` are the
    codes of the projects that the office has let off."""
    levels = ",".join(f"EXACT({level},{words.choice('projects', 'level', key)})" for key in span.rule.levels)
    stopped = f"EXACT({state},{words.choice('projects', 'state', STOPPED)})"
    parts = [f'{code}<>""', f"OR({levels})", f"NOT({stopped})"]
    parts += [f"NOT(EXACT({code},{quoted(each)}))" for each in waived]
    active = span.rule.active if isinstance(span.rule, Quota) else None
    if active is not None and span.closes is not None:
        parts.append(f"{dates[active.start]}<={day(span.closes)}")
        parts.append(f"OR({dates[active.end]}=0,{dates[active.end]}>={day(span.opens)})")
    return f"AND({','.join(parts)})"


def _until(limit: date | None) -> str:
    return f"MIN({BASE_DATE},{day(limit)})" if limit else BASE_DATE


def _row_counts(span: Span, rows: RowSet, words: Vocabulary, subject: str | None) -> Counts:
    conditions = []
    if subject is not None:
        conditions.append(f"EXACT({words.column(rows.table, rows.project)},{subject})")
    for key, choices in rows.where.items():
        either = "+".join(words.holds(rows.table, key, choice) for choice in choices)
        conditions.append(f"(({either})>0)" if len(choices) > 1 else either)
    conditions += [f'({words.column(rows.table, key)}<>"")' for key in rows.filled]
    for first, then in rows.if_filled.items():
        conditions.append(f'((({words.column(rows.table, first)}="")+({words.column(rows.table, then)}<>""))>0)')
    when = words.column(rows.table, rows.date)

    def up_to(last: str) -> str:
        return f"SUMPRODUCT({'*'.join([*conditions, f'({when}>={day(span.counts_from)})', f'({when}<{last}+1)'])})"

    done = up_to(_until(span.counts_until))
    in_time = up_to(_until(_earlier(span.on_time_until, span.counts_until)))
    need = span.rule.minimum
    return Counts(done, f"IF({done}>={need},1,0)", f"IF({in_time}>={need},1,0)")


def _earlier(one: date | None, other: date | None) -> date | None:
    known = [each for each in (one, other) if each]
    return min(known) if known else None


def _report_counts(span: Span, rule: PeriodicReport, words: Vocabulary) -> Counts:
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


def _composition_counts(span: Span, rule: Composition, words: Vocabulary, subject: str | None) -> Counts:
    now = _Group(rule, words, subject, BASE_DATE)
    then = _Group(rule, words, subject, _until(span.on_time_until))
    if rule.minimum:
        done = now.size()
    elif len(rule.roles) == 1:
        done = now.held(rule.roles[0])
    else:
        done = "+".join(f"MIN({role.minimum},{now.held(role)})" for role in rule.roles)
    # A group that was complete when it was due stays formed, even when its members leave at the programme's end.
    met = f"IF(OR({now.complete()},{then.complete()}),1,0)"
    return Counts(done, met, f"IF({then.complete()},1,0)")


@dataclass(frozen=True)
class _Group:
    """A composition as of one day."""

    rule: Composition
    words: Vocabulary
    subject: str | None
    asof: str

    def complete(self) -> str:
        tests = [f"{self.held(role)}>={role.minimum}" for role in self.rule.roles]
        if self.rule.minimum:
            tests.append(f"{self.size()}>={self.rule.minimum}")
        return f"AND({','.join(tests)})"

    def held(self, role: RoleCount) -> str:
        """How many persons hold a role; a person who stands twice in one role is a fault of its own (K101)."""
        parts = [*self._present(), self._role(role.role)]
        if role.leadership:
            parts.append(self._leads())
        return f"SUMPRODUCT({'*'.join(parts)})"

    def size(self) -> str:
        """How many distinct persons hold a counted role: each is counted in the first of the rows that count."""
        rule, words = self.rule, self.words
        assert rule.role is not None
        roles = [
            choice.key for choice in words.tables[rule.table][rule.role].choices if choice.key not in rule.not_counted
        ]
        counted = f"(({'+'.join(self._role(role) for role in roles)})>0)"
        row = "*".join([*self._present(), counted])
        person = words.column(rule.table, rule.person)
        key = f'{person}&"|"&({row})'
        if self.subject is not None:
            key = f'{words.column(rule.table, rule.project)}&"|"&{key}'
        return f"SUMPRODUCT({row}*(MATCH({key},{key},0)=ROW({person})-MIN(ROW({person}))+1))"

    def _role(self, role: str) -> str:
        assert self.rule.role is not None
        return self.words.holds(self.rule.table, self.rule.role, role)

    def _present(self) -> list[str]:
        rule, words = self.rule, self.words
        start, end = words.column(rule.table, "from"), words.column(rule.table, "to")
        parts = [
            f'({words.column(rule.table, rule.person)}<>"")',
            f'((({start}="")+({start}<{self.asof}+1))>0)',
            f'((({end}="")+({end}>={self.asof}))>0)',
        ]
        if self.subject is not None:
            parts.insert(0, f"EXACT({words.column(rule.table, rule.project)},{self.subject})")
        return parts

    def _leads(self) -> str:
        words = self.words
        person = words.column(self.rule.table, self.rule.person)
        name, department = words.column("people", "name"), words.column("people", "department")
        leads = words.column("people", "leadership")
        yes = words.choice("people", "leadership", "yes")
        bare = f'MATCH({person}&"|"&{yes},{name}&"|"&{leads},0)'
        full = f'MATCH({person}&"|"&{yes},{name}&"（"&{department}&"）|"&{leads},0)'
        return f"((ISNUMBER({bare})+ISNUMBER({full}))>0)"
