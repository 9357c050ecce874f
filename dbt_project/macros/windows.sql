{#- Which grades a school has, by its span; by its type where the span is not sent. -#}
{% macro has_grade(number) -%}
    coalesce(
        low.grade_number <= {{ number }} and high.grade_number >= {{ number }},
        coalesce(school_type, 'other')
        not in ('elementary', {{ "'high'" if number == 8 else "'middle', 'k8'" }})
    )
{%- endmacro %}

{#- As-of dates (domain.md section 2), one row per `by`, district, school year and window code: T1 the latest end of a
    first credit-bearing term among schools with grade 9, EOY the last instructional day among them; as_of_grade8 the
    last instructional day among schools with grade 8. Days of a summer session after the last regular term are no days
    of the year. Relations: schools (has_grade8, has_grade9), terms, days; a school without a row has both grades. -#}
{% macro window_dates(by, schools, terms, days) -%}
    {%- set keys = by ~ ", district_code, school_year" -%}
    with
        regular as (
            select {{ keys }}, school_code, min(end_date) as first_end, max(end_date) as last_end
            from {{ terms }}
            where is_credit_bearing and term_kind <> 'summer'
            group by all
        ),

        school_first_term as (
            select {{ keys }}, max(first_end) as as_of
            from regular
            left join {{ schools }} using ({{ keys }}, school_code)
            where coalesce(has_grade9, true)
            group by all
        ),

        regular_days as (
            select
                days.{{ by }},
                days.district_code,
                days.school_year,
                days.school_code,
                max(days.calendar_date) as last_day
            from {{ days }} as days
            left join regular using ({{ keys }}, school_code)
            where
                regular.last_end is null
                or days.calendar_date <= regular.last_end
                or not exists (
                    select 1
                    from {{ terms }} as summer
                    where
                        summer.{{ by }} = days.{{ by }}
                        and summer.school_code = days.school_code
                        and summer.school_year = days.school_year
                        and summer.term_kind = 'summer'
                        and days.calendar_date between summer.start_date and summer.end_date
                )
            group by all
        ),

        year_end as (
            select
                {{ keys }},
                max(last_day) filter (where coalesce(has_grade9, true)) as as_of,
                max(last_day) filter (where coalesce(has_grade8, true)) as as_of_grade8
            from regular_days
            left join {{ schools }} using ({{ keys }}, school_code)
            group by all
        )

    select {{ keys }}, 'T1' as window_code, as_of, as_of as as_of_grade8
    from school_first_term
    union all
    select {{ keys }}, 'EOY', as_of, as_of_grade8
    from year_end
    union all
    select {{ keys }}, 'EOYS', make_date(school_year, 8, 31), make_date(school_year, 8, 31)
    from year_end
{%- endmacro %}
