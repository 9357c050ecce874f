-- HIS holds final marks (the transcript), GRD the marks of the running year, one column a marking period.
-- HIS names its year itself (2024-2025), GRD has that of its database.
with
    history as (
        select
            _district_code,
            {{ aeries_year("sy") }} as school_year,
            id,
            sc,
            trim(te) as term,
            trim(se) as section,
            trim(cn) as course_code,
            co as course_name,
            trim(gr) as grade,
            mk as mark_raw,
            ca as credits_attempted,
            cc as credits_earned,
            true as is_final,
            {{ read_date("dp") }} as posted_date,
            coalesce(trim(st), '') <> '' as is_transfer,
            coalesce(trim(rt), '') <> '' as is_repeat,
            _file_id,
            _row,
            _known_from,
            _known_to,
            _is_versioned
        from {{ source("raw", "aeries__his") }} as his
    ),
    running as (
        {% for period in range(1, 13) %}
            select
                _district_code,
                {{ aeries_school_year("grd") }} as school_year,
                id,
                sc,
                '{{ period }}' as term,
                trim(se) as section,
                trim(cn) as course_code,
                null as course_name,
                trim(gr) as grade,
                m{{ period }} as mark_raw,
                null as credits_attempted,
                null as credits_earned,
                false as is_final,
                {{ read_date("d" ~ period) }} as posted_date,
                false as is_transfer,
                false as is_repeat,
                _file_id,
                _row,
                _known_from,
                _known_to,
                _is_versioned
            from {{ source("raw", "aeries__grd") }} as grd
            where m{{ period }} is not null {{ "union all" if not loop.last }}
        {% endfor %}
    ),
    mark as (
        select *
        from history
        union all
        select *
        from running
    ),
    translated as (
        select
            mark._district_code as district_code,
            trim(mark.id) as local_student_id,
            school.school_code,
            mark.school_year,
            coalesce(term_map.value, period_map.value) as term_code,
            -- A transcript mark without a section is named by its course and term.
            coalesce(
                nullif(mark.section, ''), 'T-' || mark.course_code || '-' || term_map.value
            ) as section_id,
            mark.course_code,
            course.state_course_code,
            coalesce(mark.course_name, course.course_name) as course_name,
            course.is_ag,
            grade_map.value as grade_level_taken,
            mark.mark_raw,
            {{ read_decimal("mark.credits_attempted", "decimal(18, 8)") }}
            * district.credit_multiplier as credits_attempted,
            {{ read_decimal("mark.credits_earned", "decimal(18, 8)") }}
            * district.credit_multiplier as credits_earned,
            mark.is_final,
            mark.posted_date,
            mark.is_transfer,
            mark.is_repeat,
            mark._file_id as source_file_id,
            mark._row as source_row,
            {{ aeries_known("mark", ["school", "course"]) }}
        from mark
        inner join
            {{ source("raw", "district") }} as district on district.district_code = mark._district_code
            {{ aeries_school("mark", "trim(mark.sc)") }}
        left join
            {{ ref("base_aeries__course") }} as course
            on course.district_code = mark._district_code
            and course.school_year = mark.school_year
            and course.course_code = mark.course_code
            and {{ aeries_overlaps("mark", "course") }}
            {{ aeries_code("term_map", "term_code", "mark", "mark.term", aeries_first_day("mark")) }}
            and mark.is_final
            {{ aeries_code("period_map", "marking_period", "mark", "mark.term", aeries_first_day("mark")) }}
            and not mark.is_final
            {{ aeries_code("grade_map", "grade_level", "mark", "mark.grade", aeries_first_day("mark")) }}
    ),
    known as (select * from translated where {{ was_known() }}),
    marked as ({{ with_mark("known") }})

    {{ to_canonical("course_mark", "marked") }}
