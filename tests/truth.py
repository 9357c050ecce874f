"""`make truth`: worlds of 20,000 students, every student and every figure of each held against the reference.

Prints a line a seed; ends with 1 at the first difference. Then one error is planted in the rules of the SQL and one in the
reference, and each must be found. Takes a quarter of an hour; tests/nightly/test_truth.py is the short form.
"""

from __future__ import annotations

import argparse
import datetime as dt
import shutil
import subprocess
import sys
import time
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

from tests.reference import lanes
from tests.support.aggregates import aggregate_differences
from tests.support.nightly import PROJECT, Home, districts, synth
from tests.support.truth import differences


def compare(home: Home, landing: Path, as_of: dt.date) -> tuple[int, int, int, list[str]]:
    """(students, figures, differences, what differs) of a published home."""
    found, examples, students = differences(home.current, landing / "_truth", as_of, home.secret, districts())
    cells, cell_examples, figures = aggregate_differences(home, landing / "_truth", as_of, districts())
    told = [f"{name}: {n} ({(examples | cell_examples)[name][:2]})" for name, n in (found + cells).items()]
    return students, figures, (found + cells).total(), told


def planted_in_reference(home: Home, landing: Path, as_of: dt.date) -> int:
    """Differences if the reference asked for more than 97% attendance at G4, where 96% is enough."""
    honest = lanes.gates

    def wrong(m: lanes.Measures) -> dict[str, bool]:
        present = m.days_expected - m.days_absent
        gates = honest(m)
        return gates | {"G4": gates["G4"] and present > Fraction(97, 100) * m.days_expected}

    with patch.object(lanes, "gates", wrong):
        found, _, _ = differences(home.current, landing / "_truth", as_of, home.secret, districts())
    return found.total()


def planted_in_sql(work: Path, landing: Path, as_of: dt.date) -> int:
    """Differences if a copy of the project asked for 97% attendance at G4."""
    copy = work / "project"
    files = subprocess.run(["git", "ls-files"], cwd=PROJECT, capture_output=True, text=True, check=True).stdout.split()
    for name in files:
        if name.startswith(("pipelines/", "expectations/", "dbt_project/", "data/contracts/", "pyproject.toml")):
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(PROJECT / name, copy / name)
    rules = copy / "dbt_project" / "seeds" / "lane_rule.csv"
    text = rules.read_text(encoding="utf-8")
    assert "G4,attendance_rate,>=,0.96" in text
    rules.write_text(text.replace("G4,attendance_rate,>=,0.96", "G4,attendance_rate,>=,0.97"), encoding="utf-8")
    home = work / "planted"
    where = ["--landing", str(landing), "--home", str(home), "--as-of", as_of.isoformat()]
    done = subprocess.run(
        [sys.executable, "-m", "pipelines", "run", *where], cwd=copy, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(done.stdout[-3000:] + done.stderr[-3000:])
    published = Home(home, landing)
    found, _, _ = differences(published.current, landing / "_truth", as_of, published.secret, districts())
    return found.total()


def main() -> int:
    """Each seed, then the planted errors on the last one; 1 if anything differs or a planted error goes unseen."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--students", type=int, default=20_000)
    parser.add_argument("--seeds", type=int, nargs="+", default=[21, 22, 23, 24, 25])
    arguments = parser.parse_args()
    bad = 0
    for seed in arguments.seeds:
        with TemporaryDirectory(prefix="core-truth-") as folder:
            work, began = Path(folder), time.monotonic()
            landing = work / "landing"
            size = ("--students", str(arguments.students), "--grades", "8-10", "--years", "4", "--seed", str(seed))
            as_of = synth(landing, *size)
            home = Home(work / "home", landing)
            home.run(as_of)
            students, figures, n, told = compare(home, landing, as_of)
            print(
                f"seed {seed}: {students:,} students, {figures:,} figures, {n} differences, "
                f"{time.monotonic() - began:.0f} s",
                *told, sep="\n  ", flush=True,
            )  # fmt: skip
            bad += n
            if seed == arguments.seeds[-1]:
                in_reference, in_sql = planted_in_reference(home, landing, as_of), planted_in_sql(work, landing, as_of)
                print(f"planted in the reference: {in_reference} differences; planted in the SQL: {in_sql} differences")
                bad += not in_reference
                bad += not in_sql
    return int(bad > 0)


if __name__ == "__main__":
    sys.exit(main())
