"""The rows of 校验结果 after another check, as tables: what was found before, what is found now, what stands then.

A row is `key | severity | explanation | comment`, the columns that decide; `-` is a blank row, and `*` before a row tells that
somebody wrote beside it.
"""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from workbook_templates import findings_sheet
from workbook_templates.findings_rows import FindingsRows
from workbook_templates.pen import Cell
from xingzhi import messages
from xingzhi.labels import Lang

SHOWN = ("key", "severity", "explanation", "comment")

CASES = {
    "what is found takes the first rows, in its order": ("- - -", "b|必改 a|请核实", "b|必改 a|请核实 -"),
    "what is found no more goes": ("a|必改 b|必改 -", "b|必改", "b|必改 - -"),
    "nothing is found: every row is blank": ("a|必改 b|请核实", "", "- -"),
    "an explanation of what is found no more stays, told as cleared, after the others": (
        "a|必改|说 b|必改 -",
        "b|必改",
        "b|必改 a|已消除|说 -",
    ),
    "and is kept once, however often it is checked": ("b|必改 a|已消除|说 -", "b|必改", "b|必改 a|已消除|说 -"),
    "and is what it was when it is found again": ("b|必改 a|已消除|说 -", "a|必改|说 b|必改", "a|必改|说 b|必改 -"),
    "more than there are rows": ("a|必改", "a|必改 b|必改 c|必改", "a|必改 b|必改 c|必改"),
    "a row that the unit typed stays where it is": ("a|必改 ||我写的 -", "c|必改 b|必改", "c|必改 ||我写的 b|必改"),
    "a note stays beside its finding": ("a|必改 *b|必改 -", "c|必改 b|必改 a|必改", "c|必改 b|必改 a|必改"),
    "whatever is found before it": ("*b|必改 - -", "a|必改 b|必改", "b|必改 a|必改 -"),
    "a note beside what is found no more has no other finding beside it": ("*a|必改 - -", "c|必改", "- c|必改 -"),
    "nor one beside what was explained": ("*a|必改|说 - -", "c|必改", "a|已消除|说 c|必改 -"),
    "a note beside a blank row has the next finding beside it": ("*- -", "c|必改", "c|必改 -"),
    "what the office said stays though its finding is gone": ("a|请核实||已认可", "", "a|已消除||已认可"),
}


@pytest.mark.parametrize("lang", Lang)
@pytest.mark.parametrize("before, said, after", CASES.values(), ids=CASES)
def test_what_stands_after_another_check(before: str, said: str, after: str, lang: Lang) -> None:
    table = FindingsRows([_row(each, lang) for each in _lines(before)], lang, _pinned(before))
    assert _text(table.checked([_row(each, lang) for each in _lines(said)]), lang) == _lines(after)


@pytest.mark.parametrize(
    "before, after",
    [
        ("a|必改 b|请核实|说 c|必改", "b|请核实|说 - -"),
        ("a|必改 ||我写的 b|必改|说", "b|必改|说 ||我写的 -"),
        ("*a|必改 b|必改|说", "- b|必改|说"),
        ("- -", "- -"),
    ],
)
def test_what_stands_without_marks(before: str, after: str) -> None:
    table = FindingsRows([_row(each, Lang.ZH) for each in _lines(before)], Lang.ZH, _pinned(before))
    rows = table.without_marks()
    assert _text(rows, Lang.ZH) == _lines(after)
    places = _places(Lang.ZH)
    # Nothing paints a cell, and nothing is passed on to the self-check of a row.
    assert not any(row[places[name]] for row in rows for name in ("mark", "told"))


def test_what_the_office_said_is_known_by_the_finding() -> None:
    rows = [_row(each, Lang.ZH) for each in ("a|必改||已认可：内部短号", "b|必改", "c|必改||再核对")]
    assert FindingsRows(rows, Lang.ZH).comments() == {"a": "已认可：内部短号", "c": "再核对"}


def test_what_is_cleared_keeps_what_was_said_and_paints_nothing() -> None:
    before = _row("a|必改|说|回话", Lang.ZH)
    (row,) = FindingsRows([before], Lang.ZH).checked([])
    places = _places(Lang.ZH)
    changed = {name for name, place in places.items() if row[place] != before[place]}
    assert changed == {"severity", "mark", "told"} and row[places["comment"]] == "回话"


def _places(lang: Lang) -> dict[str, int]:
    headers = [each.header for each in findings_sheet.fields(lang)]
    names = (*SHOWN, "code", "message", "mark", "told")
    return {name: headers.index(messages.text(f"findings.{name}", lang)) for name in names}


def _lines(text: str) -> list[str]:
    return [each.removeprefix("*") for each in text.split()]


def _pinned(text: str) -> set[int]:
    return {index for index, each in enumerate(text.split()) if each.startswith("*")}


def _row(line: str, lang: Lang) -> list[Cell]:
    places = _places(lang)
    row: list[Cell] = [None] * len(findings_sheet.fields(lang))
    if line == "-":
        return row
    for name, value in zip(SHOWN, line.split("|"), strict=False):
        if name == "severity" and value == "已消除":
            value = messages.text("findings.cleared", lang)
        row[places[name]] = value or None
    if row[places["key"]]:
        for name in ("code", "message", "mark", "told"):
            row[places[name]] = f"{name} of {row[places['key']]}"
    return row


def _text(rows: Sequence[Sequence[Cell]], lang: Lang) -> list[str]:
    places, cleared = _places(lang), messages.text("findings.cleared", lang)
    lines = ["|".join(str(row[places[name]] or "") for name in SHOWN).rstrip("|") for row in rows]
    return [line.replace(cleared, "已消除") or "-" for line in lines]
