"""The calendar of deliveries: against the freezes of domain.md section 2, worked out here from the calendars of the world."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest

from pipelines.synth.plan import AS_OF, Habits, hub_plan, plan, school_years_of


def test_the_sample_plan_by_hand():
    """1062166 mod 6 = 4, so every date lies four days after the earliest."""
    found = [(p.name, p.kind, p.school_years, p.is_delta) for p in plan("d", "1062166", Habits(nightly="delta"), 4)]
    assert found == [
        ("2024-08-24", "history", (2023, 2024), False),
        ("2025-01-14", "initial", (2025,), False),
        ("2025-06-24", "update", (2025,), False),
        ("2025-08-25", "correction", (2025,), False),
        ("2026-01-14", "initial", (2026,), False),
        ("2026-06-24", "update", (2026,), False),
        ("2026-08-25", "correction", (2026,), False),
        ("2026-10-16", "initial", (2027,), False),
        ("2026-10-17", "nightly", (2027,), True),
        ("2026-10-18-b", "resend", (2027,), False),
    ]


@pytest.mark.parametrize("years", [1, 2, 3, 4, 6])
def test_any_number_of_years(years):
    plans = plan("d", "0161259", Habits(), years)
    complete = [year for year in school_years_of(plans) if year <= 2026]
    assert complete == list(range(2027 - years, 2027))
    assert [p.date for p in plans] == sorted({p.date for p in plans})
    assert all(p.previous == before.date for before, p in itertools.pairwise(plans))
    assert plans[-1].date <= AS_OF


def test_no_years_is_refused():
    with pytest.raises(ValueError, match="at least one"):
        plan("d", "0161259", Habits(), 0)


def test_only_one_file_moves_in_a_whole_resend():
    nightly = plan("d", "0161259", Habits(nightly="one_file"), 4)[-2]
    assert nightly.holds("marks")
    assert not nightly.advances("marks")
    assert nightly.advances("attendance")
    assert not plan("d", "0161259", Habits(), 4)[-1].advances("attendance")


@pytest.mark.parametrize("year", [2025, 2026])
def test_deliveries_lie_on_the_right_side_of_the_freezes(world, plans, year):
    t1 = world.execute(
        """
        select max(end_date) from (
            select t.school_code, min(end_date) as end_date from facts.term as t
            join facts.school as s using (school_code, school_year)
            where t.school_year = ? and t.is_credit_bearing and s.school_type = 'high' group by all
        )
        """,
        [year],
    ).fetchall()[0][0]
    eoy = world.execute("select max(calendar_date) from facts.calendar_day where school_year = ?", [year]).fetchall()[
        0
    ][0]
    for of_district in plans.values():
        dates = {p.kind: p.date for p in of_district if p.school_years == (year,)}
        assert t1 < dates["initial"] <= t1 + dt.timedelta(days=30)
        assert eoy < dates["update"] <= eoy + dt.timedelta(days=45)
        assert eoy + dt.timedelta(days=45) < dates["correction"] <= dt.date(year, 8, 31)


def test_the_hub_sends_before_the_districts(plans):
    first = min(p.date for of_district in plans.values() for p in of_district)
    assert hub_plan("core_hub", "0000000", 4)[0].date < first
