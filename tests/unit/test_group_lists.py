"""Drop-downs that follow another cell: what they offer, as Python says and as LibreOffice computes it."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.formula import ArrayFormula
from openpyxl.worksheet.worksheet import Worksheet
from support import libreoffice

from workbook_files.lint import lint
from workbook_templates import sheet_names
from workbook_templates.group_lists import lines
from workbook_templates.profiles import profile
from workbook_templates.tables.attendance import OF_PROJECT
from workbook_templates.tables.registry import tables
from workbook_templates.tables.schedule import FORMS, FORMS_OF_KIND, KINDS
from workbook_templates.unit_book import UnitBook
from workbook_templates.unit_workbook import build
from workbook_templates.validations import FORMULA_LIMIT
from xingzhi.fulfilment import UnitRecords
from xingzhi.headers import HEADER_ROW
from xingzhi.identity import TEMPLATE_VERSION, Identity
from xingzhi.labels import Lang
from xingzhi.programme import Term
from xingzhi.rows import Row, Value

needs_libreoffice = pytest.mark.skipif(libreoffice.available() is not None, reason=str(libreoffice.available()))
FULL = profile("tengxian-civil-affairs")
# The rules are not what is asked here, and hundreds of their formulas would be computed too.
TERM = Term(programme=FULL.model_copy(update={"requirements": ()}), year=2026)
TABLES = {table.key: table for table in tables(FULL.tables)}
CODES = ("XM-1", "xm-1", "XM-2", "XM-10", "key", "A", "2026")
NAMES = ("石一", "石二", "石三（办公室）", "石三（业务股）", "石*", "石?", "Shi", "shi")
REACH = 400


def row(table: str, **values: Value) -> Row:
    return Row(table, {key: values.get(key) for key in TABLES[table].by_key})


def records(members: Sequence[tuple[str | None, str | None]], others: Sequence[Row] = ()) -> UnitRecords:
    found = [row("members", project=project, person=person, role=("core",)) for project, person in members]
    found += [row("people", name=name, department="办公室", leadership="no") for name in NAMES[:3]]
    found += others
    return UnitRecords("MZ01", {key: tuple(each for each in found if each.table == key) for key in TABLES})


def some_groups(dice: random.Random) -> list[tuple[str | None, str | None]]:
    """Rows of chance, some blank or half filled, some twice; every third time sorted, since clerks sort."""
    size = dice.choice((0, 1, 5, 40, 40, 170, 260))
    codes = dice.sample(CODES, dice.randrange(1, len(CODES)))
    rows = [
        (dice.choice((*codes, None)), None if dice.random() < 0.1 else dice.choice(NAMES[: dice.randrange(1, 9)]))
        for _ in range(size)
    ]
    return sorted(rows, key=str) if dice.randrange(3) == 0 else rows


def write(path: Path, held: UnitRecords, lang: Lang = Lang.ZH) -> Path:
    identity = Identity(TEMPLATE_VERSION, FULL.id, 2026, "MZ01", "单位", 1, lang=lang.value)
    build(UnitBook(TERM, identity, date(2026, 7, 1), held, live=False), path)
    return path


def block(path: Path, lang: Lang) -> list[tuple[object, ...]]:
    """The lines of the hidden sheet, blanks as empty text."""
    sheet = openpyxl.load_workbook(path, data_only=True)[sheet_names.GROUPS.of(lang)]
    found = sheet.iter_rows(min_row=2, max_col=8, values_only=True)
    return [tuple("" if cell is None else cell for cell in line) for line in found]


def source(path: Path, table: str, key: str, at: int, lang: Lang = Lang.ZH) -> str:
    """The formula of a drop-down as it is for the row `at` of the sheet, its cells named with their sheet."""
    sheet = openpyxl.load_workbook(path)[TABLES[table].label.of(lang)]
    assert isinstance(sheet, Worksheet)
    letter = chr(ord("A") + TABLES[table].columns.index(TABLES[table][key]))
    first = HEADER_ROW + 1
    (found,) = [each for each in sheet.data_validations.dataValidation if f"{letter}{first}" in each.sqref]
    assert found.type == "list" and not found.allow_blank and len(found.formula1) <= FORMULA_LIMIT
    return re.sub(rf"(\$[A-Z]+){first}\b", rf"'{sheet.title}'!\g<1>{at}", found.formula1)


def test_the_entries_of_a_key_stand_together_and_each_once() -> None:
    held = records([("B", "石二"), ("A", "石一"), ("B", "石二"), (None, "石三"), ("A", None), ("B", "石一")])
    found = lines(OF_PROJECT, held, 7)
    assert [line.listed for line in found] == ["石二", "石一", "石一", "", "", "", ""]
    assert [(line.key, line.size, line.start) for line in found if line.size] == [("B", 2, 1), ("A", 1, 3)]


@pytest.mark.parametrize("seed", range(50))
def test_each_key_finds_its_own_entries(seed: int) -> None:
    members = some_groups(random.Random(seed))
    found = lines(OF_PROJECT, records(members), REACH)
    for code in CODES:
        sizes = [(line.start, line.size) for line in found if line.key == code and line.size]
        wanted = list(dict.fromkeys(person for project, person in members if project == code and person))
        assert len(sizes) == bool(wanted)
        for start, size in sizes:
            assert [line.listed for line in found[start - 1 : start - 1 + size]] == wanted


@needs_libreoffice
def test_libreoffice_groups_people_as_python_does_over_poisoned_caches(tmp_path: Path) -> None:
    books = []
    for seed in range(12):
        lang = Lang.EN if seed % 4 == 3 else Lang.ZH
        members = [] if seed == 0 else some_groups(random.Random(seed))
        books.append((write(tmp_path / f"groups{seed}.xlsx", records(members), lang), lang))
    poisoned = tmp_path / "poisoned"
    poisoned.mkdir()
    for path, _ in books:
        assert libreoffice.poison(path, poisoned / path.name) > 1000
    again = libreoffice.recalculate_many([poisoned / path.name for path, _ in books], tmp_path / "out")
    for (path, lang), other in zip(books, again, strict=True):
        assert block(other, lang) == block(path, lang), path.name
    assert any(line[3] == 0 and line[1] for path, lang in books for line in block(path, lang)), "no person stood twice"


def offered(sheet: Worksheet, formulas: Sequence[str]) -> Iterator[int]:
    """Put each formula in a column as an array, as a drop-down evaluates it; the numbers of the columns."""
    for column, formula in enumerate(formulas, start=1):
        letters = get_column_letter(column)
        sheet[f"{letters}1"] = ArrayFormula(f"{letters}1:{letters}60", f"={formula}")
        yield column


@needs_libreoffice
def test_a_drop_down_offers_what_goes_with_its_row(tmp_path: Path) -> None:
    members = [("XM-1", "石一"), ("XM-2", "石二"), ("XM-1", "石*"), ("XM-1", "石一"), ("xm-1", "Shi")]
    of_project = {
        "XM-1": ["石一", "石*"],
        "XM-2": ["石二"],
        "xm-1": ["Shi"],
        "没有的": list(NAMES[:3]),
        None: list(NAMES[:3]),
    }
    attendance = [row("attendance", project=code) for code in of_project]
    evaluation = [row("evaluation", project=code) for code in of_project]
    kinds = ["survey", "training", "launch", None]
    schedule = [row("schedule", kind=kind, title="活动") for kind in kinds]
    path = write(tmp_path / "book.xlsx", records(members, [*attendance, *evaluation, *schedule]))
    first = HEADER_ROW + 1
    formulas, wanted = [], []
    for table in ("attendance", "evaluation"):
        for at, people in enumerate(of_project.values(), start=first):
            formulas.append(source(path, table, "person", at))
            wanted.append(people)
    for at, kind in enumerate(kinds, start=first):
        allowed = FORMS_OF_KIND.get(str(kind), frozenset(form.key for form in FORMS))
        formulas.append(source(path, "schedule", "form", at))
        wanted.append([form.label.zh for form in FORMS if form.key in allowed])
    book = openpyxl.load_workbook(path)
    probe = book.create_sheet("probe")
    columns = list(offered(probe, formulas))
    book.save(tmp_path / "probed.xlsx")
    again = openpyxl.load_workbook(libreoffice.recalculate(tmp_path / "probed.xlsx", tmp_path / "out"), data_only=True)
    for column, people in zip(columns, wanted, strict=True):
        cells = [again["probe"].cell(line, column).value for line in range(1, 61)]
        shown = [cell for cell in cells if cell != "#N/A"]
        # An array of one entry is repeated down the whole range.
        assert (shown[:1] if len(people) == 1 else shown) == people, formulas[column - 1]


@pytest.mark.parametrize("lang", Lang)
def test_a_choice_that_admits_every_entry_or_none_leaves_the_whole_list(tmp_path: Path, lang: Lang) -> None:
    path = write(tmp_path / "book.xlsx", records([]), lang)
    assert lint(path) == []
    form = source(path, "schedule", "form", HEADER_ROW + 1, lang)
    named = {kind: f'"{next(each for each in KINDS if each.key == kind).label.of(lang)}"' for kind in FORMS_OF_KIND}
    assert all(label in form for label in named.values()) and form.endswith("list_schedule_form))")
    assert source(path, "documents", "sort", HEADER_ROW + 1, lang) == "list_documents_sort"
    assert source(path, "study", "horizon", HEADER_ROW + 1, lang) == "list_study_horizon"
    book = openpyxl.load_workbook(path)
    for kind, keys in FORMS_OF_KIND.items():
        ((sheet, area),) = book.defined_names[f"list_schedule_form_{kind}"].destinations
        allowed = [form.label.of(lang) for form in FORMS if form.key in keys]
        assert [cell.value for (cell,) in book[sheet][area]] == allowed


def test_a_programme_without_groups_offers_all_people(tmp_path: Path) -> None:
    only = TERM.programme.model_copy(update={"tables": ("people", "projects", "schedule", "attendance")})
    identity = Identity(TEMPLATE_VERSION, FULL.id, 2026)
    path = tmp_path / "book.xlsx"
    build(UnitBook(Term(programme=only, year=2026), identity, date(2026, 7, 1), live=False), path)
    assert source(path, "attendance", "person", HEADER_ROW + 1) == "list_people_name"
    assert sheet_names.GROUPS.zh not in openpyxl.load_workbook(path).sheetnames
