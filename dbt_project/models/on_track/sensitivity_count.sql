-- One row per choice, cohort_year and school credited tonight (NULL: none): first-time ninth graders
-- and what the headline metrics count of them. NULL where the snapshot is not frozen yet.
with
    settled as (
        select
            cohort_year,
            bool_or(is_frozen) filter (where snapshot_code = 'G9_EOY') as is_grade9_settled,
            bool_or(is_frozen) filter (where snapshot_code = 'G9_EOYS') as is_summer_settled,
            bool_or(is_frozen) filter (where snapshot_code = 'G10_EOY') as is_grade10_settled
        from {{ ref("snapshot_status") }}
        group by cohort_year
    ),

    lanes as (
        select
            choice,
            person_id,
            cohort_year,
            max(top_lane) as top_lane,
            {% for code in ("G8_EOY", "G9_EOY", "G9_EOYS", "G10_EOY") -%}
                max(lane) filter (where snapshot_code = '{{ code }}') as {{ code | lower }}
                {{- "," if not loop.last }}
            {% endfor %}
        from {{ ref("sensitivity_lane") }}
        group by all
    ),

    credited as (
        select
            measure.person_id, measure.school_year as cohort_year, measure.district_code, measure.school_code
        from {{ ref("snapshot_measure") }} as measure
        inner join {{ ref("rule_set") }} as rule_set on rule_set.rule_set = measure.rule_set
        where
            rule_set.is_default
            and measure.vantage = 'current'
            and measure.window_code = 'EOY'
            and measure.role = 'G9'
    ),

    members as (
        select
            choice.choice,
            choice.denominator,
            ninth_grader.person_id,
            ninth_grader.cohort_year,
            credited.district_code,
            case
                when choice.attribution is null or stay.is_stable then credited.school_code
            end as school_code,
            lanes.g8_eoy as lane8,
            case choice.grade9_snapshot when 'G9_EOYS' then lanes.g9_eoys else lanes.g9_eoy end as lane9,
            lanes.g10_eoy as lane10,
            lanes.top_lane,
            settled.is_grade9_settled
            and (choice.grade9_snapshot = 'G9_EOY' or settled.is_summer_settled) as is_grade9_settled,
            settled.is_grade10_settled
        from {{ ref("ninth_grader") }} as ninth_grader
        inner join settled on settled.cohort_year = ninth_grader.cohort_year
        cross join {{ ref("sensitivity_choice") }} as choice
        left join
            lanes
            on lanes.person_id = ninth_grader.person_id
            and lanes.cohort_year = ninth_grader.cohort_year
            and lanes.choice = case when {{ changes_lanes("choice") }} then choice.choice else 'default' end
        left join
            credited
            on credited.person_id = ninth_grader.person_id
            and credited.cohort_year = ninth_grader.cohort_year
        left join
            {{ ref("companion_student") }} as stay
            on stay.level = 'school'
            and stay.entity_code = credited.school_code
            and stay.person_id = credited.person_id
            and stay.school_year = credited.cohort_year
        where ninth_grader.is_first_time and settled.is_grade9_settled
    )

select
    choice,
    cohort_year,
    district_code,
    school_code,
    count(*) as n_members,
    count(lane9) as n_lane,
    count(*) filter (where lane9 <= 2) as n_low,
    count(*) filter (where lane8 is not null and lane9 is not null) as n_both,
    count(*) filter (where lane9 > lane8) as n_up,
    count(*) filter (where lane8 < top_lane and lane9 is not null) as n_can_rise,
    count(*) filter (where is_grade10_settled) as n_members10,
    count(*) filter (where is_grade10_settled and lane9 is not null and lane10 is not null) as n_both10,
    count(*) filter (where is_grade10_settled and lane9 is not null and lane10 <= 2) as n_low10
from members
where is_grade9_settled
group by all
