"""The rules by which a single workbook is checked: those of the office in whose folder it lies."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from sync.file_check import Rules
from sync.office import OfficeFolder
from sync.session import open_session
from xingzhi.programme import Term


def rules_for(paths: Iterable[Path]) -> Rules:
    """The terms of the offices in whose folders the files lie; elsewhere the shipped profiles hold."""
    terms: dict[Path, Term] = {}
    offices = {office.root for path in paths if (office := OfficeFolder.containing(path))}
    for root in offices:
        with open_session(root) as session:
            terms[root] = session.term
    return Rules(terms)
