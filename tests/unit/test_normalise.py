"""What clerks type, and what it is read as; and that a value once read is never read otherwise."""

from __future__ import annotations

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.reading import ONE_YEAR, TWO_YEARS, outcome

from workbook_templates.tables.members import MEMBERS
from workbook_templates.tables.organisation import ORGANISATION
from workbook_templates.tables.people import PEOPLE
from workbook_templates.tables.projects import PROJECTS
from workbook_templates.tables.registry import TABLES
from workbook_templates.tables.reports import REPORTS
from workbook_templates.tables.schedule import SCHEDULE
from xingzhi.cleaning import Raw
from xingzhi.columns import RECORD, Column, ColumnType
from xingzhi.labels import Label
from xingzhi.normalise import normalise
from xingzhi.normalised import Normalised
from xingzhi.phones import mask_identity

TEXT = PEOPLE["name"]
LONG_TEXT = PROJECTS["goal"]
DATE = PEOPLE["from"]
PLANNED = SCHEDULE["planned_on"]
PERIOD = REPORTS["period"]
INTEGER = SCHEDULE["expected"]
YES_NO = PEOPLE["leadership"]
ROLES = MEMBERS["role"]
PHONE = PEOPLE["phone"]


@pytest.mark.parametrize(
    ("raw", "value", "codes"),
    [
        (None, None, ""),
        ("", None, ""),
        (" \u3000\xa0\u200b", None, ""),
        ("张三", "张三", ""),
        ("张　三", "张三", "N102"),
        (" 张三\u200b", "张三", "N102"),
        ("\ufeff张三", "张三", "N102"),
        ("阿依古丽 · 买买提", "阿依古丽·买买提", "N102"),
        ("Wang  Wu", "Wang Wu", "N102"),
        ("Wang Wu", "Wang Wu", ""),
        ("张三\n李四", "张三、李四", "N112"),
        ("张三 \r\n\n 李四\n", "张三、李四", "N112"),
        ("张三、\n李四", "张三、李四", "N102"),
        ("Wang\nWu", "Wang Wu", "N102"),
        ("买买提 艾力", "买买提 艾力", ""),
        ("买买提　艾力 ", "买买提 艾力", "N102"),
        ("欧阳 修", "欧阳修", "N102"),
        ("张 三、李 小四", "张三、李小四", "N102"),
        ("青石镇 民政办", "青石镇 民政办", ""),
        ("学习， 工作", "学习，工作", "N102"),
        ("'138", "138", "N113"),
        ("'张三", "'张三", ""),
        ("张\x07三", "张三", "N102"),
        ("张\ud800三", "张三", "N102"),
        ("ＡＢ１２", "AB12", "N103"),
        ("ＸＭ１－１", "XM1-1", "N103"),
        ("第１２．５号", "第12.5号", "N103"),
        ("张三(办公室)", "张三（办公室）", "N103"),
        ("张三（办公室）", "张三（办公室）", ""),
        ("Wang Wu（Office）", "Wang Wu(Office)", "N103"),
        ("学习，工作：一起抓！", "学习，工作：一起抓！", ""),
        ("\u2f00\u2f86", "一舌", "N103"),
        ("\uf900\U0002f800", "豈丽", "N103"),
        ("℃①㎡Ⅱ", "℃①㎡Ⅱ", ""),
        (" 张 三(办公室)", "张三（办公室）", "N102 N103"),
        (12.0, "12", ""),
        (12.5, "12.5", ""),
        (7, "7", ""),
        (True, "TRUE", ""),
        (float("nan"), None, ""),
        (date(2026, 6, 5), "2026-06-05", ""),
        (time(9, 30), "09:30:00", ""),
    ],
)
def test_text(raw: Raw, value: object, codes: str) -> None:
    assert outcome(raw, TEXT) == (value, codes)


@pytest.mark.parametrize(
    ("raw", "value", "codes"),
    [
        ("一、 学习\n\n  二、工作１２", "一、 学习\n\n  二、工作１２", ""),
        ("一、 学习\n\n  二、工作１２\n", "一、 学习\n\n  二、工作１２", "N102"),
        ("　　开头缩进", "开头缩进", "N102"),
        ("一\r\n二\r三\x0b四", "一\n二\n三\n四", ""),
        ("有\x07铃", "有铃", "N102"),
        ("\n", None, ""),
        (3.0, "3", ""),
    ],
)
def test_long_text_keeps_its_lines(raw: Raw, value: object, codes: str) -> None:
    assert outcome(raw, LONG_TEXT) == (value, codes)


@pytest.mark.parametrize(
    ("raw", "value", "codes"),
    [
        (12, 12, ""),
        (12.0, 12, ""),
        (-1, -1, ""),
        ("12", 12, "N106"),
        ("１２人", 12, "N106"),
        ("30人次", 30, "N106"),
        ("1,200", 1200, "N106"),
        ("12.0", 12, "N106"),
        ("1,2", "1,2", "C105"),
        ("约12人", "约12人", "C105"),
        (12.5, "12.5", "C105"),
        (float("inf"), "inf", "C105"),
        (True, "TRUE", "C105"),
        (date(2026, 6, 5), "2026-06-05", "C105"),
        ("", None, ""),
    ],
)
def test_whole_numbers(raw: Raw, value: object, codes: str) -> None:
    assert outcome(raw, INTEGER) == (value, codes)


@pytest.mark.parametrize(
    ("column", "raw", "value", "codes"),
    [
        (YES_NO, "是", "yes", ""),
        (YES_NO, "Yes", "yes", ""),
        (YES_NO, "yes", "yes", ""),
        (YES_NO, "YES", "yes", "N105"),
        (YES_NO, " 是", "yes", "N105"),
        (YES_NO, "√", "yes", "N105"),
        (YES_NO, True, "yes", "N105"),
        (YES_NO, False, "no", "N105"),
        (YES_NO, 1.0, "yes", "N105"),
        *(
            (YES_NO, word, "yes", "N105")
            for word in ("有", "对", "Y", "y", "1", "1", "✓", "✔", "✔\ufe0f", "☑", "是的", "Ｙ")
        ),
        *((YES_NO, word, "no", "N105") for word in ("无", "没有", "N", "0", "×", "✗", "X", "不是", "不", "０")),
        (YES_NO, "也许", "也许", "C104"),
        (SCHEDULE["kind"], "出国(境)学习", "study_abroad", "N105"),
        (SCHEDULE["kind"], "collective study", "collective_study", "N105"),
        (ROLES, "组长", ("leader",), ""),
        (ROLES, "副组长", ("deputy",), ""),
        (ROLES, "副组长兼联络员", ("deputy", "liaison"), ""),
        (ROLES, "联络员、学习委员", ("liaison", "study_officer"), ""),
        (ROLES, "Deputy leader、Liaison", ("deputy", "liaison"), ""),
        (ROLES, "组长 联络员", ("leader", "liaison"), "N105"),
        (ROLES, "组长 / 联络员", ("leader", "liaison"), "N105"),
        (ROLES, "组长、组长", ("leader",), "N105"),
        (ROLES, "联系人", ("liaison",), "N105"),
        (ROLES, "组长（兼）", ("leader",), "N105"),
        (ROLES, "组长(兼)、联络员", ("leader", "liaison"), "N105"),
        (ROLES, "副组长兼任联络员", ("deputy", "liaison"), "N105"),
        (ROLES, "副组长和联络员", ("deputy", "liaison"), "N105"),
        (ROLES, "组长\n联络员", ("leader", "liaison"), "N105"),
        (ORGANISATION["role"], "副组长（兼）", "deputy", "N105"),
        (ROLES, ("leader", "liaison"), ("leader", "liaison"), ""),
        (ROLES, "组长、队长", "组长、队长", "C104"),
        (ROLES, "、", "、", "C104"),
        (ROLES, None, None, ""),
    ],
)
def test_choices(column: Column, raw: Raw, value: object, codes: str) -> None:
    assert outcome(raw, column) == (value, codes)


def test_a_wrong_choice_is_told_the_right_ones() -> None:
    fault = normalise("也许", YES_NO, ONE_YEAR).fault
    assert fault == ("C104", {"choices": Label("是、否", "Yes, No")})


@pytest.mark.parametrize(
    ("raw", "value", "codes"),
    [
        ("13800000000", "13800000000", ""),
        ("'13800000000", "13800000000", "N113"),
        ("'12345", "12345", "C109"),
        (13800000000.0, "13800000000", "N104"),
        (13800000000, "13800000000", "N104"),
        ("138 0000 0000", "13800000000", "N104"),
        ("138-0000-0000", "13800000000", "N104"),
        ("１３８００００００００", "13800000000", "N104"),
        ("+86 138 0000 0000", "13800000000", "N104"),
        ("013800000000", "13800000000", "N104"),
        ("1.3800000001E+10", "13800000001", "N104"),
        ("1.38E+10", "1.38E+10", "C109"),
        ("0774-5551234", "0774-5551234", ""),
        ("0774—5551234", "0774-5551234", "N104"),
        ("（0774）5551234", "0774-5551234", "N104"),
        ("07745551234", "0774-5551234", "N104"),
        (7745551234, "0774-5551234", "N104"),
        ("01055512345", "010-55512345", "N104"),
        (1055512345, "010-55512345", "N104"),
        ("5551234", "5551234", ""),
        (5551234.0, "5551234", "N104"),
        ("400-800-0000", "4008000000", "N104"),
        ("12345", "12345", "C109"),
        ("没有", "没有", "C109"),
        ("13800000000 13900000000", "13800000000 13900000000", "C109"),
        ("45000019800101123x", "45000019800101123x", "C110"),
        ("450000 19800101 1234", "450000 19800101 1234", "C110"),
        (450000198001011234, "450000198001011234", "C110"),
        ("450000198013011234", "450000198013011234", "C109"),
    ],
)
def test_phones(raw: Raw, value: object, codes: str) -> None:
    assert outcome(raw, PHONE) == (value, codes)


def test_an_identity_number_is_masked_and_unusable_and_an_odd_phone_is_neither() -> None:
    identity = normalise("45000019800101123x", PHONE, ONE_YEAR)
    assert identity.fault == ("C110", {"value": "450000********123x"}) and identity.invalid
    assert not normalise("12345", PHONE, ONE_YEAR).invalid
    assert mask_identity("证件 450000198001011234 号") == "证件 450000********1234 号"
    assert mask_identity("13800000000") == "13800000000"
    assert mask_identity("４５００００１９８００１０１１２３Ｘ") == "４５００００********１２３Ｘ"
    assert mask_identity("450000\u30001980 01 01\u200b1234") == "450000********1234"


def test_record_numbers_are_only_trimmed() -> None:
    assert outcome(" t01-RY-0001 ", RECORD) == ("t01-RY-0001", "")
    assert outcome(7.0, RECORD) == ("7", "")


SPELT = st.from_regex(
    r"(2026年|2027年|次年)?[0-9０-９]{1,2}月(份|上旬|中旬|下旬|中、?下旬|[0-9]日-[0-9]{2}日)?", fullmatch=True
)
TYPED = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.timedeltas(),
    st.text(),
    st.text(alphabet=" '\t\n\r\u3000\xa0\u200b\x07张三办公室组长兼、成员是否()（）·－．／-/.年月日１２0123456789Ａb+E"),
    st.sampled_from(["副组长兼联络员", "2026.6.5", "6月5日", "２０２６年６月", "0774 5551234", "450000198001011234"]),
    st.from_regex(r"[12][0-9]{3}[-./年][0-9]{1,2}[-./月][0-9]{1,2}日?", fullmatch=True),
    st.from_regex(r"[0-9]{3,4}-?[0-9]{7,8}", fullmatch=True),
    SPELT,
)
COLUMNS = {column.type: column for table in TABLES for column in table.columns} | {ColumnType.CHOICE: YES_NO}


@pytest.mark.parametrize("column", [*COLUMNS.values(), ROLES, PLANNED], ids=lambda column: column.key)
@given(raw=TYPED)
def test_a_normalised_value_is_left_alone(column: Column, raw: Raw) -> None:
    first = normalise(raw, column, TWO_YEARS)
    again = normalise(first.value, column, TWO_YEARS)
    assert again.value == first.value
    assert again.notes == ()
    assert (again.fault is None) == (first.fault is None)
    assert first.fault is None or first.notes == ()


@given(raw=TYPED)
def test_no_value_holds_what_a_file_cannot_store(raw: Raw) -> None:
    for column in COLUMNS.values():
        read: Normalised = normalise(raw, column, ONE_YEAR)
        text = str(read.value)
        text.encode()
        assert not set(map(ord, text)) & {*range(9), 11, 12, *range(14, 32), 127}
