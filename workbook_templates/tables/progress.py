"""进展情况: how each project got on in a month."""

from workbook_templates.tables.projects import long_text, project_column
from workbook_templates.tables.reports import period_column
from xingzhi.columns import RECORD, Table
from xingzhi.labels import Label

PROGRESS = Table(
    key="progress",
    label=Label("进展情况", "Progress"),
    aliases=("进展", "项目进展", "工作进展", "进度情况"),
    letters="JZ",
    room=100,
    natural_key=("project", "period"),
    month="period",
    purpose=Label(
        "每个项目每月一行；需要县里协调的写在“需协调事项”，会报到领导案头",
        "One row for each project and month; what needs co-ordination goes to the office's first page",
    ),
    columns=(
        RECORD,
        project_column(),
        period_column(),
        long_text("progress", "进展", "Progress", required=True, width=34, aliases=("进展情况", "主要进展")),
        long_text("problems", "存在问题", "Problems", width=26, aliases=("问题", "困难")),
        long_text("coordination", "需协调事项", "To be co-ordinated", width=26, aliases=("需要协调", "协调事项")),
        long_text("next_step", "下一步打算", "Next step", width=26, aliases=("下一步", "下步打算")),
    ),
)
