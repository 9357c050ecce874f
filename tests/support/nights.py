"""Homes with several nights behind them, on a landing whose files look as if written in any order."""

from __future__ import annotations

import datetime as dt
import os
import random
import shutil
from pathlib import Path

from tests.support.nightly import Home

#: districts whose first delivery of the last round arrives after what they sent next
LATE = ("garden_grove", "long_beach")


def rounds(landing: Path) -> list[list[dt.date]]:
    """Days on which something was sent; the districts' dates of one round lie within a week."""
    districts = [path for path in landing.iterdir() if path.is_dir() and path.name[0] != "_"]
    found: list[list[dt.date]] = []
    for day in sorted({dt.date.fromisoformat(path.name[:10]) for each in districts for path in each.iterdir()}):
        if not found or (day - found[-1][-1]).days > 7:
            found.append([])
        found[-1].append(day)
    return found


def shuffle_times(folder: Path, seed: int = 5) -> None:
    """Files and folders look as if written in any order, on any day."""
    draw = random.Random(seed)
    for path in sorted(folder.rglob("*")):
        moment = draw.randrange(1_500_000_000, 1_700_000_000)
        os.utime(path, (moment, moment))


def three_nights(folder: Path, landing: Path, as_of: dt.date, key: Path) -> Home:
    """`<folder>/nightly`: a night after half of the rounds, one within the last, and as_of; 8, 8 and 2 threads.

    On a copy of the landing (`<folder>/other`) with other times; what LATE sent first in the last round arrives last.
    """
    other, home = folder / "other", folder / "nightly"
    shutil.copytree(landing, other, ignore=shutil.ignore_patterns("_truth"))
    found = rounds(other)
    within = found[-1][len(found[-1]) // 2]
    aside = []
    for district in LATE:
        days = {path: dt.date.fromisoformat(path.name[:10]) for path in (other / district).iterdir()}
        first = min((path for path, day in days.items() if day >= found[-1][0]), key=lambda path: path.name)
        assert days[first] < within and sum(found[-1][0] <= day <= within for day in days.values()) > 1, district
        aside.append((first, folder / f"aside-{district}"))
        first.rename(aside[-1][1])
    shuffle_times(other)
    home.mkdir()
    shutil.copy2(key, home / "key")
    Home(home, other, environment={"CORE_THREADS": "8"}).run(found[len(found) // 2][-1])
    Home(home, other, environment={"CORE_THREADS": "8"}).run(within)
    for path, place in aside:
        place.rename(path)
    Home(home, other, environment={"CORE_THREADS": "2"}).run(as_of)
    return Home(home, other)


def flip(path: Path) -> None:
    """One bit in the middle of a file; the file is a new one, so that a link to the old one keeps it."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.unlink()
    path.write_bytes(content)
