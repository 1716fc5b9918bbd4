"""The rules by which a single workbook is checked: those of the office in whose folder it lies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from sync.office import OfficeFolder
from sync.session import open_session
from workbook_templates.grid_check import term_of
from xingzhi.identity import Identity
from xingzhi.programme import Term


@dataclass(frozen=True)
class Rules:
    """The terms that offices have set, by the office's folder; any other workbook is judged by the shipped profile."""

    terms: Mapping[Path, Term]

    def term(self, identity: Identity, path: Path) -> Term | None:
        """The rules for a workbook at a path, None where its programme is none that we know."""
        return term_of(identity, self.of_office(path))

    def of_office(self, path: Path) -> Term | None:
        """The rules of the office in whose folder a file lies, None elsewhere."""
        return next((term for root, term in self.terms.items() if root in path.resolve().parents), None)


def rules_for(paths: Iterable[Path]) -> Rules:
    """The terms of the offices in whose folders the files lie; elsewhere the shipped profiles hold."""
    terms: dict[Path, Term] = {}
    offices = {office.root for path in paths if (office := OfficeFolder.containing(path))}
    for root in offices:
        with open_session(root) as session:
            terms[root] = session.term
    return Rules(terms)
