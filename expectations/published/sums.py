"""Sums that must hold among shown figures: outcomes partition their denominator, a rate is its own quotient."""

from __future__ import annotations

from expectations.suite import Rule

KEY = "cohort_year, snapshot_code, basis, level, entity_code, group_type, group_code, rule_set"
LOOK = "the metric models count a student twice or not at all: compare the codes of one entity and cohort"


def sum_rules() -> list[Rule]:
    """Outcomes, lanes and quotients of the partner tier, of which the public tier is a part."""
    return [
        _partition("up, same and down are all with both lanes", ("movement_rate", "same_rate", "down_rate")),
        _partition("the lanes are all with a lane", tuple(f"lane_dist_{lane}" for lane in range(1, 6))),
        Rule(
            name="partner.metric: a rate is numerator over denominator",
            table="partner.metric",
            asks="value equals numerator / denominator for rates, and lies in its interval",
            action=LOOK,
            violations="""
                select m.metric_code, count(*) from {batch} as m
                join partner.metric_definition as d using (metric_code)
                where d.unit = 'rate' and m.value is not null and m.numerator is not null
                and (abs(m.value - m.numerator / m.denominator) > 1e-9
                    or m.ci_low > m.value + 1e-9 or m.ci_high < m.value - 1e-9) group by 1""",
        ),
        Rule(
            name="partner.metric: a numerator does not exceed its denominator",
            table="partner.metric",
            asks="no numerator is above its denominator",
            action=LOOK,
            violations="select metric_code, count(*) from {batch} where abs(numerator) > denominator group by 1",
        ),
    ]


def _partition(what: str, codes: tuple[str, ...]) -> Rule:
    listed = ", ".join(f"'{code}'" for code in codes)
    return Rule(
        name=f"partner.metric: {what}",
        table="partner.metric",
        asks=f"{', '.join(codes)} sum to their denominator wherever all of them are shown",
        action=LOOK,
        violations=f"""
            select entity_code, count(*) from (
                select {KEY}, sum(numerator) as n, max(denominator) as total, min(denominator) as least_total
                from {{batch}} where metric_code in ({listed}) and suppression = 'none'
                group by all having count(*) = {len(codes)}
            ) where n <> total or total <> least_total group by 1""",
    )
