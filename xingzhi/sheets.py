"""Which sheet of a workbook holds which table: by its name, by a name like it, else by its header."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from xingzhi.findings import Finding, Severity, finding
from xingzhi.grid import Grid, Sheet
from xingzhi.headers import Header, Scan, Spelled, find_header, folded, scan
from xingzhi.own_sheets import is_ours
from xingzhi.unread_sheets import Unread, by_position, told

_SUFFIX = re.compile(r"([(_-]?[0-9]+\)?|[-_(]?(副本|续表|续|copy|continued)\)?)+$")
_EXACT, _PADDED, _COPY, _ALIAS, _HEADER = range(5)


@dataclass(frozen=True, slots=True)
class Match:
    """A sheet that holds a table. `rank` is 0 for the table's own name and grows as the name gets less like it."""

    sheet: Sheet
    header: Header
    rank: int


@dataclass(frozen=True, slots=True)
class Matches:
    """The sheets that hold tables: by table key, those that are read, the best first; and what was not as expected."""

    found: dict[str, list[Match]]
    findings: list[Finding]


def match_sheets(grid: Grid, spellings: Sequence[Spelled]) -> Matches:
    """The sheets of each table, and what was not as expected (B107, B108, B115 to B118, S108).

    The sheet that holds rows comes first, then the one with the better name. A copy goes on being read beside it: it is
    known by its name, or by a header that has the record number too; one that lost its header, by its numbers. A list with
    no more than a table's header is the table's only where no other sheet holds rows; else it is the unit's own, and B108
    says that it is not read. A sheet serves one table only. Hidden sheets count; sheets whose name begins with `_` are the
    tool's.
    """
    sheets = [(sheet, scan(sheet, spellings)) for sheet in grid.sheets if not sheet.name.startswith("_")]
    named: dict[str, list[Match]] = {spelling.table.key: [] for spelling in spellings}
    others: list[tuple[Sheet, Scan]] = []
    for sheet, scanned in sheets:
        rank, spelling = _ranked(sheet, spellings)
        header = find_header(sheet, scanned, spelling) if spelling else None
        if spelling and header and header.fits_named:
            named[spelling.table.key].append(Match(sheet, header, rank))
        else:
            others.append((sheet, scanned))
    by_header = _by_header(others, spellings)
    found: dict[str, list[Match]] = {}
    findings: list[Finding] = []
    for spelling in spellings:
        key = spelling.table.key
        read, passed = _chosen(named[key], by_header[key], spelling)
        findings += _findings(grid.file, spelling, read, passed)
        if read:
            found[key] = [match for match in read if match is read[0] or filled(match, spelling)]
    known = {*(match.sheet.name for matches in found.values() for match in matches), *(each.sheet for each in findings)}
    unread = [pair for pair in others if pair[0].name not in known and not is_ours(pair[0])]
    findings += _of_unread(grid, unread, spellings, found)
    return Matches(found, _fitting(grid, findings, found, spellings))


def _fitting(
    grid: Grid, findings: list[Finding], found: Mapping[str, object], spellings: Sequence[Spelled]
) -> list[Finding]:
    """The findings that make sense together, in one file of its kind."""
    # The sheet that bears a table's name was found: it is its rows that are not read.
    lost = {each.table for each in findings if each.code == "B116" and each.severity is Severity.ERROR}
    findings = [each for each in findings if each.code != "B107" or each.table not in lost]
    if found:
        # A part-book (分册) has some of the tables; a workbook that has none of them is no workbook of ours.
        findings = [replace(each, severity=Severity.WARNING) if each.code == "B107" else each for each in findings]
    elif len(spellings) > 1:
        rest = [each for each in findings if each.code not in ("B107", "B115")]
        findings = [finding("B118", file=grid.file), *rest]
    # A text file has no sheets: it is called by the name of the file.
    return [each for each in findings if not grid.bare or each.code not in ("S108", "B115")]


def _of_unread(
    grid: Grid, sheets: Sequence[tuple[Sheet, Scan]], spellings: Sequence[Spelled], found: dict[str, list[Match]]
) -> Iterator[Finding]:
    """What is told of the sheets that are read for no table; a copy that lost its header is read by position after all."""
    tables = [spelling.table for spelling in spellings]
    for sheet, scanned in sheets:
        rank, spelling = _ranked(sheet, spellings)
        first = found[spelling.table.key][0] if spelling and spelling.table.key in found else None
        header = by_position(sheet, first.sheet, first.header, spelling.table) if spelling and first else None
        match = Match(sheet, header, rank) if header else None
        if spelling and first and match and filled(match, spelling):
            key = spelling.table.key
            found[key].append(match)
            other = first.sheet.name
            yield finding("B117", file=grid.file, sheet=sheet.name, table=key, value=sheet.name, other=other)
            continue
        headers = [(each, like) for like in spellings if (each := find_header(sheet, scanned, like))]
        best, like = max(headers, key=lambda pair: pair[0].unit_columns, default=(None, None))
        yield from told(grid.file, Unread(sheet, spelling, like, best), tables)


def _ranked(sheet: Sheet, spellings: Sequence[Spelled]) -> tuple[int, Spelled | None]:
    """The table whose name a sheet bears, and how like it the name is."""
    ranked = [(rank, spelling) for spelling in spellings if (rank := _rank(sheet.name, spelling)) is not None]
    return min(ranked, key=lambda pair: pair[0], default=(_HEADER, None))


def _chosen(named: list[Match], others: list[Match], spelling: Spelled) -> tuple[list[Match], list[Match]]:
    """The sheets of one table that are read, the best first, and those that hold rows and are not."""
    held = [match for match in others if filled(match, spelling)]
    alone = bool(held) and not any(filled(match, spelling) for match in named)
    sure = [match for match in held if "record" in match.header.columns or alone]
    read = _best_first([*named, *sure], spelling) or _best_first(others, spelling)[:1]
    passed = [match for match in held if match not in read and match.header.required_share == 1]
    return read, passed


def _findings(file: str, spelling: Spelled, read: Sequence[Match], passed: Sequence[Match]) -> list[Finding]:
    table = spelling.table
    if not read:
        return [finding("B107", file=file, table=table.key, name=table.label)]
    chosen = read[0].sheet.name
    findings = [
        finding(
            "B108",
            file=file,
            sheet=other.sheet.name,
            table=table.key,
            value=chosen,
            name=table.label,
            other=other.sheet.name,
        )
        for other in passed
    ]
    if read[0].rank != _EXACT:
        findings.append(finding("S108", file=file, sheet=chosen, table=table.key, value=chosen, name=table.label))
    return findings


def plain_name(name: str) -> str:
    """A sheet's name, folded and without what a copy adds to it."""
    return _SUFFIX.sub("", folded(name).strip("_"))


def _rank(name: str, spelling: Spelled) -> int | None:
    if name in spelling.table.label.both():
        return _EXACT
    plain = folded(name).strip("_")
    labels = {folded(text) for text in spelling.table.label.both()}
    bare = plain_name(name)
    if plain in labels:
        return _PADDED
    if bare in labels:
        return _COPY
    aliases = {folded(text) for text in spelling.table.aliases}
    return _ALIAS if plain in aliases or bare in aliases else None


def _by_header(sheets: Sequence[tuple[Sheet, Scan]], spellings: Sequence[Spelled]) -> dict[str, list[Match]]:
    found: dict[str, list[Match]] = {spelling.table.key: [] for spelling in spellings}
    for sheet, scanned in sheets:
        headers = [(find_header(sheet, scanned, spelling), spelling) for spelling in spellings]
        fitting = [(header, spelling) for header, spelling in headers if header and header.fits]
        if fitting:
            header, spelling = max(fitting, key=lambda pair: (pair[0].required_share, pair[0].unit_share))
            found[spelling.table.key].append(Match(sheet, header, _HEADER))
    return found


def _best_first(matches: list[Match], spelling: Spelled) -> list[Match]:
    if len(matches) < 2:
        return matches
    return sorted(matches, key=lambda match: (not filled(match, spelling), match.rank))


def filled(match: Match, spelling: Spelled) -> bool:
    """Whether anything stands below the header in a column that the unit fills in."""
    places = [place - 1 for key, place in match.header.columns.items() if key in spelling.unit_keys]
    rows = match.sheet.rows[match.header.bottom :]
    return any(place < len(row) and row[place] not in (None, "") for row in rows for place in places)
