"""What is due next: the panel of the guide that looks at 应报事项, each formula written with Python's value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from xlsxwriter.worksheet import Worksheet

from workbook_templates import deadline_sheet, sheet_names
from workbook_templates.deadline_formulas import BASE_DATE, quoted
from workbook_templates.pen import BORDER, Cell, Fill, Formula, Link, Look, Pen
from xingzhi import messages
from xingzhi.deadlines import STATE_LABELS, State
from xingzhi.grid import column_letters
from xingzhi.labels import Lang

WIDTHS = (13, 30)
"""Of its two columns; a third, hidden, holds the rank of the next item."""

_NONE = 10**9
"""Greater than the rank of any item, which is its due day times a thousand and its place in the table."""

_KEYS = ("requirement", "title", "subject", "period", "due", "state", "waiting")
_COUNTED = (State.OVERDUE, State.SOON)
_PENDING = (State.OPEN, State.SOON)


@dataclass(frozen=True, slots=True)
class Due:
    """One line of 应报事项 as it is shown. `due` is None where it shows no day; what is `waiting` asks nothing of the unit."""

    requirement: str
    title: str
    subject: str
    period: str
    due: date | None
    state: str
    waiting: bool


def dues(headers: Sequence[str], rows: Sequence[Sequence[Cell]], lang: Lang) -> list[Due]:
    """The lines of the sheet, from its headers and its cells."""
    place = {key: headers.index(messages.text(f"deadlines.{key}", lang)) for key in _KEYS}
    found = []
    for row in rows:
        cells = {key: row[at] for key, at in place.items()}
        shown = {key: cell.value if isinstance(cell, Formula) else cell for key, cell in cells.items()}
        day = shown.pop("due")
        waiting = shown.pop("waiting") == 1
        texts = {key: str(value or "") for key, value in shown.items()}
        found.append(Due(due=day if isinstance(day, date) else None, waiting=waiting, **texts))
    return found


@dataclass(frozen=True)
class DuePanel:
    """The panel over the lines of 应报事项 as of a day."""

    lines: Sequence[Due]
    today: date
    lang: Lang

    def rank(self, place: int) -> int:
        """What the lines are ordered by: the due day, then the place in the table."""
        due = self.lines[place].due
        return ((due - date(1899, 12, 30)).days if due else 0) * 1000 + place + 1

    def next(self) -> int | None:
        """The place, from 0, of the first line by due date that is neither done nor overdue, and that the unit can do."""
        labels = {self.state(state) for state in _PENDING}
        pending = [place for place, line in enumerate(self.lines) if line.due and line.state in labels]
        pending = [place for place in pending if not self.lines[place].waiting]
        return min(pending, key=self.rank, default=None)

    def text(self, key: str) -> str:
        """A text of the catalogue."""
        return messages.text(key, self.lang)

    def state(self, state: State) -> str:
        """The label of a state."""
        return STATE_LABELS[state].of(self.lang)

    def column(self, key: str) -> str:
        """The structured reference of a column of the deadlines."""
        return f"{deadline_sheet.TABLE}[{self.text(f'deadlines.{key}')}]"

    def rank_formula(self) -> Formula:
        """The least rank, behind `_NONE` where nothing is pending. A clerk may sort the table: its order is not relied on."""
        due, place = self.column("due"), self.next()
        pending = f'(({"+".join(self._are(state) for state in _PENDING)})*({due}<>"")*({self.column("waiting")}<>1))'
        ranks = f"{due}*1000+ROW({due})-MIN(ROW({due}))+1"
        least = min((self.rank(each) for each in range(len(self.lines))), default=1)
        value = self.rank(place) if place is not None else _NONE + least
        return Formula(f"=SUMPRODUCT(MIN({ranks}+{_NONE}*(1-{pending})))", value)

    def count(self, state: State) -> Formula:
        """How many lines stand so."""
        return Formula(
            f"=SUMPRODUCT(--{self._are(state)})", sum(line.state == self.state(state) for line in self.lines)
        )

    def of_next(self, key: str, rank: str, none: str = "") -> Formula:
        """A cell of the next line, whose rank stands in the cell `rank`."""
        place = self.next()
        value = none if place is None else getattr(self.lines[place], key)
        # A blank cell would come back as 0.
        found = self._index(key, rank) + ("" if key == "due" else '&""')
        return Formula(f"=IF({rank}>={_NONE},{quoted(none)},{found})", value)

    def days_left(self, rank: str) -> Formula:
        """Days from today to the next due date."""
        place = self.next()
        due = self.lines[place].due if place is not None else None
        formula = f'=IF({rank}>={_NONE},"",{self._index("due", rank)}-{BASE_DATE})'
        return Formula(formula, (due - self.today).days if due else "")

    def cells(self, rank: str) -> list[tuple[str, Cell, Look]]:
        """The lines of the panel: label, cell, look."""
        sheet = sheet_names.DEADLINES.of(self.lang)
        return [
            (self.text("guide.due_today"), Formula(f"={BASE_DATE}", self.today), Look.DATE),
            *((self.state(state), self.count(state), Look.NUMBER) for state in _COUNTED),
            (self.text("guide.due_next"), self.of_next("requirement", rank), Look.CENTRE),
            (self.text("deadlines.title"), self.of_next("title", rank, self.text("guide.due_none")), Look.CENTRE),
            (self.text("deadlines.subject"), self.of_next("subject", rank), Look.CENTRE),
            (self.text("deadlines.period"), self.of_next("period", rank), Look.CENTRE),
            (self.text("deadlines.due"), self.of_next("due", rank), Look.DATE),
            (self.text("guide.due_days"), self.days_left(rank), Look.NUMBER),
            (self.text("deadlines.state"), self.of_next("state", rank), Look.CENTRE),
            (self.text("guide.due_all"), Link(f"internal:'{sheet}'!A1", sheet), Look.CENTRE),
        ]

    def _are(self, state: State) -> str:
        return f"EXACT({self.column('state')},{quoted(self.state(state))})"

    def _index(self, key: str, rank: str) -> str:
        return f"INDEX({self.column(key)},MOD({rank},1000))"


def write(pen: Pen, page: Worksheet, panel: DuePanel, top: int, left: int) -> None:
    """Write the panel with its header at row `top` and column `left`, both counted from 0."""
    for step, width in enumerate(WIDTHS):
        page.set_column(left + step, left + step, width)
    page.set_column(left + 2, left + 2, 4, None, {"hidden": True})
    pen.put(page, top, left + 2, panel.rank_formula(), pen.format(num_format=";;;"))
    head = pen.format(bold=True, align="center", bg_color="#1F4E78", font_color="#FFFFFF", **BORDER)
    page.merge_range(top, left, top, left + 1, panel.text("guide.due"), head)
    rank = f"${column_letters(left + 3)}${top + 1}"
    for step, (label, cell, look) in enumerate(panel.cells(rank), start=1):
        pen.put(page, top + step, left, label, pen.body(Look.TEXT, Fill.OTHER, indent=1))
        more = {"font_color": "#0563C1", "underline": 1} if isinstance(cell, Link) else {"bold": True}
        pen.put(page, top + step, left + 1, cell, pen.body(look, Fill.UNIT, **more))
        for criteria, value, fill, ink in _lights(panel, label):
            form = pen.book.add_format({"bg_color": fill, "font_color": ink})
            options = {"type": "cell", "criteria": criteria, "value": value, "format": form}
            page.conditional_format(top + step, left + 1, top + step, left + 1, options)


_RED, _AMBER, _GREEN = ("#FFC7CE", "#9C0006"), ("#FFEB9C", "#7F6000"), ("#C6EFCE", "#006100")


def _lights(panel: DuePanel, label: str) -> list[tuple[str, str | int, str, str]]:
    """The colours of a line: what is overdue red, what is soon due amber, none of the kind green."""
    for state, colour in ((State.OVERDUE, _RED), (State.SOON, _AMBER)):
        if label == panel.state(state):
            return [(">", 0, *colour), ("==", 0, *_GREEN)]
    if label == panel.text("deadlines.state"):
        return [("==", quoted(panel.state(State.SOON)), *_AMBER)]
    return []
