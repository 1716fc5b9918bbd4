"""The ribbon: the commands that `commands.toml` declares, as values and as the customUI part of an add-in."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from lxml import etree

from xingzhi.labels import Label, Lang

CALLBACK = "XingzhiRibbon.RunTag"
"""The VBA procedure that every button calls."""

_FILE = Path(__file__).with_name("commands.toml")
_NAMESPACE = "http://schemas.microsoft.com/office/2006/01/customui"


class Place(StrEnum):
    """The workbook in which a command works."""

    UNIT = "unit"
    MASTER = "master"


@dataclass(frozen=True, slots=True)
class Command:
    """One button. `name` is its tag, the module and the function of `addin.commands`."""

    name: str
    group: str
    places: frozenset[Place]
    size: str
    image: str
    label: Label
    tip: Label


@dataclass(frozen=True, slots=True)
class Group:
    """Buttons that stand together."""

    name: str
    label: Label


@dataclass(frozen=True, slots=True)
class Ribbon:
    """One tab, its groups, and its commands in their order."""

    label: Label
    groups: tuple[Group, ...]
    commands: tuple[Command, ...]

    def commands_of(self, place: Place) -> tuple[Command, ...]:
        """The commands that work in one kind of workbook."""
        return tuple(each for each in self.commands if place in each.places)


@cache
def ribbon() -> Ribbon:
    """What `commands.toml` declares; ValueError for a command in no group or of no known place."""
    declared = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    groups = tuple(Group(each["name"], Label(each["zh"], each["en"])) for each in declared["group"])
    commands = tuple(_command(each) for each in declared["command"])
    names = {group.name for group in groups}
    if strays := [each.name for each in commands if each.group not in names]:
        raise ValueError(f"commands in no group: {strays}")
    tab = declared["tab"]
    return Ribbon(Label(tab["zh"], tab["en"]), groups, commands)


def _command(declared: dict[str, Any]) -> Command:
    zh, en = declared["zh"], declared["en"]
    return Command(
        name=declared["name"],
        group=declared["group"],
        places=frozenset(map(Place, declared["for"])),
        size=declared["size"],
        image=declared["image"],
        label=Label(zh["label"], en["label"]),
        tip=Label(zh["tip"], en["tip"]),
    )


def custom_ui(lang: Lang) -> bytes:
    """The customUI part: of the version of Office 2007, which every later one reads."""
    what = ribbon()
    root = etree.Element(f"{{{_NAMESPACE}}}customUI", nsmap={None: _NAMESPACE})
    tabs = _under(_under(root, "ribbon"), "tabs")
    tab = _under(tabs, "tab", id="xingzhi", label=what.label.of(lang))
    for group in what.groups:
        box = _under(tab, "group", id=f"xingzhi_group_{group.name}", label=group.label.of(lang))
        for each in what.commands:
            if each.group != group.name:
                continue
            _under(
                box,
                "button",
                id=f"xingzhi_{each.name}",
                tag=each.name,
                label=each.label.of(lang),
                screentip=each.label.of(lang),
                supertip=each.tip.of(lang),
                imageMso=each.image,
                size=each.size,
                onAction=CALLBACK,
            )
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True, pretty_print=True))


def _under(parent: etree._Element, tag: str, /, **attributes: str) -> etree._Element:
    return etree.SubElement(parent, f"{{{_NAMESPACE}}}{tag}", attributes)
