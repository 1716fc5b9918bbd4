"""The sheets of a unit's workbook that the tool itself writes beside the tables."""

from __future__ import annotations

from xingzhi import messages
from xingzhi.cleaning import typed
from xingzhi.grid import Sheet
from xingzhi.labels import Label

GUIDE = Label("填报说明", "Guide")
DEADLINES = Label("应报事项", "Deadlines")
FINDINGS = Label("校验结果", "Findings")

_SEARCHED = 15


def is_ours(sheet: Sheet) -> bool:
    """Whether a sheet is the tool's own: by its name, which begins with `_` where it is hidden; findings by their headers."""
    if sheet.name.startswith("_") or any(sheet.name.strip() in label.both() for label in (GUIDE, DEADLINES, FINDINGS)):
        return True
    # Findings under another name are known as they are where explanations are read.
    key, explanation = messages.label("findings.key"), messages.label("findings.explanation")
    rows = ({typed(cell) for cell in row if isinstance(cell, str)} for row in sheet.rows[:_SEARCHED])
    return any(texts & {*key.both()} and texts & {*explanation.both()} for texts in rows)
