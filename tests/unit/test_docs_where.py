"""docs/what-works-where.md claims as proven what a test proves, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "what-works-where.md"
SECTIONS = {"Excel": "Microsoft Excel", "Windows": "Windows", "Desktops": "macOS", "Where": "What works where"}
"""How the page names the sections of manual-checks.md, and how their headings begin."""

TESTED_HERE = ("LibreOffice", "Linux with the tests")
PROVEN = re.compile(r"\[proven\]\(\.\./(tests/[\w/]+\.py)\)( \([^)]+\))?")
UNPROVEN = re.compile(r"\[unproven: ([^\]]+)\]\(manual-checks\.md\)( \([^)]+\))?")
NO = re.compile(r"no: \S.+")


class Claim(NamedTuple):
    """A cell of a table: what, where, and what is said of it."""

    what: str
    where: str
    said: str


def claims() -> Iterator[Claim]:
    header: list[str] = []
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        if not line.startswith("|"):
            header = []
            continue
        what, *cells = (cell.strip() for cell in line.strip("|").split("|"))
        if not header:
            header = cells
        elif set(what) != {"-"}:
            assert len(cells) == len(header), what
            yield from (Claim(what, where, said) for where, said in zip(header, cells, strict=True))


def steps() -> dict[str, set[int]]:
    """The numbers of the steps of each section of the manual checks."""
    found: dict[str, set[int]] = {}
    for section in re.split(r"^## ", (ROOT / "docs" / "manual-checks.md").read_text(encoding="utf-8"), flags=re.M)[1:]:
        numbers = {int(number) for number in re.findall(r"^(\d+)\. ", section, flags=re.M)}
        found |= {name: numbers for name, heading in SECTIONS.items() if section.startswith(heading)}
    return found


CLAIMS = tuple(claims())


def test_the_page_speaks_of_every_program_and_command() -> None:
    assert len({claim.where for claim in CLAIMS}) == 12 and len(CLAIMS) > 100
    whole = PAGE.read_text(encoding="utf-8")
    assert "xlwings does not support WPS" in whole
    for ribbon in (claim for claim in CLAIMS if "ribbon" in claim.what):
        assert ribbon.said.startswith("no: ") == (not re.search("Excel|365", ribbon.where)), ribbon


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: f"{claim.what} | {claim.where}")
def test_each_claim_names_a_test_a_step_or_what_to_do_instead(claim: Claim) -> None:
    if proven := PROVEN.fullmatch(claim.said):
        test = ROOT / proven[1]
        assert claim.where in TESTED_HERE and test.is_file()
        # What is said of LibreOffice is said by LibreOffice.
        said = test.read_text(encoding="utf-8")
        assert claim.where != "LibreOffice" or "import libreoffice" in said or "import uno_office" in said
    elif unproven := UNPROVEN.fullmatch(claim.said):
        section = ""
        for word in unproven[1].split(", "):
            name, _, number = word.rpartition(" ")
            section = name or section
            assert int(number) in steps()[section]
    else:
        assert NO.fullmatch(claim.said), claim.said
