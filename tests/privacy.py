"""`make privacy`: ten leaks planted in turn into the public tier of the current release of `make run`; each must be found.

Prints a line a leak; ends with 1 if one is not found, or if the release leaks before anything is planted.
tests/nightly/test_privacy.py is the short form.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from pipelines.privacy.certificate import certify
from pipelines.release.read_kept import kept_releases
from pipelines.settings import Settings
from tests.support.leaks import NAMES, plant

HIDE = """
import sys, duckdb
from pipelines.privacy.certificate import hidden_again
with duckdb.connect(sys.argv[1], read_only=True, config={"threads": sys.argv[2]}) as con:
    print(*hidden_again(con).column("figure_id").to_pylist())
"""


def _hidden(warehouse: Path, threads: int) -> list[int]:
    """Figures that are hidden, worked out again in a process with so many threads."""
    environment = {**os.environ, **dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), str(threads))}
    done = subprocess.run(
        [sys.executable, "-c", HIDE, str(warehouse), str(threads)],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return list(map(int, done.stdout.split()))


def main() -> int:
    """Exit status."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--home", type=Path, default=Settings().home)
    settings = Settings(home=asked.parse_args().home)
    missed = 0
    with TemporaryDirectory(prefix="core-privacy-") as folder:
        copy = Path(folder) / "core.duckdb"
        shutil.copyfile(settings.warehouse, copy)
        began = time.monotonic()
        hidden = [_hidden(copy, threads) for threads in (1, 4)]
        same = hidden[0] == hidden[1]
        missed += not same
        print(
            f"{time.monotonic() - began:5.1f} s  what is hidden, worked out with 1 and with 4 threads: "
            f"{len(hidden[0])} figures, {'the same' if same else 'NOT the same'}"
        )
        with duckdb.connect(str(copy)) as con:
            began = time.monotonic()
            honest = certify(con, kept_releases(settings.published))
            print(f"{time.monotonic() - began:5.1f} s  nothing planted: {honest.as_dict()}")
            missed += honest.open_counts + honest.open_with_kept
            groups = con.execute("select count(*) from public.metric where group_type <> 'all'").fetchall()[0][0]
            for name in NAMES:
                began = time.monotonic()
                planted = plant(con, name, Path(folder))
                if planted.certificate is None and name == "a nested group" and not groups:
                    print("         a nested group: left out, the release shows no student groups")
                    continue
                if planted.certificate is None:
                    told = "NOT PLANTED: the release has no such figures"
                elif planted.is_found:
                    certificate = planted.certificate
                    told = f"found: {certificate.open_counts + certificate.open_with_kept} small counts are open"
                else:
                    told = "NOT FOUND"
                missed += not planted.is_found
                print(
                    f"{time.monotonic() - began:5.1f} s  {name} ({planted.figures} figures shown): {told}", flush=True
                )
    print("every leak was found" if not missed else "NOT every leak was found")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
