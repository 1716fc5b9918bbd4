"""Putting the add-in where Excel loads it: the plan as a value, and what carries it out."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from importlib import metadata, resources
from pathlib import Path

from addin import configuration
from addin.machine import Machine, Platform
from addin.places import addin_file, configuration_file, script_folder
from xingzhi.refusal import Refusal


class Action(StrEnum):
    """What a step does to its file."""

    NEW = "new"
    REPLACE = "replace"
    KEEP = "keep"
    UNMARK = "unmark"
    REMOVE = "remove"


@dataclass(frozen=True)
class Step:
    """One file: what is done to it and why (`what` ends the catalogue's keys `addin.what.*` and `addin.why.*`)."""

    action: Action
    what: str
    source: str
    target: Path
    content: bytes = b""


def plan_install(machine: Machine, addin: bytes) -> tuple[Step, ...]:
    """The steps that put `addin` (the .xlam) and its configuration in place, those that are done already as KEEP.

    Refusal where there is no Excel for the system, or where the configuration cannot say the interpreter's path.
    """
    target, conf = addin_file(machine), configuration_file(machine)
    wanted = configuration.with_settings(machine, conf, configuration.settings(machine))
    steps = [
        _write("addin", f"xingzhi {metadata.version('xingzhi')}", target, addin),
        _write("configuration", str(machine.interpreter), conf, wanted),
    ]
    if machine.platform is Platform.MACOS:
        name, script = run_script()
        steps.append(_write("script", f"xlwings/{name}", script_folder(machine) / name, script))
    marked = [Step(Action.UNMARK, "mark", "", each.target) for each in steps if machine.marks.has(each.target)]
    return (*steps, *marked)


def plan_removal(machine: Machine) -> tuple[Step, ...]:
    """The steps that take away what `plan_install` puts in place. The script stays: other add-ins may run by it."""
    target, conf = addin_file(machine), configuration_file(machine)
    steps = [Step(Action.REMOVE, "addin", "", target)] if target.is_file() else []
    if conf.is_file():
        left = configuration.without_settings(machine, conf)
        if left is None:
            steps.append(Step(Action.REMOVE, "configuration", "", conf))
        elif left != conf.read_bytes():
            steps.append(Step(Action.REPLACE, "configuration", "", conf, left))
    return tuple(steps)


def carry_out(machine: Machine, steps: Sequence[Step]) -> None:
    """Do what the steps say; Refusal where Excel has a file open."""
    for step in steps:
        try:
            _carry_out(machine, step)
        except PermissionError as error:
            # Windows lets no one replace the add-in that a running Excel has loaded.
            raise Refusal("refusal.addin_open", file=str(step.target)) from error


def run_script() -> tuple[str, bytes]:
    """Name and content of the script by which the installed xlwings runs Python on macOS."""
    (found,) = (each for each in resources.files("xlwings").iterdir() if each.name.endswith(".applescript"))
    return found.name, found.read_bytes()


def _write(what: str, source: str, target: Path, content: bytes) -> Step:
    if not target.is_file():
        return Step(Action.NEW, what, source, target, content)
    action = Action.KEEP if target.read_bytes() == content else Action.REPLACE
    return Step(action, what, source, target, content)


def _carry_out(machine: Machine, step: Step) -> None:
    if step.action is Action.UNMARK:
        machine.marks.remove(step.target)
    elif step.action is Action.REMOVE:
        step.target.unlink(missing_ok=True)
    elif step.action is not Action.KEEP:
        step.target.parent.mkdir(parents=True, exist_ok=True)
        beside = step.target.with_name(f"{step.target.name}.new")
        try:
            beside.write_bytes(step.content)
            os.replace(beside, step.target)
        finally:
            beside.unlink(missing_ok=True)
