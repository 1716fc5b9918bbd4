"""Where Excel and the glue look, written out: the oracle for what the installation writes into a home."""

from __future__ import annotations

from importlib import metadata, resources
from pathlib import Path

from addin.machine import Platform

SOURCE = Path(str(resources.files("xlwings")))
"""The installed xlwings, whose own installer and glue know the same places."""

_MAC = "Library/Group Containers/UBF8T346G9.Office/User Content.localized/Startup.localized/Excel"
EXCEL_PLACES = {
    Platform.WINDOWS: ("AppData/Roaming/Microsoft/Excel/XLSTART/xingzhi.xlam", ".xingzhi/xingzhi.conf"),
    Platform.MACOS: (
        f"{_MAC}/xingzhi.xlam",
        "Library/Containers/com.microsoft.Excel/Data/xingzhi.conf",
        f"Library/Application Scripts/com.microsoft.Excel/xlwings-{metadata.version('xlwings')}.applescript",
    ),
}
