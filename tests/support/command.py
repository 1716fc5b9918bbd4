"""The command as a test calls it: in this process, with the office of `support.office` to work on."""

from __future__ import annotations

import json
from typing import Any

from click.testing import CliRunner, Result

from cli.main import xingzhi

TODAY = ("--today", "2026-06-24")


def run(*arguments: object) -> Result:
    """What a call prints and ends with."""
    return CliRunner().invoke(xingzhi, [str(each) for each in arguments])


def json_of(*arguments: object) -> dict[str, Any]:
    """The object that a command prints, with proof that it prints nothing else."""
    result = run(*arguments)
    assert result.exit_code in (0, 1), result.output
    loaded = json.loads(result.stdout)
    assert isinstance(loaded, dict)
    return loaded
