"""Formulas that count who holds the roles of a group, and how many distinct persons it has."""

from __future__ import annotations

from dataclasses import dataclass

from workbook_templates.deadline_formulas import BASE_DATE, Counts, Vocabulary, day, earliest, is_subject, plain
from xingzhi.requirements import Composition, RoleCount
from xingzhi.spans import Span


def composition_counts(span: Span, rule: Composition, words: Vocabulary, subject: str | None) -> Counts:
    """The group as it is, and as it was when it was due."""
    now = _Group(rule, words, subject, BASE_DATE)
    due = day(span.on_time_until) if span.on_time_until else None
    then = _Group(rule, words, subject, earliest(BASE_DATE, due))
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
        key = plain(key)
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
            parts.insert(0, is_subject(words.column(rule.table, rule.project), self.subject))
        return parts

    def _leads(self) -> str:
        words = self.words
        person = words.column(self.rule.table, self.rule.person)
        name, department = words.column("people", "name"), words.column("people", "department")
        leads = words.column("people", "leadership")
        yes = words.choice("people", "leadership", "yes")
        bare = f'MATCH({plain(person)}&"|"&{yes},{plain(name)}&"|"&{leads},0)'
        whole = f'{name}&"（"&{department}&"）"'
        full = f'MATCH({plain(person)}&"|"&{yes},{plain(whole)}&"|"&{leads},0)'
        return f"((ISNUMBER({bare})+ISNUMBER({full}))>0)"
