"""Lanes and flags: domain.md sections 4 and 6."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, NamedTuple

EPS = Fraction(1, 10**6)


class RuleSet(NamedTuple):
    """What the committed rule sets differ in: whether plus and minus count in the GPA, and the highest level."""

    keeps_plus_minus: bool
    top: int


RULE_SETS = {"core5_v1": RuleSet(False, 5), "simple4_v1": RuleSet(False, 4), "core5_v1_pm": RuleSet(True, 5)}


class Measures(NamedTuple):
    """What a lane follows from; see compute.py for how each comes about."""

    enrolled: bool
    attendance_known: bool
    days_expected: Fraction
    days_absent: Fraction
    weighted_only: bool
    n_marks: int
    points: Fraction
    graded: Fraction
    n_f_core: Fraction
    n_df_core: int
    n_df_elamath: int
    credits_earned_total: Fraction
    credits_due: Fraction | None
    n_suspensions: int
    discipline_known: bool
    n_oss: int = 0
    n_f_ela: int = 0
    n_f_math: int = 0
    has_latest_f: bool = False


def null_reason(m: Measures) -> str | None:
    """Why there is no lane; the first that applies."""
    if not m.enrolled:
        return "not_enrolled"
    if not m.attendance_known:
        return "no_attendance"
    if not m.days_expected > 30:
        return "insufficient_days"
    if m.n_marks == 0:
        return "weighted_gpa_only" if m.weighted_only else "no_marks"
    if m.graded + EPS < 15:
        return "insufficient_graded_credits"
    return None


def gates(m: Measures) -> dict[str, bool]:
    """core5_v1: which gate passes, each on its own. Ratios are compared as sums, never divided."""
    present = m.days_expected - m.days_absent

    def gpa(least: str) -> bool:
        return m.points >= Fraction(least) * m.graded

    return {
        "G2": gpa("1.0") and m.n_f_core <= 3 + EPS and present > Fraction(80, 100) * m.days_expected,
        "G3": gpa("2.0")
        and m.n_f_core <= 1 + EPS
        and present > Fraction(90, 100) * m.days_expected
        and (m.credits_due is None or m.credits_earned_total >= m.credits_due - EPS),
        "G4": gpa("3.0")
        and m.n_df_elamath == 0
        and present >= Fraction(96, 100) * m.days_expected
        and (not m.discipline_known or m.n_suspensions == 0),
        "G5": gpa("3.5") and m.n_df_core == 0,
    }


def lane(m: Measures, top: int = 5) -> tuple[int | None, str | None, str | None]:
    """(lane, null reason, gate failed); a scheme of four levels has no G5."""
    reason = null_reason(m)
    if reason is not None:
        return None, reason, None
    level = 1
    for gate, passes in list(gates(m).items())[: top - 1]:
        if not passes:
            return level, None, gate
        level += 1
    return level, None, None


def _any(course: bool, attendance: bool, behavior: bool, behavior_known: bool) -> bool | None:
    """A warning stands if any part stands; if none does and discipline is unknown, nobody can say."""
    if course or attendance or behavior:
        return True
    return False if behavior_known else None


def flags(code: str, m: Measures, extra: dict[str, Any]) -> dict[str, bool | None]:
    """The readiness and peer indicators that a snapshot code carries; the others are None."""
    names = [
        "hsr_core",
        "lausd_ready",
        "chicago_g9",
        "ew_g9",
        "wa_g9",
        "or_g9",
        "phl_g9",
        "nyc_g9",
        "b_or_better",
        "ag_g9",
        "ousd_warning",
        "abc",
        "abc_90",
    ]
    out: dict[str, bool | None] = dict.fromkeys(names)
    if null_reason(m) is not None:
        return out
    present = m.days_expected - m.days_absent
    known = m.discipline_known
    clean = m.n_suspensions == 0
    at96 = present >= Fraction(96, 100) * m.days_expected
    f_elamath = m.n_f_ela > 0 or m.n_f_math > 0
    out["ousd_warning"] = _any(
        m.has_latest_f, present <= Fraction(80, 100) * m.days_expected, known and m.n_oss > 1, known
    )
    out["abc"] = _any(f_elamath, present < Fraction(80, 100) * m.days_expected, known and not clean, known)
    out["abc_90"] = _any(f_elamath, present <= Fraction(90, 100) * m.days_expected, known and not clean, known)
    if code == "G8_EOY":
        out["hsr_core"] = (
            m.points >= Fraction(5, 2) * m.graded and at96 and m.n_df_elamath == 0 and clean if known else None
        )
        out["lausd_ready"] = m.n_df_core == 0 and at96 and clean if known else None
    if code in ("G9_EOY", "G9_EOYS"):
        earned = extra["earned"]
        out["chicago_g9"] = earned >= 50 - EPS and m.n_f_core <= 1 + EPS
        out["ew_g9"] = (m.points >= 3 * m.graded and m.n_df_elamath == 0 and at96 and clean) if known else None
        out["wa_g9"] = extra["not_earned"] == 0 if extra["attempted"] > 0 else None
        out["or_g9"] = earned >= Fraction(extra["grad_credits"]) / 4 - EPS
        subjects = [extra["by_subject"].get(s, Fraction(0)) for s in ("ELA", "MATH", "SCIENCE", "SOCIAL_SCIENCE")]
        out["phl_g9"] = all(s >= 10 - EPS for s in subjects) and earned >= 50 - EPS
        out["nyc_g9"] = earned >= 50 - EPS
        out["b_or_better"] = m.points >= 3 * m.graded
        out["ag_g9"] = extra["ag_failed"] == 0 if extra["n_ag"] > 0 else None
    return out
