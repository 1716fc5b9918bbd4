"""LibreOffice, made to recalculate over poisoned caches, agrees with Python on every deadline of the workbook."""

from __future__ import annotations

import random
from datetime import date, timedelta
from pathlib import Path

import pytest
from support import libreoffice, parity
from support.chance_unit import EDGES, TERM, a_unit

from workbook_templates.unit_book import UnitBook
from workbook_templates.unit_workbook import build
from xingzhi.deadlines import Member, Office, State, deadlines
from xingzhi.fulfilment import UnitRecords
from xingzhi.identity import TEMPLATE_VERSION, Identity
from xingzhi.labels import Lang

needs_libreoffice = pytest.mark.skipif(libreoffice.available() is not None, reason=str(libreoffice.available()))
JULY = [edge for edge in EDGES if date(2026, 7, 8) <= edge <= date(2026, 8, 3)]
JANUARY = [date(2027, 1, 29) + timedelta(days=step) for step in range(8)]


def day_of(number: int, dice: random.Random) -> date:
    """The base date of a book: any day, any edge, or the edges by which documents and evaluations are judged."""
    days = [date(2026, 6, 1) + timedelta(days=step) for step in range(250)]
    return dice.choice((days, EDGES, JULY, JANUARY)[number % 4])


BOOKS = 20


def unit_of(number: int) -> tuple[random.Random, date, UnitRecords]:
    """The dice, the base date and the records of a book."""
    dice = random.Random(number)
    today = day_of(number, dice)
    return dice, today, a_unit(dice, today)


def written(folder: Path, number: int, lang: Lang) -> Path:
    dice, today, records = unit_of(number)
    identity = Identity(TEMPLATE_VERSION, TERM.programme.id, 2026, "MZ01", "单位", 1, lang=lang.value)
    path = folder / f"unit{number}-{lang.value}.xlsx"
    codes = [project.text("code") for project in records.table("projects")]
    rules = ("T07", "T13", "T03", "T11", "T16", "T20")
    waivers = {("MZ01", dice.choice(rules), dice.choice(["", *codes]), "") for _ in range(2)}
    member = Member(
        "MZ01",
        joined=dice.choice((None, None, date(2026, 7, 5), date(2026, 9, 15))),
        left=dice.choice((None, None, date(2026, 12, 1))) if number % 4 < 3 else None,
    )
    book = UnitBook(TERM, identity, today, records, waivers=frozenset(waivers), member=member, live=False)
    build(book, path)
    return path


def test_chance_reaches_every_state() -> None:
    reached: set[tuple[str, State]] = set()
    waiting: set[str] = set()
    for number in range(BOOKS):
        _, today, records = unit_of(number)
        items = deadlines(Office(TERM), Member("MZ01"), records, today)
        reached |= {(item.rule.id, item.state) for item in items}
        waiting |= {item.rule.id for item in items if item.waiting}
    for rule in ("T01", "T10", "T11", "T13", "T16", "T18", "T20", "T24"):
        assert {(rule, State.OVERDUE), (rule, State.DONE)} <= reached, rule
    for rule in ("T01", "T02", "T03", "T10", "T11", "T13", "T16", "T18", "T20", "T22", "T24"):
        assert (rule, State.DONE_LATE) in reached, rule
    assert {"T11", "T24"} <= waiting


@needs_libreoffice
def test_deadlines_agree_with_libreoffice_over_poisoned_caches(tmp_path: Path) -> None:
    poisoned = tmp_path / "poisoned"
    poisoned.mkdir()
    books = [written(tmp_path, number, Lang.EN if number % 5 == 4 else Lang.ZH) for number in range(BOOKS)]
    for book in books:
        assert libreoffice.poison(book, poisoned / book.name) > 500
    out = tmp_path / "out"
    out.mkdir()
    recalculated = libreoffice.recalculate_many([poisoned / book.name for book in books], out)
    states: set[object] = set()
    waiting: set[str] = set()
    for book, again in zip(books, recalculated, strict=True):
        lang = Lang(book.stem.rpartition("-")[2])
        lines = parity.deadline_lines(book, lang)
        assert parity.deadline_lines(again, lang) == lines, book.name
        assert parity.project_cells(again, lang) == parity.project_cells(book, lang), book.name
        assert parity.guide_cells(again, lang) == parity.guide_cells(book, lang), book.name
        states |= {line[5] for line in lines}
        waiting |= {str(line[0]) for line in lines if line[5] in ("未到期", "Open") and line[9] == 1}
    # Chance must have reached every state that a sheet can show, or the agreement says little.
    assert {"未到期", "即将到期", "逾期", "已完成", "逾期完成"} <= states
    assert waiting


@needs_libreoffice
def test_the_canary_dies_where_nothing_is_recalculated(tmp_path: Path) -> None:
    book = written(tmp_path, 3, Lang.ZH)
    poisoned = tmp_path / "poisoned.xlsx"
    libreoffice.poison(book, poisoned)
    assert parity.deadline_lines(poisoned) != parity.deadline_lines(book)
