"""The pictures of the docs are there, and the formulas beside them are those that the code makes."""

from __future__ import annotations

import importlib.util
import re
import struct
from pathlib import Path
from types import ModuleType

import openpyxl
import pytest

from workbook_templates.tables.registry import TABLES

DOCS = Path(__file__).parents[2] / "docs"
PICTURES = ["guide", *(table.key for table in TABLES), "deadlines", "findings"]
HEAVIEST = 120_000


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_pictures", DOCS / "make_pictures.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def workbook(script: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("pictures") / "unit.xlsx"
    script.write(path)
    return path


@pytest.mark.parametrize("name", PICTURES)
def test_each_picture_is_a_png_that_a_page_can_show(name: str) -> None:
    data = (DOCS / "pictures" / f"{name}.png").read_bytes()
    assert data.startswith(b"\x89PNG\r\n\x1a\n") and data.rstrip().endswith(b"IEND\xaeB`\x82")
    width, height = struct.unpack(">II", data[16:24])
    assert 600 <= width <= 1400 and 150 <= height <= 900
    assert 10_000 < len(data) < HEAVIEST


def test_no_picture_is_left_over_and_each_stands_on_the_page() -> None:
    assert {path.name for path in (DOCS / "pictures").iterdir()} == {f"{name}.png" for name in PICTURES}
    page = (DOCS / "self-check.md").read_text(encoding="utf-8")
    assert re.findall(r"\]\(pictures/(\w+)\.png\)", page) == PICTURES


def test_the_page_shows_the_self_check_formula_of_every_table(script: ModuleType, workbook: Path) -> None:
    page = (DOCS / "self-check.md").read_text(encoding="utf-8")
    found = script.formulas(workbook)
    assert set(found) == {table.key for table in TABLES}
    assert script.with_formulas(page, found) == page, "run docs/make_pictures.py"
    for formula in found.values():
        assert re.sub(r"\n +", "", script.shown(formula)) == formula


def test_each_table_shows_a_good_row_and_a_faulty_one(script: ModuleType, workbook: Path) -> None:
    lines = openpyxl.load_workbook(workbook, data_only=True)["校验结果"].iter_rows(min_row=4, values_only=True)
    marked = {line[4] for line in lines if line[4]}
    rows = script.rows()
    for table in TABLES:
        faulty = [row.record for row in rows[table.key] if row.record in marked]
        assert 0 < len(faulty) < len(rows[table.key]), table.key
