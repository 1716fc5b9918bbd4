"""Where Excel looks: its folder of start-up files, the configuration of the glue, the scripts that macros may run."""

from __future__ import annotations

from pathlib import Path

from addin.machine import Machine, Platform
from xingzhi.refusal import Refusal

ADDIN = "xingzhi.xlam"


def addin_file(machine: Machine) -> Path:
    """The add-in where Excel loads it at its start; Refusal where there is no Excel for this system."""
    if machine.platform is Platform.WINDOWS:
        roaming = machine.environment.get("APPDATA") or str(machine.home / "AppData" / "Roaming")
        return Path(roaming) / "Microsoft" / "Excel" / "XLSTART" / ADDIN
    if machine.platform is Platform.MACOS:
        group = machine.home / "Library" / "Group Containers" / "UBF8T346G9.Office"
        return group / "User Content.localized" / "Startup.localized" / "Excel" / ADDIN
    raise Refusal("refusal.no_excel_here")


def configuration_file(machine: Machine) -> Path:
    """The file that the glue reads; xlwings lays it there by the name of the VBA project."""
    if machine.platform is Platform.MACOS:
        return machine.home / "Library" / "Containers" / "com.microsoft.Excel" / "Data" / "xingzhi.conf"
    return machine.home / ".xingzhi" / "xingzhi.conf"


def script_folder(machine: Machine) -> Path:
    """macOS: the one folder whose scripts Excel, in its sandbox, may run."""
    return machine.home / "Library" / "Application Scripts" / "com.microsoft.Excel"
