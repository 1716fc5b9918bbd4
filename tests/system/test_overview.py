"""总体情况: one page for reading, of the units that belong to the programme now."""

from __future__ import annotations

from datetime import date

from support.office import Bureau

AUGUST = date(2026, 8, 30)


def page(office: Bureau) -> list[list[object]]:
    """The page's lines without their blank cells."""
    with office.at_work() as book:
        rows = book.sheet("总体情况").iter_rows(values_only=True)
        lines: list[list[object]] = [[cell for cell in row if cell is not None] for row in rows]
    return [line for line in lines if line]


def under(office: Bureau, title: str, column: int, count: int) -> list[list[object]]:
    """The lines of a block below its title and header, from a column on."""
    with office.at_work() as book:
        sheet = book.sheet("总体情况")
        at = next(row[0].row for row in sheet.iter_rows() for cell in row if cell.value == title)
        assert at is not None
        rows = sheet.iter_rows(min_row=at + 2, max_row=at + 1 + count, min_col=column, values_only=True)
        return [[cell for cell in row if cell is not None] for row in rows]


def test_the_units_stand_in_the_office_s_order_without_those_that_left_and_the_office_itself(office: Bureau) -> None:
    with office.at_work() as book:
        book.put("单位名册", 1, {"单位代码": "T03", "单位名称": "白沙镇民政办"})
        book.put(
            "单位名册", 2, {"单位代码": "T02", "单位名称": "柳溪乡民政办", "退出日期": date(2026, 7, 1), "曾用名": None}
        )
        book.put("单位名册", 3, {"单位代码": "T01", "单位名称": "青石镇民政办"})
        book.add("单位名册", {"单位代码": "BGS", "单位名称": "县行动办", "类别": "行动办"})
        book.add(
            "汇总_活动台账",
            {
                "单位代码": "BGS",
                "活动类别": "培训",
                "活动形式": "普及培训",
                "活动名称": "全县培训",
                "实际日期": date(2026, 7, 3),
            },
        )
    office.sync(AUGUST)
    # T01 has met 启动仪式, 培训 and the first of three reports; 8 of T03's items have fallen due.
    lines = under(office, "各单位", 7, 3)
    assert [line[0] for line in lines[:2]] == ["白沙镇民政办", "青石镇民政办"]
    assert [line[1:4] for line in lines[:2]] == [[0, 0, "0/9"], [2, 0, "3/9"]]
    assert "柳溪乡民政办" not in str(page(office)) and "县行动办" not in str(lines)
    figures = page(office)
    assert figures[2:6] == [
        ["单位数", "已报单位", "未报单位", "逾期事项", "到期事项达标"],
        [2, 1, 1, 15, "3/18"],
        ["人员", "项目（含分项目）", "已办活动", "报送信息", "需协调事项"],
        [3, 0, 3, 1, 0],
    ]
    assert ["T03 举行启动仪式", "1/2", 1] in [line[:3] for line in figures]
    assert "各单位没有报来" in str(figures)


def test_more_units_than_fit_are_summed_up(office: Bureau) -> None:
    with office.at_work() as book:
        book.add("单位名册", *({"单位代码": f"U{n:02}", "单位名称": f"第{n}乡"} for n in range(1, 28)))
    office.sync(AUGUST)
    lines = under(office, "各单位", 7, 24)
    assert [line[0] for line in lines[:3]] == ["青石镇民政办", "柳溪乡民政办", "白沙镇民政办"]
    assert lines[22][0] == "第20乡" and lines[23] == ["其余 7 个单位", 0, 0, "0/63", 0, 63]


def test_what_needs_co_ordination_is_that_of_the_latest_month(office: Bureau) -> None:
    def row(month: str, number: int, text: str | None) -> dict[str, object]:
        return {"单位代码": "T01", "项目编号": f"XM{number}", "所属月份": month, "进展": "推进", "需协调事项": text}

    with office.at_work() as book:
        book.add("汇总_项目台账", {"单位代码": "T01", "项目编号": "XM1", "层级": "项目", "项目名称": "便民服务"})
        book.add(
            "汇总_进展情况",
            row("2026-06", 1, "六月的"),
            *(row("2026-07", number, f"请协调第{number}件") for number in range(1, 11)),
            row("2026-08", 1, None),
            row("2026-12", 1, "写错了月份"),
        )
    office.sync(AUGUST)
    lines = page(office)
    at = lines.index(["需协调事项（2026-07）"])
    assert lines[at + 1] == ["青石镇民政办", "便民服务", "请协调第1件"]
    assert lines[at + 8] == ["青石镇民政办", "XM8", "请协调第8件"]
    assert lines[at + 9] == ["还有 2 条，见汇总_进展情况"] and lines[at + 10 :] == []
