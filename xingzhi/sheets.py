"""Which sheet of a workbook holds which table: by its name, by a name like it, else by its header."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from xingzhi.findings import Finding, Severity, finding
from xingzhi.grid import Grid, Sheet
from xingzhi.headers import Header, Scan, Spelled, find_header, folded, scan

_SUFFIX = re.compile(r"([(_-]?[0-9]+\)?|[-_(]?(副本|copy)\)?)+$")
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
    """The sheets of each table, and what was not as expected (B107, B108, S108).

    The sheet that holds rows comes first, then the one with the better name. A copy goes on being read beside it: it is
    known by its name, or by a header that has the record number too. A list with no more than a table's header is the
    table's only where no other sheet holds rows; else it is the unit's own, and B108 says that it is not read. A sheet
    serves one table only. Hidden sheets count; sheets whose name begins with `_` are the tool's.
    """
    sheets = [(sheet, scan(sheet)) for sheet in grid.sheets if not sheet.name.startswith("_")]
    named: dict[str, list[Match]] = {spelling.table.key: [] for spelling in spellings}
    unnamed: list[tuple[Sheet, Scan]] = []
    for sheet, scanned in sheets:
        ranked = [(rank, spelling) for spelling in spellings if (rank := _rank(sheet.name, spelling)) is not None]
        rank, spelling = min(ranked, key=lambda pair: pair[0], default=(_HEADER, None))
        header = find_header(sheet, scanned, spelling) if spelling else None
        if spelling and header and header.fits_named:
            named[spelling.table.key].append(Match(sheet, header, rank))
        else:
            unnamed.append((sheet, scanned))
    by_header = _by_header(unnamed, spellings)
    found: dict[str, list[Match]] = {}
    findings: list[Finding] = []
    for spelling in spellings:
        key = spelling.table.key
        read, passed = _chosen(named[key], by_header[key], spelling)
        findings += _findings(grid.file, spelling, read, passed)
        if read:
            found[key] = [match for match in read if match is read[0] or filled(match, spelling)]
    if found:
        # A part-book (分册) has some of the tables; a workbook that has none of them is no workbook of ours.
        findings = [replace(each, severity=Severity.WARNING) if each.code == "B107" else each for each in findings]
    if grid.bare:
        # A text file has no sheets: it is called by the name of the file.
        findings = [each for each in findings if each.code != "S108"]
    return Matches(found, findings)


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
