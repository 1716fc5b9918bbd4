"""The offices that most system tests begin with."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.office import Bureau, fresh_office, synced_office


@pytest.fixture
def office(tmp_path: Path) -> Bureau:
    """T01's workbook is received and consolidated."""
    return synced_office(tmp_path / "行动办")


@pytest.fixture
def fresh(tmp_path: Path) -> Bureau:
    """Workbooks are issued, nothing is received."""
    return fresh_office(tmp_path / "行动办")
