"""Fuzz the reading of received files: `python tests/fuzz/run.py --inputs 100000 --seed 1`.

It prints how many inputs had each outcome and what was found, and keeps each find in a folder where one is named. An
input that ends its worker is told as a finding in a consolidation; what escapes from the program is its fault, and ends
this with 1.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]


def main() -> int:
    """The command."""
    from fuzz.mutations import mutated
    from fuzz.work import Fuzzed, fuzz

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--inputs", type=int, default=100_000)
    parser.add_argument("--first", type=int, default=0, help="the number of the first input")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--keep", type=Path, help="a folder for what is found")
    options = parser.parse_args()
    begun = time.monotonic()

    def tell(so_far: Fuzzed) -> None:
        print(f"\r{so_far.outcomes.total()} tried, {len(so_far.finds)} found", end="", file=sys.stderr, flush=True)

    numbers = range(options.first, options.first + options.inputs)
    done = fuzz(options.seed, numbers, workers=options.workers, tell=tell)
    print(f"{options.inputs} inputs of seed {options.seed} in {time.monotonic() - begun:.0f} s")
    for outcome, count in done.outcomes.most_common():
        print(f"{count:8} {outcome}")
    for find in done.finds:
        print(f"#{find.number} {find.name} {find.what} -> {find.code or 'nothing clear'}")
        if options.keep:
            options.keep.mkdir(parents=True, exist_ok=True)
            _, data = mutated(options.seed, find.number)
            (options.keep / f"{find.code}-{options.seed}-{find.number}-{find.name}").write_bytes(data)
    return 1 if done.failures else 0


if __name__ == "__main__":
    sys.exit(main())
