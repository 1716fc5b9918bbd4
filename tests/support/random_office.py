"""An office and its units at work by chance, in Excel: what each of them does to its own file between two runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from random import Random

from support.excel_work import Page, type_cells
from support.monster_master import ANALYSIS, BESIDE, EVENTS, PEOPLE, REMINDERS, REPORTS, WITHIN
from support.office import TOOL_HEADERS, Bureau, Typing, header_of, typing

from xingzhi.grid import address

STUDY, FINDINGS = "汇总_学习台账", "填报问题"
_SHEETS = {"人员名册": PEOPLE, "活动台账": EVENTS, "信息报送": REPORTS}
Word = tuple[str, str, str]
"""Where the office wrote something: sheet, record, header."""
LINE_KEYS: Mapping[str, tuple[str, ...]] = {
    REMINDERS: ("单位代码", "编号", "项目编号", "月份"),
    FINDINGS: ("单位代码", "代码", "记录号", "文件", "工作表", "单元格", "问题"),
}
"""What tells the lines of a sheet apart."""


def record(sheet: str, random: Random) -> dict[str, object]:
    """A record as a clerk writes it."""
    number = random.randrange(10_000)
    day = date(2026, 6, random.randrange(1, 24))
    if sheet == "人员名册":
        return {"姓名": f"人{number}", "部门": random.choice(["办公室", "救助股"]), "班子成员": random.choice("是否")}
    if sheet == "活动台账":
        owed = random.randrange(5, 60)
        return {
            "活动类别": random.choice(["培训", "启动仪式"]),
            "活动名称": f"第{number}次",
            "计划日期": day,
            "实际日期": day,
            "应到人数": owed,
            "实到人数": owed - random.randrange(5),
        }
    return {"所属月份": "2026-06", "信息类别": "动态", "标题": f"标题{number}", "报送日期": day}


@dataclass
class RandomOffice:
    """The office, with what it typed by now: `words` stand with their records for as long as those are shown."""

    bureau: Bureau
    random: Random
    words: dict[Word, object] = field(default_factory=dict)
    lines: dict[tuple[str, ...], object] = field(default_factory=dict)

    def units_work(self) -> None:
        """One unit changes its file, or sends its first."""
        code = self.random.choice(["T01", "T02", "T03"])
        path = self.bureau.folder.inbox / f"{code}.xlsx"
        if not path.exists():
            self.bureau.filled(code, {sheet: [record(sheet, self.random)] for sheet in _SHEETS}, path.name)
            return
        with typing(path) as book:
            for _ in range(self.random.randrange(1, 4)):
                sheet = self.random.choice(list(_SHEETS))
                self.random.choice([self._add, self._add, self._edit, self._delete, self._sort])(book, sheet)

    def _add(self, book: Typing, sheet: str) -> None:
        book.add(sheet, *(record(sheet, self.random) for _ in range(self.random.randrange(1, 4))))

    def _filled(self, book: Typing, sheet: str) -> list[int]:
        page = book.sheet(sheet)
        row, columns = header_of(page)
        own = [place for header, place in columns.items() if header not in TOOL_HEADERS]
        return [
            number - row
            for number in range(row + 1, page.max_row + 1)
            if any(page.cell(number, place).value is not None for place in own)
        ]

    def _edit(self, book: Typing, sheet: str) -> None:
        rows = self._filled(book, sheet)
        if rows:
            new = record(sheet, self.random)
            header = self.random.choice(list(new))
            book.put(sheet, self.random.choice(rows), {header: new[header]})

    def _delete(self, book: Typing, sheet: str) -> None:
        rows = self._filled(book, sheet)
        if len(rows) > 1:
            book.clear(sheet, self.random.choice(rows))

    def _sort(self, book: Typing, sheet: str) -> None:
        """Sort the rows, their numbers with them."""
        page, rows = book.sheet(sheet), self._filled(book, sheet)
        first, columns = header_of(page)
        places = [place for header, place in columns.items() if header not in TOOL_HEADERS[1:]]
        values = [[page.cell(first + row, place).value for place in places] for row in rows]
        self.random.shuffle(values)
        for row, cells in zip(rows, values, strict=True):
            for place, value in zip(places, cells, strict=True):
                page.cell(first + row, place).value = value

    def office_works(self) -> None:
        """The office types into its master."""
        acts: list[Callable[[], None]] = [
            self._own_cell, self._beside, self._within, self._decide, self._waive, self._comment, self._analyse, self._enter,
        ]  # fmt: skip
        for act in self.random.sample(acts, self.random.randrange(1, 4)):
            act()

    def _say(self, sheet: str, header: str, value: object) -> None:
        page = Page(self.bureau.master, sheet)
        chosen = self.random.choice([each for each in page.rows if each[:1] == "T"])
        page.put(chosen, {header: value})  # type: ignore[dict-item]
        self.words[sheet, chosen, header] = value

    def _own_cell(self) -> None:
        header = self.random.choice(["采用", "算按时"])
        self._say(REPORTS, header, self.random.choice("是否"))

    def _beside(self) -> None:
        self._say(PEOPLE, BESIDE, f"第{self.random.randrange(99)}组")

    def _within(self) -> None:
        self._say(REPORTS, WITHIN, f"经办{self.random.randrange(99)}")

    def _decide(self) -> None:
        page = Page(self.bureau.master, self.random.choice([PEOPLE, EVENTS, REPORTS]))
        waiting = [
            each for each in page.rows if each[:1] == "T" and str(page.value(each, "行状态")).startswith("待确认")
        ]
        records = waiting or [each for each in page.rows if each[:1] == "T"]
        word = self.random.choice(["撤销", "保留"]) if waiting else "撤销"
        if waiting or self.random.random() < 0.3:
            page.put(self.random.choice(records), {"待确认处理": word})

    def _line(self, sheet: str, values: Mapping[str, str]) -> None:
        page = Page(self.bureau.master, sheet, key="方案")
        lines = [(number, line) for number, line in enumerate(page.lines(), start=4) if line["方案"]]
        if not lines:
            return
        number, line = self.random.choice(lines)
        type_cells(page.path, sheet, {_at(page, number, header): value for header, value in values.items()})
        for header, value in values.items():
            self.lines[(sheet, header, *(str(line[key]) for key in LINE_KEYS[sheet]))] = value

    def _waive(self) -> None:
        values = self.random.choice([{"免报": "是"}, {"责任人": f"老{self.random.randrange(9)}"}])
        self._line(REMINDERS, values)

    def _comment(self) -> None:
        self._line(FINDINGS, {"办公室意见": f"意见{self.random.randrange(99)}"})

    def _analyse(self) -> None:
        type_cells(self.bureau.master, ANALYSIS, {f"M{self.random.randrange(1, 60)}": self.random.randrange(99)})

    def _enter(self) -> None:
        """A row entered for a unit (代录), under a table."""
        page = Page(self.bureau.master, STUDY)
        row = max([3, *(number for number, line in enumerate(page.lines(), start=4) if any(line.values()))]) + 1
        values = {
            "单位代码": "T02",
            "姓名": f"学员{self.random.randrange(999)}",
            "题目": "行动学习",
            "学习方式": "自学",
        }
        type_cells(page.path, STUDY, {_at(page, row, header): value for header, value in values.items()})


def _at(page: Page, row: int, header: str) -> str:
    return address(row, page.headers[header])
