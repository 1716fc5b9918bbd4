"""The oracle itself: a poisoned value comes back right only where LibreOffice computed it."""

from __future__ import annotations

import struct
import subprocess
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import pytest
import xlsxwriter
from support import libreoffice

needs_office = pytest.mark.skipif(libreoffice.available() is not None, reason=str(libreoffice.available()))
needs_drawing = pytest.mark.skipif(
    libreoffice.available(drawing=True) is not None, reason=str(libreoffice.available(drawing=True))
)

# Cell, formula, and the value that Python computed for the rows below.
FORMULAS: list[tuple[str, str, float | str]] = [
    ("D1", '=SUMPRODUCT(--(members[name]<>""))', 3),
    ("D2", '=SUMPRODUCT(COUNTIFS(members[role],{"书记","委员"},members[name],"<>"))', 2),
    ("D3", '=IF(ISNA(MATCH("委员",roles,0)),"无","第"&MATCH("委员",roles,0))', "第2"),
    ("D4", '=SUMPRODUCT(--EXACT(members[name],"a*"))', 1),
]
CANARY = ("D5", '="活"&1+1', "活2")
POISON = {float: libreoffice.WRONG_NUMBER, int: libreoffice.WRONG_NUMBER, str: "POISON"}


def values(path: Path) -> dict[str, object]:
    sheet = openpyxl.load_workbook(path, data_only=True).worksheets[0]
    return {cell: sheet[cell].value for cell, _, _ in [*FORMULAS, CANARY]}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("oracle")


@pytest.fixture(scope="module")
def workbook(folder: Path) -> Path:
    path = folder / "台账 1.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("台账")
    lists = book.add_worksheet("名单")
    lists.write_column("A1", ["书记", "委员", "干事"])
    book.define_name("roles", "=名单!$A$1:$A$3")
    columns = [{"header": "name"}, {"header": "role"}]
    sheet.add_table("A1:B6", {"name": "members", "columns": columns})
    sheet.write_column("A2", ["a*", "ab", "丙"])
    sheet.write_column("B2", ["书记", "委员", "顾问", "委员"])
    for cell, formula, value in [*FORMULAS, CANARY]:
        sheet.write_formula(cell, formula, None, value)
    for each in (sheet, lists):
        each.set_paper(9)
    book.close()
    return path


@pytest.fixture(scope="module")
def poisoned(workbook: Path, folder: Path) -> Path:
    path = folder / "poisoned.xlsx"
    assert libreoffice.poison(workbook, path) == len(FORMULAS) + 1
    return path


def test_poison_makes_every_cached_value_wrong(workbook: Path, poisoned: Path) -> None:
    right = {cell: value for cell, _, value in [*FORMULAS, CANARY]}
    assert values(workbook) == right
    assert values(poisoned) == {cell: POISON[type(value)] for cell, value in right.items()}


@needs_office
def test_recalculation_corrects_every_value(poisoned: Path, folder: Path) -> None:
    result = libreoffice.recalculate(poisoned, folder / "recalculated")
    assert values(result) == {cell: value for cell, _, value in [*FORMULAS, CANARY]}


@needs_office
def test_without_recalculation_the_poison_stays(poisoned: Path, folder: Path) -> None:
    result = libreoffice.convert(poisoned, "xlsx", folder / "converted")
    assert values(result) == values(poisoned)


@needs_office
def test_many_files_are_converted_in_one_start(
    workbook: Path, poisoned: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    starts: list[object] = []
    popen = subprocess.Popen

    def counting(*arguments: object, **options: object) -> object:
        starts.append(arguments)
        return popen(*arguments, **options)  # type: ignore[call-overload]

    monkeypatch.setattr(subprocess, "Popen", counting)
    results = libreoffice.convert_many([poisoned, workbook], "csv", folder / "many")
    assert [result.name for result in results] == ["poisoned.csv", "台账 1.csv"]
    texts = [result.read_text(encoding="utf-8", errors="replace") for result in results]
    assert ["POISON" in text for text in texts] == [True, False]
    assert len(starts) == 1


@needs_office
def test_a_file_that_gives_no_result_raises(folder: Path) -> None:
    broken = folder / "broken.xlsx"
    broken.write_bytes(b"PK\x03\x04 and no more of it")
    with pytest.raises(RuntimeError, match=r"broken\.xlsx"):
        libreoffice.convert(broken, "pdf", folder / "nothing")


@needs_office
def test_an_office_that_takes_too_long_is_ended_and_the_next_one_works(
    workbook: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as hasty:
        hasty.setattr(libreoffice, "SECONDS", 0)
        hasty.setattr(libreoffice, "SECONDS_A_FILE", 0.05)
        with pytest.raises(subprocess.TimeoutExpired):
            libreoffice.convert(workbook, "ods", folder / "late")
    assert not list((folder / "late").iterdir())
    assert libreoffice.convert(workbook, "ods", folder / "late").stat().st_size > 1000


@needs_drawing
def test_a_workbook_is_drawn_page_by_page(workbook: Path, folder: Path) -> None:
    out = folder / "drawn"
    out.mkdir()
    stale = out / "台账 1-page-7.png"
    stale.write_bytes(b"from a longer workbook")
    pages = libreoffice.render(workbook, out, dpi=72)
    assert [page.name for page in pages] == ["台账 1-page-1.png", "台账 1-page-2.png"]
    for page in pages:
        data = page.read_bytes()
        assert data.startswith(b"\x89PNG")
        width, height = struct.unpack(">II", data[16:24])
        assert (width, height) == pytest.approx((595, 842), abs=2)
    assert not stale.exists()
    assert (out / "台账 1.pdf").read_bytes().startswith(b"%PDF")


def test_two_files_of_one_name_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="one"):
        libreoffice.convert_many([Path("a/x.xlsx"), Path("b/x.xlsx")], "pdf", tmp_path)


SPREADSHEETML = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


@pytest.mark.parametrize(
    ("before", "after", "count"),
    [
        ('<x:c r="A1"><x:f>v/1</x:f><x:v>5</x:v></x:c>',
         '<x:c r="A1"><x:f>v/1</x:f><x:v>987654.25</x:v></x:c>', 1),
        ('<x:c r="A1" s="2" t="str"><x:f>B1</x:f><x:v/></x:c>',
         '<x:c r="A1" s="2" t="str"><x:f>B1</x:f><x:v>POISON</x:v></x:c>', 1),
        ('<x:c r="A1"><x:f>B1</x:f><x:v></x:v></x:c>',
         '<x:c r="A1" t="str"><x:f>B1</x:f><x:v>POISON</x:v></x:c>', 1),
        ("<x:c t='b' r='A1'><x:f>B1</x:f><x:v>1</x:v></x:c>",
         "<x:c r='A1' t=\"str\"><x:f>B1</x:f><x:v>POISON</x:v></x:c>", 1),
        ('<x:c r="A1" t="e"><x:f t="shared" si="0"/><x:v>#N/A</x:v></x:c>',
         '<x:c r="A1" t="str"><x:f t="shared" si="0"/><x:v>POISON</x:v></x:c>', 1),
        ('<x:c r="A1" t="n"><x:f>B1</x:f></x:c>', '<x:c r="A1" t="n"><x:f>B1</x:f></x:c>', 0),
        ('<x:c r="A1"/><x:c r="B1"><x:v>1</x:v></x:c><x:c r="C1"><x:f>A1</x:f><x:v>1</x:v></x:c>',
         '<x:c r="A1"/><x:c r="B1"><x:v>1</x:v></x:c>'
         '<x:c r="C1"><x:f>A1</x:f><x:v>987654.25</x:v></x:c>', 1),
    ],
    ids=["number", "empty-text", "untyped-empty", "boolean", "shared-error", "uncached", "others"],
)  # fmt: skip
@pytest.mark.parametrize("prefix", ["x:", ""])
def test_poison_changes_the_values_of_formula_cells_alone(
    before: str, after: str, count: int, prefix: str, tmp_path: Path
) -> None:
    declared = f"xmlns:{prefix[:-1]}" if prefix else "xmlns"
    sheet = f'<x:worksheet {declared}="{SPREADSHEETML}"><x:row>%s</x:row></x:worksheet>'
    source, target = tmp_path / "source.xlsx", tmp_path / "target.xlsx"
    other = b'<c r="A1"><f>1</f><v>1</v></c>'
    with zipfile.ZipFile(source, "w") as archive:
        archive.writestr("xl/worksheets/sheet1.xml", (sheet % before).replace("x:", prefix))
        archive.writestr("xl/other.xml", other)
    assert libreoffice.poison(source, target) == count
    with zipfile.ZipFile(target) as archive:
        text = archive.read("xl/worksheets/sheet1.xml").decode()
        assert archive.read("xl/other.xml") == other
    assert text == (sheet % after).replace("x:", prefix)
    ElementTree.fromstring(text)
