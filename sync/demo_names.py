"""The invented vocabulary of the demo: the units of a county, people, topics, titles, places. None of it is real."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice, product
from random import Random

SURNAMES = tuple(
    "王李张刘陈杨赵周吴徐孙马朱胡郭何高林罗郑梁谢宋唐韩邓曾程蔡彭潘袁董余叶"
    "蒋杜魏吕丁沈任姚卢钟谭廖范陆石贾夏方邹熊孟秦雷陶贺龚万莫"
)
_GIVEN = (
    "允禾、禾川、砚青、书屿、若溪、汀雨、远樵、定澜、秋穗、映溪、子渠、佑宁、思樾、云岫、晓蘅、怀砚、兰汀、明渠、守田、"
    "稼生、知畦、望川、启樾、泽穗、润禾、松麓、春畦、小榆、亦桐、一苇、念禾、文樵、维麓、青岫、向原、世渠、冬榆、庭樾、"
    "雨苇、林溪、广穗、惠禾、志樵、秀蘅"
)
GIVEN_NAMES = tuple(_GIVEN.split("、"))
SHORT_NAMES = tuple("禾榆樾汀桐蘅砚渡麓苇")
"""Given names of one character: the ones that clerks pad with a space to align them."""


@dataclass(frozen=True, slots=True)
class UnitName:
    """A unit's name with the letters of its code, what sort of unit it is, and what its first leader is called."""

    name: str
    letters: str
    kind: str
    head: str


BUREAU, TOWNSHIP, STATION, VILLAGE = "县直部门", "乡镇", "站所", "村和社区"

_BUREAUS = (
    "民政局 MZ、财政局 CZ、教育局 JY、水利局 SL、农业农村局 NY、司法局 SF、文化旅游局 WL、医疗保障局 YB、"
    "自然资源局 ZR、住房城乡建设局 ZJ、交通运输局 JT、卫生健康局 WJ、市场监管局 SJ、统计局 TJ、审计局 SH、林业局 LY、"
    "商务局 SW、应急管理局 YJ、城市管理局 CG、人力资源社会保障局 RS、信访局 XF、数据局 SJ、乡村振兴局 XC、"
    "退役军人事务局 TY"
)
_TOWNSHIPS = (
    "城关镇 CG、砚池镇 YC、禾塘镇 HT、榆桥镇 YQ、苇渡乡 WD、岚川镇 LC、樵坪乡 QP、麦浪镇 ML、柳穗乡 LS、桐荫镇 TY、"
    "兰汀乡 LT、双渠镇 SQ、石畦乡 SX、映湖镇 YH、松麓乡 SL、稻香街道 DX、望原街道 WY"
)
_STATIONS = (
    "中心小学 XX 校长、初级中学 ZX 校长、卫生院 WS 院长、农业服务中心 NF 主任、文化站 WH 站长、林业站 LZ 站长、"
    "水利站 SZ 站长、财政所 CS 所长、司法所 SS 所长、供销社 GS 主任、养老服务中心 YL 主任、便民服务中心 BM 主任"
)
_VILLAGE_KINDS = "村 CU 主任、社区 SQ 主任、股份合作社 HZ 理事长、联合工会 GH 主席"
_VILLAGE_FIRST, _VILLAGE_SECOND = "上下大小东西南北前后新老青白石竹", "塘垌坪埔渠桥岭湾溪畦樟榆"


def unit_names() -> tuple[UnitName, ...]:
    """Every unit that the county could have, more than 1000: two bureaus and a township by turns, then smaller ones."""
    bureaus = [UnitName(name, letters, BUREAU, "局长") for name, letters in _entries(_BUREAUS)]
    towns = [
        UnitName(name, letters, TOWNSHIP, {"镇": "镇长", "乡": "乡长"}.get(name[-1], "主任"))
        for name, letters in _entries(_TOWNSHIPS)
    ]
    mixed = [
        unit
        for turn in range(len(towns))
        for unit in (*bureaus[turn * 2 : turn * 2 + 1], towns[turn], *bureaus[turn * 2 + 1 : turn * 2 + 2])
    ]
    stations = [
        UnitName(f"{town.name}{name}", letters, STATION, head)
        for (name, letters, head), town in product(_entries(_STATIONS), towns)
    ]
    villages = [
        UnitName(f"{first}{second}{name}", letters, VILLAGE, head)
        for (name, letters, head), first, second in product(_entries(_VILLAGE_KINDS), _VILLAGE_FIRST, _VILLAGE_SECOND)
    ]
    return (*mixed, *stations, *villages)


def _entries(text: str) -> list[list[str]]:
    return [entry.split() for entry in text.split("、")]


LIMIT = len(unit_names())
"""How many units there can be."""


def units(count: int) -> tuple[tuple[str, UnitName], ...]:
    """The first `count` units with their codes, such as MZ01: letters of the name and the unit's number.

    ValueError for a count below 1 or above LIMIT.
    """
    if not 1 <= count <= LIMIT:
        raise ValueError(f"the demo has 1 to {LIMIT} units, not {count}")
    return tuple(
        (f"{unit.letters}{number:02d}", unit) for number, unit in enumerate(islice(unit_names(), count), start=1)
    )


def people(rng: Random, count: int) -> list[str]:
    """Distinct invented names, the last one short."""
    chosen: dict[str, None] = {}
    while len(chosen) < count - 1:
        chosen[rng.choice(SURNAMES) + rng.choice(GIVEN_NAMES)] = None
    return [*chosen, rng.choice(SURNAMES) + rng.choice(SHORT_NAMES)]


def phone(rng: Random) -> str:
    """An invented mobile number."""
    return f"1990000{rng.randrange(10_000):04d}"


DEPARTMENTS = {
    BUREAU: ("办公室", "综合股", "业务股", "规划财务股", "政策法规股", "监督检查股"),
    TOWNSHIP: ("党政综合办", "经济发展办", "社会事务办", "应急管理办", "农业服务中心", "便民服务中心"),
    STATION: ("办公室", "业务组", "后勤组", "服务组"),
    VILLAGE: ("综合岗", "民生岗", "产业岗", "治理岗"),
}
STAFF_POSTS = ("股长", "副股长", "四级主任科员", "科员", "干事", "专干")
OUTSIDE_UNITS = ("县委党校", "县职业教育中心", "县社会工作服务中心")
PLACES = ("三楼会议室", "二楼会议室", "党员活动室", "多功能厅", "职工之家", "培训教室")
SITES = ("社区服务站", "便民服务大厅", "村委会活动室", "示范基地", "养老服务中心", "文化广场")
METHODS = ("质疑反思", "世界咖啡", "鱼骨图", "头脑风暴", "团队列名", "六顶思考帽")


@dataclass(frozen=True, slots=True)
class Topic:
    """A project's topic: its title, the matter it is about, what it wants to reach, and the title of a part of it."""

    title: str
    matter: str
    goal: str
    part: str


TOPICS = (
    Topic("提高困难群众救助办理速度", "救助审批", "平均办理时限由二十天压到十二天", "救助材料一次告知"),
    Topic("村级养老服务点长效运行", "农村养老", "七成服务点每周开放五天以上", "助餐服务试点"),
    Topic("窗口服务一件事一次办", "窗口办事", "二十个高频事项一次办结", "办事指南简化"),
    Topic("小型水库管护责任落实", "水库管护", "管护记录完整率达到九成五", "巡查队伍建设"),
    Topic("中小学课后服务提质", "课后服务", "每校开设特色课程不少于六门", "家校联系机制"),
    Topic("集镇停车难治理", "集镇停车", "圩日占道停放减少一半", "临时停车场建设"),
    Topic("农村生活垃圾分类减量", "垃圾分类", "清运量比上年下降两成", "积分兑换办法"),
    Topic("撂荒地复耕与代耕", "耕地利用", "复耕八百亩以上", "代耕队伍组建"),
    Topic("乡村文化活动常态化", "文化活动", "每村每季度一场活动", "文艺骨干培养"),
    Topic("医保报销少跑腿", "医保经办", "村级代办覆盖全部行政村", "代办员业务培训"),
    Topic("矛盾纠纷一站式化解", "纠纷化解", "一般纠纷七天内办结率九成", "调解员队伍建设"),
    Topic("工程项目结算提速", "项目结算", "结算审核平均缩短十天", "结算资料清单"),
    Topic("基层报表减负", "报表减负", "村级重复报表减少四成", "数据共享台账"),
    Topic("返乡青年就业帮扶", "就业帮扶", "新增稳定就业一百五十人", "家门口招聘会"),
    Topic("特色果园品牌建设", "果业品牌", "统一品牌销售占比过半", "采后分级包装"),
    Topic("物业服务矛盾预防", "小区物业", "物业投诉同比下降三成", "业主议事会"),
)
IMPORTANCE = ("{matter}关系全县群众切身利益", "{matter}是本单位今年的重点工作", "{matter}多年没有根本改善，影响全局")
URGENCY = ("群众反映集中，年内必须见效", "考核期限临近，不能再拖", "近期问题增多，不解决会积累成大矛盾")
BREADTH = ("牵涉多个单位和村社区，一家办不成", "需要部门配合、村里参与", "涉及资金、人员、流程，要合力解决")
FEASIBILITY = ("已有试点基础，半年内可以完成", "人员和经费已落实，目标具体", "责任清楚，分阶段可以推进")
MILESTONES = ("七月摸清底数，九月试点，十二月总结推广", "七月定方案，八月至十一月实施，十二月固化成果")
OUTCOMES = ("解决方案一份、制度一项", "工作规程一套、主题画册一册", "管理办法一项、典型案例三个")
PARTNERS = ("各村委会、派出所", "财政所、各社区", "卫生院、中心小学", "相关股室、服务对象代表")
DUTIES = ("统筹协调", "联系沟通、会务", "组织学习、整理资料", "汇报展示", "入户走访", "数据统计", "方案起草")

REPORTS = (
    "我单位启动“{topic}”行动学习",
    "我单位开展“{topic}”专题调研",
    "“{topic}”小组研讨解决思路",
    "从一件小事看“{topic}”",
    "“{topic}”试点取得初步进展",
    "“{topic}”项目推进情况",
    "学员谈行动学习：边干边学",
    "“{topic}”推广做法",
)
PROBLEMS = ("活动记录不够完整", "调研样本偏少", "")
RESULTS = ("梳理问题清单十二条", "明确责任人和时限", "形成一致意见", "收集意见建议二十三条", "确定三条改进措施")
NEXT_STEPS = ("下月选两个点先行试做，月底小结", "补充走访对象，完善方案后再研讨", "按清单逐项整改，下次会上通报")
