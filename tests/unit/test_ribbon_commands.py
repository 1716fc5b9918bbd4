"""Every tag of the ribbon names a function of `addin.commands`, and every module there has a tag."""

from __future__ import annotations

import importlib
import inspect
from pathlib import Path

import pytest

import addin
from addin.ribbon import ribbon

COMMANDS = Path(addin.__file__).with_name("commands")
NAMES = [each.name for each in ribbon().commands]


@pytest.mark.parametrize("name", NAMES)
def test_a_tag_names_a_function_that_can_be_imported(name: str) -> None:
    module = importlib.import_module(f"addin.commands.{name}")
    assert list(inspect.signature(getattr(module, name)).parameters) == ["book", "today"]


def test_every_command_has_a_tag() -> None:
    assert sorted(each.stem for each in COMMANDS.glob("*.py") if each.stem != "__init__") == sorted(NAMES)
