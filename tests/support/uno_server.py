"""LibreOffice's objects, for a process whose Python has no `uno`: run by one that has, with the address of an office.

It answers each line of JSON with one. `{"call": name, "on": number, "with": [...]}` calls a method; objects go by number,
0 is the office's desktop. The answer is `{"is": value}` or `{"failed": text}`. A struct is an object with its type under
"struct", another object of UNO is `{"object": number}`, an enum its name. It ends when its input does.

It imports nothing of ours, and keeps to what Python 3.8 knows: LibreOffice brings a Python of its own.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any

import uno

SECONDS = 60
_PLAIN = (type(None), bool, int, float, str)


def desktop(address: str) -> Any:
    """The desktop of the office that listens there, which may still be starting."""
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    end = time.monotonic() + SECONDS
    while True:
        try:
            context = resolver.resolve("uno:" + address + ";urp;StarOffice.ComponentContext")
            return context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
        except Exception:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)


class Objects:
    """The objects that were given out, each under a number."""

    def __init__(self, first: Any) -> None:
        self._held = [first]

    def answer(self, asked: Any) -> Any:
        """The answer to one request."""
        try:
            method = getattr(self._held[asked["on"]], asked["call"])
            return {"is": self._told(method(*[self._taken(each) for each in asked["with"]]))}
        except Exception as error:
            return {"failed": type(error).__name__ + ": " + str(error)}

    def _told(self, value: Any) -> Any:
        if type(value) in _PLAIN:
            return value
        if type(value) in (tuple, list):
            return [self._told(each) for each in value]
        if type(value) is uno.Enum:
            return value.value
        kind = getattr(value, "__pyunostruct__", None)
        if type(kind) is str:
            # An object of UNO may have any attribute; a struct keeps its fields in one of its own.
            return {"struct": kind, **{each: self._told(getattr(value, each)) for each in dir(value.value)}}
        self._held.append(value)
        return {"object": len(self._held) - 1}

    def _taken(self, value: Any) -> Any:
        if type(value) is list:
            return tuple(self._taken(each) for each in value)
        if type(value) is not dict:
            return value
        if "object" in value:
            return self._held[value["object"]]
        made = uno.createUnoStruct(value["struct"])
        for name, each in value.items():
            if name != "struct":
                setattr(made, name, self._taken(each))
        return made


def main() -> None:
    """Serve until the input ends."""
    objects = Objects(desktop(sys.argv[1]))
    for line in sys.stdin.buffer:
        answer = json.dumps(objects.answer(json.loads(line.decode("utf-8"))))
        sys.stdout.write(answer + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
