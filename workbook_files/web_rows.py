"""Which tables of a page hold data, and the cells of their rows: pages of old systems nest, split and misplace them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import html

Cells = list[html.HtmlElement]


@dataclass
class WebTable:
    """A table of data: its caption, and the cells of each row."""

    caption: str
    rows: list[Cells]

    @property
    def width(self) -> int:
        """The cells of its widest row."""
        return max(map(len, self.rows), default=0)


def joined(root: html.HtmlElement | None) -> list[WebTable]:
    """The tables of data in a page, in its order. One that goes on in the next (its header alone in the first, or the
    pages of a long list) is one."""
    found: list[WebTable] = []
    for table in _data_tables(root):
        if found and _goes_on(found[-1], table):
            found[-1].rows += table.rows
        else:
            found.append(table)
    return found


def _data_tables(root: html.HtmlElement | None) -> Iterator[WebTable]:
    """Tables that lay a page out hold others, and no row of two texts beside them; the others are data, with all that
    stands in their cells."""
    within: set[html.HtmlElement] = set()
    for element in root.iter("table") if root is not None else ():
        if element in within:
            continue
        rows = _rows(element)
        nested = next(element.iterdescendants("table"), None) is not None
        if nested and not any(sum(map(_has_own_text, cells)) > 1 for cells in rows):
            continue
        within.update(element.iterdescendants("table"))
        caption = element.find("caption")
        if rows:
            yield WebTable(" ".join(caption.text_content().split()) if caption is not None else "", rows)


def _rows(table: html.HtmlElement) -> list[Cells]:
    """The cells of each row, wherever a form or a missing <tr> has put them: those between two rows are a row too."""
    rows: list[Cells] = []
    before: object = None
    for element in table.iterdescendants("tr", "td", "th"):
        if next(element.iterancestors("table"), None) is not table:
            continue
        if element.tag == "tr":
            rows.append([])
            before = element
            continue
        row = next((each for each in element.iterancestors("tr", "table")), None)
        if row is not before:
            rows.append([])
            before = row
        rows[-1].append(element)
    return [cells for cells in rows if cells]


def _has_own_text(cell: html.HtmlElement) -> bool:
    """Whether a cell says something outside the tables in it."""
    inner = "".join(table.text_content() for table in cell.iterchildren("table"))
    return bool(cell.text_content().replace(inner, "", 1).strip()) if inner else bool(cell.text_content().strip())


def _goes_on(table: WebTable, following: WebTable) -> bool:
    """Whether a table is the rest of the one before: as wide, without a header of its own."""
    if following.caption or following.width != table.width or table.width < 2:
        return False
    first = following.rows[0]
    return len(table.rows) == 1 or (
        all(cell.tag == "td" for cell in first)
        and any(any(letter.isdigit() for letter in cell.text_content()) for cell in first)
    )
