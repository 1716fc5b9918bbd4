"""A master that is damaged: what of it can still be read. It never takes the place of what the ledger has."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from sync.master_reader import DamagedMaster, MasterContent, master_content, said
from workbook_files.limits import OWN
from workbook_files.reader import read_salvaged
from xingzhi.columns import Table
from xingzhi.findings import Finding
from xingzhi.labels import Label, Lang

_SURE = ("cut_off", "package", "sheet", "rows", "after_rows", "other")
"""The losses beside which what was read is what was written; beside others it may be something else."""


@dataclass(frozen=True)
class Damage:
    """What is wrong with a master, what could not be read of it, and what could, None where nothing of it can be used."""

    reason: Label
    lost: Label
    content: MasterContent | None = None


def damage_of(path: Path, error: DamagedMaster, tables: Iterable[Table], lang: Lang) -> Damage:
    """What is left of a damaged master."""
    grid, findings = read_salvaged(path, OWN)
    losses = [each for each in findings if each.code == "F117"]
    if grid is None or not all(each.told_as.split("|")[1] in _SURE for each in losses):
        return Damage(said(error.found), Label("", ""))
    return Damage(said(error.found), _listed(losses), master_content(grid, tables, lang))


def _listed(losses: Iterable[Finding]) -> Label:
    labels = [said(each) for each in losses]
    return Label("；".join(each.zh for each in labels), "; ".join(each.en for each in labels))
