"""Terms and records for tests of rules: a programme of few requirements, and rows by their column keys."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from workbook_templates.profiles import profile
from workbook_templates.tables.registry import TABLES
from xingzhi.deadlines import Deadline, Member, Office, Waiver, deadlines
from xingzhi.fulfilment import UnitRecords
from xingzhi.programme import Programme, Settings, Term
from xingzhi.rows import Row, Value

SHIPPED = "tengxian-civil-affairs"


def programme(*rules: Mapping[str, Any], window: str = "6月至次年1月", **more: Any) -> Programme:
    """A programme with these rules, each written as in a profile; a title is given to a rule that has none."""
    titled = [{"title": {"zh": "某事", "en": "Something"}, **rule} for rule in rules]
    fields = {"id": "small", "title": {"zh": "小方案", "en": "Small"}, "office": {"zh": "县行动办", "en": "Office"}}
    tables = [table.key for table in TABLES]
    return Programme.model_validate({**fields, "window": window, "tables": tables, "requirements": titled, **more})


def term(*rules: Mapping[str, Any], year: int = 2026, **settings: Any) -> Term:
    """A term of such a programme."""
    return Term(programme=programme(*rules), year=year, settings=Settings(**settings))


def shipped(*ids: str, year: int = 2026, **settings: Any) -> Term:
    """A term of the shipped programme, with only these requirements where some are named."""
    whole = profile(SHIPPED)
    rules = tuple(whole.requirement(id) for id in ids) or whole.requirements
    return Term(programme=whole.model_copy(update={"requirements": rules}), year=year, settings=Settings(**settings))


def records(receipts: Mapping[str, date] | None = None, **tables: list[dict[str, Value]]) -> UnitRecords:
    """A unit's rows by table; the records are numbered `<table>-1` on."""
    rows = {
        table: tuple(
            Row(table, line, record=f"{table}-{number}", number=number) for number, line in enumerate(lines, 1)
        )
        for table, lines in tables.items()
    }
    return UnitRecords("T01", rows, receipts or {})


def items(
    term: Term,
    held: UnitRecords,
    today: date,
    *waived: Waiver,
    joined: date | None = None,
    left: date | None = None,
) -> list[Deadline]:
    """What T01 owes on a day, standing rules among it."""
    return deadlines(Office(term, frozenset(waived)), Member("T01", joined, left), held, today, standing=True)


def item(term: Term, held: UnitRecords, today: date, *waived: Waiver, period: str = "") -> Deadline:
    """The one thing that T01 owes in a term of one rule, of one period where it has several."""
    (found,) = (each for each in items(term, held, today, *waived) if not period or each.span.period == period)
    return found
