"""Aims, equity and spread between schools: no figure that the tier's table metric does not show, and none that is
worked out otherwise than it says."""

from __future__ import annotations

from expectations.contract import IMPROVEMENT_GRAIN, NOT_EVALUATED_REASONS, VALUES
from expectations.suite import Rule, accepted, never, unique

PRIVACY = "nothing may be published: look at improvement.shown_figure before anything else"
LOOK = "two rows of one release disagree: look at the models of dbt_project/models/improvement"
N_HIGHLIGHT = 20
KEY = ("metric_code", "cohort_year", "snapshot_code", "rule_set")
AIM_FIGURES = {
    "movement": ("movement_rate", "r.movement_end", "r.movement_start"),
    "off_track": ("off_track_rate_9_10", "'G10_EOY'", "'G9_EOY'"),
    "vulnerable": ("vulnerable_rate", "'G9_EOY'", "cast(null as varchar)"),
    "move_up": ("move_up_9_10", "'G10_EOY'", "'G9_EOY'"),
}
GAPS = "coalesce(gap_pp, gap_ci_low, gap_ci_high, gap_all_pp, risk_ratio, index_all, rri, to_parity)"


def improvement_rules() -> list[Rule]:
    """Rules of aim_progress, equity_gap, school_spread and school_funnel in both open tiers."""
    found: list[Rule] = []
    for tier in ("partner", "public"):
        found += [unique(f"{tier}.{table}", grain) for table, grain in IMPROVEMENT_GRAIN.items()]
        found += [
            accepted(f"{tier}.{table}", "suppression", VALUES["suppression"], LOOK)
            for table in ("aim_progress", "equity_gap")
        ]
        found += [
            accepted(f"{tier}.{table}", "level", VALUES["level"], LOOK)
            for table in ("equity_gap", "school_spread", "school_funnel")
        ]
        found += _aims(tier) + _gaps(tier) + _spread(tier)
    found += [
        never(
            f"public.{table}",
            "the public tier speaks of the default rule set alone",
            "rule_set not in (select rule_set from public.rule_set where is_default)",
            PRIVACY,
            "rule_set",
        )
        for table in IMPROVEMENT_GRAIN
    ]
    return found


def _aims(tier: str) -> list[Rule]:
    table = f"{tier}.aim_progress"
    figures = " union all ".join(
        f"select a.school_code, a.rule_set, '{code}' as metric_code, {snapshot} as snapshot_code, {basis} as basis, "
        f"a.{year} as cohort_year, a.{name}_{side} as value, a.{name}_{side}_n as n "
        f"from {table} as a join {tier}.rule_set as r using (rule_set) where a.school_code is not null"
        for name, (code, snapshot, basis) in AIM_FIGURES.items()
        for side, year in (("base", "baseline_cohort_year"), ("current", "cohort_year"))
    )
    return [
        accepted(table, "not_evaluated_reason", NOT_EVALUATED_REASONS, LOOK, "rule_set"),
        Rule(
            name=f"{table}: a school's figures are those of table metric",
            table=table,
            asks="each rate of a school and the students behind it stand in table metric, shown",
            action=PRIVACY,
            violations=f"""
                select f.metric_code, count(*) from ({figures}) as f
                left join {tier}.metric as m on m.metric_code = f.metric_code and m.snapshot_code = f.snapshot_code
                    and m.basis is not distinct from f.basis and m.level = 'school' and m.entity_code = f.school_code
                    and m.group_code = 'ALL' and m.cohort_year = f.cohort_year and m.rule_set = f.rule_set
                    and m.suppression = 'none'
                where coalesce(f.value, f.n) is not null
                    and (m.denominator is distinct from f.n or m.value is distinct from f.value) group by 1""",
        ),
        never(
            table,
            "a row is evaluated, or says why not",
            "(aim_met is null) <> (not_evaluated_reason is not null)",
            LOOK,
            "rule_set",
        ),
        never(
            table,
            "a school meets the aim with both bullets",
            "school_code is not null and aim_met is not null "
            "and aim_met is distinct from (movement_met and off_track_met)",
            LOOK,
            "rule_set",
        ),
        never(
            table,
            "schools and bullets are judged on n_highlight students or more",
            f"(movement_met is not null and least(movement_base_n, movement_current_n) < {N_HIGHLIGHT}) "
            f"or (off_track_met is not null and least(off_track_base_n, off_track_current_n) < {N_HIGHLIGHT})",
            LOOK,
            "rule_set",
        ),
        Rule(
            name=f"{table}: a bullet is met where its change says so",
            table=table,
            asks="movement_met and off_track_met agree with the changes and the parameters of the rule set",
            action=LOOK,
            violations=f"""
                select a.rule_set, count(*) from {{batch}} as a join {tier}.rule_set as r using (rule_set)
                where (a.movement_met and a.movement_change < r.aim_up - 1e-9)
                    or (not a.movement_met and a.movement_change > r.aim_up + 1e-9)
                    or (a.off_track_met and a.off_track_change > -r.aim_down + 1e-9)
                    or (not a.off_track_met and a.off_track_change < -r.aim_down - 1e-9) group by 1""",
        ),
        Rule(
            name=f"{table}: the network counts its schools",
            table=table,
            asks="schools evaluated and schools that meet the aim are those of the rows of schools",
            action=LOOK,
            violations="""
                select n.rule_set, count(*) from {batch} as n left join (
                    select cohort_year, rule_set, count(aim_met) as evaluated, count(*) filter (where aim_met) as met
                    from {batch} where school_code is not null group by all
                ) as s using (cohort_year, rule_set)
                where n.school_code is null and (n.n_schools_evaluated <> coalesce(s.evaluated, 0)
                    or n.n_schools_met <> coalesce(s.met, 0)
                    or n.n_schools_evaluated > n.n_schools) group by 1""",
        ),
    ]


def _gaps(tier: str) -> list[Rule]:
    table = f"{tier}.equity_gap"
    return [
        _shown(
            tier,
            "equity_gap",
            "the group's figure is that of table metric",
            "level = t.level and m.entity_code = t.entity_code and m.group_type = t.group_type "
            "and m.group_code = t.group_code",
            "n_group",
            "rate_group",
        ),
        _shown(
            tier,
            "equity_gap",
            "the figure of all students is that of table metric",
            "level = t.level and m.entity_code = t.entity_code and m.group_code = 'ALL'",
            "n_all",
            "rate_all",
        ),
        Rule(
            name=f"{table}: the others are the NOT_ group of table metric, or all less the group",
            table=table,
            asks="rate_not_group and the students behind it follow from shown figures",
            action=PRIVACY,
            violations=f"""
                select t.metric_code, count(*) from {{batch}} as t
                join {tier}.student_group as g using (group_type, group_code)
                left join {tier}.metric as m on m.group_type = t.group_type and m.group_code = g.complement_code
                    and {_same("t")} and m.level = t.level and m.entity_code = t.entity_code
                    and m.suppression = 'none'
                where coalesce(t.n_not_group, t.rate_not_group) is not null and case
                    when g.complement_code is null then t.n_group + t.n_not_group is distinct from t.n_all
                        or abs(t.rate_not_group * t.n_not_group + t.rate_group * t.n_group
                            - t.rate_all * t.n_all) > 1e-6
                    else m.denominator is distinct from t.n_not_group or m.value is distinct from t.rate_not_group end
                group by 1""",
        ),
        never(
            table,
            "groups are compared from n_highlight students on both sides",
            f"{GAPS} is not null and coalesce(least(n_group, n_not_group), 0) < {N_HIGHLIGHT}",
            PRIVACY,
            "metric_code",
        ),
        never(
            table,
            "a row that is hidden shows nothing",
            f"suppression <> 'none' and coalesce({GAPS}, n_group, n_not_group, n_all, rate_group, rate_not_group, "
            "rate_all) is not null",
            PRIVACY,
            "metric_code",
        ),
        never(
            table,
            "a gap is the difference of its rates, within its interval",
            "abs(gap_pp - (rate_group - rate_not_group)) > 1e-9 or abs(gap_all_pp - (rate_group - rate_all)) > 1e-9 "
            "or gap_ci_low > gap_pp + 1e-9 or gap_ci_high < gap_pp - 1e-9 or gap_ci_low < -1 or gap_ci_high > 1",
            LOOK,
            "metric_code",
        ),
        never(
            table,
            "a row has a gap, or says why not",
            "(gap_pp is null) <> (no_gap_reason is not null)",
            LOOK,
            "metric_code",
        ),
        never(
            table,
            "no more students to parity than the group has",
            "not to_parity between 0 and n_group",
            LOOK,
            "metric_code",
        ),
    ]


def _spread(tier: str) -> list[Rule]:
    spread, funnel = f"{tier}.school_spread", f"{tier}.school_funnel"
    entity = "t.level and s.entity_code = t.entity_code"
    return [
        _shown(
            tier,
            "school_funnel",
            "a school's figure is that of table metric",
            "level = 'school' and m.entity_code = t.school_code and m.group_code = 'ALL'",
            "n",
            "value",
        ),
        never(funnel, "schools are compared from n_highlight students", f"n < {N_HIGHLIGHT}", PRIVACY, "metric_code"),
        never(
            funnel,
            "limits enclose the mean, and positions are what the limits say",
            "not (0 <= lower_998 and lower_998 <= lower_95 and lower_95 <= mean_rate and mean_rate <= upper_95 "
            f"and upper_95 <= upper_998 and upper_998 <= 1) or not ({_sides('95')}) or not ({_sides('998')})",
            LOOK,
            "metric_code",
        ),
        Rule(
            name=f"{spread}: counts the schools of school_funnel",
            table=spread,
            asks="schools, students and schools outside the limits are those of the rows of schools",
            action=LOOK,
            violations=f"""
                select t.metric_code, count(*) from {{batch}} as t left join (
                    select {", ".join(KEY)}, basis, level, entity_code, count(*) as n_schools, sum(n) as n_students,
                        count(*) filter (where position_95 <> 'inside') as n_outside_95,
                        count(*) filter (where position_998 <> 'inside') as n_outside_998
                    from {funnel} group by all
                ) as s on {_same("t", "s")} and s.level = {entity}
                where s.n_schools is distinct from t.n_schools or s.n_students is distinct from t.n_students
                    or s.n_outside_95 is distinct from t.n_outside_95
                    or s.n_outside_998 is distinct from t.n_outside_998 group by 1""",
        ),
        never(
            spread,
            "spread is not negative and not more than was observed or chance explains",
            "observed_sd < 0 or chance_sd < 0 or between_sd < 0 or lowest_rate > mean_rate or highest_rate < mean_rate "
            "or (between_sd > 1e-6 and dispersion < 1) or (between_sd = 0 and dispersion > 1 + 1e-9)",
            LOOK,
            "metric_code",
        ),
    ]


def _sides(limit: str) -> str:
    return (
        f"case position_{limit} when 'above' then value >= upper_{limit} - 1e-12 when 'below' "
        f"then value <= lower_{limit} + 1e-12 "
        f"else value between lower_{limit} - 1e-12 and upper_{limit} + 1e-12 end"
    )


def _same(one: str, other: str = "m") -> str:
    equal = " and ".join(f"{other}.{column} = {one}.{column}" for column in KEY)
    return f"{equal} and {other}.basis is not distinct from {one}.basis"


def _shown(tier: str, table: str, what: str, place: str, n: str, value: str) -> Rule:
    return Rule(
        name=f"{tier}.{table}: {what}",
        table=f"{tier}.{table}",
        asks=f"{value} and {n} stand in table metric of the tier, shown",
        action=PRIVACY,
        violations=f"""
            select t.metric_code, count(*) from {{batch}} as t
            left join {tier}.metric as m on {_same("t")} and m.{place} and m.suppression = 'none'
            where coalesce(t.{n}, t.{value}) is not null
                and (m.denominator is distinct from t.{n} or m.value is distinct from t.{value}) group by 1""",
    )
