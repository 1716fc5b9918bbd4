"""Which finding codes a test proves, told on the test itself, so that one test can show that none is forgotten."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

from xingzhi.messages import finding_codes

TESTS = Path(__file__).resolve().parents[1]

T = TypeVar("T", bound=Callable[..., object])


def covers(*codes: str) -> Callable[[T], T]:
    """Say of a test that it asserts findings of exactly these codes. ValueError for one that the catalogue has not."""
    if unknown := set(codes) - set(finding_codes()):
        raise ValueError(f"no such finding codes: {sorted(unknown)}")
    return lambda test: test


def declared_codes() -> set[str]:
    """The codes that `@covers` names on any test, read from the sources, whichever of them are collected."""
    return {code for path in sorted(TESTS.rglob("test_*.py")) for code in _declared(path)}


def _declared(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            for each in node.decorator_list:
                if isinstance(each, ast.Call) and isinstance(each.func, ast.Name) and each.func.id == "covers":
                    yield from (str(ast.literal_eval(argument)) for argument in each.args)
