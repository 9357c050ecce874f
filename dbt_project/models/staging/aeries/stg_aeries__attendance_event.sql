-- ATT names a day by its date or, in some districts, only by its number in the school's calendar of that
-- year.
with
    att as (
        select
            *,
            {{ aeries_school_year("att") }} as school_year,
            trim(att.sc) as local_school_code,
            {{ read_integer("att.dy") }} as day_number
        from {{ source("raw", "aeries__att") }} as att
    ),
    translated as (
        select
            att._district_code as district_code,
            trim(att.id) as local_student_id,
            school.school_code,
            att.school_year,
            coalesce({{ read_date("att.dt") }}, day.calendar_date) as calendar_date,
            null as period,
            absence.category,
            att._file_id as source_file_id,
            att._row as source_row,
            {{ aeries_known("att", ["school", "day", "absence"]) }}
        from att {{ aeries_school("att", "att.local_school_code") }}
        left join
            {{ ref("base_aeries__school_day") }} as day
            on day.district_code = att._district_code
            and day.school_year = att.school_year
            and day.local_school_code = att.local_school_code
            and day.day_number = att.day_number
            and {{ aeries_overlaps("att", "day") }}
        left join
            {{ ref("base_aeries__absence_code") }} as absence
            on absence.district_code = att._district_code
            and absence.school_year = att.school_year
            and absence.local_school_code = att.local_school_code
            and absence.code = trim(att.al)
            and {{ aeries_overlaps("att", "absence") }}
    ),
    known as (select * from translated where {{ was_known() }})

    {{ to_canonical("attendance_event", "known") }}
