"""All tables, in the order in which a workbook shows them."""

from collections.abc import Iterable

from workbook_templates.tables.attendance import ATTENDANCE
from workbook_templates.tables.documents import DOCUMENTS
from workbook_templates.tables.evaluation import EVALUATION
from workbook_templates.tables.members import MEMBERS
from workbook_templates.tables.organisation import ORGANISATION
from workbook_templates.tables.outcomes import OUTCOMES
from workbook_templates.tables.people import PEOPLE
from workbook_templates.tables.progress import PROGRESS
from workbook_templates.tables.projects import PROJECTS
from workbook_templates.tables.reports import REPORTS
from workbook_templates.tables.schedule import SCHEDULE
from workbook_templates.tables.study import STUDY
from xingzhi.columns import Table

TABLES: tuple[Table, ...] = (
    PEOPLE,
    ORGANISATION,
    PROJECTS,
    MEMBERS,
    SCHEDULE,
    ATTENDANCE,
    PROGRESS,
    DOCUMENTS,
    REPORTS,
    OUTCOMES,
    EVALUATION,
    STUDY,
)

_BY_KEY = {table.key: table for table in TABLES}


def tables(keys: Iterable[str]) -> tuple[Table, ...]:
    """The tables of these keys, in the order of the registry; KeyError for a key that no table has."""
    wanted = set(keys)
    unknown = wanted - set(_BY_KEY)
    if unknown:
        raise KeyError(f"no such table: {', '.join(sorted(unknown))}")
    return tuple(table for table in TABLES if table.key in wanted)
