"""The frozen program: the command `xingzhi`, and what the add-in calls as `macro NAME`."""

from __future__ import annotations

import multiprocessing
import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the macro NAME for `macro NAME --wb=… --from_xl=1 --app=… --hwnd=…` (xlwings reads its own from sys.argv), else
    the command."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given[:1] == ["macro"] and len(given) > 1:
        from addin.excel import run

        run(given[1])
        return
    from cli.main import main as command

    command()


if __name__ == "__main__":
    # A worker of the frozen program is the program itself, started again.
    multiprocessing.freeze_support()
    main()
