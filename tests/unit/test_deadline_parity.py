"""LibreOffice, made to recalculate over poisoned caches, agrees with Python on every deadline of the workbook."""

from __future__ import annotations

import random
from datetime import date, timedelta
from pathlib import Path

import pytest
from support import libreoffice, parity

from workbook_templates.profiles import profile
from workbook_templates.tables.registry import tables
from workbook_templates.unit_book import UnitBook
from workbook_templates.unit_workbook import build
from xingzhi.deadlines import Member
from xingzhi.fulfilment import UnitRecords
from xingzhi.identity import TEMPLATE_VERSION, Identity
from xingzhi.labels import Lang
from xingzhi.programme import Term
from xingzhi.rows import Row, Value
from xingzhi.spans import resolve

needs_libreoffice = pytest.mark.skipif(libreoffice.available() is not None, reason=str(libreoffice.available()))
TERM = Term(programme=profile("tengxian-civil-affairs"), year=2026)
TABLES = {table.key: table for table in tables(TERM.programme.tables)}


def row(table: str, **values: Value) -> Row:
    return Row(table, {key: values.get(key) for key in TABLES[table].by_key})


EDGES = sorted(
    {
        edge + timedelta(days=step)
        for span in resolve(TERM)
        for edge in (span.opens, span.closes, span.due)
        if edge
        for step in (-1, 0, 1)
    }
)
"""The days on which a comparison that is off by one gives itself away."""


def a_unit(dice: random.Random, today: date) -> UnitRecords:
    """A unit of chance: people, an organisation, nested projects, groups, activities and reports, many of them short."""

    def day(first: date = date(2026, 5, 20), span: int = 260) -> date:
        last = first + timedelta(days=span)
        edges = [edge for edge in (*EDGES, today, today + timedelta(days=1)) if first <= edge <= last]
        if edges and dice.random() < 0.6:
            return dice.choice(edges)
        return first + timedelta(days=dice.randrange(span))

    def maybe(value: Value, odds: float = 0.7) -> Value:
        return value if dice.random() < odds else None

    names = [f"甲{number:02d}" for number in range(14)]
    people = [
        row("people", name=name, department=dice.choice(("办公室", "业务股")), leadership=dice.choice(("yes", "no")))
        for name in names
    ]
    roles = [choice.key for choice in TABLES["organisation"]["role"].choices]
    organisation = []
    whole = dice.random() < 0.7
    leaders = [person for person in people if person.text("leadership") == "yes"] or people
    for role in roles:
        for _ in range(1 if whole else dice.randrange(3)):
            person = dice.choice(leaders if whole else people)
            plain = person.text("name")
            shown = plain if dice.random() < 0.8 else f"{plain}（{person.text('department')}）"
            # One role that begins or ends on the edge decides over a group that is complete but for it.
            edge = date(2026, 6, 8)
            fields: dict[str, Value] = {"from": maybe(day(edge, 5), 0.2), "to": maybe(day(edge, 5), 0.1)}
            organisation.append(row("organisation", person=shown, role=role, **fields))
    projects, codes = [], []
    for number in range(dice.randrange(5)):
        level = dice.choice(("project", "project", "sub_project", "sub_sub_project"))
        code = f"XM{number}"
        codes.append(code)
        reasons = {key: maybe("理由", 0.85) for key in ("importance", "urgency", "breadth", "feasibility")}
        projects.append(
            row(
                "projects",
                code=code,
                level=level,
                title=f"题目{number}",
                chosen_on=maybe(day(date(2026, 6, 20), 40), 0.9),
                formed_on=maybe(day(date(2026, 7, 1), 60), 0.7),
                actual_end=maybe(day(date(2026, 9, 1), 150), 0.3),
                state=dice.choice(("running", "running", "stopped")),
                **reasons,
            )
        )
    member_roles = [choice.key for choice in TABLES["members"]["role"].choices]
    members = []
    for code in codes:
        needed = ["leader", "liaison", "study_officer", "presenter", "core", "core", "facilitator"]
        some = dice.choices(member_roles, k=dice.randrange(8))
        for role in [*(needed if dice.random() < 0.7 else []), *some]:
            fields = {"from": maybe(day(date(2026, 7, 28), 6), 0.15), "to": maybe(day(date(2026, 7, 28), 6), 0.05)}
            both = tuple(dict.fromkeys((role, *dice.choices(member_roles, k=dice.choice((0, 0, 1))))))
            members.append(row("members", project=code, person=dice.choice(names), role=both, **fields))
    kinds = ("launch", "training", "survey", "seminar", "seminar", "seminar", "review", "reflection", "appraisal")
    schedule = [
        row(
            "schedule",
            project=maybe(dice.choice(codes), 0.8) if codes else None,
            kind=dice.choice((*kinds, "inspection", "commendation")),
            title=f"活动{number}",
            held_on=maybe(day(), 0.85),
            leader_present=dice.choice(("yes", "no", None)),
            problems=maybe("问题", 0.4),
            result=maybe("结果", 0.5),
            next_step=maybe("下一步", 0.5),
        )
        for number in range(dice.randrange(60))
    ]
    reports = []
    for number in range(dice.randrange(10)):
        month = dice.randrange(6, 13)
        sent = day(date(2026, month, 20), 12)
        reports.append(
            row(
                "reports",
                period=f"2026-{month:02d}",
                title=f"信息{number}",
                submitted_on=maybe(sent, 0.9),
                received_on=maybe(sent + timedelta(days=dice.randrange(4)), 0.4),
                on_time=dice.choice((None, None, "yes", "no")),
            )
        )
    found = [*people, *organisation, *projects, *members, *schedule, *reports]
    return UnitRecords("MZ01", {key: tuple(each for each in found if each.table == key) for key in TABLES})


def written(folder: Path, number: int, lang: Lang) -> Path:
    dice = random.Random(number)
    today = dice.choice(EDGES) if number % 2 else date(2026, 6, 1) + timedelta(days=dice.randrange(250))
    identity = Identity(TEMPLATE_VERSION, TERM.programme.id, 2026, "MZ01", "单位", 1, lang=lang.value)
    path = folder / f"unit{number}-{lang.value}.xlsx"
    records = a_unit(dice, today)
    codes = [project.text("code") for project in records.table("projects")]
    waivers = {("MZ01", dice.choice(("T07", "T13", "T03")), dice.choice(["", *codes]), "") for _ in range(2)}
    member = Member("MZ01", joined=dice.choice((None, date(2026, 7, 5))), left=dice.choice((None, date(2026, 12, 1))))
    book = UnitBook(TERM, identity, today, records, waivers=frozenset(waivers), member=member, live=False)
    build(book, path)
    return path


@needs_libreoffice
def test_deadlines_agree_with_libreoffice_over_poisoned_caches(tmp_path: Path) -> None:
    poisoned = tmp_path / "poisoned"
    poisoned.mkdir()
    books = [written(tmp_path, number, Lang.EN if number % 5 == 4 else Lang.ZH) for number in range(16)]
    for book in books:
        assert libreoffice.poison(book, poisoned / book.name) > 500
    out = tmp_path / "out"
    out.mkdir()
    recalculated = libreoffice.recalculate_many([poisoned / book.name for book in books], out)
    states = set()
    for book, again in zip(books, recalculated, strict=True):
        lang = Lang(book.stem.rpartition("-")[2])
        lines = parity.deadline_lines(book, lang)
        assert parity.deadline_lines(again, lang) == lines, book.name
        assert parity.project_cells(again, lang) == parity.project_cells(book, lang), book.name
        assert parity.guide_cells(again, lang) == parity.guide_cells(book, lang), book.name
        states |= {line[4] for line in lines}
    # Chance must have reached every state that a sheet can show, or the agreement says little.
    assert {"未到期", "即将到期", "逾期", "已完成", "逾期完成"} <= states


@needs_libreoffice
def test_the_canary_dies_where_nothing_is_recalculated(tmp_path: Path) -> None:
    book = written(tmp_path, 3, Lang.ZH)
    poisoned = tmp_path / "poisoned.xlsx"
    libreoffice.poison(book, poisoned)
    assert parity.deadline_lines(poisoned) != parity.deadline_lines(book)
