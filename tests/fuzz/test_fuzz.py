"""A few hundred mutated files: nothing escapes from the reading of them, and each has an outcome that is told once."""

from __future__ import annotations

from pathlib import Path

from fuzz.mutations import mutated
from fuzz.seeds import seeds
from fuzz.work import fuzz, outcome_of, spec

from sync.inbox import read_received

INPUTS = 300


def test_no_mutated_file_makes_the_program_fail() -> None:
    done = fuzz(2026, range(INPUTS), workers=2)
    assert done.failures == []
    assert done.outcomes.total() == INPUTS
    assert done.outcomes["read"] > INPUTS // 10 and done.outcomes["F101"] > INPUTS // 10


def test_the_files_that_it_begins_with_are_read(tmp_path: Path) -> None:
    for name, data in seeds().items():
        (tmp_path / name).write_bytes(data)
    assert {name: outcome_of(read_received(tmp_path / name, spec())) for name in seeds()} == dict.fromkeys(
        seeds(), "read"
    )


def test_an_input_is_known_by_its_seed_and_number() -> None:
    assert mutated(1, 7) == mutated(1, 7)
    assert len({mutated(1, number) for number in range(100)}) > 95
