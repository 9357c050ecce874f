"""`make reproduce`: the sample published with 1, 2 and 8 threads, at once and night by night, and verified by rebuilding.

Holds: the same content hashes whatever the threads, the times of files and the order of arrival; `core verify` passes
on three releases of different nights and fails, saying where, when one byte of raw or of a release was changed; a
rollback takes less than a second. Ends with 1 at the first that does not. Takes a quarter of an hour on two cores;
tests/nightly/test_nights.py is the short form.
"""

from __future__ import annotations

import datetime as dt
import json
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.support.nightly import PROJECT, Home
from tests.support.nights import flip, three_nights

SAMPLE = PROJECT / "data" / "sample"


def timed(what: str, do: Callable[[], str]) -> None:
    """Do it and print a line; a failed expectation ends the program."""
    began = time.monotonic()
    told = do()
    print(f"{time.monotonic() - began:6.1f} s  {what}: {told}", flush=True)


def verified(home: Home, release: str, status: int, *words: str) -> str:
    """`core verify` ends as expected, and its words are there."""
    done = home.core("verify", release)
    if done.returncode != status or not all(word in done.stdout for word in words):
        sys.exit(f"core verify {release}: status {done.returncode}\n{done.stdout}{done.stderr}")
    return next(line for line in done.stdout.splitlines()[::-1] if line.startswith(("rebuild:", "  differs:", "SAME")))


def at_once(folder: Path, threads: int, as_of: dt.date, key: Path | None) -> Home:
    """The sample in one run."""
    home = Home(folder / f"once-{threads}", SAMPLE, environment={"CORE_THREADS": str(threads)})
    if key is not None:
        home.path.mkdir()
        shutil.copy2(key, home.path / "key")
    home.run(as_of)
    return home


def main() -> None:
    """See above."""
    as_of = dt.date.fromisoformat((SAMPLE / "AS_OF").read_text().strip())
    with TemporaryDirectory(prefix="core-reproduce-") as work:
        folder = Path(work)
        first: list[Home] = []

        def one_thread() -> str:
            first.append(at_once(folder, 1, as_of, None))
            return f"{len(first[0].hashes())} tables"

        def same(home: Home) -> str:
            wanted, found = first[0].hashes(), home.hashes()
            differing = sorted(name for name in wanted.keys() | found.keys() if wanted.get(name) != found.get(name))
            if differing:
                sys.exit(f"{len(differing)} tables differ, such as {differing[:5]}")
            return "the same content hashes"

        timed("one run, 1 thread", one_thread)
        key = first[0].path / "key"
        timed("one run, 8 threads", lambda: same(at_once(folder, 8, as_of, key)))
        shutil.rmtree(folder / "once-8")
        timed(
            "three nights, 8, 8 and 2 threads, other file times and order of arrival",
            lambda: same(three_nights(folder, SAMPLE, as_of, key)),
        )
        home = Home(folder / "nightly", folder / "gone")
        for release in home.releases:
            timed(f"verify {release}", lambda release=release: verified(home, release, 0, "SAME"))  # type: ignore[misc]
        oldest = home.path / "published" / "releases" / home.releases[0]
        raw = json.loads((oldest / "manifest.json").read_text())["basis"]["raw"]
        victim = max(raw, key=lambda file: file["bytes"])["path"]
        flip(home.path / "raw" / victim)
        timed("one byte of raw changed", lambda: verified(home, oldest.name, 1, f"raw/{victim}", "DIFFERS"))
        flip(home.path / "raw" / victim)
        flip(oldest / "partner" / "core.duckdb")
        timed("one byte of a release changed", lambda: verified(home, oldest.name, 1, "partner/core.duckdb", "DIFFERS"))

        def back() -> str:
            began = time.monotonic()
            done = home.core("rollback", home.releases[1], "--reason", "a trial")
            seconds = time.monotonic() - began
            if done.returncode or home.current.name != home.releases[1] or seconds > 1:
                sys.exit(f"rollback: status {done.returncode}, {seconds:.2f} s\n{done.stdout}{done.stderr}")
            return f"{seconds:.2f} s, process and all"

        timed("rollback", back)


if __name__ == "__main__":
    main()
