"""What was typed, as a finding quotes it."""

from __future__ import annotations

from xingzhi.cleaning import cell_text
from xingzhi.grid import CellValue
from xingzhi.phones import mask_identity

LONGEST_SHOWN = 60
"""A finding shows this much of what was typed."""


def shown(raw: CellValue | tuple[str, ...]) -> str:
    """What was typed, as a finding quotes it: no half of an identity number is left by cutting it."""
    text = mask_identity(cell_text(raw))
    return text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 1] + "…"
