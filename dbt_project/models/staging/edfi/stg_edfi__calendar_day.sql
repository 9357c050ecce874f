{#- Instructional days only. A calendar of v1 belongs to no school: then its days are those of every school with a
    session that year. Periods are counted from the sections, where attendance is taken by period. -#}
with
    sent as (
        select
            {{ raw_tail() }},
            school_id,
            {{ edfi_school_year("school_year") }} as school_year,
            {{ read_date("date") }} as calendar_date,
            {{ edfi_list("calendar_events", "$.calendarEventDescriptor") }} as events
        from {{ source("raw", "edfi__calendar_dates") }}
    ),

    dated as (
        select
            sent.* exclude (events, school_id, school_year),
            coalesce(sent.school_id, session_year.school_id) as school_id,
            coalesce(sent.school_year, session_year.school_year) as school_year
        from sent
        inner join {{ edfi_meanings("calendar_event") }} as event on event.district_code = sent.district_code
        left join
            {{ edfi_school_years() }} as session_year
            on sent.school_id is null
            and session_year.district_code = sent.district_code
            and session_year.school_year = {{ school_year_of("sent.calendar_date") }}
        where list_contains(list_transform(sent.events, lambda e:event.meanings[e]), 'instructional')
    ),

    periods as (
        select
            section._district_code as district_code,
            section.school_id,
            {{ edfi_school_year("section.school_year") }} as school_year,
            count(distinct section.class_period) as n_periods
        from {{ source("raw", "edfi__sections") }} as section
        inner join
            {{ source("raw", "district") }} as district
            on district.district_code = section._district_code
            and district.attendance_form = 'periods'
        group by all
    ),

    days as (
        select
            dated.*,
            {{ edfi_school_code("school", "dated") }} as school_code,
            null as day_number,
            periods.n_periods
        from dated
        left join
            periods
            on periods.district_code = dated.district_code
            and periods.school_id = dated.school_id
            and periods.school_year = dated.school_year
            {{ edfi_school_join("school", "dated") }}
    )
    {{ to_canonical("calendar_day", "days") }}
