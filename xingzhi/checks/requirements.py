"""What the programme asks and the records do not yet show."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from xingzhi.columns import Table
from xingzhi.deadlines import Deadline, State
from xingzhi.findings import Finding, Severity, finding
from xingzhi.labels import Label, Text
from xingzhi.requirements import Composition, Duration, RoleCount


def check(items: Iterable[Deadline], tables: Iterable[Table]) -> list[Finding]:
    """The findings on a unit's deadlines, standing rules among them. What is waived is not asked for."""
    by_key = {table.key: table for table in tables}
    found: list[Finding] = []
    for item in items:
        if item.state is State.WAIVED:
            continue
        if isinstance(item.rule, Duration):
            found.extend(_duration(item))
        elif isinstance(item.rule, Composition):
            found.extend(_composition(item, item.rule, by_key[item.rule.table]))
        else:
            found.extend(_count(item))
    return found


def _finding(code: str, item: Deadline, severity: Severity | None = None, **args: Text) -> Finding:
    when = f"（{item.span.period}）" if item.span.period else ""
    whom = f"（{item.subject}）" if item.subject else ""
    fields: dict[str, Text] = {
        "id": item.rule.id,
        "title": item.rule.title,
        "whom": Label(whom, _western(whom)),
        "when": Label(when, _western(when)),
        **args,
    }
    return finding(
        code,
        severity=severity,
        programme=item.programme,
        unit=item.unit,
        requirement=item.rule.id,
        subject=item.subject,
        period=item.span.period,
        value=str(fields.pop("value", item.fulfilment.done)),
        fields=fields,
    )


def _western(text: str) -> str:
    return text.replace("（", " (").replace("）", ")")


def _overdue(item: Deadline, short: Text = "") -> Finding:
    due = item.span.due.isoformat() if item.span.due else ""
    return _finding("Q101", item, item.rule.severity, due=due, short=short or str(_missing(item)))


def _missing(item: Deadline) -> int:
    return max(item.fulfilment.need - item.fulfilment.done, 1)


def _count(item: Deadline) -> Iterator[Finding]:
    limit = item.fulfilment.limit
    if item.state is State.OVERDUE:
        yield _overdue(item)
    elif limit is not None and item.fulfilment.done > limit:
        yield _finding("Q102", item, maximum=str(limit))


def _composition(item: Deadline, rule: Composition, table: Table) -> Iterator[Finding]:
    """An overdue group is told role by role, so that the clerk sees whom it lacks; one with nobody, in one line."""
    done = item.fulfilment
    binding = item.state is State.OVERDUE or item.span.standing
    if binding and not done.holders:
        if not item.span.standing:
            labels = [_label(rule, table, role) for role in rule.roles]
            yield _overdue(item, Label("、".join(each.zh for each in labels), ", ".join(each.en for each in labels)))
        return
    size = rule.minimum and done.done
    if size and rule.maximum and (size > rule.maximum or (binding and size < rule.minimum)):
        # More than asked is never an error (nor is it right to stay silent about a group that is too large).
        severity = Severity.WARNING if size > rule.maximum else rule.severity
        yield _finding("Q103", item, severity, minimum=str(rule.minimum), maximum=str(rule.maximum))
    for role, count in done.short:
        too_many = count > role.minimum
        if too_many or binding:
            yield _role(item, rule, table, role, count, Severity.WARNING if too_many else rule.severity)


def _label(rule: Composition, table: Table, role: RoleCount) -> Label:
    return table[rule.role].choice(role.role).label if rule.role else table[rule.person].label


def _role(item: Deadline, rule: Composition, table: Table, role: RoleCount, count: int, severity: Severity) -> Finding:
    label = _label(rule, table, role)
    holders = item.fulfilment.holders.get(role.role, ())
    if role.leadership and count < role.minimum <= len(holders):
        return _finding("Q107", item, severity, role=label, value="、".join(holders))
    if role.maximum is None:
        limits = Label(f"至少 {role.minimum} 人", f"at least {role.minimum}")
    elif role.maximum == role.minimum:
        limits = Label(f"{role.minimum} 人", str(role.minimum))
    else:
        limits = Label(f"{role.minimum} 至 {role.maximum} 人", f"{role.minimum} to {role.maximum}")
    return _finding("Q104", item, severity, role=label, value=str(count), range=limits)


def _duration(item: Deadline) -> Iterator[Finding]:
    rule = item.rule
    assert isinstance(rule, Duration)
    months = item.fulfilment.done
    if months == 0:
        return
    if not item.fulfilment.met:
        yield _finding("Q106", item, rule.severity, limit=str(rule.limit))
    elif months < rule.minimum or (rule.maximum is not None and months > rule.maximum):
        yield _finding("Q105", item, minimum=str(rule.minimum), maximum=str(rule.maximum or rule.limit))
