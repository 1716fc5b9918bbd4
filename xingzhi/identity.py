"""Whose workbook a file is: programme, year, unit, template version, and the run it was issued from.

Three carriers hold it, since each dies somewhere: a very hidden `_meta` sheet, custom document properties, and
constant defined names (Google Sheets drops properties; LibreOffice drops nothing but turns very hidden into hidden).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from xingzhi.cleaning import unpadded
from xingzhi.findings import Finding, Severity, finding
from xingzhi.grid import Grid
from xingzhi.labels import Label, Lang
from xingzhi.record_numbers import UNIT_CODE

TEMPLATE_VERSION = "2"
"""A whole number; `workbook_templates.migrations` declares what leads here from the ones before."""

META_SHEET = "_meta"
PROPERTY_PREFIX = "xingzhi."
NAME_PREFIX = "xz_"

LABELS = {
    "template_version": Label("模板版本", "template version"),
    "programme": Label("方案", "programme"),
    "year": Label("年度", "year"),
    "unit": Label("单位代码", "unit code"),
    "unit_name": Label("单位名称", "unit name"),
    "base_run": Label("下发批次", "issue run"),
    "send": Label("报送次数", "send counter"),
    "lang": Label("语言", "language"),
    "kind": Label("类别", "kind"),
}
CARRIED = ("template_version", "programme", "year", "unit")
"""What all three carriers hold; the rest stands in the sheet alone."""

OWNED_BY = ("programme", "year", "unit")
"""What says whose workbook it is: carriers that disagree on it belong to different workbooks."""

OFFICE = "office"
"""The kind of the office's own workbook."""

YEARS = range(2000, 2101)

_LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class Identity:
    """`programme` is the profile's id; `base_run` is 0 for a blank template; `send` counts the sendings. `kind` is
    `OFFICE` for the office's own workbook, else empty."""

    template_version: str
    programme: str
    year: int
    unit: str = ""
    unit_name: str = ""
    base_run: int = 0
    send: int = 0
    lang: str = "zh"
    kind: str = ""

    def items(self) -> dict[str, str]:
        """The identity as texts, in the order in which `_meta` holds it."""
        found = {key: str(getattr(self, key)) for key in LABELS}
        return found if self.kind else {key: text for key, text in found.items() if key != "kind"}


def instance(programme: str, year: int) -> str:
    """The programme instance: part of every key, since an office may run two programmes at once."""
    return f"{programme}-{year}"


def read_identity(grid: Grid) -> tuple[Identity | None, list[Finding]]:
    """The identity that a workbook carries, and what its carriers disagree on.

    A carrier whose unit's code is none does not count. None where no carrier is left (B101), and where they disagree on
    whose workbook it is (B106). Where they disagree on the template's version alone, the sheet wins over the properties,
    and they over the names.
    """
    # What no office gives for a code was written by no program of ours: nothing beside it can be relied on.
    carriers = [
        found
        for found in (_from_sheet(grid), _from_properties(grid), _from_names(grid))
        if found and UNIT_CODE.fullmatch(found.get("unit") or "0")
    ]
    merged: dict[str, str] = {}
    others: dict[str, str] = {}
    for found in carriers:
        for key, value in found.items():
            if value and merged.setdefault(key, value) != value:
                others.setdefault(key, value)
    findings = [_disagreement(grid, key, merged[key], other) for key, other in others.items()]
    if any(each.severity is Severity.ERROR for each in findings):
        return None, findings
    year = _whole(merged.get("year", ""))
    if not merged.get("programme") or year not in YEARS:
        return None, [*findings, finding("B101", file=grid.file)]
    return (
        Identity(
            template_version=merged.get("template_version", ""),
            programme=merged["programme"],
            year=year,
            unit=merged.get("unit", ""),
            unit_name=unpadded(merged.get("unit_name", ""))[:_LONGEST_NAME],
            base_run=_whole(merged.get("base_run", "")),
            send=_whole(merged.get("send", "")),
            lang=merged["lang"] if merged.get("lang") in tuple(Lang) else Lang.ZH.value,
            kind=OFFICE if merged.get("kind") == OFFICE else "",
        ),
        findings,
    )


def _disagreement(grid: Grid, key: str, value: str, other: str) -> Finding:
    severity = Severity.ERROR if key in OWNED_BY else Severity.WARNING
    return finding("B106", severity=severity, file=grid.file, column=key, value=value, item=LABELS[key], other=other)


def _from_sheet(grid: Grid) -> dict[str, str]:
    sheet = grid.sheet(META_SHEET)
    if sheet is None:
        return {}
    found = {str(row[0]): _text(row[1]) for row in sheet.rows if len(row) > 1 and row[0]}
    return {key: value for key, value in found.items() if key in LABELS}


def _from_properties(grid: Grid) -> dict[str, str]:
    return _prefixed(grid.properties, PROPERTY_PREFIX)


def _from_names(grid: Grid) -> dict[str, str]:
    return _prefixed(grid.names, NAME_PREFIX)


def _prefixed(carrier: Mapping[str, str], prefix: str) -> dict[str, str]:
    return {key: carrier[prefix + key].strip() for key in CARRIED if prefix + key in carrier}


def _text(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value).strip()


def _whole(text: str) -> int:
    """The number that was written here; 0 for what no program of ours wrote."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
