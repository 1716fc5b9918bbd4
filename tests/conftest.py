"""Where everything must be proved (CI set), an oracle that is absent fails the run; elsewhere its tests are skipped."""

from __future__ import annotations

import os

import pytest
from support import libreoffice, ooxml_validator, uno_office


def pytest_configure(config: pytest.Config) -> None:
    """Refuse to start without the oracles where CI is set."""
    if os.environ.get("CI"):
        for reason in (libreoffice.available(writing=True), uno_office.available(), ooxml_validator.available()):
            if reason is not None:
                raise pytest.UsageError(f"CI is set and an oracle is absent: {reason}")
