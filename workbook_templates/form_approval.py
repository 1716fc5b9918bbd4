"""审批备案表: one document, what it must contain, and room for the seals of those who pass it on."""

from __future__ import annotations

from collections.abc import Iterable

from workbook_templates.form_content import LABEL, Content, day_text, printable
from workbook_templates.form_fields import add_fields, heading
from workbook_templates.form_page import HEIGHT, SPARE, WIDTH, Box, Grid, Paper, text_height
from workbook_templates.tables.documents import DOCUMENTS
from xingzhi.documents import ALL_CONTENTS
from xingzhi.requirements import Document, Requirement, Scope
from xingzhi.rows import Row

_FIELDS = (
    ("unit",),
    ("project",),
    ("title",),
    ("kind", "sort"),
    ("version", "record"),
    ("addressee", "submitted_on"),
    ("state", "stamped"),
)
_IN_A_LINE = 3
"""Contents side by side in the checklist."""

_LEAST_ROOM = 2.2
"""The least height of the room above a signature, in centimetres."""

_SIGNATURE = 0.8


def add_approval(paper: Paper, content: Content) -> None:
    """The form on a page of its own."""
    used = paper.title(content.text("form.approval"), content.lead)
    grid = add_fields(paper, content, _FIELDS)
    rule = rule_of(content.row, content.term.programme.requirements)
    if rule:
        grid.add(Box(content.text("form.approval.rule"), align="center"), Box(_named(rule, content), span=3))
    step = (WIDTH - LABEL) / _IN_A_LINE
    stops = tuple(step * place for place in range(1, _IN_A_LINE))
    contents = Box("\n".join(_checklist(content, rule)), span=3, tabs=stops)
    grid.add(heading(content, "contents"), contents, least=1.0)
    opinions = _opinions(content, rule)
    free = HEIGHT - SPARE - used - grid.height - len(opinions) * (_SIGNATURE + 0.06)
    needed = [text_height(text, WIDTH - LABEL) + 0.3 for _, text, _ in opinions]
    spare = max(0.0, free - sum(max(_LEAST_ROOM, each) for each in needed)) / len(opinions)
    for (head, text, signature), least in zip(opinions, needed, strict=True):
        _add_opinion(grid, head, text, signature, max(_LEAST_ROOM, least) + spare)


def rule_of(document: Row, rules: Iterable[Requirement]) -> Document | None:
    """The rule that asks for a document: of its kind and sort, and of a project if it names one."""
    scope = Scope.PROJECT if document.text("project") else Scope.UNIT
    found = [
        rule
        for rule in rules
        if isinstance(rule, Document)
        and rule.enabled
        and any(
            paper.kind == document.text("kind") and paper.sort in (None, document.text("sort"))
            for paper in rule.documents
        )
    ]
    return next((rule for rule in found if rule.scope is scope), found[0] if found else None)


def checked_contents(document: Row, rule: Document | None) -> list[tuple[str, bool]]:
    """(content, whether the document has it): what the rule asks, then what the row names beside."""
    named = document.keys("contents")
    asked = rule.contents if rule else ()
    found = [(key, ALL_CONTENTS in named or key in named) for key in asked]
    return found + [(key, True) for key in named if key not in asked and not (key == ALL_CONTENTS and asked)]


def _checklist(content: Content, rule: Document | None) -> list[str]:
    if "contents" in content.row.invalid:
        # It could not be read as contents: what was typed stands above boxes to tick.
        return [content.value("contents"), *_ticked(content, [(key, False) for key in rule.contents] if rule else [])]
    return _ticked(content, checked_contents(content.row, rule))


def _ticked(content: Content, contents: list[tuple[str, bool]]) -> list[str]:
    column = DOCUMENTS["contents"]
    items = [f"{'☑' if has else '☐'} {column.choice(key).label.of(content.lang)}" for key, has in contents]
    return ["\t".join(items[start : start + _IN_A_LINE]) for start in range(0, len(items), _IN_A_LINE)]


def _named(rule: Document, content: Content) -> str:
    return f"{rule.id}　{rule.title.of(content.lang)}"


def _opinions(content: Content, rule: Document | None) -> list[tuple[str, str, str]]:
    """(heading, what is printed in the room, the line of signature) of the unit, the approving and the filing body."""
    lang = content.lang
    approving = content.value("approved_by") or (rule.approved_by.of(lang) if rule and rule.approved_by else "")
    filing = rule.filed_with.of(lang) if rule and rule.filed_with else ""
    filing_line = content.text("form.approval.filing_line", number=content.value("filing_number") or "　" * 8)
    return [
        (content.text("form.approval.unit"), "", _signed(content, None)),
        (
            content.text("form.approval.approving"),
            "\n".join(each for each in (_body(content, approving), content.value("comment")) if each),
            _signed(content, "approved_on"),
        ),
        (
            content.text("form.approval.filing"),
            f"{_body(content, filing)}\n{filing_line}",
            content.text("form.approval.filed", day=day_text(content.row.date("filed_on"), lang)),
        ),
    ]


def _body(content: Content, name: str) -> str:
    return content.text("form.approval.body", name=printable(name) or "　" * 8)


def _signed(content: Content, column: str | None) -> str:
    day = content.row.date(column) if column else None
    return content.text("form.approval.signed", day=day_text(day, content.lang))


def _add_opinion(grid: Grid, head: str, text: str, signature: str, least: float) -> None:
    grid.add(Box(head, align="center", heads=True), Box(text, span=3, top=True, below="nil"), least=least, kept=True)
    grid.add(Box(under=True), Box(signature, span=3, align="right", above="nil"), least=_SIGNATURE)
