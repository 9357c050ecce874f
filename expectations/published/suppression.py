"""Small counts: what the partner and the public tier may show (domain.md section 9).

What can be read off one row or one set of rows; what follows from all rows together is the privacy audit's.
"""

from __future__ import annotations

from expectations.suite import Rule, never

MIN_N = 11
PRIVACY = "nothing may be published: look at the suppression models before anything else"
ALL_ONLY = "'movement_rate_x5', 'exit_rate_v', 'fell_off_rate', 'recovered_rate', 'net_movement'"
ENTITY = "cohort_year, snapshot_code, basis, level, entity_code, group_type, group_code"
SHOWS = "coalesce(numerator, denominator, value, ci_low, ci_high) is not null"


def suppression_rules() -> list[Rule]:
    """No shown denominator of 1 to 10; in public only what is settled, with both outcomes none or 11 and more."""
    found: list[Rule] = []
    for tier in ("partner", "public"):
        found += [
            _hold(tier, "no figure about 1 to 10 students", f"denominator between 1 and {MIN_N - 1}"),
            _hold(
                tier,
                "a hidden row shows nothing but *",
                f"suppression = 'suppressed' and ({SHOWS} or display is distinct from '*')",
            ),
            _hold(
                tier, "a row without figures is marked as hidden", "denominator is null and suppression <> 'suppressed'"
            ),
            _hold(
                tier,
                "a coded row shows its bound alone",
                "suppression = 'coded' and (value is not null or numerator is not null)",
            ),
            _hold(tier, "a denominator of zero has no value", "denominator = 0 and value is not null"),
        ]
    return [
        *found,
        _hold("public", "only what is settled is public", "is_provisional"),
        _hold(
            "public",
            "a shown rate has no outcome of 1 to 10 students",
            f"suppression = 'none' and metric_code <> 'net_movement' and (numerator between 1 and {MIN_N - 1} "
            f"or denominator - numerator between 1 and {MIN_N - 1})",
        ),
        _hold(
            "public",
            "a bound leaves at least three counts open, and stands without an interval",
            "suppression = 'coded' and (denominator < 20 or coalesce(ci_low, ci_high) is not null "
            "or not regexp_matches(display, '^(<=(1|2|5|10)|>=(99|98|95|90))%$'))",
        ),
        _hold(
            "public",
            "parts of movement stand for all students alone",
            f"suppression <> 'suppressed' and group_code <> 'ALL' and metric_code in ({ALL_ONLY})",
        ),
        _hold(
            "public",
            "groups below district level have no distribution of lanes",
            "group_code <> 'ALL' and level not in ('collaborative', 'district') and metric_code like 'lane_dist_%'",
        ),
        _together("lanes", "metric_code like 'lane_dist_%'"),
        _together("up, same and down", "metric_code in ('same_rate', 'down_rate')"),
        _hold(
            "public",
            "the public tier speaks of the default rule set alone",
            "rule_set not in (select rule_set from public.rule_set where is_default)",
        ),
        _subset(),
        *_quality_rules(),
    ]


def _hold(tier: str, what: str, broken: str) -> Rule:
    return never(f"{tier}.metric", what, broken, PRIVACY, "metric_code")


def _together(what: str, outcomes: str) -> Rule:
    return Rule(
        name=f"public.metric: {what} stand together or not at all",
        table="public.metric",
        asks=f"of {what} of one entity, cohort and group, all are hidden or none",
        action=PRIVACY,
        violations=f"select level, count(*) from (select {ENTITY} from {{batch}} where {outcomes} group by {ENTITY} "
        "having count(distinct suppression = 'suppressed') > 1) group by 1",
    )


def _quality_rules() -> list[Rule]:
    """The partner tables that say how good lanes and figures are hide what table metric would hide."""
    return [
        never(
            "partner.lane_validity",
            "no figure about 1 to 10 students, and a hidden row shows nothing",
            f"n < {MIN_N} or (suppression = 'suppressed') = (coalesce(n, n_outcome, rate, ci_low, ci_high, auc, "
            "lane_auc, calibration) is not null)",
            PRIVACY,
            "predictor",
        ),
        never(
            "partner.metric_quality",
            "no figure about 1 to 10 students, and a hidden row shows nothing",
            f"least(n, n_default) < {MIN_N} or (suppression = 'suppressed') = (coalesce(n, n_default, value, "
            "value_default, difference) is not null)",
            PRIVACY,
            "choice",
        ),
        never(
            "partner.metric_quality",
            "a difference is what the two values differ by",
            "abs(difference - (value - value_default)) > 1e-12",
            "the two figures of a row must come from one model: look at sensitivity_figure",
            "choice",
        ),
    ]


def _subset() -> Rule:
    return Rule(
        name="public.metric: says what the partner tier says",
        table="public.metric",
        asks="a figure of the public tier is the partner tier's figure",
        action="the two tiers are computed apart: both must come from one model",
        violations="""
            select p.metric_code, count(*) from {batch} as p
            left join partner.metric as q on q.metric_code = p.metric_code and q.cohort_year = p.cohort_year
                and q.snapshot_code is not distinct from p.snapshot_code and q.basis is not distinct from p.basis
                and q.level = p.level and q.entity_code = p.entity_code
                and q.group_type = p.group_type and q.group_code = p.group_code and q.rule_set = p.rule_set
            where p.suppression = 'none' and (q.numerator is distinct from p.numerator
                or q.denominator is distinct from p.denominator) group by 1""",
    )
