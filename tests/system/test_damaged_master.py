"""A master that is no sound workbook any more."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from random import Random
from zipfile import ZipFile

import openpyxl
import pytest
from support.codes import covers
from support.killed_runs import meaning
from support.office import TODAY, Bureau, codes, sha256, tree_hash
from support.ole_file import container
from system.office_work import NO_CHANGES

from sync.office import OfficeError
from sync.status import office_status
from xingzhi.labels import Lang


def truncated(content: bytes) -> bytes:
    return content[: len(content) * 3 // 5]


def with_a_torn_sheet(content: bytes) -> bytes:
    """The master with one sheet of the office's cut off in its middle, the package itself being sound."""
    book = openpyxl.load_workbook(BytesIO(content), read_only=True)
    place = book.sheetnames.index("我的备忘") + 1
    book.close()
    out = BytesIO()
    with ZipFile(BytesIO(content)) as old, ZipFile(out, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            new.writestr(name, part[: len(part) * 2 // 3] if name == f"xl/worksheets/sheet{place}.xml" else part)
    return out.getvalue()


@covers("O115")
@pytest.mark.parametrize("damage", [truncated, with_a_torn_sheet, lambda content: b"", lambda content: b"junk" * 5000])
def test_a_damaged_master_is_rebuilt_from_the_ledger_kept_and_told(
    office: Bureau, damage: Callable[[bytes], bytes]
) -> None:
    with office.at_work() as book:
        book.put("汇总_信息报送", 1, {"采用": "是"})
        page = book.book.create_sheet("我的备忘")
        for row in range(1, 40):
            page.cell(row, 1).value = f"第 {row} 件事"
    office.sync()
    sheets = ("单位名册", "任务要求", "设置", "汇总_人员名册", "汇总_信息报送", "催报台账", "我的备忘")
    whole = {sheet: meaning(office.master)[sheet] for sheet in sheets}
    office.master.write_bytes(damage(office.master.read_bytes()))
    broken = sha256(office.master)
    assert {unit.code for unit in office_status(office.root, TODAY).units} == {"T01", "T02", "T03"}
    result = office.sync()
    assert result.written and result.changes == NO_CHANGES and "O107" not in codes(result)
    (told,) = (each for each in result.findings if each.code == "O115")
    assert sha256(office.folder.archive / told.file) == broken
    assert {sheet: meaning(office.master)[sheet] for sheet in sheets} == whole
    assert not office.sync().written


def test_what_can_be_read_of_a_damaged_master_fills_blanks_and_what_cannot_is_named(office: Bureau) -> None:
    with office.at_work() as book:
        book.book.create_sheet("我的备忘")["A1"] = "打电话给柳溪"
    office.sync()
    with office.at_work() as book:
        book.put("汇总_信息报送", 1, {"采用": "是"})
        for row in range(2, 40):
            book.sheet("我的备忘").cell(row, 1).value = f"第 {row} 件事"
    office.master.write_bytes(with_a_torn_sheet(office.master.read_bytes()))
    (told,) = (each for each in office.sync().findings if each.code == "O115")
    assert "我的备忘" in told.message(Lang.ZH) and "我的备忘" in told.message(Lang.EN)
    assert office.line("汇总_信息报送", 单位代码="T01")["采用"] == "是"
    assert meaning(office.master)["我的备忘"] == [["打电话给柳溪"]]


def test_a_master_with_a_password_is_left_alone(office: Bureau) -> None:
    streams = {"EncryptedPackage": Random(5).randbytes(5000), "EncryptionInfo": bytes((4, 0, 4, 0, 64, 0, 0, 0))}
    office.master.write_bytes(container(streams))
    before = tree_hash(office.root)
    with pytest.raises(OfficeError, match="protected by a password"):
        office.sync()
    assert tree_hash(office.root) == before
