"""The docs say what the program says."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from cli.main import xingzhi
from workbook_templates.documentation import pages

ROOT = Path(__file__).parents[2]
_BLOCK = re.compile(r"```\n\$ (xingzhi[^\n]*)\n(.*?)```", re.DOTALL)


@pytest.mark.parametrize("name", sorted(pages()))
def test_a_generated_page_is_what_the_declarations_make_of_it(name: str) -> None:
    assert (ROOT / "docs" / name).read_text(encoding="utf-8") == pages()[name]


def test_every_output_in_the_readme_is_what_the_command_prints(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    shown = _BLOCK.findall((ROOT / "README.md").read_text(encoding="utf-8"))
    assert shown
    for command, output in shown:
        assert CliRunner().invoke(xingzhi, shlex.split(command)[1:]).output == output


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_the_two_set_up_commands_stand_on_the_first_screen(name: str) -> None:
    first = (ROOT / name).read_text(encoding="utf-8").splitlines()[:30]
    assert "pip install . && xingzhi demo" in first
    assert 'pip install -c constraints.txt ".[dev]" && pytest -n auto --dist loadfile' in first


def test_every_link_in_the_docs_leads_somewhere() -> None:
    for page in [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]:
        for target in re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"
