{#- Counts of low marks over rows of int_window_mark, in the columns from which lanes follow. -#}
{% macro low_mark_counts() -%}
    sum(attempted_x3) filter (where counts_as_f and is_core) as f_core_x3,
    count(*) filter (where counts_as_low and is_core) as n_df_core,
    count(*) filter (where counts_as_low and subject_area = 'ELA') as n_df_ela,
    count(*) filter (where counts_as_low and subject_area = 'MATH') as n_df_math
{%- endmacro %}

{#- Does a choice ask of lanes that are computed otherwise? The others ask of the default lanes. -#}
{% macro changes_lanes(choice) -%}
    (
        {{ choice }}.denominator is null
        and {{ choice }}.attribution is null
        and {{ choice }}.grade9_snapshot = 'G9_EOY'
    )
{%- endmacro %}

{#- Parts of a day (of 2520, divisible by 1 to 10 periods) that missed periods amount to by `rule`, a SQL expression. -#}
{% macro parts_of_missed_periods(rule) -%}
    case
        when is_whole
        then 2520
        when {{ rule }} = 'fraction'
        then least(2520, cast(round(2520.0 * n_missed / n_periods) as integer))
        when {{ rule }} = 'majority'
        then case when 2 * n_missed >= n_periods then 2520 else 0 end
        else case when n_missed >= n_periods then 2520 else 0 end
    end
{%- endmacro %}

{#- One row per vantage, student, school and instructional day with an absence or in-school suspension among `events`
    (rows of canon_attendance_event with `vantage`): its category, whether it is the whole day, else how many of its
    periods are missed. `school_dates`: a relation like int_school_date instead of it. Whole-day rows hold over period rows, and of several categories the one of the lowest
    precedence. Joins and group by only: at full size this is the largest table. -#}
{% macro days_missed(events, school_dates=none) -%}
    {%- set student_day = (
        "vantage, district_code, local_student_id, school_code, school_year, calendar_date"
    ) -%}
    with
        events as (
            select
                event.vantage,
                event.district_code,
                event.local_student_id,
                event.school_code,
                event.school_year,
                event.calendar_date,
                event.period,
                category.precedence,
                category.is_absent,
                event.known_from
            from ({{ events }}) as event
            inner join {{ ref("attendance_category") }} as category using (category)
            where category.is_absent or category.category = 'iss'
        ),

        whole_days as (
            select {{ student_day }}, min(precedence) as precedence, max(known_from) as known_from
            from events
            where period is null
            group by all
        ),

        periods as (
            select
                {{ student_day }},
                period,
                min(precedence) as precedence,
                bool_or(is_absent) as is_absent,
                max(known_from) as known_from
            from events
            where period is not null
            group by all
        ),

        period_days as (
            select
                {{ student_day }},
                min(precedence) as precedence,
                case
                    when bool_or(is_absent) then count(*) filter (where is_absent) else count(*)
                end as n_missed,
                max(known_from) as known_from
            from periods
            group by all
        ),

        days as (
            select whole_days.*, cast(null as bigint) as n_missed, true as is_whole
            from whole_days
            union all by name
            select period_days.*, false as is_whole
            from period_days
            where
                not exists (
                    select 1
                    from whole_days
                    where
                        whole_days.vantage = period_days.vantage
                        and whole_days.district_code = period_days.district_code
                        and whole_days.local_student_id = period_days.local_student_id
                        and whole_days.school_code = period_days.school_code
                        and whole_days.calendar_date = period_days.calendar_date
                )
        )

    select days.*, category.category, category.is_absent, district.period_absent_rule, school_date.n_periods
    from days
    inner join {{ ref("attendance_category") }} as category on category.precedence = days.precedence
    inner join {{ source("raw", "district") }} as district on district.district_code = days.district_code
    inner join
        {{ school_dates or ref("int_school_date") }} as school_date
        on school_date.vantage = days.vantage
        and school_date.school_code = days.school_code
        and school_date.school_year = days.school_year
        and school_date.calendar_date = days.calendar_date
        and school_date.is_school_day
{%- endmacro %}
