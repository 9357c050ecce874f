"""Tables over time: points say what they are counted from, and show nothing that their tier hides elsewhere."""

from __future__ import annotations

from expectations.contract import SERIES_GRAIN, SERIES_POINT, VALUES
from expectations.published.suppression import MIN_N, PRIVACY
from expectations.suite import Rule, accepted, never, refers, unique

TIERS = ("partner", "public")
LOOK = "look at the models in improvement/series and at the macros improvement_series and spc_chart"
SHOWN = "coalesce(numerator, n, value, center, lower_limit, upper_limit) is not null or signal is not null"
SIGNAL = r"(beyond_limit)?(\+?shift)?(\+?trend)?(\+?runs)?"
SAME_POINT = " and ".join(f"q.{column} = p.{column}" for column in SERIES_POINT)


def series_rules() -> list[Rule]:
    """Grain, bounds and privacy of improvement_series, focus_area_progress and capability in both open tiers."""
    found: list[Rule] = []
    for tier in TIERS:
        found += [unique(f"{tier}.{table}", grain) for table, grain in SERIES_GRAIN.items()]
        found += _points(tier)
        found += [_metric_hides_nothing(tier), _focus_areas(tier), _capability(tier)]
        found.append(accepted(f"{tier}.focus_area_progress", "status", VALUES["status"], LOOK, "district_code"))
    few = f"n_students < {MIN_N} or n < {MIN_N} and chart_type = 'p'"
    return [
        *found,
        never("partner.improvement_series", "no point about 1 to 10 students", few, PRIVACY, "measure_code"),
        *_public(),
    ]


def _points(tier: str) -> list[Rule]:
    series = f"{tier}.improvement_series"
    return [
        refers(series, "measure_code", f"{tier}.series_measure", "measure_code", LOOK),
        refers(series, "group_code", f"{tier}.student_group", "group_code", LOOK),
        *(accepted(series, column, VALUES[column], LOOK) for column in ("level", "chart_type", "suppression")),
        never(
            series, "a hidden point shows nothing", f"suppression = 'suppressed' and ({SHOWN})", PRIVACY, "measure_code"
        ),
        never(
            series,
            "a shown point is a share and its own quotient",
            "suppression = 'none' and not coalesce(value between 0 and 1 and n > 0 "
            "and abs(value - numerator / n) < 1e-12, false)",
            LOOK,
            "measure_code",
        ),
        never(
            series,
            "center and limits lie between 0 and 1 and in their order",
            "center not between 0 and 1 or lower_limit < 0 or upper_limit > 1 or lower_limit > upper_limit "
            "or center not between coalesce(lower_limit, center) and coalesce(upper_limit, center)",
            LOOK,
            "measure_code",
        ),
        never(
            series,
            "a signal is a list of codes in their order, on points that are charted",
            f"not regexp_full_match(signal, '{SIGNAL}') or (signal is not null and (chart_type = 'values' "
            "or center is null)) or (signal like '%beyond_limit%' and chart_type <> 'p') "
            "or (signal like '%runs%' and chart_type <> 'run')",
            LOOK,
            "measure_code",
        ),
        never(
            series,
            "a baseline has as many points as its rule says",
            "is_baseline and center is not null and (measure_code, level, entity_code, group_code, phase) in ("
            "select (measure_code, level, entity_code, group_code, phase) from "
            f"{series} where is_baseline and center is not null group by all having count(*) <> ("
            f"select baseline_points from {tier}.rule_set where is_default))",
            LOOK,
            "measure_code",
        ),
    ]


def _metric_hides_nothing(tier: str) -> Rule:
    return Rule(
        name=f"{tier}.improvement_series: an annual point is a shown figure of table metric",
        table=f"{tier}.improvement_series",
        asks="an annual point shows what the tier's metric row shows, and nothing where that row hides",
        action=PRIVACY,
        violations=f"""
            select p.measure_code, count(*) from {{batch}} as p
            join {tier}.series_measure as s on s.measure_code = p.measure_code and s.metric_code is not null
            left join {tier}.metric as q on q.metric_code = s.metric_code and q.snapshot_code = s.snapshot_code
                and q.basis is not distinct from s.basis and q.level = p.level and q.entity_code = p.entity_code
                and q.group_type = p.group_type and q.group_code = p.group_code
                and q.cohort_year = year(p.period_start) + 1
                and q.rule_set in (select rule_set from {tier}.rule_set where is_default)
            where p.suppression is distinct from q.suppression or p.numerator is distinct from q.numerator
                or p.n is distinct from q.denominator group by 1""",
    )


def _focus_areas(tier: str) -> Rule:
    return Rule(
        name=f"{tier}.focus_area_progress: a value stands in table metric or improvement_series",
        table=f"{tier}.focus_area_progress",
        asks="a focus area shows a figure that the tier shows for the district and group, and no other",
        action=PRIVACY,
        violations=f"""
            select p.district_code, count(*) from {{batch}} as p
            where p.value is not null and not exists (
                select 1 from {tier}.metric as q
                where q.metric_code = p.measure_code and q.level = 'district' and q.entity_code = p.district_code
                and q.group_code = p.group_code and q.value = p.value and q.denominator = p.n)
            and not exists (
                select 1 from {tier}.improvement_series as q
                where q.measure_code = p.measure_code and q.level = 'district' and q.entity_code = p.district_code
                and q.group_code = p.group_code and q.value = p.value and q.period_start = p.period_start)
            group by 1""",
    )


def _capability(tier: str) -> Rule:
    return Rule(
        name=f"{tier}.capability: an outcome is a shown figure of table metric",
        table=f"{tier}.capability",
        asks="the outcome beside a rating is the figure that the tier's metric row shows",
        action=PRIVACY,
        violations=f"""
            select p.domain, count(*) from {{batch}} as p
            where (p.suppression <> 'none' and p.outcome_change is not null) or (p.outcome is not null and not exists (
                select 1 from {tier}.metric as q
                where q.metric_code = p.outcome_code and q.level = p.level and q.entity_code = p.entity_code
                and q.group_code = 'ALL' and q.cohort_year = p.school_year and q.value = p.outcome))
            group by 1""",
    )


def _public() -> list[Rule]:
    series = "public.improvement_series"
    in_year = "measure_code in (select measure_code from public.series_measure where metric_code is null)"
    return [
        never(series, "points by month and term are of all students", f"{in_year} and group_code <> 'ALL'", PRIVACY),
        never(
            series,
            "both outcomes of a public point count 11 or more",
            f"{in_year} and least(numerator, n - numerator) < {MIN_N}",
            PRIVACY,
            "measure_code",
        ),
        Rule(
            name="public.improvement_series: a point is settled, and the partner tier's point",
            table=series,
            asks="a point of the public tier is one that the partner tier has, settled, about 11 students or more",
            action=PRIVACY,
            violations=f"""
                select p.measure_code, count(*) from {{batch}} as p
                left join partner.improvement_series as q on {SAME_POINT}
                where p.suppression = 'none' and not coalesce(not q.is_provisional and q.n_students >= {MIN_N}
                    and q.value = p.value and q.n = p.n, false) group by 1""",
        ),
        _rests(series, in_year),
    ]


def _rests(series: str, in_year: str) -> Rule:
    """Every sum that a reader of the public points can form: a total less those of its parts that are shown."""
    return Rule(
        name=f"{series}: what shown parts leave of a shown total is nobody, or 11 and more",
        table=series,
        asks="a total less its shown parts, in either outcome, is none, or 11 and more; no part without its total",
        action=PRIVACY,
        violations=f"""
            with points as (select * from {{batch}} where suppression = 'none' and {in_year}),
            parts as (
                select p.*, case p.level when 'district' then 'CORE' else s.district_code end as total_code
                from points as p left join public.dim_school as s on s.school_code = p.entity_code
                where p.level in ('district', 'school')
            ),
            left_over as (
                select p.measure_code, t.n - sum(p.n) as n, t.numerator - sum(p.numerator) as numerator
                from parts as p left join points as t on t.entity_code = p.total_code
                    and t.measure_code = p.measure_code and t.period_start = p.period_start
                group by p.measure_code, p.period_start, p.total_code, t.n, t.numerator
            )
            select measure_code, count(*) from left_over
            where n is null or n between 0.001 and {MIN_N - 0.001}
                or numerator between 0.001 and {MIN_N - 0.001} or n - numerator between 0.001 and {MIN_N - 0.001}
            group by 1""",
    )
