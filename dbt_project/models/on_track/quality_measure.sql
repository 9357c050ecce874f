-- One row per district, school year and measure of data quality: what was found among what was looked at,
-- before anything is hidden.
with
    cohorts as (
        select
            snapshot.district_code,
            snapshot.cohort_year as school_year,
            count(*) as n,
            count(*) filter (len(snapshot.partial_inputs) > 0) as n_partial,
            count(*) filter (before.person_id is not null) as n_matched
        from {{ ref("student_snapshot") }} as snapshot
        left join
            {{ ref("student_snapshot") }} as before
            on before.person_id = snapshot.person_id
            and before.cohort_year = snapshot.cohort_year
            and before.rule_set = snapshot.rule_set
            and before.snapshot_code = 'G8_EOY'
            and before.grade_level = '08'
        where
            snapshot.snapshot_code = 'G9_EOY'
            and snapshot.is_first_time_grade9
            and snapshot.district_code is not null
            and snapshot.rule_set in (select rule_set from {{ ref("rule_set") }} where is_default)
        group by all
    )

    {{
        quality_rows(
            "cohorts",
            [
                ("grade8_match_share", "n_matched", "n", "students", true, true),
                ("partial_inputs_share", "n_partial", "n", "students", true, true),
            ],
        )
    }}
{% for model in ["quality_identity", "quality_mark", "quality_attendance", "quality_school"] %}
    union all
    select *
    from {{ ref(model) }}
{% endfor %}
