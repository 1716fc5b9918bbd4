"""Whether a workbook is the one that is wanted."""

from __future__ import annotations

from collections.abc import Container

from xingzhi.findings import Finding, finding
from xingzhi.identity import TEMPLATE_VERSION, Identity


def check_identity(
    identity: Identity, *, file: str, programme: str, year: int, units: Container[str] | None
) -> list[Finding]:
    """B102 to B105: another programme, year or template, or a unit that the office does not know.

    `units` are the codes of the office's units; None where there is no office to ask.
    """
    found: list[Finding] = []
    if identity.programme != programme:
        found.append(finding("B102", file=file, value=identity.programme, expected=programme))
    if identity.year != year:
        found.append(finding("B103", file=file, value=str(identity.year), expected=str(year)))
    if identity.template_version != TEMPLATE_VERSION:
        found.append(finding("B104", file=file, value=identity.template_version, expected=TEMPLATE_VERSION))
    if units is not None and identity.unit not in units:
        found.append(finding("B105", file=file, value=identity.unit))
    return found
