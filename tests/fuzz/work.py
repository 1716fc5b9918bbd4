"""The fuzzing itself: what a worker of a consolidation does, over mutated files, in workers that may die."""

from __future__ import annotations

import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, partial
from pathlib import Path

from fuzz.mutations import mutated
from support.office import PROGRAMME

from sync.inbox import ReadSpec, Received, read_received
from workbook_files.limits import DEFAULTS
from workbook_files.workers import read_all
from workbook_templates.profiles import profile
from xingzhi.findings import Finding, Severity
from xingzhi.programme import Term

BATCH = 100
SLOW = 10.0
"""Seconds after which a small file counts as one that hangs."""

LIMITS = replace(DEFAULTS, seconds=60.0)
OF_BATCH = replace(DEFAULTS, seconds=300.0)


@dataclass(frozen=True)
class Find:
    """An input at which something ended that must not: what happened, and the finding that a consolidation tells."""

    number: int
    name: str
    what: str
    code: str


@dataclass
class Fuzzed:
    """What came of many inputs: how many had each outcome, and what was found."""

    outcomes: Counter[str] = field(default_factory=Counter)
    finds: list[Find] = field(default_factory=list)

    @property
    def failures(self) -> list[Find]:
        """The finds that are faults of the program: what escaped from it, and what a consolidation does not tell once."""
        return [find for find in self.finds if find.what.startswith("raised") or not find.code]


@cache
def spec() -> ReadSpec:
    """What a worker reads for."""
    term = Term(programme=profile(PROGRAMME), year=2026)
    return ReadSpec(term.programme.tables, term.time)


def fuzz(
    seed: int, numbers: Sequence[int], *, workers: int, tell: Callable[[Fuzzed], object] = lambda _: None
) -> Fuzzed:
    """Try these inputs. A batch that ends its worker is tried again one by one. `tell` is called after each batch."""
    done = Fuzzed()
    starts = [Path(str(start)) for start in range(0, len(numbers), BATCH)]
    task = partial(_batch, seed=seed, numbers=tuple(numbers))
    for start, result in read_all(starts, task, workers=workers, limits=OF_BATCH):
        if isinstance(result, Finding):
            first = int(start.name)
            result = dict(_alone(seed, numbers[first : first + BATCH], workers))
        for number, outcome in result.items():
            done.outcomes[outcome.partition(":")[0]] += 1
            if outcome.startswith(("raised", "killed", "memory", "slow", "several")):
                done.finds.append(_find(seed, number, outcome))
        tell(done)
    return done


def outcome_of(received: Received) -> str:
    """What a file came to: the code of its one error, or that it was read."""
    errors = [each.code for each in received.findings if each.severity is Severity.ERROR and each.code[0] == "F"]
    if received.readable is not None or received.rows is not None:
        return "several:" + " ".join(errors) if errors else "read"
    return errors[0] if len(errors) == 1 else "several:" + " ".join(errors)


def _batch(path: Path, *, seed: int, numbers: Sequence[int]) -> dict[int, str]:
    """In a worker: the outcomes of one batch, whose first place is the path's name."""
    first = int(path.name)
    with tempfile.TemporaryDirectory(prefix="xingzhi-fuzz-") as folder:
        return {number: _tried(seed, number, Path(folder)) for number in numbers[first : first + BATCH]}


def _tried(seed: int, number: int, folder: Path) -> str:
    name, data = mutated(seed, number)
    path = folder / name
    path.write_bytes(data)
    begun = time.monotonic()
    try:
        outcome = outcome_of(read_received(path, spec()))
    except MemoryError:
        return "memory"
    except BaseException as error:
        return f"raised:{type(error).__name__}: {error}"[:200]
    taken = time.monotonic() - begun
    return f"slow:{taken:.0f} s" if taken > SLOW else outcome


def _alone(seed: int, numbers: Sequence[int], workers: int) -> Iterator[tuple[int, str]]:
    """Each input in a task of its own, so that it is seen which one ends its worker."""
    for path, result in read_all(
        [Path(str(number)) for number in numbers], partial(_one, seed=seed), workers=workers, limits=LIMITS
    ):
        yield int(path.name), f"killed:{result.code}" if isinstance(result, Finding) else result


def _one(path: Path, *, seed: int) -> str:
    with tempfile.TemporaryDirectory(prefix="xingzhi-fuzz-") as folder:
        return _tried(seed, int(path.name), Path(folder))


def _find(seed: int, number: int, what: str) -> Find:
    """What a consolidation says of an input."""
    name, data = mutated(seed, number)
    with tempfile.TemporaryDirectory(prefix="xingzhi-fuzz-") as folder:
        path = Path(folder, name)
        path.write_bytes(data)
        return Find(number, name, what, told(path))


def told(path: Path) -> str:
    """The code of the one error that a consolidation tells of a file; none where it tells of several or of none."""
    ((_, result),) = read_all([path], partial(read_received, spec=spec()), workers=1, limits=LIMITS)
    if isinstance(result, Finding):
        return result.code
    outcome = outcome_of(result)
    return "" if outcome.startswith("several") else outcome
