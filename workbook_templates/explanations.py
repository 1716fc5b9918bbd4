"""What a unit wrote at its findings: read back from 校验结果, whatever was done to the sheet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from workbook_templates import sheet_names
from xingzhi import messages
from xingzhi.findings import Finding, finding
from xingzhi.grid import CellValue, Grid
from xingzhi.labels import Label
from xingzhi.phones import masked_numbers

EXPLANATION, KEY = messages.label("findings.explanation"), messages.label("findings.key")
_SEARCHED = 15


def read_explanations(grid: Grid) -> dict[str, str]:
    """The texts of 单位说明 by the keys of their findings, a blank one too: there, the unit says nothing.

    Nothing is read where a header is gone: without its key a text belongs to no finding.
    """
    found: dict[str, str] = {}
    named = [sheet for sheet in grid.sheets if sheet.name.strip() in sheet_names.FINDINGS.both()]
    # A renamed sheet is known by its two headers.
    for sheet in named or grid.sheets:
        for number, row in enumerate(sheet.rows[:_SEARCHED]):
            places = _place(row, KEY), _place(row, EXPLANATION)
            if None not in places:
                for line in sheet.rows[number + 1 :]:
                    key, text = (_text(line, place) for place in places)
                    if key:
                        found[key] = _joined(found.get(key, ""), text)
                break
    return found


def explanation_findings(explanations: Mapping[str, str]) -> list[Finding]:
    """N110: identity numbers in what the unit wrote at its findings."""
    numbers = [number for text in explanations.values() for number in masked_numbers(text)]
    if not numbers:
        return []
    shown = "、".join(dict.fromkeys(numbers))
    sheet = sheet_names.FINDINGS.zh
    return [finding("N110", sheet=sheet, column="explanation", value=shown, name=EXPLANATION)]


def _place(row: Sequence[CellValue], header: Label) -> int | None:
    texts = [cell.strip() if isinstance(cell, str) else "" for cell in row]
    return next((place for place, text in enumerate(texts) if text in header.both()), None)


def _text(row: Sequence[CellValue], place: int | None) -> str:
    value = row[place] if place is not None and place < len(row) else None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else str(value).strip()


def _joined(before: str, text: str) -> str:
    """Two findings may bear one key (two roles of one group): what is said of either is said of both."""
    return text if not before or before == text else before if not text else f"{before}；{text}"
