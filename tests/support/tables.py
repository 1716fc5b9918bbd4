"""Real workbooks that hold tables, made by other projects."""

from __future__ import annotations

import zipfile
from pathlib import Path

CORPUS = Path(__file__).resolve().parents[3] / "shared" / "corpora" / "spreadsheets"
"""Beside the repository; its tests are skipped where it is absent."""


def workbooks_with_tables() -> list[Path]:
    """The packages of the corpus with at least one table, in order."""
    return [path for path in sorted(CORPUS.rglob("*")) if path.suffix in (".xlsx", ".xlsm") and _has_table(path)]


def _has_table(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            return any("/tables/" in name for name in archive.namelist())
    except zipfile.BadZipFile:
        return False
