"""The one rule for an aim that is met, as a function: macros/comparison.sql on its own, against fractions."""

from __future__ import annotations

import random
from fractions import Fraction

import duckdb
import pytest
from jinja2 import Environment

from tests.dbt_project.on_track.warehouse import PROJECT

MACROS = (PROJECT / "macros" / "comparison.sql").read_text(encoding="utf-8")
MET = Environment().from_string(MACROS + "{{ aim_met('c.goal', 'c', 'b', 'aims') }}").render()
PAIRS = """
    from (select unnest($cases) as k) as cases
    cross join lateral (select k.goal as goal, k.now as rule_set, k.y as numerator, k.m as denominator) as c
    cross join lateral (select k.before as rule_set, k.x as numerator, k.n as denominator) as b
    cross join lateral (select k.mode as aim_mode, 0.2::decimal(9, 4) as aim_up, 0.2::decimal(9, 4) as aim_down) as aims"""


def case(goal: str, x: int, n: int, y: int, m: int, mode: str = "relative", now: str = "one") -> dict[str, object]:
    return {"goal": goal, "x": x, "n": n, "y": y, "m": m, "mode": mode, "before": "one", "now": now}


def met(*cases: dict[str, object]) -> list[bool | None]:
    return [row[0] for row in duckdb.connect().execute(f"select {MET} {PAIRS}", {"cases": list(cases)}).fetchall()]


def test_exactly_the_aim_is_met_and_one_student_less_is_not() -> None:
    assert met(case("up", 25, 100, 30, 100), case("up", 250, 1000, 299, 1000)) == [True, False]
    assert met(case("down", 20, 100, 16, 100), case("down", 20, 100, 17, 100)) == [True, False]
    # a third of 30 to two fifths of 70: 20% more to the last digit
    assert met(case("up", 10, 30, 28, 70)) == [True]


def test_nothing_is_a_share_of_nobody() -> None:
    assert met(case("up", 0, 30, 9, 30), case("down", 0, 30, 0, 30)) == [None, None]


def test_points_where_a_rule_set_says_so() -> None:
    """25 to 30% is five points of the twenty asked for; 25 to 45% is twenty."""
    assert met(case("up", 25, 100, 30, 100, "points"), case("up", 25, 100, 45, 100, "points")) == [False, True]
    assert met(case("down", 45, 100, 25, 100, "points"), case("down", 45, 100, 26, 100, "points")) == [True, False]


def test_random_counts_against_fractions() -> None:
    draw = random.Random(6)
    cases, expected = [], []
    for _ in range(2_000):
        n, m = draw.randint(1, 500), draw.randint(1, 500)
        x, y, goal = draw.randint(1, n), draw.randint(0, m), draw.choice(["up", "down"])
        change = Fraction(y, m) / Fraction(x, n) - 1
        cases.append(case(goal, x, n, y, m))
        expected.append(change >= Fraction(1, 5) if goal == "up" else change <= Fraction(-1, 5))
    assert met(*cases) == expected
    assert {True, False} == set(expected)


def test_two_rule_sets_are_refused() -> None:
    with pytest.raises(duckdb.Error, match="figures of two rule sets must not be compared"):
        met(case("up", 25, 100, 30, 100, now="two"))
