"""自查: LibreOffice, made to recalculate over poisoned caches, agrees with Python on every row of every table."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import cached_property
from importlib import resources
from pathlib import Path

import pytest
from support import libreoffice
from support.parity import guide_cells
from support.row_cases import World

from workbook_files.lint import lint
from workbook_files.reader import read_grid
from workbook_templates import findings_sheet, row_formulas, self_check
from workbook_templates.profiles import profile
from workbook_templates.self_check import Rule, SelfCheck
from workbook_templates.tables.people import PEOPLE
from workbook_templates.tables.registry import TABLES, tables
from workbook_templates.unit_book import UnitBook
from workbook_templates.unit_workbook import build
from xingzhi import messages
from xingzhi.checks.context import Context
from xingzhi.checks.phases import PER_FILE, PER_UNIT, run
from xingzhi.columns import Table
from xingzhi.findings import Finding, Parity, Severity, finding, parity
from xingzhi.fulfilment import UnitRecords
from xingzhi.headers import HEADER_ROW
from xingzhi.identity import TEMPLATE_VERSION, Identity
from xingzhi.labels import Lang
from xingzhi.programme import Term
from xingzhi.rows import Row
from xingzhi.shape import shape

needs_libreoffice = pytest.mark.skipif(libreoffice.available() is not None, reason=str(libreoffice.available()))
TODAY = date(2026, 11, 20)
# The requirements are not what is tried here, and their sheet is most of a small workbook.
BARE = profile("tengxian-civil-affairs").model_copy(update={"requirements": ()})
WINDOW = BARE.time(2026)
CHECKED = {code for code in messages.finding_codes() if code[0] in "CRK" and parity(code) is not Parity.NONE}
ROWS = {Lang.ZH: 200, Lang.EN: 60}
"""How many rows of each table are made; the time that they take grows with the square."""


def a_book(records: UnitRecords, lang: Lang, keys: tuple[str, ...] = BARE.tables) -> UnitBook:
    programme = BARE.model_copy(update={"tables": keys})
    identity = Identity(TEMPLATE_VERSION, programme.id, 2026, "T01", "单位", 1, lang=lang.value)
    said = [
        finding("S109", record=f"T01-RY-{number:04}", table="people", value="#REF!", name="姓名")
        for number in (1, 2, 3)
    ]
    said.append(finding("K101", record="T01-RY-0004", table="people", value="甲", row="5"))
    said.append(
        finding("N102", record="T01-RY-0005", table="people", value="甲", name=PEOPLE["name"].label, after="乙")
    )
    return UnitBook(Term(programme=programme, year=2026), identity, TODAY, records, findings=said, live=False)


def cells(path: Path, used: tuple[Table, ...], lang: Lang) -> dict[str, dict[int, str]]:
    """The self-check of each row of each table, as a file holds it."""
    grid, _ = read_grid(path)
    assert grid is not None
    sheets = {sheet.name: sheet for sheet in grid.sheets}
    return {
        table.key: {
            row: str(sheets[table.label.of(lang)].value(row, len(table.columns) + 1) or "")
            for row in range(HEADER_ROW + 1, len(sheets[table.label.of(lang)].rows) + 1)
        }
        for table in used
    }


def findings(path: Path, used: tuple[Table, ...]) -> tuple[list[Finding], dict[str, tuple[Row, ...]]]:
    """What Python finds in the rows of a file, and the rows, by the way that any received file goes."""
    grid, _ = read_grid(path)
    assert grid is not None
    shaped = shape(grid, used, WINDOW)
    context = Context(used, WINDOW, TODAY)
    found = [*shaped.findings, *run(PER_FILE, shaped.rows, context), *run(PER_UNIT, shaped.rows, context)]
    return [each for each in found if each.code in CHECKED and each.severity is not Severity.INFO], dict(shaped.rows)


def row_of(each: Finding) -> int:
    return int(each.cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))


def faults(path: Path, used: tuple[Table, ...]) -> dict[str, dict[int, frozenset[tuple[str, str]]]]:
    """The faults of every record of a file."""
    listed, rows = findings(path, used)
    found: defaultdict[tuple[str, int], set[tuple[str, str]]] = defaultdict(set)
    for each in listed:
        found[each.table, row_of(each)].add((each.code, each.column))
    return {key: {row.number: frozenset(found[key, row.number]) for row in rows[key]} for key in rows}


def expected(path: Path, book: UnitBook) -> dict[str, dict[int, str]]:
    """What the self-check of each row should say, from what Python finds in the file."""
    check = SelfCheck(book.tables, book.lang, WINDOW)
    told = findings_sheet.told(book.findings, book.lang)
    wrong = faults(path, book.tables)
    found: dict[str, dict[int, str]] = {}
    for table in book.tables:
        known = {(code, rule.column) for rule in check.rules[table.key] for code in rule.codes}
        rows = book.records.table(table.key)
        found[table.key] = {}
        for number, each in wrong[table.key].items():
            assert each <= known, f"no rule of {table.key} says {each - known}"
            record = rows[number - HEADER_ROW - 1].record
            found[table.key][number] = check.shown(table, each, told.get(record, ""))
    return found


def differences(path: Path, wanted: dict[str, dict[int, str]], book: UnitBook) -> list[tuple[str, int, str, str]]:
    return [
        (key, row, text, wanted[key].get(row, ""))
        for key, by_row in cells(path, book.tables, book.lang).items()
        for row, text in by_row.items()
        if text != wanted[key].get(row, "")
    ]


def recalculated(paths: list[Path], folder: Path) -> list[Path]:
    poisoned = folder / "poisoned"
    poisoned.mkdir()
    for path in paths:
        assert libreoffice.poison(path, poisoned / path.name) > 100
    return libreoffice.recalculate_many([poisoned / path.name for path in paths], folder / "again")


@needs_libreoffice
def test_every_row_says_what_python_finds_in_it(tmp_path: Path) -> None:
    books: dict[str, UnitBook] = {}
    for seed, lang in enumerate(Lang):
        world = World(random.Random(seed), WINDOW, TODAY)
        books[f"{lang.value}.xlsx"] = a_book(world.records(ROWS[lang]), lang)
    messy = a_book(World(random.Random(7), WINDOW, TODAY, broken=0.3, messy=0.25).records(40), Lang.ZH)
    paths = [tmp_path / name for name in (*books, "messy.xlsx")]
    for path, book in zip(paths, (*books.values(), messy), strict=True):
        build(book, path)
    *again, messy_again = recalculated(paths, tmp_path)
    seen: set[str] = set()
    for path, computed, book in zip(paths, again, books.values(), strict=False):
        wanted = expected(path, book)
        assert differences(path, wanted, book) == [], "as it was written"
        assert differences(computed, wanted, book) == [], "as LibreOffice computes it"
        assert differences(tmp_path / "poisoned" / path.name, wanted, book), "the canary lives"
        found = faults(path, book.tables)
        assert all(len(found[table.key]) == ROWS[book.lang] for table in TABLES)
        # Chance must have left enough rows clean, and must have found every fault, or agreement says little.
        assert all(sum(not each for each in found[table.key].values()) >= ROWS[book.lang] // 20 for table in TABLES)
        seen |= {code for rows in found.values() for each in rows.values() for code, _ in each}
    assert seen == CHECKED
    assert parity_of_guides(paths[1], again[1])
    shown = cells(messy_again, messy.tables, Lang.ZH)
    for each in findings(paths[-1], messy.tables)[0]:
        # Of two equal rows the earlier may be typed so oddly that the later, which is clean, cannot know it.
        earlier = int(str(dict(each.args)["row"])) if each.code == "K101" else row_of(each)
        assert {shown[each.table][row] for row in (row_of(each), earlier)} - {"✓", ""}, each


def parity_of_guides(path: Path, computed: Path) -> bool:
    lights = guide_cells(path, Lang.EN)
    assert sum(line[2] == "Look" for line in lights) == len(TABLES)
    return guide_cells(computed, Lang.EN) == lights


Change = tuple[str, str, str, Callable[[str], str]]
MUTATIONS: dict[str, Change] = {
    "off by one": ("schedule", "R103", "held_on", lambda text: text.replace(">base_date", ">=base_date")),
    "COUNTIF for EXACT": (
        "people",
        "C104",
        "leadership",
        lambda text: text.replace("SUMPRODUCT(--EXACT(list_people_leadership,", "(COUNTIF(list_people_leadership,"),
    ),
    "no INT": ("members", "R101", "to", lambda text: text.replace("INT(", "(")),
    "another column": ("members", "K102", "person", lambda text: text.replace("people[姓名]", "people[职务]")),
    "a negation": ("schedule", "R102", "form", lambda text: f"NOT({text})"),
    "earlier rows too": ("people", "K101", "name", lambda text: text.replace("<ROW()", "<>ROW()")),
    "a part of a month by its first day": (
        "projects",
        "R101",
        "planned_end",
        lambda text: text.replace("list_span_ends", "list_span_starts"),
    ),
    "any project": ("evaluation", "K107", "person", lambda text: text.replace("$C{row}", "$D{row}")),
}


def mutated(rule: Rule, change: Change) -> Rule:
    table, code, column, spoil = change
    if (rule.codes[0], rule.column) != (code, column):
        return rule
    spoilt = spoil(rule.condition)
    assert spoilt != rule.condition, f"{code} of {table}.{column} is not what it was"
    return replace(rule, condition=spoilt)


@needs_libreoffice
def test_a_wrong_condition_is_caught(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    right = SelfCheck.rules.func  # type: ignore[attr-defined]
    keys = ("people", "projects", "members", "schedule", "evaluation")
    book = a_book(World(random.Random(12), WINDOW, TODAY).records(100, tables(keys)), Lang.ZH, keys)
    # One workbook bears several mutations, each of another table: it is told by its table which was caught.
    rounds: list[dict[str, str]] = [{}, {}, {}]
    for name, (table, *_) in MUTATIONS.items():
        next(each for each in rounds[1:] if table not in each)[table] = name
    paths = [tmp_path / f"{place}.xlsx" for place in range(len(rounds))]
    for path, names in zip(paths, rounds, strict=True):

        def rules(check: SelfCheck, names: dict[str, str] = names) -> dict[str, tuple[Rule, ...]]:
            return {
                key: tuple(mutated(rule, MUTATIONS[names[key]]) if key in names else rule for rule in found)
                for key, found in right(check).items()
            }

        spoilt = cached_property(rules)
        spoilt.__set_name__(SelfCheck, "rules")
        monkeypatch.setattr(SelfCheck, "rules", spoilt)
        build(book, path)
    monkeypatch.undo()
    wanted = expected(paths[0], book)
    for path, names in zip(recalculated(paths, tmp_path), rounds, strict=True):
        assert {key for key, *_ in differences(path, wanted, book)} == names.keys(), names


def test_every_code_of_cells_rows_and_keys_declares_its_parity() -> None:
    text = resources.files("xingzhi").joinpath("catalogue", "findings.yaml").read_text("utf-8")
    for code in messages.finding_codes():
        lines = text.partition(f"\n{code}:\n")[2].partition("\n  message:")[0].splitlines()
        declared = [line for line in lines if line.startswith("  formula:")]
        assert len(declared) == (1 if code[0] in "CRK" else 0), code
        if code[0] in "CRK" and parity(code) is not Parity.EXACT:
            assert "  # " in declared[0], f"{code}: the reason is missing"


def test_every_declared_pattern_has_a_formula() -> None:
    assert {column.pattern for table in TABLES for column in table.columns} - {None} == set(row_formulas.PATTERNS)


@pytest.mark.parametrize("lang", Lang)
def test_every_rule_has_a_text_of_its_column_and_one_formula_takes_them_all(lang: Lang) -> None:
    check = SelfCheck(TABLES, lang, WINDOW)
    for table in TABLES:
        rules = check.rules[table.key]
        places = [(code, rule.column) for rule in rules for code in rule.codes]
        assert len(set(places)) == len(places)
        assert all(code in CHECKED for code, _ in places)
        assert all("{" not in rule.text for rule in rules)
        assert len(check.templates[table.key]) < self_check.LIMIT


def test_a_formula_that_excel_would_refuse_is_not_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(self_check, "LIMIT", 1000)
    with pytest.raises(ValueError, match="self-check formula"):
        _ = SelfCheck(TABLES, Lang.ZH, WINDOW).templates


def test_a_record_of_which_only_the_office_knows_a_fault_shows_its_message(tmp_path: Path) -> None:
    people = tuple(
        Row("people", {"name": f"甲{n}", "department": "办公室", "leadership": "yes"}, record=f"T01-RY-{n:04}")
        for n in (1, 4, 5, 6)
    )
    book = a_book(UnitRecords("T01", {"people": people}), Lang.ZH, ("people", "projects"))
    build(book, tmp_path / "book.xlsx")
    assert lint(tmp_path / "book.xlsx") == []
    shown = cells(tmp_path / "book.xlsx", book.tables, Lang.ZH)["people"]
    assert [shown[row] for row in range(5, 10)] == ["“姓名”是公式错误 #REF!", "✓", "✓", "✓", ""]
