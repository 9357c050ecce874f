"""Progress snapshots of the sample: every row of every student against the reference."""

from __future__ import annotations

import pytest

from tests.reference import lanes, progress
from tests.support.nightly import districts
from tests.support.truth import SNAPSHOT, computed, is_progress, published, row_differences, student_key

pytestmark = pytest.mark.pipeline
KEY = ["student_key", "snapshot_code", "cohort_year", "rule_set"]


def test_every_progress_snapshot_is_as_the_reference_says(sample, regenerated, sample_as_of):
    truth = regenerated / "_truth"
    computation, *_ = computed(truth, sample_as_of, districts())
    marks = progress.load_marks(truth, sample_as_of)
    wanted = {
        (student_key(sample.secret, s.person), s.code, s.cohort_year, s.rule_set): s
        for s in progress.snapshots(computation.current, marks, lanes.RULE_SETS)
    }
    rows, torn = published(sample.current, "student_snapshot", KEY, SNAPSHOT)
    found = {key: row for key, row in rows.items() if is_progress(key[1])}
    assert torn == 0
    assert len(wanted) > 5000
    assert found.keys() == wanted.keys()
    differing = [name for key, row in found.items() for name in row_differences(wanted[key], row)]
    assert not differing, {name: differing.count(name) for name in set(differing)}


def test_progress_snapshots_are_provisional_and_in_no_figure(sample):
    rows, _ = published(sample.current, "student_snapshot", KEY, ["is_frozen", "frozen_on"])
    assert {tuple(row.values()) for key, row in rows.items() if is_progress(key[1])} == {(False, None)}
    later, _ = published(sample.current, "student_snapshot_current", KEY, ["is_frozen"])
    assert not [key for key in later if is_progress(key[1])]
