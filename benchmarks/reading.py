"""Reading unit workbooks into grids: ours beside openpyxl's read-only mode, in turn, as ratios of time and of memory.

Run it as `python benchmarks/reading.py [FILES] [ROUNDS]`. Each measurement is a process of its own. Needs Linux, for the
peak of memory.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path

OURS = """
from pathlib import Path
from workbook_files.reader import read_grid
def read(path): return sum(len(sheet.rows) for sheet in read_grid(Path(path))[0].sheets)
"""
PEER = """
import warnings; warnings.simplefilter("ignore")
from openpyxl import load_workbook
def read(path):
    book = load_workbook(path, read_only=True, data_only=True)
    return sum(1 for sheet in book.worksheets for _ in sheet.iter_rows(values_only=True))
"""
MEASURE = """
import sys, time
paths = sys.argv[1:]
read(paths[0])
start = time.perf_counter()
for path in paths: read(path)
seconds = time.perf_counter() - start
# Not ru_maxrss: it begins with the peak of the process that started this one.
peak = next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(seconds, peak)
"""


def sample(folder: Path, count: int) -> list[str]:
    """Filled unit workbooks of the demo."""
    from sync.demo import run_demo
    from xingzhi.labels import Lang

    report = run_demo(folder / "office", units=count, programme="tengxian-civil-affairs", year=2026, lang=Lang.ZH)
    return [str(path) for path in sorted((report.folder / "收件").glob("*.xlsx"))]


def measure(code: str, paths: list[str]) -> tuple[float, float]:
    """(seconds, KiB at the peak) of one process that reads all the files."""
    output = subprocess.run([sys.executable, "-c", code + MEASURE, *paths], capture_output=True, text=True, check=True)
    seconds, peak = output.stdout.split()
    return float(seconds), float(peak)


def main(count: int, rounds: int) -> None:
    """Print the ratios peer/ours of each round's pair, and their median."""
    with tempfile.TemporaryDirectory() as folder:
        paths = sample(Path(folder), count)
        print(f"{len(paths)} workbooks, {rounds} rounds, {date.today()}")
        times, peaks = [], []
        for _ in range(rounds):
            (ours, our_peak), (peer, peer_peak) = measure(OURS, paths), measure(PEER, paths)
            times.append(peer / ours)
            peaks.append(peer_peak / our_peak)
        for name, ratios in (("time", times), ("peak memory", peaks)):
            listed = " ".join(f"{ratio:.2f}" for ratio in ratios)
            print(f"openpyxl / ours, {name}: median {statistics.median(ratios):.2f}  ({listed})")


if __name__ == "__main__":
    main(*(int(each) for each in [*sys.argv[1:], "12", "5"][:2]))
