"""Rows that vanish from a file, and those that come back."""

from __future__ import annotations

from dataclasses import replace

from support.merging import codes, incoming, kinds, ledger, merge, number, person, row, snapshot

from sync.actions import MarkMissing, Restore
from sync.records import Snapshot, Status
from xingzhi.labels import Lang


def test_vanished_row_waits_for_confirmation() -> None:
    before = [person(1, "韦青"), person(2, "覃明")]
    result = merge(incoming(before[1]), snapshot(*before), ledger(*before))
    (action,) = result.effects
    assert isinstance(action, MarkMissing)
    assert (action.after.status, action.after.values["name"]) == (Status.MISSING, "韦青")
    (found,) = result.findings
    assert (found.code, found.record, found.value) == ("M102", number(1), "韦青 / 社会救助股")


def test_row_whose_cells_were_cleared_has_vanished() -> None:
    before = [person(1, "韦青"), person(2, "覃明")]
    assert kinds(merge(incoming(row(number(1)), before[1]), snapshot(*before), ledger(*before))) == ["missing"]


def test_vanished_row_is_asked_for_once() -> None:
    before = person(1, "韦青")
    result = merge(incoming(), snapshot(before), ledger(before, status=Status.MISSING))
    assert (kinds(result), codes(result)) == ([], [])


def test_row_of_another_copy_is_kept() -> None:
    before = person(1, "韦青")
    assert kinds(merge(incoming(before), snapshot(before), ledger(before, person(2, "覃明")))) == []


def test_missing_row_that_stands_there_again_is_restored() -> None:
    for base in (snapshot(), snapshot(person(1, "韦青"))):
        result = merge(incoming(person(1, "韦青", post="股长")), base, ledger(person(1, "韦青"), status=Status.MISSING))
        (action,) = result.effects
        assert isinstance(action, Restore)
        assert (action.after.status, action.after.values["post"]) == (Status.ACTIVE, "股长")


def test_withdrawn_row_comes_back_only_when_the_file_says_something_new_of_it() -> None:
    before = person(1, "韦青")
    gone = ledger(before, status=Status.WITHDRAWN)
    assert kinds(merge(incoming(before), snapshot(before), gone)) == []
    assert kinds(merge(incoming(person(1, "韦青", post="股长")), snapshot(before), gone)) == ["restored"]
    assert kinds(merge(incoming(before), snapshot(), gone)) == ["restored"]
    assert kinds(merge(incoming(person("", "韦青")), snapshot(), gone)) == ["restored"]


def test_table_that_is_all_of_a_sudden_empty_is_not_taken() -> None:
    before = [person(serial, name) for serial, name in enumerate(("韦青", "覃明", "陆川"), 1)]
    result = merge(incoming(), snapshot(*before), ledger(*before))
    assert (kinds(result), codes(result), set(result.refused)) == ([], ["M105"], {"people"})
    assert result.findings[0].message(Lang.ZH) == "“人员名册”原有 3 行，这次一行都没有，没有采用这份表"
    again = merge(incoming(), Snapshot.submitted(result.stored), ledger(*before))
    assert (kinds(again), codes(again)) == ([], ["M105"])
    forced = merge(incoming(), snapshot(*before), ledger(*before), force=True)
    assert (kinds(forced), codes(forced)) == (["missing"] * 3, ["M102"] * 3)


def test_table_of_few_rows_may_become_empty() -> None:
    before = [person(1, "韦青"), person(2, "覃明")]
    assert kinds(merge(incoming(), snapshot(*before), ledger(*before))) == ["missing", "missing"]


def test_table_that_the_file_has_not_says_nothing() -> None:
    before = [person(1, "韦青"), person(2, "覃明")]
    result = merge(replace(incoming(), rows={}), snapshot(*before), ledger(*before))
    assert (kinds(result), codes(result)) == ([], [])
    assert {each.record for each in result.stored} == {number(1), number(2)}
