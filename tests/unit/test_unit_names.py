"""Which unit a spelling of a name means, in a cell and in the name of a file."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xingzhi.unit_names import UnitNames, named_in

UNITS = UnitNames(
    (
        ("青石镇民政办", "旧石镇民政办"),
        ("柳溪乡民政办公室", "柳乡民政所"),
        ("县财政局（本级）", "青石镇民政所"),
        ("县民政局",),
        ("县民政局救助站", "旧名"),
        ("县机关委员会", "旧名"),
    )
)


@pytest.mark.parametrize(
    ("text", "current"),
    [
        ("青石镇民政办", "青石镇民政办"),
        ("旧石镇民政办", "青石镇民政办"),
        ("青石镇　民政办 ", "青石镇民政办"),
        ("青石镇民政办公室", "青石镇民政办"),
        ("柳溪乡民政办", "柳溪乡民政办公室"),
        ("县财政局(本级)", "县财政局（本级）"),
        ("县财政局【本级】", "县财政局（本级）"),
        ("县机关委", "县机关委员会"),
        ("县民政局", "县民政局"),
        ("旧名", ""),
        ("县财政局", ""),
        ("县卫健局", ""),
        ("", ""),
    ],
)
def test_the_present_name_of_a_unit(text: str, current: str) -> None:
    assert UNITS.current(text) == current
    assert not current or UNITS.current(current) == current


def test_what_a_unit_bears_now_no_former_name_of_another_means() -> None:
    assert UnitNames((("甲局",), ("乙局", "甲局"))).current("甲局") == "甲局"


def test_a_near_name_is_told_only_where_it_is_the_only_one() -> None:
    assert UNITS.near("柳溪乡民证办公室") == "柳溪乡民政办公室"
    assert UNITS.near("县民证局") == "县民政局"
    assert UNITS.near("县民政局办公会议") == UNITS.near("旧名") == UNITS.near("卫健局") == ""
    assert UnitNames((("东一村民政办",), ("东二村民政办",))).near("东三村民政办") == ""


NAMES = [(unit[0], *unit[1:]) for unit in UNITS.names]


@pytest.mark.parametrize(
    ("file", "places"),
    [
        ("青石镇民政办6月.xlsx", [0]),
        ("（旧石镇 民政办）6月.xlsx", [0]),
        ("2026_青石镇民政办公室报送.xlsx", [0]),
        ("柳溪乡民政办_6月.xlsx", [1]),
        ("柳溪乡民政办公室报送.xlsx", [1]),
        ("柳溪乡民政办事处.xlsx", []),
        ("县财政局(本级).xlsx", [2]),
        ("县财政局［本级］.xlsx", [2]),
        ("县民政局报表.xlsx", [3]),
        ("县民政局救助站报表.xlsx", [4]),
        ("县民政局及县民政局救助站.xlsx", [3, 4]),
        ("县民政局与青石镇民政办.xlsx", [0, 3]),
        ("旧名.xlsx", [4, 5]),
        ("别人.xlsx", []),
    ],
)
def test_whose_name_stands_in_a_file_name(file: str, places: list[int]) -> None:
    assert named_in(file, NAMES) == places


def test_a_number_at_the_end_of_a_name_is_a_whole_number() -> None:
    assert named_in("T011.xlsx", [("T01",), ("T011",)]) == [1]
    assert named_in("T01_青石.xlsx", [("T01",), ("T011",)]) == [0]
    assert named_in("T0112.xlsx", [("T01",), ("T011",)]) == []


@given(text=st.text(max_size=20))
def test_any_text_is_borne_and_a_present_name_is_settled(text: str) -> None:
    current = UNITS.current(text)
    assert UNITS.current(current) == current
    assert set(named_in(text, NAMES)) <= set(range(len(NAMES)))
