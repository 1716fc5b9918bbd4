"""A sync that is killed at any moment leaves the old master or the new one, and the next one finishes its work.

`XINGZHI_KILLS` says how many random moments are tried; the steps that matter are tried one by one besides.
"""

from __future__ import annotations

import os
import random
import sys
import time
from pathlib import Path

import pytest
from support.killed_runs import NEXT, copied, killed_after, meaning, office_with_work, outcome, running
from support.office import Bureau, sha256

KILLS = int(os.environ.get("XINGZHI_KILLS", "40"))
SEED = 6

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs fork")


def test_a_sync_killed_at_any_moment_leaves_the_old_master_or_the_new_and_the_next_finishes_its_work(
    tmp_path: Path,
) -> None:
    prepared = office_with_work(tmp_path / "prepared")
    undisturbed = copied(prepared, tmp_path / "undisturbed")
    undisturbed.sync(NEXT)
    whole, old = outcome(undisturbed), sha256(prepared.master)
    assert meaning(prepared.master) != whole.master
    duration = measured(prepared, tmp_path / "measured")
    chance = random.Random(SEED)
    seen = {"old": 0, "new": 0, "ended": 0}
    for number in range(KILLS):
        office = copied(prepared, tmp_path / f"killed{number}")
        # Spread over the whole run, and a little further: the last steps are quick.
        moment = duration * 1.05 * (number + chance.random()) / KILLS
        under_way = killed_after(moment, lambda office=office: office.sync(NEXT))  # type: ignore[misc]
        is_old = sha256(office.master) == old
        assert is_old or meaning(office.master) == whole.master, f"kill {number} at {moment:.3f} s"
        seen["old" if is_old else "new" if under_way else "ended"] += 1
        office.sync(NEXT)
        assert outcome(office) == whole, f"kill {number} at {moment:.3f} s"
        assert not office.sync(NEXT).written
    print(f"killed {KILLS} times over {duration:.2f} s: {seen}")
    assert seen["old"] > KILLS // 4


def measured(prepared: Bureau, root: Path) -> float:
    """How long a whole run takes in a process of its own."""
    office = copied(prepared, root)
    began = time.perf_counter()
    with running(lambda: office.sync(NEXT)) as process:
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    return time.perf_counter() - began
