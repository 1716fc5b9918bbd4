"""Real files of other projects, which lie beside the project and are no part of it."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ABSENT = "the corpora (../shared/corpora) are not here"


def spreadsheets() -> list[Path]:
    """The workbooks of the corpus; none where it is absent."""
    folders = (above / "shared" / "corpora" / "spreadsheets" for above in ROOT.parents)
    folder = next((each for each in folders if each.is_dir()), None)
    return sorted(path for path in folder.iterdir() if path.is_file()) if folder else []
