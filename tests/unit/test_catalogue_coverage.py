"""No finding that a user can meet is without a test that yields it."""

from __future__ import annotations

import pytest
from support import golden, requirement_cases
from support.codes import covers, declared_codes

from xingzhi.messages import finding_codes


def test_every_code_of_the_catalogue_has_a_case_that_yields_it() -> None:
    covered = golden.covered_codes() | requirement_cases.covered_codes() | declared_codes()
    assert set(finding_codes()) - covered == set()


def test_no_case_names_a_code_that_there_is_not() -> None:
    assert (golden.covered_codes() | requirement_cases.covered_codes()) <= set(finding_codes())
    with pytest.raises(ValueError, match="X999"):
        covers("M101", "X999")
