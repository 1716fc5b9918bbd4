"""Which file was made from which: by what they contain."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest

from sync.lineage import base_of, is_older, predecessor
from sync.records import Incoming, Snapshot, StoredRow, Submission, SubmissionStatus, Values
from workbook_templates.tables.members import MEMBERS
from workbook_templates.tables.people import PEOPLE
from workbook_templates.tables.projects import PROJECTS
from xingzhi.columns import RECORD, Column, Table
from xingzhi.labels import Label
from xingzhi.rows import Row

NOTES = Table(
    key="notes",
    label=Label("便条", "Notes"),
    letters="BT",
    columns=(RECORD, Column(key="text", label=Label("内容", "Text"))),
    natural_key=(),
    room=5,
    purpose=Label("没有自然键的表", "A table without a natural key"),
)
TABLES = (PEOPLE, NOTES)
TODAY = date(2026, 7, 1)
NOON = datetime(2026, 7, 1, 12)

People = Mapping[int, str] | Mapping[str, str]
"""Record number, or its serial, and `name` or `name:post`; a key that is no number is a row without one."""


def values(text: str) -> dict[str, str]:
    name, _, post = text.partition(":")
    return {"name": name, "department": "办公室"} | ({"post": post} if post else {})


def number(key: int | str) -> str:
    return f"LD-RY-{key:04d}" if isinstance(key, int) else ""


def incoming(
    people: People, *, notes: Mapping[str, str] | None = None, name: str = "新.xlsx", **fields: Any
) -> Incoming:
    rows = tuple(
        Row("people", {**dict.fromkeys(PEOPLE.by_key), **values(text)}, number(key)) for key, text in people.items()
    )
    texts = tuple(Row("notes", {"text": text}, record) for record, text in (notes or {}).items())
    known: dict[str, Any] = {"received": TODAY, "base_run": 1}
    return Incoming("p-2026", "LD", name, {"people": rows, "notes": texts}, **known | fields)


def sent(path: str, people: People, *, notes: Mapping[str, str] | None = None, **fields: Any) -> Submission:
    rows = [StoredRow("people", number(key), number(key) or "LD-RY-5001", values(text)) for key, text in people.items()]
    rows += [StoredRow("notes", record, record, {"text": text}) for record, text in (notes or {}).items()]
    known: dict[str, Any] = {"run": 2, "status": SubmissionStatus.ACCEPTED, "received": TODAY, "base_run": 1}
    return Submission("p-2026", "LD", path, path, rows=tuple(rows), **known | fields)


def issued(people: People) -> Snapshot:
    rows: dict[tuple[str, str], Values] = {("people", number(key)): values(text) for key, text in people.items()}
    return Snapshot(rows)


BLANK = issued({})


def path(file: Incoming, *earlier: Submission, base: Snapshot = BLANK) -> str | None:
    found = predecessor(file, earlier, issued=base, tables=TABLES)
    return found.path if found else None


def test_file_descends_from_the_version_that_it_contains() -> None:
    assert path(incoming({1: "韦青", 2: "覃明", 3: "陆川"}), sent("甲", {1: "韦青", 2: "覃明"})) == "甲"


def test_other_copy_of_the_same_workbook_is_no_ancestor() -> None:
    assert path(incoming({1: "莫山", 2: "梁海"}), sent("甲", {1: "韦青", 2: "覃明"})) is None


def test_half_is_enough_under_the_same_name_and_less_is_not() -> None:
    first = sent("收件/新.xlsx", {1: "韦青", 2: "覃明", 3: "陆川", 4: "黄河"})
    assert path(incoming({1: "韦青", 2: "覃明"}), first) == "收件/新.xlsx"
    assert path(incoming({1: "韦青"}), first) is None


def test_at_the_same_place_rows_count_wherever_they_stand() -> None:
    """Sorted beside its numbers, and one row gone: taken for another copy, it would never be asked about."""
    posts = {1: "韦青:局长", 2: "覃明:股长", 3: "陆川:科员", 4: "黄河:科员"}
    sorted_ = {1: posts[4], 2: posts[1], 3: posts[3]}
    assert path(incoming(sorted_), sent("收件/新.xlsx", posts)) == "收件/新.xlsx"
    assert path(incoming(sorted_), sent("甲", posts)) is None
    others = {1: posts[4], 2: posts[1], 3: "莫山:主任", 4: "梁海:职员"}
    assert path(incoming(others), sent("收件/新.xlsx", posts)) is None, "new people where two were"


def test_under_another_name_all_rows_must_stand_there() -> None:
    first = sent("甲", {1: "韦青", 2: "覃明", 3: "陆川", 4: "黄河"})
    rest = {2: "覃明", 3: "陆川", 4: "黄河", 5: "岑岭"}
    assert path(incoming({1: "韦青"} | rest), first) == "甲"
    assert path(incoming(rest), first) is None, "one is absent"
    assert path(incoming({1: "莫山"} | rest), first) is None, "another stands under its number"


def test_under_another_name_cells_may_be_corrected_but_not_lost() -> None:
    first = sent("甲", {1: "韦青:科员", 2: "覃明:科员"})
    assert path(incoming({1: "韦青:股长", 2: "覃明:科员"}), first) == "甲"
    assert path(incoming({1: "韦青", 2: "覃明:科员"}), first) is None
    without = incoming({1: "韦青", 2: "覃明"})
    rows = tuple(replace(row, cells={"name": "B5", "department": "C5"}) for row in without.rows["people"])
    assert path(replace(without, rows={**without.rows, "people": rows}), first) == "甲", "the column was deleted"


def test_row_that_was_begun_may_be_completed() -> None:
    blank = StoredRow("people", number(1), number(1), {"department": "办公室"})
    first = replace(sent("甲", {2: "覃明"}), rows=(blank, StoredRow("people", number(2), number(2), values("覃明"))))
    assert path(incoming({1: "韦青", 2: "覃明"}), first) == "甲"


def test_file_made_before_a_correction_is_no_successor_of_the_corrected_one() -> None:
    versions = [sent("甲", {1: "韦青:科员"}), sent("甲", {1: "韦青:股长"}, status=SubmissionStatus.ACCEPTED, run=3)]
    found = predecessor(incoming({1: "韦青:科员", 2: "覃明"}), versions, issued=BLANK, tables=TABLES)
    assert found is versions[0]
    found = predecessor(incoming({1: "韦青:主任", 2: "覃明"}), versions, issued=BLANK, tables=TABLES)
    assert found is None or found is versions[0], "one post in each copy is for the two clerks to settle"


def test_removed_row_is_believed_where_two_tables_agree_wholly() -> None:
    def row(table: Table, serial: int, **cells: str) -> tuple[str, str, dict[str, str]]:
        return (table.key, f"LD-{table.letters}-{serial:04d}", cells)

    def file(*rows: tuple[str, str, dict[str, str]]) -> Incoming:
        found = {table.key: tuple(Row(key, cells, at) for key, at, cells in rows if key == table.key) for table in all_}
        return replace(incoming({}), rows=found)

    all_ = (PEOPLE, PROJECTS, MEMBERS)
    people = [row(PEOPLE, serial, **values(name)) for serial, name in enumerate(("韦青", "覃明", "陆川"), 1)]
    project, member = row(PROJECTS, 1, code="XM1"), row(MEMBERS, 1, project="XM1", person="韦青", role="leader")
    first = replace(sent("甲", {}), rows=tuple(StoredRow(key, at, at, cells) for key, at, cells in (*people, project)))
    whole = replace(first, rows=(*first.rows, StoredRow(member[0], member[1], member[1], member[2])))
    moved = row(PEOPLE, 1, **values("韦青") | {"department": "优抚股"})

    def descends(newer: Incoming, older: Submission) -> bool:
        return predecessor(newer, [older], issued=BLANK, tables=all_) is not None

    assert descends(file(*people[:2], project, member), whole)
    assert descends(file(moved, people[1], project, member), whole), "other tables still refer to the name"
    assert not descends(file(people[0], project, member), whole), "less than half of the people are left"
    assert not descends(file(*people[:2], project, member), first), "projects alone prove nothing"
    assert not descends(file(*people[:2], row(PEOPLE, 3, **values("莫山")), project, member), whole)


def test_same_name_under_another_number_is_not_the_same_row() -> None:
    assert path(incoming({2: "韦青"}), sent("甲", {1: "韦青"})) is None


def test_row_without_a_number_is_known_by_its_natural_key() -> None:
    first = sent("甲", {"a": "韦青"})
    assert path(incoming({"a": "韦青:股长"}), first) == "甲"
    assert path(incoming({4: "韦青"}), first) == "甲", "the macro may have numbered it since"
    assert path(incoming({"a": "覃明"}), first) is None


def test_row_without_a_natural_key_is_known_by_its_content() -> None:
    first = sent("甲", {}, notes={"LD-BT-0001": "一"})
    assert path(incoming({}, notes={"LD-BT-0001": "一"}), first) == "甲"
    assert path(incoming({}, notes={"LD-BT-0001": "二"}), first) is None


def test_a_changed_issued_row_must_hold_the_change() -> None:
    """Every copy has the issued row under its number; a fresh copy would else undo what the first one changed."""
    base = issued({1: "韦青:科员", 2: "覃明:科员"})
    first = sent("甲", {1: "韦青:股长", 2: "覃明:科员"})
    assert path(incoming({1: "韦青:科员", 2: "覃明:科员", 3: "陆川"}), first, base=base) is None
    assert path(incoming({1: "韦青:主任", 2: "覃明:科员"}), first, base=base) is None
    assert path(incoming({1: "韦青:股长", 2: "覃明:主任"}), first, base=base) == "甲"


def test_the_latest_of_a_line_is_taken() -> None:
    versions = [sent("甲1", {1: "韦青"}), sent("甲2", {1: "韦青", 2: "覃明"}), sent("乙", {1: "莫山"})]
    assert path(incoming({1: "韦青", 2: "覃明", 3: "陆川"}), *versions) == "甲2"
    shrunk = [sent("甲1", {1: "韦青", 2: "覃明", 3: "陆川"}), sent("甲2", {1: "韦青", 2: "覃明"})]
    assert path(incoming({1: "韦青", 2: "覃明", 3: "陆川"}), *shrunk) == "甲2"


def test_blank_copy_is_an_ancestor_but_never_before_a_real_one() -> None:
    base = issued({1: "韦青"})
    blank = sent("空", {1: "韦青"})
    assert path(incoming({1: "韦青", 2: "覃明"}), blank, base=base) == "空"
    assert path(incoming({1: "韦青", 2: "覃明"}), sent("甲", {1: "韦青", 2: "覃明"}), blank, base=base) == "甲"


def test_copy_that_shares_a_row_by_chance_is_passed_over() -> None:
    real = sent("新.xlsx", {1: "韦青", 2: "覃明", 3: "陆川", 4: "黄河"})
    assert path(incoming({1: "韦青", 2: "覃明", 3: "陆川", 5: "岑岭"}), real, sent("乙", {1: "韦青"})) == "新.xlsx"


def test_two_clerks_who_began_with_the_same_people_are_two() -> None:
    def full(name: str, post: str) -> str:
        return f"{name}:{post}"

    leaders = {1: "韦青:局长", 2: "覃明:副局长", 3: "陆川:副局长"}
    mine = leaders | {4: full("黄河", "股长"), 5: full("岑岭", "科员")}
    theirs = leaders | {4: full("莫山", "主任"), 5: full("梁海", "职员")}
    corrected = leaders | {4: full("黄何", "股长"), 5: full("岑岭", "科员")}
    assert path(incoming(theirs), sent("甲", mine)) is None
    assert path(incoming(theirs, name="甲"), sent("甲", mine)) is None
    assert path(incoming(corrected, name="甲"), sent("甲", mine)) == "甲"
    assert path(incoming(corrected), sent("甲", mine)) is None, "under another name it may be another person"


@pytest.mark.parametrize(
    "fields",
    [{"base_run": 7}, {"status": SubmissionStatus.REJECTED}, {"status": SubmissionStatus.DUPLICATE}],
)
def test_only_merged_files_of_the_same_issue_are_considered(fields: dict[str, Any]) -> None:
    assert path(incoming({1: "韦青"}), sent("甲", {1: "韦青"}, **fields)) is None


def test_superseded_file_is_still_an_ancestor() -> None:
    assert path(incoming({1: "韦青"}), sent("甲", {1: "韦青"}, status=SubmissionStatus.SUPERSEDED)) == "甲"


def test_file_that_came_too_late_and_was_not_merged_is_no_ancestor() -> None:
    late = sent("迟", {}, status=SubmissionStatus.SUPERSEDED)
    assert path(incoming({1: "韦青", 2: "覃明"}), late, base=issued({1: "韦青"})) is None


def test_base_is_the_predecessors_rows_or_the_issued_ones() -> None:
    office: dict[tuple[str, str], Values] = {("people", number(1)): {"+意见": "同意"}}
    printed = Snapshot(issued({1: "韦青"}).rows, office=office)
    row = StoredRow("people", number(2), "LD-RY-5001", values("覃明"))
    earlier = Submission("p-2026", "LD", "甲", "a", TODAY, 2, SubmissionStatus.ACCEPTED, base_run=1, rows=(row,))
    base = base_of(predecessor(incoming({2: "覃明"}), [earlier], issued=printed, tables=TABLES), printed)
    assert base.rows == {("people", "LD-RY-5001"): values("覃明")}
    assert base.numbers == {("people", number(2)): "LD-RY-5001"}
    assert base.office == office
    assert base_of(predecessor(incoming({2: "莫山"}), [earlier], issued=printed, tables=TABLES), printed) is printed


# Older versions


def older(file: Incoming, *earlier: Submission, base: Snapshot = BLANK) -> str | None:
    found = is_older(file, earlier, issued=base, tables=TABLES)
    return found.path if found else None


def test_version_before_one_that_was_merged_is_older() -> None:
    newer = sent("新", {1: "韦青", 2: "覃明"}, send=2)
    assert older(incoming({1: "韦青"}, send=1), newer) == "新"
    assert older(incoming({1: "韦青"}, send=2), newer) is None
    assert older(incoming({1: "韦青"}, send=3), newer) is None


def test_modified_property_decides_where_the_counters_are_equal() -> None:
    newer = sent("新", {1: "韦青", 2: "覃明"}, modified=NOON)
    assert older(incoming({1: "韦青"}, modified=NOON - timedelta(hours=1)), newer) == "新"
    assert older(incoming({1: "韦青"}, modified=NOON), newer) is None
    assert older(incoming({1: "韦青"}), newer) is None
    east = timezone(timedelta(hours=8))
    zoned = sent("新", {1: "韦青"}, modified=NOON.replace(tzinfo=UTC))
    assert older(incoming({1: "韦青"}, modified=NOON.replace(tzinfo=east)), zoned) == "新"


def test_other_copy_with_a_higher_counter_is_not_its_successor() -> None:
    assert older(incoming({1: "莫山"}, send=1), sent("甲", {1: "韦青", 2: "覃明"}, send=5)) is None


def test_file_that_says_anything_that_the_newer_has_not_is_not_older() -> None:
    """Two clerks share most of their people, and one of them sends twice: the other's rows are no old ones."""
    shared = {1: "韦青", 2: "覃明", 3: "陆川"}
    newer = sent("甲", shared | {4: "黄河"}, send=2)
    assert older(incoming(shared | {4: "莫山"}, send=1), newer) is None
    assert older(incoming(shared | {5: "莫山"}, send=1), newer) is None
    assert older(incoming({1: "韦青:科员", 2: "覃明"}, send=1), newer) is None
    assert older(incoming(shared, send=1), newer) == "甲"
    assert older(incoming({1: "韦青:科员"}, send=1), sent("甲", {1: "韦青:股长"}, send=2)) == "甲"


def test_file_that_only_took_a_row_away_is_not_older() -> None:
    base = issued({1: "韦青", 2: "覃明"})
    newer = sent("新", {1: "韦青", 2: "覃明", 3: "陆川"}, send=2)
    assert older(incoming({1: "韦青", 2: "覃明"}, send=1), newer, base=base) == "新"
    assert older(incoming({1: "韦青"}, send=1), newer, base=base) is None


@pytest.mark.parametrize("fields", [{"base_run": 7}, {"status": SubmissionStatus.REJECTED}])
def test_older_than_a_merged_file_of_the_same_issue_only(fields: dict[str, Any]) -> None:
    assert older(incoming({1: "韦青"}), sent("新", {1: "韦青"}, send=2, **fields)) is None
