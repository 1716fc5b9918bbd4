"""The rows of 校验结果 after another check: what is found now, and what the unit wrote at what was found before."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from workbook_templates import findings_sheet
from workbook_templates.pen import Cell
from xingzhi import messages
from xingzhi.labels import Lang

Row = Sequence[Cell]


@dataclass(frozen=True)
class FindingsRows:
    """The body of the table as it stands: `rows`, with their cells in the order of `findings_sheet.fields`. In the rows
    `pinned`, counted from 0, somebody wrote beside the findings: what stands there belongs to the finding of its row."""

    rows: Sequence[Row]
    lang: Lang
    pinned: Collection[int] = ()

    def checked(self, said: Sequence[Sequence[Cell]]) -> list[list[Cell]]:
        """The whole body with the findings `said` in their order; after them what the unit explained of others, told as
        cleared, since they may return. A row that the unit typed itself, without a key, stays where it is."""
        now = {str(row[self.places["key"]]) for row in said}
        fixed = {index: list(row) for index, row in enumerate(self.rows) if not self.text(row, "key") and _holds(row)}
        waiting = [list(row) for row in said]
        for index in sorted(self.pinned):
            key = self.text(self.rows[index], "key")
            here = next((row for row in waiting if key and row[self.places["key"]] == key), None)
            if here is not None:
                waiting.remove(here)
            if key:
                fixed[index] = here or self._cleared(self.rows[index])
        for index, row in enumerate(self.rows):
            if index not in fixed and self.text(row, "key") not in {"", *now} and self._is_spoken_of(row):
                waiting.append(self._cleared(row))
        return self._laid(fixed, waiting)

    def without_marks(self) -> list[list[Cell]]:
        """The whole body without its findings, save those of which the unit or the office has said something: they stay, and
        paint nothing."""
        said = [list(row) for row in self.rows if self.text(row, "key") and self._is_spoken_of(row)]
        for row in said:
            self._unmark(row)
        return self.checked(said)

    def comments(self) -> Mapping[str, str]:
        """What the office says of findings, by their keys."""
        return {self.text(row, "key"): said for row in self.rows if (said := self.text(row, "comment"))}

    def text(self, row: Row, name: str) -> str:
        """The text of a cell by the name of its column in the catalogue."""
        value = row[self.places[name]]
        return "" if value is None else str(value).strip()

    @cached_property
    def places(self) -> Mapping[str, int]:
        """The place of each column by its name in the catalogue."""
        headers = [each.header for each in findings_sheet.fields(self.lang)]
        names = ("severity", "key", "explanation", "comment", "mark", "told")
        return {name: headers.index(messages.text(f"findings.{name}", self.lang)) for name in names}

    def _cleared(self, row: Row) -> list[Cell]:
        """The row of a finding that is found no more: blank unless somebody has said something of it."""
        if not self._is_spoken_of(row):
            return [None] * len(row)
        cleared: list[Cell] = list(row)
        cleared[self.places["severity"]] = messages.text("findings.cleared", self.lang)
        self._unmark(cleared)
        return cleared

    def _is_spoken_of(self, row: Row) -> bool:
        return bool(self.text(row, "explanation") or self.text(row, "comment"))

    def _unmark(self, row: list[Cell]) -> None:
        for name in ("mark", "told"):
            row[self.places[name]] = None

    def _laid(self, fixed: Mapping[int, list[Cell]], moving: Sequence[list[Cell]]) -> list[list[Cell]]:
        """All rows, the moving ones in the places that are free."""
        width = len(findings_sheet.fields(self.lang))
        following = iter(moving)
        count = max(len(self.rows), len(fixed) + len(moving))
        laid = [fixed[index] if index in fixed else next(following, None) for index in range(count)]
        return [row or [None] * width for row in laid]


def _holds(row: Row) -> bool:
    return any(cell not in (None, "") for cell in row)
