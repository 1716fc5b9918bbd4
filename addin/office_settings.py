"""What Windows and macOS know of Excel and WPS: where they are, and what they let macros do."""

from __future__ import annotations

import plistlib
from pathlib import Path
from typing import Any

from addin.machine import Machine, Platform

_APP_PATHS = r"SOFTWARE\Microsoft\Windows\CurrentVersion\App Paths\excel.exe"
_LATEST = "16.0"
"""Excel 2016, 2019, 2021, 2024 and Microsoft 365 share this number."""
_WPS_KEYS = (r"HKCU\Software\Kingsoft\Office\6.0\Common", r"HKLM\SOFTWARE\Kingsoft\Office\6.0\Common")
_WPS_PLACES = {Platform.MACOS: ("wpsoffice.app",), Platform.LINUX: ("wps-office", "cn.wps.wps-office-pro")}


def excel(machine: Machine) -> str | None:
    """Where Excel is, None where it is not found."""
    if machine.platform is Platform.WINDOWS:
        for hive in ("HKLM", "HKCU"):
            found = machine.registry.value(f"{hive}\\{_APP_PATHS}", "")
            # WPS takes the names of Microsoft's programs for itself.
            if isinstance(found, str) and found and "kingsoft" not in found.lower() and "wps" not in found.lower():
                return found.strip('"')
        return None
    found_apps = (folder / "Microsoft Excel.app" for folder in machine.applications)
    return next((str(each) for each in found_apps if each.exists()), None)


def wps(machine: Machine) -> str | None:
    """Where WPS is, None where it is not found."""
    for key in _WPS_KEYS:
        found = machine.registry.value(key, "InstallRoot")
        if isinstance(found, str) and found:
            return found
    places = (folder / name for folder in machine.applications for name in _WPS_PLACES.get(machine.platform, ()))
    return next((str(each) for each in places if each.exists()), None)


def excel_version(machine: Machine) -> str:
    """The number under which Excel keeps its settings, as `16.0`."""
    current = machine.registry.value(r"HKLM\SOFTWARE\Classes\Excel.Application\CurVer", "")
    number = str(current or "").rpartition(".")[2]
    return f"{number}.0" if number.isdigit() else _LATEST


def macro_obstacle(machine: Machine) -> str | None:
    """What keeps an add-in in the start-up folder from running, as the end of a key `doctor.macros.*`; None if nothing.

    Excel trusts its start-up folder, so that the user's own macro level does not matter there.
    """
    if machine.platform is Platform.MACOS:
        state = _mac_setting(machine, "VisualBasicMacroExecutionState")
        return "mac_off" if state == "DisabledWithoutWarnings" else None
    office = rf"Microsoft\Office\{excel_version(machine)}"
    policies, own = rf"Software\Policies\{office}", rf"Software\{office}"
    common = r"Excel\Security"
    for root, end in ((policies, "policy"), (own, "own")):
        if _is_set(machine, rf"{root}\Common", "VBAOff"):
            return f"vba_off_{end}"
        if _is_set(machine, rf"{root}\{common}", "DisableAllAddins"):
            return f"addins_off_{end}"
        if _is_set(machine, rf"{root}\{common}", "RequireAddinSig"):
            return f"signed_only_{end}"
        if _is_set(machine, rf"{root}\{common}\Trusted Locations", "AllLocationsDisabled"):
            return f"untrusted_{end}"
    return None


def button_obstacle(machine: Machine) -> str | None:
    """What keeps macros in a workbook (the template with buttons) from running, as the end of a key; None if nothing."""
    office = rf"Microsoft\Office\{excel_version(machine)}\Excel\Security"
    for root, end in ((r"Software\Policies", "policy"), ("Software", "own")):
        level = _setting(machine, rf"{root}\{office}", "VBAWarnings")
        if level == 4:
            return f"buttons_off_{end}"
        if level == 3:
            return f"buttons_signed_{end}"
    return None


def _is_set(machine: Machine, path: str, name: str) -> bool:
    return _setting(machine, path, name) == 1


def _setting(machine: Machine, path: str, name: str) -> int | None:
    for hive in ("HKLM", "HKCU"):
        found = machine.registry.value(f"{hive}\\{path}", name)
        if isinstance(found, int):
            return found
    return None


def _mac_setting(machine: Machine, name: str) -> Any:
    managed = Path("Library") / "Managed Preferences" / "com.microsoft.office.plist"
    for path in (Path("/") / managed, machine.home / "Library" / "Preferences" / "com.microsoft.office.plist"):
        try:
            found = plistlib.loads(path.read_bytes()).get(name)
        except (OSError, plistlib.InvalidFileException, ValueError):
            continue
        if found is not None:
            return found
    return None
