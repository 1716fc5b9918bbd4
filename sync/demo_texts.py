"""What the demo's clerks and its office write at length: progress, reasons, titles of documents. None of it is real."""

from __future__ import annotations

OFFICE = "县行动办"
PROMOTERS = "县行动学习推动小组"
LEADERS = "县行动学习领导小组"

PLAN = "{unit}行动学习实施方案"
PROJECT_PLAN = "“{topic}”项目方案"
LIST = "“{topic}”小组成员名单"
TRAINING_PLAN = "“{topic}”专家辅导培训计划"
INCENTIVE = "行动学习激励办法"
REGULATIONS = {
    "study": "行动学习学习制度",
    "work": "项目行动小组工作制度",
    "project": "项目管理制度",
    "funds": "行动学习经费管理办法",
    "facilitators": "促进师管理办法",
    "reports": "信息报送制度",
    "students": "学员管理制度",
}
MISSPELT_REGULATION = "学习制渡"
UNHELD_ACTIVITY = "行动学习誓师会"
COACHING = "{matter}专家辅导（{number}）"
FILING = "行动备〔{year}〕{number:03d}号"
WAIVED = "已派人参加县里统一培训，不再另办"
REPLIES = {"missing": "分管领导说尽快报，至今未见", "late": "经办人借调，说九月上旬一并报来"}
EXPLAINED = "外单位借调来的观察员，不是本单位的人"
ACCEPTED = "情况属实，同意"
RETURNED = "阶段性目标不具体，缺时间安排，请修改后重报"

PROGRESS = {
    7: ("小组已成立，完成{matter}调研，问题清单已列出", "走访了{matter}服务对象，小组议定了方案初稿"),
    8: ("两个试点开始试做，{matter}流程图已画出", "方案批准后开始实施，第一批措施已落地"),
    9: ("试点数据比上月好转，{matter}做法在面上推开", "试点小结完成，正在修改{matter}办法"),
    10: ("面上推开过半，召开一次经验交流", "办法试行，收集到的意见正在逐条研究"),
    11: ("各点基本做到位，正在核对成效数据", "办法定稿，准备成果材料"),
    12: ("成果已固化，完成鉴定", "全部措施做完，总结已写好"),
}
"""By month; `{matter}` is the topic's."""

PROGRESS_PROBLEMS = ("个别村参与不够积极", "数据口径不一致，核对费时", "小组成员本职工作忙，集中讨论时间少", "", "", "")
COORDINATION = (
    "{matter}涉及的数据在两个部门，请县里协调共享",
    "试点需要场地，请协调闲置用房",
    "请协调相关部门各派一名业务骨干参加研讨",
    "请明确{matter}经费从哪里列支",
    "请协调专家到点上再辅导一次",
    "{matter}要用的表格多头下发，请县里统一口径",
    "试点村缺一名懂业务的人，请协调下派",
    "请协调{matter}相关单位提供近三年数据",
    "跨乡镇的点由哪家牵头，请县里明确",
)
FOLLOWING = ("继续走访，月底前小结", "按时间表推进试点", "整改交流会上提出的三条意见", "核对数据，准备下月研讨材料")

REASONS = {
    "leave": ("家中有事", "因病就医", "参加县里会议", "下村处理急事"),
    "late": ("路上堵车", "前一个会议延时"),
    "left_early": ("接待来访群众", "赶往工作现场"),
    "absent": ("", "未说明原因"),
}

STUDY_PLANS = {
    "year": "本年度学习计划：行动学习方法与本职业务",
    "stage": "项目实施阶段学习计划",
}
STUDY_NOTES = ("行动学习方法手册读书笔记", "群众工作方法读书笔记", "项目管理入门读书笔记")
STUDY_TRAINING = "行动学习理念与方法培训"
STUDY_ONLINE = "网络学习：公文与数据处理"
STUDY_AREAS = ("行动学习", "业务政策", "群众工作", "数据处理")

OUTCOME_TITLES = {
    "regulation": "{matter}工作规程",
    "film": "“{topic}”主题片",
    "album": "“{topic}”主题画册",
    "solution": "“{topic}”解决方案",
}
OPINIONS = ("做法可行，数据扎实，建议在全县推广", "目标达到，请补充成效对比数据")
RECTIFICATION = "已补充前后对比数据"
CRITERIA = {"project": "目标达成", "member": "参与和成长", "culture": "学习氛围"}
COMMENTS = ("按计划完成", "有明显进步", "配合好，能提出办法", "")
