"""Which members of xlwings' implementation a command touches, as the file host sees it.

- `with touched() as found:` fills `found`, a set of names such as `Range.raw_value` and `Range.raw_value=`; calls of
  `len()`, `in` and the like on an implementation are not seen.
- `with named(folder) as found:` fills `found` with the members of xlwings' public classes that code in `folder` names itself,
  such as `Range.value` and `Range.value=`, whatever host is behind them.
- `implemented(cls)` is the set of members that a class of the host defines, in the notation of `addin.hosts.members`; those
  for the host's own use are among them.
- `Source(module)` knows the classes in the source of a module of the installed xlwings, which need not be importable here.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from types import FunctionType, MemberDescriptorType
from typing import Any

from addin.hosts.rules import HostObject

PROTOCOL = ("__call__", "__contains__", "__iter__", "__len__")


@contextmanager
def touched() -> Iterator[set[str]]:
    """Note each member that is read or set while the block runs."""
    found: set[str] = set()

    def read(self: HostObject, name: str) -> Any:
        if not name.startswith("_"):
            found.add(f"{type(self).kind}.{name}")
        return object.__getattribute__(self, name)

    set_before = HostObject.__setattr__

    def write(self: HostObject, name: str, value: Any) -> None:
        if not name.startswith("_"):
            found.add(f"{type(self).kind}.{name}=")
        set_before(self, name, value)

    HostObject.__getattribute__ = read  # type: ignore[method-assign, assignment]
    HostObject.__setattr__ = write  # type: ignore[method-assign]
    try:
        yield found
    finally:
        del HostObject.__getattribute__
        HostObject.__setattr__ = set_before  # type: ignore[method-assign]


@contextmanager
def named(folder: Path, classes: Mapping[str, type]) -> Iterator[set[str]]:
    """Note each public member that code in a folder reads or sets while the block runs, by the names of their classes."""
    found: set[str] = set()

    files = {str(path) for path in (*folder.glob("*.py"), *folder.glob("commands/*.py"))}

    def is_here() -> bool:
        return sys._getframe(2).f_code.co_filename in files

    def watch(kind: str, cls: type) -> None:
        def read(self: object, name: str) -> Any:
            if not name.startswith("_") and is_here():
                found.add(f"{kind}.{name}")
            return object.__getattribute__(self, name)

        def write(self: object, name: str, value: Any) -> None:
            if not name.startswith("_") and is_here():
                found.add(f"{kind}.{name}=")
            object.__setattr__(self, name, value)

        cls.__getattribute__, cls.__setattr__ = read, write  # type: ignore[method-assign, assignment]

    before = {cls: {name: vars(cls)[name] for name in _HOOKS if name in vars(cls)} for cls in classes.values()}
    for kind, cls in classes.items():
        watch(kind, cls)
    try:
        yield found
    finally:
        for cls, hooks in before.items():
            for name in _HOOKS:
                delattr(cls, name)
            for name, hook in hooks.items():
                setattr(cls, name, hook)


_HOOKS = ("__getattribute__", "__setattr__")


def implemented(cls: type[HostObject]) -> set[str]:
    """What a class defines: attributes, properties, those that are set with '=' at the end, methods, Python's protocols."""
    found = set()
    for name, member in vars(cls).items():
        if isinstance(member, property):
            found |= {name} if _is_ours(member.fget) else set()
            found |= {f"{name}="} if _is_ours(member.fset) else set()
        elif isinstance(member, FunctionType | MemberDescriptorType):
            found.add(name)
    return {each for each in found if not each.startswith("_") or each in PROTOCOL}


def _is_ours(function: Any) -> bool:
    return function is not None and function.__name__ != "refuse"


class Source:
    """The classes of one module of xlwings."""

    def __init__(self, module: str) -> None:
        spec = find_spec("xlwings")
        assert spec is not None and spec.submodule_search_locations
        path = Path(spec.submodule_search_locations[0]) / f"{module}.py"
        tree = ast.parse(path.read_text(encoding="utf-8"))
        self._classes = {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}

    def members(self, name: str, base: Source | None = None) -> dict[str, ast.AST]:
        """The members of a class that do something, those of its bases among them: `base` is the module of base classes."""
        node = self._classes.get(name)
        if node is None:
            return {}
        found: dict[str, ast.AST] = {}
        for each in reversed(node.bases):
            if isinstance(each, ast.Attribute) and base:
                found |= base.members(each.attr)
            else:
                found |= self.members(ast.unparse(each).partition("[")[0], base)
        for member in node.body:
            found |= _defined(member)
        return found


def _defined(member: ast.stmt) -> dict[str, ast.AST]:
    if isinstance(member, ast.Assign):
        return {each.id: member for each in member.targets if isinstance(each, ast.Name)}
    if not isinstance(member, ast.FunctionDef) or _is_empty(member):
        return {}
    if member.name == "__init__":
        # An attribute that is set there can be read, and set, as any.
        targets = [each for node in ast.walk(member) if isinstance(node, ast.Assign) for each in node.targets]
        return {each.attr: member for each in targets if isinstance(each, ast.Attribute)}
    is_setter = any(ast.unparse(each).endswith(".setter") for each in member.decorator_list)
    return {f"{member.name}=" if is_setter else member.name: member}


def _is_empty(member: ast.FunctionDef) -> bool:
    body = [each for each in member.body if not (isinstance(each, ast.Expr) and isinstance(each.value, ast.Constant))]
    return bool(body) and isinstance(body[0], ast.Raise) and "NotImplementedError" in ast.unparse(body[0])
