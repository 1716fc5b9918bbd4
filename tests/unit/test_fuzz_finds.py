"""What fuzzing found (`tests/fuzz`), kept: a number in each makes a reader ask for memory without end.

None of them stops a run: each is told by one finding, as damaged, over a limit, or the end of its reader."""

from __future__ import annotations

from pathlib import Path

import pytest
from fuzz.work import told

FOLDER = Path(__file__).resolve().parents[1] / "golden" / "fuzz"
FINDS = sorted(FOLDER.iterdir())


@pytest.mark.parametrize("path", FINDS, ids=lambda path: path.name)
def test_a_find_is_told_by_one_finding(path: Path) -> None:
    assert told(path) in ("F101", "F104", "F105")


def test_the_finds_are_small() -> None:
    assert FINDS and all(path.stat().st_size < 10_000 for path in FINDS)
