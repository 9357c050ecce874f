-- One row per marking period, district and local student id in grade 9 with a mark in a core subject, as
-- known
-- when the period closed: marks and how many of them are D, F or no pass, by subject. Marks of the period
-- as they are: a later repeat changes nothing, an incomplete is still to come, transferred marks are not of
-- the school's teaching.
with
    district_subject as ({{ district_subjects(ref("series_period")) }}),

    sent as (
        select
            period.period_id,
            mark.district_code,
            mark.local_student_id,
            mark.school_code,
            mark.school_year,
            -- without a section, course and term name it
            coalesce(
                mark.section_id,
                'T-' || coalesce(
                    mark.course_code,
                    mark.state_course_code,
                    mark.course_name,
                    mark.source_file_id || '.' || mark.source_row
                )
            ) as section_id,
            max_by(
                struct_pack(
                    course_code := mark.course_code,
                    state_course_code := mark.state_course_code,
                    mark := mark.mark,
                    attempted_x3 := {{ credit_thirds("mark.credits_attempted") }}
                ),
                (
                    coalesce(mark.credits_earned, 0),
                    coalesce(mark.posted_date, date '1900-01-01'),
                    mark.known_from,
                    mark.source_file_id,
                    mark.source_row
                )
            ) as kept
        from {{ ref("canon_course_mark") }} as mark
        inner join
            {{ ref("series_period") }} as period
            on period.period_kind <> 'month'
            and period.district_code = mark.district_code
            and period.school_year = mark.school_year
            and period.period_code = mark.term_code
            and starts_with(period.period_kind, 'progress') = not mark.is_final
        semi join
            {{ ref("series_student") }} as student
            on student.period_id = period.period_id
            and student.local_student_id = mark.local_student_id
        where not coalesce(mark.is_transfer, false) and {{ known_at_close("mark") }}
        group by all
    ),

    counted as (
        select
            sent.period_id,
            sent.district_code,
            sent.local_student_id,
            coalesce(state_subject.subject_area, district_subject.subject_area) as subject_area,
            rule.is_low
        from sent
        inner join {{ ref("mark_rule") }} as rule on rule.mark = sent.kept.mark
        left join
            {{ ref("state_course_subject") }} as state_subject
            on state_subject.state_course_code = sent.kept.state_course_code
        left join
            district_subject
            on district_subject.district_code = sent.district_code
            and district_subject.school_year = sent.school_year
            and district_subject.course_code = sent.kept.course_code
        where rule.is_attempted and not rule.is_incomplete and coalesce(sent.kept.attempted_x3, 15) > 0
    )

select
    counted.period_id,
    counted.district_code,
    counted.local_student_id,
    count(*) as n_core,
    count(*) filter (where is_low) as df_core
    {% for subject in core_subjects() -%}
        ,
        count(*) filter (where counted.subject_area = '{{ subject | upper }}') as n_{{ subject }},
        count(*) filter (where is_low and counted.subject_area = '{{ subject | upper }}') as df_{{ subject }}
    {% endfor %}
from counted
inner join {{ ref("subject_area") }} as subject on subject.subject_area = counted.subject_area
where subject.is_core
group by all
