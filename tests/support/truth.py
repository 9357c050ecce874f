"""Holds a release against the reference: every student, every snapshot, every movement, field by field.

Reads the release by the names of the published contract alone. A difference is reported as (field, count) and, for the
developer, by the made-up SSIDs of synthetic students.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import duckdb

from tests.reference import compute, facts, lanes

FLAGS = [
    "hsr_core", "lausd_ready", "chicago_g9", "ew_g9", "wa_g9", "or_g9", "phl_g9", "nyc_g9", "b_or_better", "ag_g9", "ousd_warning", "abc", "abc_90",
]  # fmt: skip
SNAPSHOT = [
    "is_frozen",
    "is_first_time_grade9",
    "lane",
    "null_reason",
    "gate_failed",
    "gpa",
    "credits_graded",
    "n_f_core",
    "n_df_core",
    "n_df_elamath",
    "credits_earned",
    "credits_earned_total",
    "credits_due",
    "credits_prorated",
    "days_expected",
    "days_absent",
    "n_suspensions",
    "district_code",
    "school_code",
    *FLAGS,
]
MOVEMENT = ["start_lane", "end_lane", "movement", "no_movement_reason"]


def student_key(secret: str, person: str) -> str:
    """The contract's recipe, written a second time."""
    return "s_" + hashlib.sha256(f"{secret}:{person}".encode()).hexdigest()[:24]


def published(
    release: Path, table: str, key: list[str], fields: list[str]
) -> tuple[dict[tuple[Any, ...], dict[str, Any]], int]:
    """Rows of a restricted table over all districts' databases under the committed rule sets, and how many copies disagree."""
    rows: dict[tuple[Any, ...], dict[str, Any]] = {}
    torn = 0
    for path in sorted((release / "restricted").glob("*/core.duckdb")):
        con = duckdb.connect(str(path), read_only=True)
        columns = key + fields
        for values in con.execute(
            f"select {', '.join(columns)} from {table} where rule_set in {tuple(lanes.RULE_SETS)}"
        ).fetchall():
            k, v = tuple(values[: len(key)]), dict(zip(fields, values[len(key) :], strict=True))
            torn += k in rows and rows[k] != v
            rows[k] = v
        con.close()
    return rows, torn


def _near(a: Any, b: Any) -> bool:
    if a is None or b is None:
        return a is None and b is None
    if isinstance(a, str | bool) or isinstance(b, str | bool):
        return a == b
    return abs(float(a) - float(b)) < 1e-6


def expected_snapshot(s: compute.Snapshot) -> dict[str, Any]:
    """A reference snapshot under the names of the contract."""
    out = {
        "is_frozen": s.frozen, "is_first_time_grade9": s.first_time, "lane": s.lane, "null_reason": s.null_reason, "gate_failed": s.gate_failed,
        "gpa": s.gpa, "credits_graded": s.graded, "n_f_core": s.n_f_core, "n_df_core": s.n_df_core, "n_df_elamath": s.n_df_elamath,
        "credits_earned": s.earned, "credits_earned_total": s.earned_total, "credits_due": s.due, "credits_prorated": s.prorated,
        "days_expected": s.days_expected, "days_absent": s.days_absent, "n_suspensions": s.n_suspensions, "district_code": s.district,
        "school_code": s.school,
    }  # fmt: skip
    return out | {f: s.flags.get(f) for f in FLAGS}


def is_progress(snapshot_code: str) -> bool:
    """A provisional snapshot of a progress period; tests/nightly/test_sample.py holds those against the reference."""
    return snapshot_code.startswith("G9_P")


def row_differences(wanted: compute.Snapshot, row: dict[str, Any]) -> list[str]:
    """Fields of a published snapshot that are not as the reference says."""
    return [name for name, value in expected_snapshot(wanted).items() if not _near(value, row[name])]


_last: list[tuple[Any, tuple[compute.Computation, list[compute.Snapshot], list[compute.Movement]]]] = []


def computed(
    truth: Path, as_of: dt.date, districts: dict[str, facts.District]
) -> tuple[compute.Computation, list[compute.Snapshot], list[compute.Movement]]:
    """The reference's computation and all its rows. The last one is kept: students and figures are held against the same."""
    asked = (truth, as_of, repr(sorted(districts.items())), lanes.gates)
    if not _last or _last[0][0] != asked:
        known = facts.load(truth, as_of)
        known.districts.update(districts)
        computation = compute.Computation(known, as_of)
        _last[:] = [(asked, (computation, *computation.run(lanes.RULE_SETS)))]
    return _last[0][1]


def differences(
    release: Path, truth: Path, as_of: dt.date, secret: str, districts: dict[str, facts.District]
) -> tuple[Counter[str], dict[str, list[Any]], int]:
    """(field -> number of differences, field -> some examples, students compared)."""
    _, snapshots, movements = computed(truth, as_of, districts)
    found: Counter[str] = Counter()
    examples: dict[str, list[Any]] = defaultdict(list)

    def note(kind: str, *what: Any) -> None:
        found[kind] += 1
        if len(examples[kind]) < 8:
            examples[kind].append(what)

    rows, torn = published(
        release, "student_snapshot", ["student_key", "snapshot_code", "cohort_year", "rule_set"], SNAPSHOT
    )
    if torn:
        found["snapshot copies disagree"] = torn
    wanted = {(student_key(secret, s.person), s.code, s.cohort_year, s.rule_set): s for s in snapshots}
    for key in wanted.keys() - rows.keys():
        note("snapshot missing", wanted[key].person, *key[1:])
    for key in {k for k in rows if not is_progress(k[1])} - wanted.keys():
        note("snapshot too many", *key, rows[key]["null_reason"])
    for key in rows.keys() & wanted.keys():
        for name, value in expected_snapshot(wanted[key]).items():
            if wanted[key].days_expected == 0 and name.startswith(("days_", "credits_", "n_", "gpa")):
                continue  # nothing known of the student in this window: NULL and 0 say the same
            if not _near(value, rows[key][name]):
                note(f"snapshot.{name}", wanted[key].person, *key[1:], "reference", value, "release", rows[key][name])
    moves, torn = published(
        release, "student_movement", ["student_key", "cohort_year", "basis", "end_snapshot_code", "rule_set"], MOVEMENT
    )
    if torn:
        found["movement copies disagree"] = torn
    pairs = {(m.basis, m.end) for m in movements}
    want = {(student_key(secret, m.person), m.cohort_year, m.basis, m.end, m.rule_set): m for m in movements}
    have = {k: v for k, v in moves.items() if (k[2], k[3]) in pairs}
    for mkey in want.keys() - have.keys():
        note("movement missing", want[mkey].person, *mkey[1:], want[mkey].reason)
    for mkey in have.keys() - want.keys():
        note("movement too many", *mkey, have[mkey]["no_movement_reason"])
    for mkey in want.keys() & have.keys():
        m = want[mkey]
        for name, value in zip(MOVEMENT, (m.start_lane, m.end_lane, m.movement, m.reason), strict=True):
            if not _near(value, have[mkey][name]):
                note(f"movement.{name}", m.person, *mkey[1:], "reference", value, "release", have[mkey][name])
    return found, examples, len({s.person for s in snapshots})
