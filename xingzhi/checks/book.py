"""Whether a workbook is the one that is wanted."""

from __future__ import annotations

from collections.abc import Container

from xingzhi.findings import Finding, finding
from xingzhi.identity import TEMPLATE_VERSION, Identity


def check_identity(
    identity: Identity,
    *,
    file: str,
    programme: str,
    year: int,
    units: Container[str] | None,
    older: Container[str] = (),
) -> list[Finding]:
    """B102 to B105, B111 and B114: another programme, year or template, or a unit that the office does not know.

    `units` are the codes of the office's units; None where there is no office to ask. `older` are the versions of the
    template whose workbooks are read as if they were of the current one.
    """
    found: list[Finding] = []
    if identity.programme != programme:
        found.append(finding("B102", file=file, value=identity.programme, expected=programme))
    if identity.year != year:
        found.append(finding("B103", file=file, value=str(identity.year), expected=str(year)))
    version = identity.template_version
    if version != TEMPLATE_VERSION:
        code = "B111" if version in older else "B114" if _is_newer(version) else "B104"
        found.append(finding(code, file=file, value=version, expected=TEMPLATE_VERSION))
    if units is not None and identity.unit not in units:
        found.append(finding("B105", file=file, value=identity.unit))
    return found


def _is_newer(version: str) -> bool:
    return version.isascii() and version.isdigit() and len(version) < 10 and int(version) > int(TEMPLATE_VERSION)
