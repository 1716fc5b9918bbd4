"""The kinds of computers that an offline folder serves, as pip and environment markers know them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

GLIBC = 28
"""The newest glibc that is counted on, as 2.x: UOS 20 and the servers of Kylin V10 have 2.28."""

_GLIBCS = (5, 12, 17, 24, 27, GLIBC)
_OLD_NAMES = {5: "manylinux1", 12: "manylinux2010", 17: "manylinux2014"}
_MANYLINUX = re.compile(r"manylinux_2_(\d+)_")
_OLD = re.compile(r"manylinux(1|2010|2014)_")


@dataclass(frozen=True)
class Target:
    """A kind of computer."""

    name: str
    tags: tuple[str, ...]
    """pip's platform tags, the oldest first: of two wheels the one that runs on more systems is taken."""
    markers: tuple[tuple[str, str], ...]

    def environment(self, python: str) -> dict[str, str]:
        """What environment markers see there; `python` as `3.11`."""
        common = {
            "implementation_name": "cpython",
            "platform_python_implementation": "CPython",
            "python_version": python,
            "python_full_version": f"{python}.0",
            "implementation_version": f"{python}.0",
            "platform_release": "",
            "platform_version": "",
            "extra": "",
        }
        return {**common, **dict(self.markers)}


def _linux(machine: str) -> Target:
    tags = [name for n in _GLIBCS for name in (f"manylinux_2_{n}", _OLD_NAMES.get(n)) if name]
    markers = {"os_name": "posix", "sys_platform": "linux", "platform_system": "Linux", "platform_machine": machine}
    return Target(f"manylinux_{machine}", tuple(f"{tag}_{machine}" for tag in tags), tuple(markers.items()))


_WINDOWS = {"os_name": "nt", "sys_platform": "win32", "platform_system": "Windows", "platform_machine": "AMD64"}
TARGETS = {
    target.name: target
    for target in (Target("win_amd64", ("win_amd64",), tuple(_WINDOWS.items())), _linux("x86_64"), _linux("aarch64"))
}


def least_glibc(wheels: Iterable[str]) -> int:
    """The glibc, as 2.x, below which some wheel of these file names does not run; 0 where none asks for one."""
    return max((_asked(name) for name in wheels), default=0)


def _asked(name: str) -> int:
    # A wheel that bears several tags runs from the oldest of them on.
    old = [n for n, tag in _OLD_NAMES.items() for found in _OLD.findall(name) if f"manylinux{found}" == tag]
    return min([*map(int, _MANYLINUX.findall(name)), *old], default=0)
