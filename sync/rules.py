"""The rules by which a single workbook is checked: those of the office in whose folder it lies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from sync.office import OfficeFolder
from sync.session import open_session
from sync.standing import waivers
from workbook_templates.grid_check import OfficeRules, term_of
from xingzhi.identity import Identity
from xingzhi.programme import Term


@dataclass(frozen=True)
class Rules:
    """What offices have set, by the office's folder; any other workbook is judged by what it carries, else by the shipped
    profile."""

    offices: Mapping[Path, OfficeRules]

    def term(self, identity: Identity, path: Path) -> Term | None:
        """The rules for a workbook at a path, None where its programme is none that we know."""
        office = self.of_office(path)
        return term_of(identity, office.term if office else None)

    def of_office(self, path: Path) -> OfficeRules | None:
        """What the office says in whose folder a file lies, None elsewhere."""
        return next((rules for root, rules in self.offices.items() if root in path.resolve().parents), None)


def rules_for(paths: Iterable[Path]) -> Rules:
    """What the offices say in whose folders the files lie."""
    rules: dict[Path, OfficeRules] = {}
    offices = {office.root for path in paths if (office := OfficeFolder.containing(path))}
    for root in offices:
        with open_session(root) as session:
            units = session.settings.units
            waived = frozenset(waiver for unit in units for waiver in waivers(session, unit))
            rules[root] = OfficeRules(session.term, {unit.code: unit.member for unit in units}, waived)
    return Rules(rules)
