"""The whole way round: issued, filled, consolidated, approved, given back, gone on in, consolidated again."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from support.office import PEOPLE, REPORTS, TODAY, Typing, codes, fresh_office, header_of, read_lines, typing
from system.office_work import LATER, changes_of

MERGED = f"汇总_{REPORTS}"
PERSON = {"姓名": "石一", "部门": "办公室", "班子成员": "是", "联系电话": "13900000001"}


def report(title: str, day: int, kind: str = "动态") -> dict[str, object]:
    return {"所属月份": "2026-06", "信息类别": kind, "标题": title, "报送日期": date(2026, 6, day)}


def turn_round(book: Typing, count: int) -> None:
    """Sort the first rows of the reports the other way, whole rows with their numbers."""
    page = book.sheet(REPORTS)
    row, columns = header_of(page)
    places = [place for header, place in columns.items() if header != "自查"]
    cells = [[page.cell(number, place).value for place in places] for number in range(row + 1, row + 1 + count)]
    for number, values in enumerate(reversed(cells), start=row + 1):
        for place, value in zip(places, values, strict=True):
            page.cell(number, place).value = value


def test_the_whole_way_round(tmp_path: Path) -> None:
    office = fresh_office(tmp_path / "行动办")
    reports = [report("甲", 20), report("乙", 21), report("丙", 22)]
    sent = office.filled("T01", {PEOPLE: [PERSON], REPORTS: reports}, "T01.xlsx")
    with typing(sent) as book:
        book.book.create_sheet("自用")["B2"] = "留给自己看的"
    assert office.sync().changes == {"inserted": 4, "updated": 0, "withdrawn": 0}

    with office.at_work() as master:
        master.put(MERGED, master.record(MERGED, 标题="甲"), {"采用": "是"})
        master.put(MERGED, master.record(MERGED, 标题="丙"), {"采用": "否"})
        master.book.create_sheet("主任批示")["A1"] = "先报青石镇"
    assert office.sync().changes == {"inserted": 0, "updated": 0, "withdrawn": 0}

    (given,) = office.folder.feedback.glob("T01_*.xlsx")
    assert {line["标题"]: line["采用"] for line in read_lines(given, REPORTS) if line["标题"]} == {
        "甲": "是",
        "乙": None,
        "丙": "否",
    }
    numbers = {line["标题"]: line["记录号"] for line in read_lines(given, REPORTS) if line["标题"]}
    second = office.receive(given, "T01-再报.xlsx")
    with typing(second) as book:
        assert book.sheet("自用")["B2"].value == "留给自己看的"
        turn_round(book, 3)
        book.put(REPORTS, book.record(REPORTS, 标题="乙"), {"信息类别": "参考"})
        # A copy of 甲, number and approval and all, rewritten into a report of its own.
        page = book.sheet(REPORTS)
        row, columns = header_of(page)
        origin = book.record(REPORTS, 标题="甲")
        for header, place in columns.items():
            if header != "自查":
                page.cell(row + 4, place).value = page.cell(row + origin, place).value
        book.put(REPORTS, 4, {"标题": "丁", "报送日期": date(2026, 6, 23)})

    result = office.sync(LATER)
    assert result.changes == {"inserted": 1, "updated": 1, "withdrawn": 0}
    lines = {line["标题"]: line for line in office.lines(MERGED)}
    assert {title: line["采用"] for title, line in lines.items()} == {"甲": "是", "乙": None, "丙": "否", "丁": None}
    assert {title: line["记录号"] for title, line in lines.items() if title != "丁"} == numbers
    assert lines["丁"]["记录号"] not in numbers.values() and lines["乙"]["信息类别"] == "参考"
    assert "M103" in codes(result, "T01")
    assert set(changes_of(office, result)) == {
        (lines["丁"]["记录号"], None, "新增", None, "2026-06 / 丁"),
        (numbers["乙"], "信息类别", "改动", "动态", "参考"),
    }
    with office.at_work() as master:
        assert master.sheet("主任批示")["A1"].value == "先报青石镇"
    assert TODAY < LATER and not office.sync(LATER).written
