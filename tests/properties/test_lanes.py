"""The invariants of domain.md section 4 on random students, through the models and through the plain reference."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.properties.conftest import Reference
from tests.properties.world import World
from tests.reference import lanes
from tests.support.whole_warehouse import WholeWarehouse

CODES = ("G8_EOY", "G9_T1", "G9_EOY", "G9_EOYS")


def test_the_students_are_of_every_kind(warehouse: WholeWarehouse, world: World) -> None:
    """What is asked below is asked of somebody."""
    rows = warehouse.snapshots().values()
    assert {row["lane"] for row in rows} == {None, 1, 2, 3, 4, 5}
    assert {"not_enrolled", "insufficient_days", "insufficient_graded_credits"} <= {row["null_reason"] for row in rows}
    assert any(row["credits_prorated"] and row["lane"] for row in rows)
    assert any(row["n_suspensions"] is None and row["lane"] for row in rows)
    assert len(world.better) > 200


def test_a_lane_is_null_exactly_where_a_reason_is_given(warehouse: WholeWarehouse, reference: Reference) -> None:
    wrong = "select count(*) as n from on_track.student_snapshot where (lane is null) <> (null_reason is not null)"
    assert warehouse.rows(wrong) == [{"n": 0}]
    assert all((s.lane is None) == (s.null_reason is not None) for s in reference.snapshots)


def test_on_track_is_on_track_in_chicago(warehouse: WholeWarehouse, reference: Reference) -> None:
    rows = warehouse.snapshots().values()
    held = [r for r in rows if (r["lane"] or 0) >= 3 and r["is_first_time_grade9"] and not r["credits_prorated"]]
    assert len(held) > 50
    assert all(row["chicago_g9"] for row in held)
    assert all(
        s.flags["chicago_g9"]
        for s in reference.snapshots
        if s.code == "G9_EOY" and s.rule_set == "core5_v1" and (s.lane or 0) >= 3 and s.first_time and not s.prorated
    )


def test_lane_four_is_on_track_by_education_to_workforce(warehouse: WholeWarehouse, reference: Reference) -> None:
    rows = [row for row in warehouse.snapshots().values() if (row["lane"] or 0) >= 4]
    assert all(row["ew_g9"] is (None if row["n_suspensions"] is None else True) for row in rows)
    assert {row["ew_g9"] for row in rows} == {None, True}
    assert all(
        s.flags["ew_g9"] is (None if s.n_suspensions is None else True)
        for s in reference.snapshots
        if s.code == "G9_EOY" and s.rule_set == "core5_v1" and (s.lane or 0) >= 4
    )


def test_a_better_mark_or_fewer_absences_never_lower_a_lane(warehouse: WholeWarehouse, world: World) -> None:
    seen: Counter[str] = Counter()
    for code in CODES:
        for rule_set in lanes.RULE_SETS:
            rows = warehouse.snapshots(code, rule_set)
            for before, after in world.better:
                a, b = rows.get(before), rows.get(after)
                assert (a is None) == (b is None)
                if a is None or b is None:
                    continue
                assert (a["lane"] is None) == (b["lane"] is None), (code, rule_set, before, after)
                if a["lane"] is not None:
                    assert b["lane"] >= a["lane"], (code, rule_set, before, after)
                    seen["higher" if b["lane"] > a["lane"] else "same"] += 1
    assert min(seen["higher"], seen["same"]) > 30


def test_the_models_and_the_reference_say_the_same(warehouse: WholeWarehouse, reference: Reference) -> None:
    shown = {
        (row["person_id"], row["snapshot_code"], row["rule_set"]): (row["lane"], row["null_reason"], row["gate_failed"])
        for row in warehouse.rows("select * from on_track.student_snapshot")
    }
    said = {(s.person, s.code, s.rule_set): (s.lane, s.null_reason, s.gate_failed) for s in reference.snapshots}
    assert {key: (shown[key], said.get(key)) for key in shown if shown[key] != said.get(key)} == {}
    assert len(shown) > 1000


# The reference's lane rule by itself, on measures that hypothesis makes up.


@st.composite
def measures(draw: st.DrawFn) -> lanes.Measures:
    """Measures of a student with a lane; cut points come up often."""
    credits = [Fraction(draw(st.sampled_from((5, Fraction(10, 3), Fraction(5, 3), 10)))) for _ in range(12)]
    points = [draw(st.integers(0, 4)) for _ in credits]
    core = [draw(st.booleans()) for _ in credits]
    expected = draw(st.integers(31, 180))
    failed = sum((c for c, p, k in zip(credits, points, core, strict=True) if k and p == 0), Fraction(0))
    return lanes.Measures(
        enrolled=True,
        attendance_known=True,
        days_expected=Fraction(expected),
        days_absent=Fraction(draw(st.integers(0, expected))),
        weighted_only=False,
        n_marks=12,
        points=sum((c * p for c, p in zip(credits, points, strict=True)), Fraction(0)),
        graded=sum(credits, Fraction(0)),
        n_f_core=failed / 5,
        n_df_core=sum(k and p <= 1 for p, k in zip(points, core, strict=True)),
        n_df_elamath=sum(k and p <= 1 for p, k in zip(points[:4], core[:4], strict=True)),
        credits_earned_total=sum((c for c, p in zip(credits, points, strict=True) if p), Fraction(0)),
        credits_due=draw(st.sampled_from((None, Fraction(25), Fraction(50)))),
        n_suspensions=draw(st.integers(0, 1)),
        discipline_known=draw(st.booleans()),
    )


@settings(max_examples=300, deadline=None, derandomize=True)
@given(measures(), st.integers(1, 40))
def test_reference_fewer_absences_never_lower_a_lane(m: lanes.Measures, fewer: int) -> None:
    there = m._replace(days_absent=max(Fraction(0), m.days_absent - fewer))
    assert (lanes.lane(there)[0] or 0) >= (lanes.lane(m)[0] or 0)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(measures(), st.sampled_from((Fraction(5), Fraction(10, 3), Fraction(10))), st.integers(0, 3), st.booleans(), st.booleans())  # fmt: skip
def test_reference_a_better_mark_never_lowers_a_lane(
    m: lanes.Measures, credits: Fraction, points: int, is_core: bool, is_elamath: bool
) -> None:
    """A thirteenth mark, and the same one letter higher."""

    def having(p: int) -> lanes.Measures:
        low = is_core and p <= 1
        return m._replace(
            points=m.points + credits * p,
            graded=m.graded + credits,
            n_f_core=m.n_f_core + (credits / 5 if is_core and p == 0 else 0),
            n_df_core=m.n_df_core + low,
            n_df_elamath=m.n_df_elamath + (low and is_elamath),
            credits_earned_total=m.credits_earned_total + (credits if p else 0),
        )

    assert (lanes.lane(having(points + 1))[0] or 0) >= (lanes.lane(having(points))[0] or 0)


def _flags(m: lanes.Measures) -> dict[str, Any]:
    extra = {"earned": m.credits_earned_total, "not_earned": 0, "attempted": m.graded, "by_subject": {}, "n_ag": 0,
             "ag_failed": 0, "grad_credits": 220}  # fmt: skip
    return lanes.flags("G9_EOY", m, extra)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(measures().map(lambda m: m._replace(credits_due=Fraction(50))))
def test_reference_lanes_imply_the_flags_of_peers(m: lanes.Measures) -> None:
    level, reason, _ = lanes.lane(m)
    assert (level is None) == (reason is not None)
    flags = _flags(m)
    assert (level or 0) < 3 or flags["chicago_g9"]
    assert (level or 0) < 4 or flags["ew_g9"] is (True if m.discipline_known else None)
