"""What the programme asks and the records do not yet show."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from xingzhi import documents, evaluations, messages
from xingzhi.choices import joined
from xingzhi.columns import Table
from xingzhi.deadlines import Deadline, State
from xingzhi.evidence import PaperStanding, RatingStanding, Step
from xingzhi.findings import Finding, Severity, finding
from xingzhi.labels import Label, Text
from xingzhi.requirements import Composition, Document, Duration, Evaluation, Milestone, Paper, Quota, RoleCount


def check(items: Iterable[Deadline], tables: Iterable[Table]) -> list[Finding]:
    """The findings on a unit's deadlines, standing rules among them. What is waived is not asked for, and of a rule on
    trial nothing is told in earnest."""
    by_key = {table.key: table for table in tables}
    found: list[Finding] = []
    for item in items:
        if item.state is not State.WAIVED:
            told = _check(item, by_key)
            found += [replace(each, severity=Severity.INFO) for each in told] if item.trial else told
    return found


def _check(item: Deadline, tables: Mapping[str, Table]) -> Iterator[Finding]:
    rule = item.rule
    if isinstance(rule, Duration):
        return _duration(item)
    if isinstance(rule, Composition):
        return _composition(item, rule, tables[rule.table])
    if isinstance(rule, Document):
        return _documents(item, rule, tables[documents.TABLE])
    if isinstance(rule, Evaluation):
        return _evaluations(item, tables[evaluations.TABLE])
    return _count(item, tables)


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


def _count(item: Deadline, tables: Mapping[str, Table]) -> Iterator[Finding]:
    limit = item.fulfilment.limit
    if item.state is State.OVERDUE:
        yield _overdue(item, _short(item, tables))
    elif limit is not None and item.fulfilment.done > limit:
        yield _finding("Q102", item, maximum=str(limit))


def _short(item: Deadline, tables: Mapping[str, Table]) -> Text:
    """How many are missing, and which rows would count but for what is blank in them."""
    rule, missing = item.rule, str(_missing(item))
    if not isinstance(rule, Milestone | Quota) or not item.fulfilment.lacking:
        return missing
    table = tables[rule.counts.table]
    rows = []
    for row in item.fulfilment.lacking:
        columns = _joined(table[key].label for key in row.columns)
        rows.append(messages.label("count.lacks", row=row.name, columns=columns))
    zh, en = "；".join(each.zh for each in rows), "; ".join(each.en for each in rows)
    return Label(f"{missing}（{zh}）", f"{missing} ({en})")


def _documents(item: Deadline, rule: Document, table: Table) -> Iterator[Finding]:
    """What is owed and not there; and, before it is due too, what is to be mended in the latest version of each."""
    papers = item.fulfilment.papers
    if item.waiting or item.state is State.OVERDUE:
        short = _listed([_waits(each, rule, table) for each in papers if not each.fulfilled])
        yield _finding("Q110", item, short=short) if item.waiting else _overdue(item, short)
    for each in papers:
        row = each.latest
        if row is None or each.step not in (Step.MEND, Step.COMPLETE):
            continue
        title = row.text("title") or _paper(each.paper, table).zh
        if each.step is Step.MEND:
            comment = row.text("comment")
            said = Label(f"：{comment}", f": {comment}") if comment else ""
            told, column = _finding("Q108", item, value=title, comment=said), "state"
        else:
            told, column = _finding("Q109", item, value=title, short=_contents(each, table)), "contents"
        yield replace(
            told,
            file=row.file,
            sheet=row.sheet,
            cell=row.cell(column),
            table=row.table,
            column=column,
            record=row.record,
        )


def _waits(standing: PaperStanding, rule: Document, table: Table) -> Label:
    """A document and what its latest version waits for."""
    paper = _paper(standing.paper, table)
    match standing.step:
        case Step.COMPLETE:
            return messages.label("document.complete", paper=paper, contents=_contents(standing, table))
        case Step.APPROVE if rule.approved_by:
            return messages.label("document.approve", paper=paper, body=rule.approved_by)
        case Step.FILE if rule.filed_with:
            return messages.label("document.file", paper=paper, body=rule.filed_with)
        case Step.MEND:
            return messages.label("document.mend", paper=paper)
        case _:
            return messages.label("document.submit", paper=paper)


def _paper(paper: Paper, table: Table) -> Label:
    return table["sort"].choice(paper.sort).label if paper.sort else table["kind"].choice(paper.kind).label


def _contents(standing: PaperStanding, table: Table) -> Label:
    return joined([table["contents"].choice(key) for key in standing.missing])


def _evaluations(item: Deadline, table: Table) -> Iterator[Finding]:
    if item.state is State.OVERDUE:
        yield _overdue(
            item, _listed([_unrated(each, table) for each in item.fulfilment.ratings if each.done < each.need])
        )


def _unrated(standing: RatingStanding, table: Table) -> Label:
    subject = table["subject"].choice(standing.rating.subject).label
    return messages.label(f"rating.{standing.rating.each}", subject=subject, count=standing.need - standing.done)


def _listed(labels: Iterable[Label]) -> Text:
    texts = list(labels)
    return _joined(texts) if texts else ""


def _joined(labels: Iterable[Label]) -> Label:
    texts = list(labels)
    return Label("、".join(each.zh for each in texts), ", ".join(each.en for each in texts))


def _composition(item: Deadline, rule: Composition, table: Table) -> Iterator[Finding]:
    """An overdue group is told role by role, so that the clerk sees whom it lacks; one with nobody, in one line."""
    done = item.fulfilment
    binding = item.state is State.OVERDUE or item.span.standing
    if binding and not done.holders:
        if not item.span.standing:
            yield _overdue(item, _listed(_label(rule, table, role) for role in rule.roles))
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
        # Each role has a key of its own: what is explained of one is not said of the others.
        return replace(_finding("Q107", item, severity, role=label, value="、".join(holders)), column=role.role)
    if role.maximum is None:
        limits = Label(f"至少 {role.minimum} 人", f"at least {role.minimum}")
    elif role.maximum == role.minimum:
        limits = Label(f"{role.minimum} 人", str(role.minimum))
    else:
        limits = Label(f"{role.minimum} 至 {role.maximum} 人", f"{role.minimum} to {role.maximum}")
    return replace(_finding("Q104", item, severity, role=label, value=str(count), range=limits), column=role.role)


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
