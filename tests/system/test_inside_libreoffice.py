"""The macros run inside LibreOffice, on a workbook that is open there, and do what they do to the file.

One and the same workbook goes to two desks. At one it stays open in LibreOffice, whose formulas and conditional formats follow
what a command writes. At the other the command works on the file, which LibreOffice then opens to tell what is in it.
"""

from __future__ import annotations

import shutil
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import openpyxl
import pytest
import xlwings
from support import uno_office
from support.host_members import implemented, touched
from support.office import MEMBERS as GROUPS
from support.office import ORGANISATION, PEOPLE, SCHEDULE, TODAY, Bureau, Typing, header_of, typing
from support.uno_cells import UnoRange, UnoSheet, UnoSheets
from support.uno_document import Held, UnoDocument, opened
from support.uno_host import UnoApp, UnoApps, UnoBook, UnoName, UnoNames, uno_book
from support.uno_office import UnoOffice
from support.uno_table import UnoTable, UnoTables

from addin.commands.check import check
from addin.commands.clear_marks import clear_marks
from addin.commands.next_finding import next_finding
from addin.hosts.file_host import open_book
from addin.hosts.members import MEMBERS
from addin.hosts.rules import NotInEveryHost
from addin.said import Said

needs_uno = pytest.mark.skipif(uno_office.available() is not None, reason=str(uno_office.available()))
FINDINGS, EXPLANATION = "校验结果", "单位说明"
RED, YELLOW, BLUE = "#FFC7CE", "#FFEB9C", "#DDEBF7"
COLOURS = {"必改": RED, "请核实": YELLOW, "提示": BLUE}
SHEETS = (PEOPLE, SCHEDULE)
"""The sheets of records in which the mistakes are."""
