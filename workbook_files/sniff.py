"""Guard: decide from a file's bytes, not its name, whether it may be opened at all."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from workbook_files.compound_file import inspect_compound_file
from workbook_files.file_findings import hostile, no_workbook, too_large
from workbook_files.kinds import SUFFIXES, Kind, foreign_kind
from workbook_files.limits import Limits
from workbook_files.package_guard import inspect_package
from workbook_files.text_file import recognise_text
from xingzhi import messages
from xingzhi.findings import Finding, finding

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")


@dataclass(frozen=True)
class Sniffed:
    """What a file is, None where it may not be opened, and what is said of it.

    `text` is the content of a file of text.
    """

    kind: Kind | None
    findings: list[Finding] = field(default_factory=list)
    text: str = ""


def sniff(path: Path, limits: Limits) -> Sniffed:
    """Look at a file without trusting it. OSError where it cannot be read at all; a damaged package raises, in one of
    the many ways of `zipfile`."""
    name, size = path.name, path.stat().st_size
    if size == 0:
        return Sniffed(None, [finding("F102", file=name)])
    if size > limits.whole:
        return Sniffed(None, [too_large(name, "whole", size, limits.whole)])
    with path.open("rb") as stream:
        head = stream.read(512)
    if head.startswith(_ZIP):
        found = inspect_package(path, limits)
    elif head.startswith(OLE):
        found = inspect_compound_file(path, limits)
    else:
        return _text_or_foreign(path, head, size, limits)
    return Sniffed(found.kind, [*found.findings, *_misnamed(path, found.kind)])


def _text_or_foreign(path: Path, head: bytes, size: int, limits: Limits) -> Sniffed:
    foreign = foreign_kind(head)
    if foreign:
        return Sniffed(None, [no_workbook(path.name, foreign)])
    if size > limits.size:
        return Sniffed(None, [too_large(path.name, "size", size, limits.size)])
    found = recognise_text(path)
    if found.kind is None:
        damaged = found.foreign == "unknown" and path.suffix.lower() in _EXPECTED
        return Sniffed(None, [hostile(path.name, "no_workbook") if damaged else no_workbook(path.name, found.foreign)])
    lost = [finding("F116", file=path.name, value=str(found.decoded.lost))] if found.decoded.lost else []
    return Sniffed(found.kind, [*_misnamed(path, found.kind), *lost], found.decoded.text)


_EXPECTED = {suffix for suffixes in SUFFIXES.values() for suffix in suffixes} - {".txt", ".xml", ".htm", ".html"}


def _misnamed(path: Path, kind: Kind | None) -> list[Finding]:
    """F111: the name's ending does not fit what the file is, so that Excel asks before it opens it."""
    suffix = path.suffix.lower()
    if kind is None or suffix in SUFFIXES[kind]:
        return []
    said = messages.label(f"kind.{kind.value}")
    value = suffix or path.name
    return [finding("F111", file=path.name, value=value, fields={"kind": said})]
