"""Older versions of the template: what is declared to change from each to the next, so that their workbooks are read on.

Which versions are known is decided here, above the domain: `xingzhi` knows the current one alone, and is told which others
can be read (`check_identity`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from workbook_templates.migration_steps import Step
from xingzhi.grid import Grid
from xingzhi.identity import TEMPLATE_VERSION, Identity


@dataclass(frozen=True)
class Migration:
    """The steps from one version to the next, in order."""

    before: str
    after: str
    steps: tuple[Step, ...] = ()


MIGRATIONS: tuple[Migration, ...] = (
    # Version 2 offers more in its drop-downs, and moves nothing.
    Migration("1", "2"),
)


def path(version: str, chain: Sequence[Migration] = MIGRATIONS, to: str = TEMPLATE_VERSION) -> list[Migration] | None:
    """The migrations that lead from a version to another, none for that version itself; None where nothing leads there."""
    found: list[Migration] = []
    by_version = {each.before: each for each in chain}
    while version != to:
        step = by_version.get(version)
        if step is None or step in found:
            return None
        found.append(step)
        version = step.after
    return found


OLDER = frozenset(each.before for each in MIGRATIONS if path(each.before) is not None)
"""The versions whose workbooks are read as if they were of the current one."""


def migrated(grid: Grid, version: str, chain: Sequence[Migration] = MIGRATIONS, to: str = TEMPLATE_VERSION) -> Grid:
    """The grid of a workbook as it would be in the version `to`; the grid itself where nothing leads there."""
    for migration in path(version, chain, to) or ():
        for step in migration.steps:
            grid = step.apply(grid)
    return grid


def current(grid: Grid, identity: Identity | None) -> Grid:
    """The grid of a workbook of ours as it would be in the current template; one without identity says no version."""
    return migrated(grid, identity.template_version) if identity else grid
