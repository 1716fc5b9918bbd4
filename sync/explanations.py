"""What units say of their findings (单位说明), merged, and what the office says to that (认可)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from sync.office_values import finding_record
from sync.records import Change, RowKey, Values
from workbook_templates.office_tables import FINDINGS
from xingzhi.deadlines import Deadline, State, Waiver
from xingzhi.findings import Finding, Severity
from xingzhi.labels import Lang
from xingzhi.messages import is_settled_by_word
from xingzhi.rows import stored_text

EXPLAINED = "findings"
"""The table of a change that is an explanation; its record is the finding's key."""


def merge_explanations(
    said: Mapping[str, str], *, base: Mapping[str, str], current: Mapping[str, str]
) -> dict[str, tuple[str, str]]:
    """What a file changes in a unit's explanations: `{finding key: (before, after)}`.

    `base` is what stood in the workbook that it was made from. What still stands there is nothing new. Another text
    replaces what any copy said; a blank takes back only what stood in this workbook before it was cleared.
    """
    found = {}
    for key, text in said.items():
        before, now = base.get(key, ""), current.get(key, "")
        cleared = not text and before == now
        if text not in (before, now) and (text or cleared):
            found[key] = (now, text)
    return found


def explained(programme: str, unit: str, key: str, before: str, after: str, *, file: str) -> Change:
    """The line of 数据变动 that tells of an explanation."""
    return Change(programme, unit, EXPLAINED, key, "explanation", "updated", before=before, after=after, file=file)


def short_key(key: str) -> str:
    """A finding's key for people: its code, and the record or requirement that it is about."""
    code, *place = key.split("|")
    about = place if code.startswith("Q") else place[1:2]
    return " ".join(part for part in (code, *about) if part)


def with_word(
    findings: Iterable[Finding],
    explanations: Mapping[str, str],
    office: Mapping[RowKey, Values],
    lang: Lang,
) -> list[Finding]:
    """The findings with what the unit says of them and what the office says to it (认可 and 办公室意见 in 填报问题).

    One that is accepted is a note from then on. The office's word is on the finding as it read: where its message has
    changed, the office is asked again.
    """
    found = []
    for each in findings:
        text = explanations.get(each.key, "")
        word = office.get((FINDINGS.key, record_of(each, lang)), {})
        each = replace(each, explanation=text, comment=stored_text(word.get("comment")).strip())
        if text and is_settled_by_word(each.code):
            each = replace(each, severity=Severity.INFO)
        if word.get("accepted") == "yes":
            each = replace(each, accepted=True, severity=Severity.INFO)
        found.append(each)
    return found


def record_of(found: Finding, lang: Lang) -> str:
    """The key of what the office writes about a finding in 填报问题."""
    parts = (found.code, found.record, found.file, found.sheet, found.cell, found.message(lang))
    # As they are read back from the sheet.
    return finding_record(*(part.strip() for part in parts))


def accepted_items(items: Iterable[Deadline], findings: Iterable[Finding]) -> frozenset[Waiver]:
    """What is owed and not there, and of which the office has accepted all that is said."""
    about: dict[tuple[str, str, str], list[Finding]] = {}
    for each in findings:
        if each.requirement and (each.accepted or each.severity is not Severity.INFO):
            about.setdefault((each.requirement, each.subject, each.period), []).append(each)
    accepted = {key for key, found in about.items() if all(each.accepted for each in found)}
    return frozenset(item.key for item in items if item.key[1:] in accepted and _is_lacking(item))


def _is_lacking(item: Deadline) -> bool:
    return item.state is State.OVERDUE or (item.span.standing and not item.fulfilment.met)


def excused(items: Iterable[Deadline], accepted: Collection[Waiver]) -> list[Deadline]:
    """The deadlines as they are shown: what is accepted as it is counts as waived. The findings are made of the others, so
    that what was accepted stays so."""
    return [replace(each, state=State.WAIVED, days_late=0) if each.key in accepted else each for each in items]
