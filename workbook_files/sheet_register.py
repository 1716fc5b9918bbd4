"""Which part of a damaged workbook is which sheet, by what is left of the parts that say it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape, quoteattr

from workbook_files.loose_parts import Part, State
from workbook_files.relations import local, relation_id, targets
from workbook_files.torn_xml import kept

TYPES, ROOT, WORKBOOK = "[Content_Types].xml", "_rels/.rels", "xl/workbook.xml"
RELATIONS = "xl/_rels/workbook.xml.rels"

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"


@dataclass(frozen=True)
class Register:
    """The (name, part) of each sheet in order, the parts that say so, and whether the names or their order are in doubt."""

    sheets: list[tuple[str, str]]
    parts: dict[str, bytes]
    doubtful: bool


@dataclass(frozen=True)
class _Book:
    """What is left of the workbook's main part: (name, relationship, state) of each sheet, its defined names, its dates."""

    sheets: list[tuple[str, str, str]] = field(default_factory=list)
    names: list[tuple[str, str]] = field(default_factory=list)
    from_1904: bool = False
    whole: bool = False


def register(taken: Mapping[str, Part | None], parts: Sequence[str], others: Mapping[str, str]) -> Register:
    """The sheets of a workbook. `taken` are the parts that say which they are, None where one is lost, `parts` those of the
    sheets that are there, `others` those of texts and styles by the word for their kind."""
    book, related = _book(taken[WORKBOOK]), _related(taken[RELATIONS])
    sound = book.whole and bool(related) and _is_whole(taken[RELATIONS])
    ordered = sorted(parts, key=_number)
    listed = _sheets(book, related, ordered)
    if not sound:
        known = {part for _, part, _ in listed}
        names = {name for name, _, _ in listed}
        free = (f"表{number}" for number in range(1, 1 << 30) if f"表{number}" not in names)
        listed += [(next(free), part, "") for part in ordered if part not in known]
    sheets = [(name, part) for name, part, _ in listed]
    if sound:
        written = {name: taken[name] for name in (WORKBOOK, RELATIONS)}
        new = {name: part.content for name, part in written.items() if part}
    else:
        new = {WORKBOOK: _workbook(listed, book), RELATIONS: _relations(sheets, others)}
    for name, made in ((ROOT, _root()), (TYPES, _types(sheets, others))):
        part = taken[name]
        new[name] = part.content if sound and part and _is_whole(part) else made
    return Register(sheets, new, doubtful=not sound)


def _sheets(book: _Book, related: Mapping[str, tuple[str, str]], there: Sequence[str]) -> list[tuple[str, str, str]]:
    """(name, part, state) of each sheet that the workbook names, whether its part is there or not."""
    found: list[tuple[str, str, str]] = []
    for place, (name, relation, state) in enumerate(book.sheets, start=1):
        if related:
            kind, part = related.get(relation, ("", ""))
            if kind != "worksheet":
                continue
        else:
            # Every program numbers the parts as the sheets stand.
            part = next((each for each in there if _number(each) == (place, each)), f"xl/worksheets/sheet{place}.xml")
        if part not in {each for _, each, _ in found} and name not in {each for each, _, _ in found}:
            found.append((name, part, state))
    return found


def _number(part: str) -> tuple[int, str]:
    digits = re.search(r"([0-9]{1,6})\.xml$", part, re.I)
    return int(digits[1]) if digits else 1 << 30, part


def _book(part: Part | None) -> _Book:
    mended = kept(part.content, 2) if part else None
    if mended is None:
        return _Book()
    root = ET.fromstring(mended.content)
    named = [each for each in root.iter() if local(each.tag) == "sheet" and each.get("name")]
    sheets = [(each.get("name", ""), relation_id(each), each.get("state", "")) for each in named]
    names = [
        (each.get("name", ""), each.text or "")
        for each in root.iter()
        if local(each.tag) == "definedName" and each.get("localSheetId") is None
    ]
    dates = any(each.get("date1904") in ("1", "true") for each in root.iter() if local(each.tag) == "workbookPr")
    return _Book(sheets, names, dates, whole=mended.whole and bool(sheets) and _is_whole(part))


def _is_whole(part: Part | None) -> bool:
    return part is not None and part.state is State.WHOLE


def _related(part: Part | None) -> dict[str, tuple[str, str]]:
    mended = kept(part.content, 1) if part else None
    with suppress(ET.ParseError):
        return targets(mended.content, WORKBOOK) if mended else {}
    return {}


def _workbook(listed: Sequence[tuple[str, str, str]], book: _Book) -> bytes:
    sheets = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{number}" r:id="rId{number}"'
        + (f" state={quoteattr(state)}" if state in ("hidden", "veryHidden") else "")
        + "/>"
        for number, (name, _, state) in enumerate(listed, start=1)
    )
    names = "".join(f"<definedName name={quoteattr(name)}>{escape(text)}</definedName>" for name, text in book.names)
    dates = '<workbookPr date1904="1"/>' if book.from_1904 else ""
    named = f"<definedNames>{names}</definedNames>" if names else ""
    return f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">{dates}<sheets>{sheets}</sheets>{named}</workbook>'.encode()


def _relations(sheets: Sequence[tuple[str, str]], others: Mapping[str, str]) -> bytes:
    pairs = [("worksheet", part) for _, part in sheets] + list(others.items())
    body = "".join(
        f'<Relationship Id="rId{number}" Type="{_OFFICE}/{kind}" Target={quoteattr("/" + part)}/>'
        for number, (kind, part) in enumerate(pairs, start=1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{body}</Relationships>'.encode()


def _root() -> bytes:
    target = f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="{WORKBOOK}"/>'
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{target}</Relationships>'.encode()


def _types(sheets: Sequence[tuple[str, str]], others: Mapping[str, str]) -> bytes:
    kinds = [(WORKBOOK, "sheet.main")]
    kinds += [(part, "worksheet") for _, part in sheets] + [(part, kind) for kind, part in others.items()]
    body = "".join(
        f'<Override PartName={quoteattr("/" + part)} ContentType="{_SPREADSHEET}.{kind}+xml"/>' for part, kind in kinds
    )
    defaults = (
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
    )
    return f'<Types xmlns="{_PACKAGE}/content-types">{defaults}{body}</Types>'.encode()
