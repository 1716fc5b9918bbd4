"""`rescue`: a damaged workbook becomes a whole one, and nothing in it is passed over in silence."""

from __future__ import annotations

import os
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from support.codes import covers
from support.command import TODAY, json_of, run
from support.office import (
    FIRST_UNIT,
    INSTANCE,
    PEOPLE,
    PROGRAMME,
    REPORTS,
    SCHEDULE,
    Bureau,
    codes,
    read_lines,
    resave,
    statuses,
    typing,
)

from sync.rescue import Rescue, Whose, rescued
from workbook_files.lint import lint
from workbook_files.reader import read_grid
from workbook_templates.blank import write_blank
from workbook_templates.explanations import read_explanations
from workbook_templates.profiles import profile_ids
from workbook_templates.tables.people import PEOPLE as PEOPLE_TABLE
from xingzhi.identity import META_SHEET, read_identity
from xingzhi.labels import Lang
from xingzhi.quoting import LONGEST_SHOWN

ASKED = ("--programme", PROGRAMME, "--year", 2026, "--unit", "T01")


@pytest.fixture
def book(fresh: Bureau, tmp_path: Path) -> Path:
    """A filled workbook of T01, outside the office's folder."""
    return Path(shutil.move(fresh.filled("T01", FIRST_UNIT), tmp_path / "报来.xlsx"))


def _properties(book: Any) -> Any:
    return book.custom_doc_props


def strip_identity(path: Path) -> None:
    with typing(path) as found:
        del found.book[META_SHEET]
        for name in [name for name in found.book.defined_names if name.startswith("xz_")]:
            del found.book.defined_names[name]
        for name in [each.name for each in _properties(found.book).props if each.name.startswith("xingzhi.")]:
            del _properties(found.book)[name]


def names(path: Path, sheet: str = PEOPLE) -> list[object]:
    return [line["姓名"] for line in read_lines(path, sheet) if line["姓名"]]


def test_a_sound_book_is_rescued_whole(book: Path, tmp_path: Path) -> None:
    new = tmp_path / "新.xlsx"
    before = book.read_bytes()
    told = json_of("rescue", book, "-o", new, "--json", *TODAY)
    assert book.read_bytes() == before
    assert told["unplaced"] == [] and told["summary"] == {"error": 0, "warning": 0, "info": 0}
    assert {key: count for key, count in told["rows"].items() if count} == {"people": 3, "schedule": 2, "reports": 1}
    assert (told["programme"], told["unit"], told["year"]) == (INSTANCE, "T01", 2026)
    assert run("rescue", book, "-o", tmp_path / "再.xlsx", *TODAY).exit_code == 0
    for sheet, records in FIRST_UNIT.items():
        lines = read_lines(new, sheet)
        assert [
            {header: line[header] for header in record} for line, record in zip(lines, records, strict=False)
        ] == list(records)
    assert [line["记录号"] for line in read_lines(new, PEOPLE)[:4]] == [f"T01-RY-000{n}" for n in range(1, 5)]
    grid, _ = read_grid(new)
    assert grid is not None
    old, _ = read_grid(book)
    assert old is not None and read_identity(grid)[0] == read_identity(old)[0]
    assert lint(new) == []


def test_the_rescued_book_is_the_old_one_s_successor(fresh: Bureau, tmp_path: Path) -> None:
    sent = fresh.filled("T01", FIRST_UNIT, "T01.xlsx")
    fresh.sync()
    new = tmp_path / "新.xlsx"
    assert run("rescue", sent, "-o", new, *TODAY).exit_code == 0
    with typing(new) as found:
        found.add(PEOPLE, {"姓名": "石四", "部门": "救助股", "班子成员": "否"})
    shutil.move(new, sent)
    result = fresh.sync(today=date(2026, 6, 25))
    assert result.changes == {"inserted": 1, "updated": 0, "withdrawn": 0} and codes(result, "T01") == []
    assert statuses(result)["T01"] == "accepted"


@covers("S113")
def test_what_has_no_place_is_listed_with_its_place_and_in_the_new_book(book: Path, tmp_path: Path) -> None:
    with typing(book) as found:
        page = found.sheet(PEOPLE)
        page.cell(4, 12).value, page.cell(6, 12).value = "工号", "'007"
        page.cell(2, 7).value = "经办人：石九"
        page.cell(8, 2).value, page.cell(8, 3).value = "合计", "3 人"
        found.put(PEOPLE, 2, {"班子成员": "也许", "记录号": "T01-RY-0001"})
        notes = found.book.create_sheet("随手记")
        for number in range(1, 131):
            notes.cell(number, 2).value = f"第{number}条"
    new = tmp_path / "新.xlsx"
    told = json_of("rescue", book, "-o", new, "--json", *TODAY)
    items = [(each["sheet"], each["cell"], each["value"], each["kind"]) for each in told["unplaced"]]
    assert (PEOPLE, "G2", "经办人：石九", "outside") in items
    assert (PEOPLE, "B8", "合计", "outside") in items and (PEOPLE, "C8", "3 人", "outside") in items
    assert (PEOPLE, "A6", "T01-RY-0001", "number_twice") in items and (PEOPLE, "E6", "也许", "value") in items
    assert told["added"] == {"people": ["工号"]}
    assert ("随手记", "B1", "第1条", "no_table") in items and ("随手记", "B101", "30", "more") in items
    assert {(each["programme"], each["unit"]) for each in [*told["unplaced"], *told["findings"]]} == {(INSTANCE, "T01")}
    assert [(each["code"], each["cell"]) for each in told["findings"] if each["severity"] == "error"] == [
        ("C104", "E6")
    ]
    result = run("rescue", book, "-o", tmp_path / "再.xlsx", *TODAY)
    assert result.exit_code == 1
    assert "随手记!B2 第2条" in result.stdout and "人员名册!E6 也许" in result.stdout and "（工号）" in result.stdout

    people = read_lines(new, PEOPLE)
    assert people[1]["班子成员"] == "也许" and people[1]["记录号"] is None and people[0]["记录号"] == "T01-RY-0001"
    assert people[1]["工号"] == "'007"
    listed = read_lines(new, "校验结果")
    assert [line["代码"] for line in listed].count("S113") == len(items) - 1
    mended = next(line for line in listed if line["代码"] == "C104")
    assert (mended["工作表"], mended["单元格"]) == (PEOPLE, "E6")
    assert len({line["标识"] for line in listed}) == len(listed)
    assert lint(new) == []


@covers("S114")
def test_explanations_come_along_each_under_its_key(book: Path, tmp_path: Path) -> None:
    with typing(book) as found:
        found.put(PEOPLE, 1, {"班子成员": "也许"})
        page = found.sheet("校验结果")
        headers = {page.cell(3, place).value: place for place in range(1, page.max_column + 1)}
        for line, (key, text) in enumerate(
            (("C104|people|T01-RY-0001|leadership", "待任命"), ("Q101|R1||2026-06", "已口头报告")), start=4
        ):
            page.cell(line, headers["标识"]).value, page.cell(line, headers["单位说明"]).value = key, text
    new = tmp_path / "新.xlsx"
    run("rescue", book, "-o", new, *TODAY)
    grid, _ = read_grid(new)
    assert grid is not None
    assert read_explanations(grid) == {
        "C104|people|T01-RY-0001|leadership": "待任命",
        "Q101|R1||2026-06": "已口头报告",
    }
    assert [line["代码"] for line in read_lines(new, "校验结果")] == ["C104", "S114"]


def test_more_rows_than_the_template_has_room_for(book: Path, tmp_path: Path) -> None:
    count = PEOPLE_TABLE.room + 40
    with typing(book) as found:
        found.add(PEOPLE, *({"姓名": f"人{n}", "部门": "办公室", "班子成员": "否"} for n in range(count)))
    new = tmp_path / "新.xlsx"
    told = json_of("rescue", book, "-o", new, "--json", *TODAY)
    assert told["rows"]["people"] == count + 3 and len(names(new)) == count + 3
    numbers = [line["记录号"] for line in read_lines(new, PEOPLE) if line["记录号"]]
    assert len(set(numbers)) == len(numbers)


def test_a_book_that_has_lost_its_identity_and_its_structure(book: Path, tmp_path: Path) -> None:
    strip_identity(book)
    with typing(book) as found:
        found.book.remove(found.sheet("填报说明"))
        found.sheet(PEOPLE).title = "我们的人"
        found.sheet("我们的人").insert_rows(1, 3)
        found.sheet(SCHEDULE).delete_cols(1)
    new = tmp_path / "新.xlsx"
    refused = run("rescue", book, "-o", new, *TODAY)
    assert refused.exit_code == 2 and "--programme" in refused.stderr and not new.exists()
    told = json_of("rescue", book, "-o", new, "--json", *ASKED, *TODAY)
    assert told["unit"] == "T01" and told["unplaced"] == []
    assert names(new) == ["石一", "石二", "石三"]
    assert [line["活动名称"] for line in read_lines(new, SCHEDULE) if line["活动名称"]] == ["行动学习启动", "方法培训"]
    grid, _ = read_grid(new)
    assert grid is not None
    identity, findings = read_identity(grid)
    assert identity and (identity.unit, identity.base_run, identity.unit_name) == ("T01", 0, "") and findings == []


def test_in_an_office_s_folder_the_file_s_name_says_whose_it_is(fresh: Bureau, tmp_path: Path) -> None:
    path = fresh.filled("T02", {PEOPLE: [{"姓名": "柳一", "部门": "办公室", "班子成员": "是"}]}, "柳溪乡民政办.xlsx")
    strip_identity(path)
    new = tmp_path / "新.xlsx"
    told = json_of("rescue", path, "-o", new, "--json", *TODAY)
    assert told["unit"] == "T02" and told["unplaced"] == []
    shutil.move(new, path)
    result = fresh.sync()
    assert statuses(result)["T02"] == "accepted" and result.tables["people"] == 1
    assert run("rescue", path, "-o", new, "--unit", "T01", *TODAY).exit_code == 2


def test_options_never_speak_against_the_file(book: Path, tmp_path: Path) -> None:
    for option in (("--unit", "T02"), ("--year", 2027), ("--programme", "expressway-group")):
        result = run("rescue", book, "-o", tmp_path / "新.xlsx", *option, *TODAY)
        assert result.exit_code == 2 and not (tmp_path / "新.xlsx").exists()
    assert run("rescue", book, "-o", tmp_path / "新.xlsx", *ASKED, *TODAY).exit_code == 0


def test_nothing_is_written_over(book: Path, tmp_path: Path) -> None:
    before = book.read_bytes()
    assert run("rescue", book, "-o", book, "--force", *TODAY).exit_code == 2 and book.read_bytes() == before
    new = tmp_path / "新.xlsx"
    new.write_bytes(b"words")
    refused = run("rescue", book, "-o", new, *TODAY)
    assert refused.exit_code == 2 and "--force" in refused.stderr and new.read_bytes() == b"words"
    assert run("rescue", book, "-o", new, "--force", *TODAY).exit_code == 0 and names(new)
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_file()) == ["报来.xlsx", "新.xlsx"]


@pytest.mark.parametrize(
    ("name", "to", "said"),
    [("没有.xlsx", "新.xlsx", "没有.xlsx"), ("报来.xlsx", "新.csv", ".xlsx"), ("报来.xlsx", "无/新.xlsx", "无")],
    ids=["no file", "no workbook", "no folder"],
)
def test_what_cannot_run_says_why(book: Path, tmp_path: Path, name: str, to: str, said: str) -> None:
    result = run("rescue", tmp_path / name, "-o", tmp_path / to, *TODAY)
    assert result.exit_code == 2 and said in result.stderr


def test_a_file_that_cannot_be_opened(tmp_path: Path) -> None:
    path = tmp_path / "坏.xlsx"
    path.write_bytes(b"PK\x03\x04" + bytes(50))
    result = run("rescue", path, "-o", tmp_path / "新.xlsx", *ASKED, *TODAY)
    assert result.exit_code == 2 and "坏.xlsx" in result.stderr and not (tmp_path / "新.xlsx").exists()


@covers("F117")
def test_a_file_that_was_cut_off_gives_its_rows_and_what_is_lost_is_told(book: Path, tmp_path: Path) -> None:
    data = book.read_bytes()
    book.write_bytes(data[: len(data) // 2])
    (refused,) = json_of("check", book, "--json", *TODAY)["files"][0]["findings"]
    assert refused["code"] == "F101" and refused["remedy"] == "没有传完，请单位重新发一次原文件"
    new = tmp_path / "新.xlsx"
    told = json_of("rescue", book, "-o", new, "--json", *TODAY)
    assert {key: count for key, count in told["rows"].items() if count} == {"people": 3, "schedule": 2, "reports": 1}
    assert told["unit"] == "T01" and names(new) == ["石一", "石二", "石三"]
    lost = [each["message"] for each in told["findings"] if each["code"] == "F117"]
    assert any("没有传完" in each for each in lost) and any("日期可能成了数字" in each for each in lost)
    result = run("rescue", book, "-o", new, "--force", *TODAY)
    assert result.exit_code == 1 and all(each in result.stdout for each in lost)
    listed = [line for line in read_lines(new, "校验结果") if line["代码"] == "F117"]
    assert len({line["标识"] for line in listed}) == len(lost)
    assert lint(new) == []


def test_a_file_of_which_nothing_is_left_is_asked_for_again(book: Path, tmp_path: Path) -> None:
    book.write_bytes(book.read_bytes()[:500])
    result = run("rescue", book, "-o", tmp_path / "新.xlsx", *ASKED, *TODAY)
    assert result.exit_code == 2 and not (tmp_path / "新.xlsx").exists()
    assert "没有救出" in result.stderr and "请单位重新发一次原文件" in result.stderr


def test_a_formula_without_a_value_is_told_and_stays_in_sight(book: Path, tmp_path: Path) -> None:
    """What a rescued book passes on is known again: the mark of a formula is no content."""
    with typing(book) as found:
        found.put(PEOPLE, 1, {"职务": "'=?".removeprefix("'")})
        found.cell(PEOPLE, 1, "职务").data_type = "s"
    new = tmp_path / "新.xlsx"
    told = json_of("rescue", book, "-o", new, "--json", *TODAY)
    assert [(each["code"], each["cell"]) for each in told["findings"]] == [("S110", "D5")]
    assert [(each["kind"], each["cell"], each["value"]) for each in told["unplaced"]] == [("formula", "D5", "=?")]
    assert read_lines(new, PEOPLE)[0]["职务"] == "=?"
    resave(new)
    again = json_of("check", new, "--json", *TODAY)
    assert "S110" in [each["code"] for each in again["files"][0]["findings"]]


@pytest.mark.parametrize("lang", Lang)
@pytest.mark.parametrize("programme", profile_ids())
def test_what_a_template_prints_itself_is_nothing_that_was_lost(tmp_path: Path, programme: str, lang: Lang) -> None:
    path = tmp_path / "空白.xlsx"
    write_blank(path, programme, 2026, lang, date(2026, 6, 1))
    grid, _ = read_grid(path)
    assert grid is not None
    found = rescued(path, grid, whose=Whose(unit="T01"), nearby=None, today=date(2026, 6, 24), lang=Lang.ZH)
    assert isinstance(found, Rescue)
    assert (found.unplaced, found.findings, found.book.identity.lang) == ((), (), lang.value)


def test_long_texts_and_identity_numbers_are_not_listed_whole(book: Path, tmp_path: Path) -> None:
    with typing(book) as found:
        page = found.book.create_sheet("随手记")
        page["A1"], page["A2"] = "长" * 500, "张甲 450000198001011234"
    told = json_of("rescue", book, "-o", tmp_path / "新.xlsx", "--json", *TODAY)
    first, second = (each["value"] for each in told["unplaced"])
    assert len(first) == LONGEST_SHOWN and second == "张甲 450000********1234"


def test_in_english(book: Path, tmp_path: Path) -> None:
    with typing(book) as found:
        found.sheet(REPORTS).cell(2, 7).value = "看这里"
    result = run("rescue", book, "-o", tmp_path / "新.xlsx", "--lang", "en", *TODAY)
    assert result.exit_code == 1
    assert "Rows rescued: 6" in result.stdout and "it stands in no record of the table" in result.stdout
    assert openpyxl.load_workbook(tmp_path / "新.xlsx").sheetnames[0] == "填报说明"


def test_a_workbook_that_a_program_holds_is_written_beside(
    book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    new = tmp_path / "新.xlsx"
    new.write_bytes(b"held")
    replace = os.replace

    def held(source: Path, target: Path) -> None:
        if Path(target) == new:
            raise PermissionError(13, "used by another process", str(target))
        replace(source, target)

    with monkeypatch.context() as patch:
        patch.setattr("sync.rescue.os.replace", held)
        said = run("rescue", book, "-o", new, "--force", *TODAY)
    assert said.exit_code == 0 and "新_2.xlsx" in said.stdout and "另存" in said.stdout
    assert new.read_bytes() == b"held" and len(names(tmp_path / "新_2.xlsx")) == 3
    assert not list(tmp_path.glob(".*"))


def test_the_end_of_a_text_that_no_cell_holds_is_listed(tmp_path: Path) -> None:
    file, new = tmp_path / "青石镇民政办.csv", tmp_path / "新.xlsx"
    file.write_text(
        "姓名,部门,班子成员,职务," + "长" * 70 + "\n石一,办公室,是,主任," + "长" * 32_768 + "\n", encoding="utf-8"
    )
    told = json_of("rescue", file, "-o", new, "--json", *ASKED, *TODAY)
    assert [(each["kind"], each["cell"]) for each in told["unplaced"]] == [("cut", "E2")]
    said = run("rescue", file, "-o", tmp_path / "再.xlsx", *ASKED, *TODAY).stdout
    assert "长" * 61 not in said and "32767" in said
