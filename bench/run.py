"""`make bench SIZE=100000`: time, rows a second and peak memory of each phase at two sizes; what grew faster than rows;
and how long an analyst's questions take on the release (bench/questions.py).

Each size runs in processes of its own (peak memory is then that size's), one after another; the table goes to the
screen and to bench/results/.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from bench import questions
from pipelines.phases import DBT_START, OVERHEAD, Phase
from pipelines.settings import PROJECT

RESULTS = PROJECT / "bench" / "results"
SLACK = 1.25
FIXED_SECONDS = 5.0


@dataclass(frozen=True)
class Measured:
    """One size: its phases, the rows that were read from deliveries and published, and what analysts wait for."""

    students: int
    phases: list[Phase]
    rows: int
    published: int
    waited: list[questions.Waited]


def measure(students: int, work: Path) -> Measured:
    """Synthesize and run one size in `work`. Raises CalledProcessError if either fails."""
    landing, home = work / "landing", work / "home"
    core = [sys.executable, "-m", "pipelines"]
    phases = [_process("synth", [*core, "synth", str(landing), "--students", str(students)])]
    as_of = (landing / "AS_OF").read_text().strip()
    done = subprocess.run(
        [*core, "run", "--landing", str(landing), "--home", str(home), "--as-of", as_of],
        cwd=PROJECT,
        stdout=sys.stderr,
        check=False,
    )
    if done.returncode not in (0, 3):
        raise subprocess.CalledProcessError(done.returncode, done.args)
    steps = [Phase(**step) for step in json.loads((home / "logs" / "phases.json").read_text())]
    intake = [step for step in steps if step.name.startswith("intake ")]
    phases.append(
        Phase(
            "intake",
            sum(step.seconds for step in intake),
            sum(step.cpu_seconds for step in intake),
            max(step.peak_mb for step in intake),
        )
    )
    phases += [step for step in steps if step not in intake]
    release = home / "published" / "current"
    manifest = json.loads((release / "manifest.json").read_text())
    published = sum(facts["rows"] for tables in manifest["tables"].values() for facts in tables.values())
    return Measured(students, phases, _delivered(home), published, questions.measure(release))


def _process(name: str, command: list[str]) -> Phase:
    """Run a command as one phase: its own peak memory, not the largest of all children so far."""
    began = time.monotonic()
    process = subprocess.Popen(command, cwd=PROJECT, stdout=sys.stderr)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return Phase(name, time.monotonic() - began, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def _delivered(home: Path) -> int:
    from pipelines.landing.ledger import Ledger
    from pipelines.news import district_names
    from pipelines.settings import Settings

    settings = Settings(home=home)
    with Ledger(settings.ledger_path) as ledger:
        return sum(read.account.records for name in district_names(settings) for read in ledger.contents(name).values())


def _beside(size: Measured) -> float:
    """The share of a run that is no work on rows."""
    run = sum(phase.seconds for phase in size.phases if phase.name != "synth")
    return sum(phase.seconds for phase in size.phases if phase.name in (OVERHEAD, DBT_START)) / run


def table(sizes: list[Measured]) -> list[str]:
    """The measurements as a Markdown table; the last column compares growth of time with growth of rows."""
    small, large = sizes[0], sizes[-1]
    growth = large.rows / small.rows
    lines = [
        "| phase | "
        + " | ".join(f"{size.students:,}: s | rows/s | peak MB" for size in sizes)
        + " | time grew | faster than rows |",
        "|---|" + "---:|" * (3 * len(sizes) + 1) + "---|",
    ]
    for first, last in zip(small.phases, large.phases, strict=True):
        cells = [
            f"{phase.seconds:.1f} | {size.rows / max(phase.seconds, 0.001):,.0f} | {phase.peak_mb:,.0f}"
            for size in sizes
            for phase in size.phases
            if phase.name == first.name
        ]
        grew = last.seconds / max(first.seconds, 0.001)
        # a phase of a few seconds is mostly start-up: what it costs per row beyond that is what counts
        faster = last.seconds > FIXED_SECONDS and grew > growth * SLACK
        lines.append(f"| {first.name} | {' | '.join(cells)} | {grew:.1f}x | {'YES' if faster else 'no'} |")
    totals = " | ".join(f"{sum(phase.seconds for phase in size.phases):.1f} | | " for size in sizes)
    lines.append(f"| all | {totals} | | |")
    told = [
        f"{size.students:,} students: {size.rows:,} rows delivered, {size.published:,} rows published; "
        f"Dagster, dbt's start and imports are {beside:.0%} of the run"
        for size, beside in zip(sizes, map(_beside, sizes), strict=True)
    ]
    return [*lines, "", *told, f"rows grew {growth:.1f}x"]


def main() -> int:
    """Measure each size given; 1 if something grew faster than its rows, or questions take too long at the largest."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--students", type=int, action="append", required=True)
    parser.add_argument("--work", type=Path, default=PROJECT / "var" / "bench")
    arguments = parser.parse_args()
    sizes = []
    for students in sorted(set(arguments.students)):
        work = arguments.work / str(students)
        shutil.rmtree(work, ignore_errors=True)
        sizes.append(measure(students, work))
    lines = [*table(sizes), "", *questions.table([(size.students, size.waited) for size in sizes])]
    RESULTS.mkdir(parents=True, exist_ok=True)
    name = RESULTS / f"{time.strftime('%Y%m%dT%H%M%S')}.md"
    name.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print("\n".join(lines))
    return int(any(line.endswith("| YES |") for line in lines))


if __name__ == "__main__":
    sys.exit(main())
