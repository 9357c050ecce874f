"""A clock that a reader can trust: one run over all deliveries, and one run a night, end in the same content hashes."""

from __future__ import annotations

import datetime as dt
import shutil

import pytest

from tests.support.nightly import Home, synth

pytestmark = pytest.mark.pipeline


def test_one_go_equals_night_by_night(tmp_path):
    landing = tmp_path / "landing"
    as_of = synth(landing, "--students", "4000", "--grades", "8-10", "--years", "2", "--seed", "21")
    once = Home(tmp_path / "once", landing)
    once.run(as_of)
    dates = sorted(
        {
            dt.date.fromisoformat(p.name[:10])
            for d in landing.iterdir()
            if d.is_dir() and d.name[0] != "_"
            for p in d.iterdir()
        }
    )
    # the districts' dates of one round lie within a week: a night at the end of each round, and the last one
    nights = [d for d, later in zip(dates, [*dates[1:], None], strict=True) if later is None or (later - d).days > 7]
    assert len(nights) >= 4
    # a full run a night is dear: the first round alone, half of them at once, and the rest
    nights = [nights[0], nights[len(nights) // 2], nights[-1]]
    nightly = Home(tmp_path / "nightly", landing)
    (nightly.path).mkdir()
    shutil.copy2(once.path / "key", nightly.path / "key")
    for night in [*nights[:-1], as_of]:
        nightly.run(night)
    a, b = once.hashes(), nightly.hashes()
    assert a.keys() == b.keys()
    assert {k for k in a if a[k] != b[k]} == set()
    assert len(nightly.releases) == len(nights)
