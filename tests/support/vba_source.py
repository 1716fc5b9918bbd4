"""The VBA of a workbook as olevba reads it, and what its package says beside."""

from __future__ import annotations

from pathlib import Path

from oletools.olevba import VBA_Parser


def sources(path: Path) -> dict[str, str]:
    """The source of each module, in the project's order, with lines that end with \\n."""
    parser = VBA_Parser(str(path))
    try:
        found = [(stream, code) for _, stream, _, code in parser.extract_macros()]
    finally:
        parser.close()
    assert all("\r\n" in code and "\n" not in code.replace("\r\n", "") for _, code in found)
    return {stream.rpartition("/")[2]: code.replace("\r\n", "\n") for stream, code in found}
