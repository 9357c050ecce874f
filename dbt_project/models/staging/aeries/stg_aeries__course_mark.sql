-- HIS holds final marks (the transcript), GRD the marks of the running year, one column a marking period.
with
    history as (
        select
            _district_code,
            {{ aeries_school_year("his") }} as school_year,
            id,
            sc,
            trim(te) as term,
            'term_code' as term_map,
            trim(se) as section,
            trim(cn) as course_code,
            co as course_name,
            trim(gr) as grade,
            mk as mark_raw,
            ca as credits_attempted,
            cc as credits_earned,
            true as is_final,
            {{ aeries_date("dp") }} as posted_date,
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
                'marking_period' as term_map,
                trim(se) as section,
                trim(cn) as course_code,
                null as course_name,
                trim(gr) as grade,
                m{{ period }} as mark_raw,
                null as credits_attempted,
                null as credits_earned,
                false as is_final,
                {{ aeries_date("d" ~ period) }} as posted_date,
                false as is_transfer,
                false as is_repeat,
                _file_id,
                _row,
                _known_from,
                _known_to,
                _is_versioned
            from {{ source("raw", "aeries__grd") }} as grd
            where m{{ period }} is not null
            {{ "union all" if not loop.last }}
        {% endfor %}
    ),
    mark as (
        select *, coalesce(posted_date, make_date(school_year, 6, 30)) as scale_date
        from (select * from history union all select * from running)
    ),
    translated as (
        select
            mark._district_code as district_code,
            trim(mark.id) as local_student_id,
            school.school_code,
            mark.school_year,
            term_map.value as term_code,
            -- A transcript mark without a section is named by its course and term.
            coalesce(nullif(mark.section, ''), 'T-' || mark.course_code || '-' || term_map.value) as section_id,
            mark.course_code,
            course.state_course_code,
            coalesce(mark.course_name, course.course_name) as course_name,
            course.is_ag,
            grade_map.value as grade_level_taken,
            mark.mark_raw,
            coalesce(exact_mark.mark, ranged_mark.mark) as mark,
            {{ aeries_number("mark.credits_attempted") }} * district.credit_multiplier as credits_attempted,
            {{ aeries_number("mark.credits_earned") }} * district.credit_multiplier as credits_earned,
            mark.is_final,
            mark.posted_date,
            mark.is_transfer,
            mark.is_repeat,
            mark._file_id as source_file_id,
            mark._row as source_row,
            {{ aeries_known("mark", ["school", "course"]) }}
        from mark
        inner join {{ source("raw", "district") }} as district on district.district_code = mark._district_code
        {{ aeries_school("mark", "trim(mark.sc)") }}
        left join
            {{ ref("base_aeries__course") }} as course
            on course.district_code = mark._district_code
            and course.school_year = mark.school_year
            and course.course_code = mark.course_code
            and {{ aeries_overlaps("mark", "course") }}
        left join
            {{ source("raw", "code_map") }} as term_map
            on term_map.district_code = mark._district_code
            and term_map.map_name = mark.term_map
            and term_map.code = mark.term
            and (term_map.valid_from is null or term_map.valid_from <= mark.scale_date)
            and (term_map.valid_to is null or term_map.valid_to >= mark.scale_date)
        {{ aeries_code("grade_map", "grade_level", "mark", "mark.grade", aeries_first_day("mark")) }}
        left join
            {{ source("raw", "mark_scale") }} as exact_mark
            on exact_mark.district_code = mark._district_code
            and exact_mark.mark_raw = mark.mark_raw
            and (exact_mark.valid_from is null or exact_mark.valid_from <= mark.scale_date)
            and (exact_mark.valid_to is null or exact_mark.valid_to >= mark.scale_date)
        left join
            {{ source("raw", "mark_scale") }} as ranged_mark
            on ranged_mark.district_code = mark._district_code
            and {{ aeries_number("mark.mark_raw") }} between ranged_mark.low and ranged_mark.high
            and (ranged_mark.valid_from is null or ranged_mark.valid_from <= mark.scale_date)
            and (ranged_mark.valid_to is null or ranged_mark.valid_to >= mark.scale_date)
    ),
    known as (select * from translated where known_to is null or known_from < known_to)

{{ to_canonical("course_mark", "known") }}
