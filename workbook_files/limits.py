"""What a file of unknown origin may cost; each refusal names the limit that it met."""

from __future__ import annotations

from dataclasses import dataclass

MEGABYTE = 1024 * 1024
WIDEST, LONGEST = 16_384, 1_048_576
"""The columns and rows of a sheet of Excel."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Sizes are in bytes. Pictures count in `whole` alone: whoever pastes photographs into a workbook does no harm.

    `ratio` is how much larger a part may become by unpacking, asked of large parts only; `area` the number of cells that
    the used ranges of all sheets span; `memory` what a worker may take beyond what it begins with; `result` what may
    be handed from a worker to the main process; `seconds` the time for one file.
    """

    size: int = 20 * MEGABYTE
    whole: int = 500 * MEGABYTE
    unpacked: int = 200 * MEGABYTE
    ratio: int = 200
    parts: int = 5_000
    sheets: int = 250
    area: int = 12_000_000
    seconds: float = 60
    memory: int = 1024 * MEGABYTE
    result: int = 4 * MEGABYTE


LARGE = 50 * MEGABYTE
"""Below this no ratio of compression does harm."""


DEFAULTS = Limits()

RESCUE = Limits(
    size=200 * MEGABYTE,
    unpacked=1024 * MEGABYTE,
    parts=50_000,
    sheets=1_000,
    seconds=600,
    memory=4096 * MEGABYTE,
    result=256 * MEGABYTE,
)
"""For one file that somebody asks to save what can be saved of."""

OWN = Limits(
    size=500 * MEGABYTE,
    whole=2048 * MEGABYTE,
    unpacked=2048 * MEGABYTE,
    parts=50_000,
    sheets=1_000,
    area=200_000_000,
)
"""For the office's own master, which grows with its units and is trusted as much as whoever keeps it."""
