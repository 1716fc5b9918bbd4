"""What a command may touch of xlwings: what every host has. All else is refused by its name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar, NoReturn

from xingzhi.findings import Finding


class NotInEveryHost(Exception):
    """A command does what some host cannot do, or does otherwise: the programme's failure. `member` names it, as Range.color."""

    def __init__(self, member: str, why: str = "it is none of the members that every host has") -> None:
        super().__init__(f"{member}: commands may not use it so ({why})")
        self.member = member


class HostRefused(Exception):
    """A file cannot be opened, or what was written cannot be saved in it; `findings` tell its user why."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__(", ".join(each.code for each in findings))
        self.findings = findings


class HostObject:
    """What stands behind an object of xlwings. A member that its class does not define is refused by name, to read, to set
    and to call, so that one which comes with a new version of xlwings is refused too."""

    kind: ClassVar[str]
    __slots__ = ()

    def __init_subclass__(cls, kind: str) -> None:
        """`kind` is the name of the class in xlwings."""
        cls.kind = kind
        for name, member in list(vars(cls).items()):
            if isinstance(member, property):
                getter = member.fget or _refusing(kind, name)
                setattr(cls, name, property(getter, member.fset or _refusing(kind, name), None, member.__doc__))

    def __getattr__(self, name: str) -> NoReturn:
        if name.startswith("__"):
            # Python asks for these by itself, and goes on without them.
            raise AttributeError(name)
        raise NotInEveryHost(f"{self.kind}.{name}")

    def __setattr__(self, name: str, value: Any) -> None:
        if not hasattr(type(self), name):
            raise NotInEveryHost(f"{self.kind}.{name}")
        object.__setattr__(self, name, value)

    def __bool__(self) -> bool:
        # xlwings asks some objects whether they are there.
        return True

    def __len__(self) -> int:
        raise NotInEveryHost(f"{self.kind}.__len__")

    def __iter__(self) -> Iterator[Any]:
        raise NotInEveryHost(f"{self.kind}.__iter__")

    def __contains__(self, key: object) -> bool:
        raise NotInEveryHost(f"{self.kind}.__contains__")

    def __call__(self, *args: Any) -> Any:
        raise NotInEveryHost(f"{self.kind}.__call__")

    def __getitem__(self, key: object) -> Any:
        raise NotInEveryHost(f"{self.kind}.__getitem__")


def _refusing(kind: str, name: str) -> Any:
    def refuse(*_: Any) -> NoReturn:
        raise NotInEveryHost(f"{kind}.{name}")

    return refuse


class NativeObject:
    """What `Range.api` gives. xlwings asks it for its truth before it writes, and a command may ask nothing of it."""

    def __bool__(self) -> bool:
        return True

    def __getattr__(self, name: str) -> NoReturn:
        raise NotInEveryHost(f"Range.api.{name}", "it is Excel's own object, other on each system")

    def __setattr__(self, name: str, value: object) -> NoReturn:
        self.__getattr__(name)

    def __call__(self, *args: object, **options: object) -> NoReturn:
        self.__getattr__("__call__")

    def __getitem__(self, key: object) -> NoReturn:
        self.__getattr__("__getitem__")

    def __iter__(self) -> NoReturn:
        self.__getattr__("__iter__")


NATIVE = NativeObject()
