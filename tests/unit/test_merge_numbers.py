"""Record numbers that a unit typed itself: they neither take another row's place nor keep the office from issuing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
from support.codes import covers
from support.merging import NOTES, codes, incoming, kinds, ledger, merge, number, person, row, snapshot
from support.office import INSTANCE, PEOPLE, Bureau, fresh_office, read_lines, typing

from sync.ledger import Ledger
from sync.records import LedgerRow, Snapshot
from sync.session import open_session
from sync.unit_books import _last_used
from sync.unit_merge import new_record
from xingzhi.record_numbers import ADDED_RANGE, SYNC_RANGE

MERGED = "汇总_人员名册"


def used(*serials: int) -> list[LedgerRow]:
    return [LedgerRow("p-2026", "LD", "people", number(serial), {}) for serial in serials]


# Which numbers are taken as they stand


@covers("M103")
@pytest.mark.parametrize("serial", [SYNC_RANGE, SYNC_RANGE + 7, 99999])
def test_number_of_the_range_that_sync_gives_is_not_taken(serial: int) -> None:
    """Else the next number that sync gives could be the same, and one of the two rows would be lost."""
    current = ledger(person(SYNC_RANGE, "韦青"))
    result = merge(incoming(person(serial, "覃明")), snapshot(), current)
    assert [(action.kind, action.after.record) for action in result.effects] == [("inserted", number(SYNC_RANGE + 1))]
    (found,) = result.findings
    assert (found.code, found.value) == ("M103", number(serial))


def test_number_beyond_those_printed_is_not_taken() -> None:
    rows = (person(100, "韦青"), person(101, "覃明"))
    result = merge(incoming(*rows), snapshot(), ledger(), printed={"people": 100})
    assert [record for _, record in result.assigned] == [number(100), number(SYNC_RANGE)]
    assert [found.value for found in result.findings] == [number(101)]
    elsewhere = merge(incoming(*rows), snapshot(), ledger(), printed={"projects": 20})
    assert [record for _, record in elsewhere.assigned] == [number(100), number(101)]
    assert codes(elsewhere) == []


def test_number_that_the_macro_gave_is_taken() -> None:
    rows = (person(100, "韦青"), person(ADDED_RANGE, "覃明"), person(SYNC_RANGE - 1, "罗一"))
    result = merge(incoming(*rows), snapshot(), ledger(), printed={"people": 100})
    assert [record for _, record in result.assigned] == [row.record for row in rows]
    assert codes(result) == []


def test_number_that_two_copies_macros_gave_to_different_people_is_given_to_the_first() -> None:
    current = ledger(person(ADDED_RANGE, "韦青"))
    result = merge(incoming(person(ADDED_RANGE, "覃明")), snapshot(), current, printed={"people": 100})
    assert [(action.kind, action.after.record) for action in result.effects] == [("inserted", number(SYNC_RANGE))]
    assert codes(result) == []


def test_serial_zero_was_never_printed() -> None:
    result = merge(incoming(person(0, "韦青")), snapshot(), ledger())
    assert [record for _, record in result.assigned] == [number(SYNC_RANGE)]


def test_row_under_a_typed_number_is_known_again() -> None:
    file = incoming(person(3995, "韦青"), row(number(3995, NOTES), NOTES, text="一"))
    printed = {"people": 100, "notes": 5}
    first = merge(file, snapshot(), ledger(), printed=printed)
    assert codes(first) == ["M103", "M103"]
    held = {action.after.key: action.after for action in first.actions}
    again = merge(file, Snapshot.submitted(first.stored), replace(ledger(), rows=held), printed=printed)
    assert (kinds(again), codes(again)) == ([], [])


# Which numbers are printed


def test_numbers_go_on_from_the_highest_printed_one_in_use() -> None:
    assert _last_used(used(), "people", printed=0, count=100) == 0
    assert _last_used(used(1, 2, 7), "people", printed=100, count=93) == 7
    assert _last_used(used(1, 2, 7), "reports", printed=100, count=60) == 0
    assert _last_used(used(3, SYNC_RANGE, SYNC_RANGE + 1), "people", printed=100, count=99) == 3


@pytest.mark.parametrize(
    ("serials", "expected"),
    [
        ((1, 2, 3995), 2),
        ((1, 2, 102), 102),
        ((90, 120), 120),
        ((1, 60, 3999), 60),
        ((3990, ADDED_RANGE, SYNC_RANGE), 0),
    ],
)
def test_numbers_that_units_typed_are_stepped_around(serials: tuple[int, ...], expected: int) -> None:
    for printed in (0, 100, 4000):
        last = _last_used(used(*serials), "people", printed=printed, count=100)
        assert not {*serials} & {*range(last + 1, last + 101)} and last + 100 < ADDED_RANGE
    assert _last_used(used(*serials), "people", printed=100, count=100) == expected


# Whole stories


@pytest.fixture
def office(tmp_path: Path) -> Bureau:
    return fresh_office(tmp_path / "行动办")


def type_number(office: Bureau, record: str) -> None:
    with typing(office.receive(office.issued("T02"), "T02.xlsx")) as book:
        book.put(PEOPLE, 1, {"记录号": record, "姓名": "柳一", "部门": "办公室", "班子成员": "是"})


def enter(office: Bureau, name: str) -> None:
    with office.at_work() as book:
        book.add(MERGED, {"单位代码": "T02", "姓名": name, "部门": "救助股", "班子成员": "否"})


def test_person_that_the_office_enters_does_not_replace_one_with_a_typed_number(office: Bureau) -> None:
    type_number(office, f"T02-RY-{SYNC_RANGE + 1}")
    office.sync()
    for name in ("柳二", "柳三"):
        enter(office, name)
        office.sync()
    assert {line["姓名"] for line in office.lines(MERGED)} == {"柳一", "柳二", "柳三"}
    assert len({line["记录号"] for line in office.lines(MERGED)}) == 3


def test_number_that_a_row_of_the_ledger_bears_is_not_given_again(office: Bureau) -> None:
    held = LedgerRow(INSTANCE, "T02", "people", f"T02-RY-{SYNC_RANGE}", {"name": "柳一"})
    with open_session(office.root) as session, session.ledger.run("sync", date(2026, 7, 1), datetime.now()) as run:
        session.ledger.put(run, held)
        assert new_record(session, "T02", "people") == f"T02-RY-{SYNC_RANGE + 1}"
        assert new_record(session, "T03", "people") == f"T03-RY-{SYNC_RANGE}"


def test_typed_number_near_the_end_of_the_range_keeps_nobody_from_issuing(office: Bureau) -> None:
    type_number(office, f"T02-RY-{ADDED_RANGE - 6}")
    office.sync()
    office.issue()
    office.issue()
    numbers = [line["记录号"] for line in read_lines(office.issued("T02"), PEOPLE)]
    assert len(numbers) == len({*numbers}) > 50
    assert read_lines(office.issued("T02"), PEOPLE)[0]["姓名"] == "柳一"
    assert numbers[1] == "T02-RY-0001"
    with Ledger.open(office.root) as ledger_:
        assert ledger_.issued_serial(INSTANCE, "T02", "people") < 200
