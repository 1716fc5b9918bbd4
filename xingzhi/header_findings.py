"""What is not as expected in a header: another row, other names, columns that are missing, repeated or the unit's own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from xingzhi.columns import Column, Owner
from xingzhi.findings import Finding, Severity
from xingzhi.headers import HEADER_ROW, Header
from xingzhi.near_misses import header_hint, missing_hint, near_columns
from xingzhi.quoting import shown
from xingzhi.sheet_place import SheetPlace, with_args


def header_findings(place: SheetPlace, header: Header, *, bare: bool) -> Iterator[Finding]:
    """S101 to S103, S106 and S107 of a sheet's header. A text file (`bare`) has no row in which its header belongs."""
    if header.by_position:
        return
    if header.row != HEADER_ROW and not bare:
        yield place.found("S101", header.row, min(header.columns.values()), str(header.row))
    missing = [column for column in place.table.owned_by(Owner.UNIT) if column.key not in header.columns]
    yield from _of_columns(place, header, missing)
    near = near_columns(header.unknown, missing)
    for column in missing:
        found = place.of("S102", column.key)
        if not column.required:
            found = replace(found, severity=Severity.WARNING)
        like = [header.unknown[where] for where, each in near.items() if each is column]
        yield with_args(found, {"name": column.label, **missing_hint(column, like)})


def second_header_findings(place: SheetPlace, header: Header) -> Iterator[Finding]:
    """The same of a header further down, which may leave columns out."""
    first = min(header.columns.values())
    yield with_args(place.found("S105", header.row, first, header.texts[first]), {"row": str(header.row)})
    yield from _of_columns(place, header, [])


def _of_columns(place: SheetPlace, header: Header, missing: list[Column]) -> Iterator[Finding]:
    for where, code, key in (
        *((each, "S106", key) for key, each in header.aliased.items()),
        *((each, "S107", key) for each, key in header.repeated.items()),
    ):
        found = place.found(code, _line(header, where), where, header.texts[where])
        yield with_args(replace(found, column=key), {"name": place.table[key].label})
    near = near_columns(header.unknown, missing)
    for where, text in header.unknown.items():
        yield with_args(place.found("S103", _line(header, where), where, shown(text)), header_hint(near.get(where)))


def _line(header: Header, place: int) -> int:
    return header.bottom if place in header.lower else header.row
