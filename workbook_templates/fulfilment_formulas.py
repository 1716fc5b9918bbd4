"""The formulas of one span: whom it binds, and how far it is met. They say what `xingzhi.fulfilment` says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from workbook_templates.activity_formulas import report_counts, row_counts
from workbook_templates.composition_formulas import composition_counts
from workbook_templates.deadline_formulas import NEVER, Counts, Vocabulary, day, quoted
from workbook_templates.document_formulas import document_counts
from workbook_templates.evaluation_formulas import evaluation_counts
from xingzhi.deadlines import Member
from xingzhi.fulfilment import STOPPED
from xingzhi.requirements import (
    Composition,
    Document,
    Evaluation,
    Milestone,
    PeriodicReport,
    Quota,
)
from xingzhi.spans import Span


@dataclass(frozen=True, slots=True)
class Cells:
    """The cells that the formulas of a span refer to: the project's code (None for the unit), the last day that counts,
    the due day where it is the project's own, and where the unit's own formulas of what is asked and done stand."""

    subject: str | None = None
    until: str | None = None
    due: str | None = None
    need: str = ""
    done: str = ""


def counts(span: Span, words: Vocabulary, cells: Cells) -> Counts:
    """The formulas of one span for the unit or for one project."""
    rule = span.rule
    if isinstance(rule, Milestone | Quota):
        return row_counts(span, rule.counts, words, cells.subject, cells.until)
    if isinstance(rule, PeriodicReport):
        return report_counts(span, rule, words)
    if isinstance(rule, Composition):
        return composition_counts(span, rule, words, cells.subject)
    if isinstance(rule, Document):
        return document_counts(span, rule, words, cells.subject, cells.due)
    if isinstance(rule, Evaluation):
        return evaluation_counts(span, rule, words, cells.need, cells.done)
    raise TypeError(f"{rule.id}: a {rule.kind} has no due date to show")


def applies(
    span: Span,
    words: Vocabulary,
    cells: Mapping[str, str],
    due: str | None,
    waived: Iterable[str],
    member: Member | None,
) -> str:
    """True where a span binds the project whose columns stand in `cells`; `due` is the cell of a due day that is the
    project's own, `waived` are the codes of the projects that the office has let off."""
    code, level, state = (cells[key] for key in ("code", "level", "state"))
    levels = ",".join(f"EXACT({level},{words.choice('projects', 'level', key)})" for key in span.rule.levels)
    stopped = f"EXACT({state},{words.choice('projects', 'state', STOPPED)})"
    parts = [f'{code}<>""', f"OR({levels})", f"NOT({stopped})"]
    parts += [f"NOT(EXACT({code},{quoted(each)}))" for each in waived]
    active = span.rule.active if isinstance(span.rule, Quota) else None
    if active is not None and span.closes is not None:
        parts.append(f"{cells[active.start]}<={day(span.closes)}")
        parts.append(f"OR({cells[active.end]}=0,{cells[active.end]}>={day(span.opens)})")
    if due is not None:
        parts.append(f"{due}<{day(NEVER)}")
        if member and member.joined:
            parts.append(f"{due}>={day(member.joined)}")
        if member and member.left:
            parts.append(f"{due}<={day(member.left)}")
    return f"AND({','.join(parts)})"
