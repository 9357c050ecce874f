-- One row per vantage, person, school year and window (T1, EOY) for everybody in grade 8 or higher with an
-- enrollment in
-- the year: where the student was on as_of and which school is credited (domain.md sections 2 and 5).
with
    people as (
        select vantage, person_id, school_year
        from {{ ref("int_enrollment") }}
        group by all
        having max(grade_number) >= 8
    ),

    windows as (
        select window_row.*, vantage.vantage_kind
        from {{ ref("int_window") }} as window_row
        inner join {{ ref("int_vantage") }} as vantage using (vantage, district_code)
        where
            window_row.window_code in ('T1', 'EOY')
            and (
                vantage.vantage_kind = 'current'
                or (
                    vantage.school_year = window_row.school_year
                    and (
                        vantage.window_code = window_row.window_code
                        or (vantage.window_code = 'EOYS' and window_row.window_code = 'EOY')
                    )
                )
            )
    ),

    owned_days as (
        select vantage, person_id, school_code, entry_date, from_date, to_date
        from {{ ref("int_enrollment_span") }}
        where is_owned
    ),

    stays as (
        select
            enrollment.*,
            internal.grade_number,
            internal.last_date,
            windows.window_code,
            case when internal.grade_number <= 8 then windows.as_of_grade8 else windows.as_of end as as_of
        from {{ ref("enrollment") }} as enrollment
        inner join {{ ref("int_enrollment") }} as internal using (vantage, person_id, school_code, entry_date)
        inner join
            people
            on people.vantage = enrollment.vantage
            and people.person_id = enrollment.person_id
            and people.school_year = enrollment.school_year
        inner join
            windows
            on windows.vantage = enrollment.vantage
            and windows.district_code = enrollment.district_code
            and windows.school_year = enrollment.school_year
    ),

    placed as (
        select
            stays.*,
            stays.is_primary and owned_days.person_id is not null as covers,
            -- the year-end exit may come a little before the last day of the district
            stays.is_primary
            and stays.entry_date <= stays.as_of
            and coalesce(
                stays.exit_reason = 'E155' and stays.exit_date between stays.as_of - 30 and stays.as_of - 1,
                false
            ) as ended_with_year
        from stays
        left join
            owned_days
            on owned_days.vantage = stays.vantage
            and owned_days.person_id = stays.person_id
            and owned_days.school_code = stays.school_code
            and owned_days.entry_date = stays.entry_date
            and stays.as_of between owned_days.from_date and owned_days.to_date
    ),

    chosen as (
        select *
        from placed
        qualify
            row_number() over (
                partition by vantage, person_id, school_year, window_code
                order by
                    covers desc,
                    ended_with_year desc,
                    is_primary desc,
                    entry_date desc,
                    last_date desc,
                    school_code desc
            )
            = 1
    ),

    -- days of the window, by school and by district
    window_days as (
        select
            piece.vantage,
            piece.person_id,
            piece.school_year,
            window_codes.window_code,
            piece.district_code,
            piece.school_code,
            sum(piece.days) as days
        from {{ ref("int_attendance_piece") }} as piece
        cross join (values ('T1'), ('EOY')) as window_codes(window_code)
        where (piece.is_t1 or window_codes.window_code = 'EOY') and piece.has_own_days
        group by all
    ),

    district_days as (
        select vantage, person_id, school_year, window_code, district_code, sum(days) as days
        from window_days
        group by all
    ),

    -- where the student had more than 30 expected days of the window
    long_schools as (
        select window_days.*
        from window_days
        left join {{ ref("int_school") }} as school using (vantage, school_code, school_year)
        where window_days.days > 30 and coalesce(school.is_reporting, true)
    ),

    leavers as (
        select
            placed.vantage,
            placed.person_id,
            placed.school_year,
            placed.window_code,
            placed.district_code,
            long_schools.school_code
        from placed
        inner join
            chosen
            on chosen.vantage = placed.vantage
            and chosen.person_id = placed.person_id
            and chosen.school_year = placed.school_year
            and chosen.window_code = placed.window_code
            and not chosen.covers
            and not chosen.ended_with_year
        left join
            long_schools
            on long_schools.vantage = placed.vantage
            and long_schools.person_id = placed.person_id
            and long_schools.school_year = placed.school_year
            and long_schools.window_code = placed.window_code
            and long_schools.school_code = placed.school_code
        left join
            district_days
            on district_days.vantage = placed.vantage
            and district_days.person_id = placed.person_id
            and district_days.school_year = placed.school_year
            and district_days.window_code = placed.window_code
            and district_days.district_code = placed.district_code
        where placed.is_primary and placed.grade_number = 9 and district_days.days > 30
        qualify
            row_number() over (
                partition by placed.vantage, placed.person_id, placed.school_year, placed.window_code
                order by
                    long_schools.school_code is not null desc,
                    placed.entry_date desc,
                    placed.last_date desc,
                    placed.school_code desc
            )
            = 1
    ),

    ninth_graders as (
        select distinct vantage, person_id, school_year from placed where is_primary and grade_number = 9
    )

select
    chosen.vantage,
    chosen.person_id,
    chosen.school_year,
    chosen.window_code,
    chosen.as_of,
    chosen.grade_level,
    chosen.grade_number,
    chosen.covers or chosen.ended_with_year as is_enrolled_on_as_of,
    ninth_graders.person_id is not null as has_grade9_primary,
    chosen.district_code as last_district_code,
    chosen.school_code as last_school_code,
    case
        when chosen.covers or chosen.ended_with_year
        then case when district_days.days > 30 then chosen.district_code end
        else leavers.district_code
    end as district_code,
    case
        when chosen.covers or chosen.ended_with_year then long_schools.school_code else leavers.school_code
    end as school_code
from chosen
left join district_days using (vantage, person_id, school_year, window_code, district_code)
left join long_schools using (vantage, person_id, school_year, window_code, school_code)
left join leavers using (vantage, person_id, school_year, window_code)
left join ninth_graders using (vantage, person_id, school_year)
cross join {{ source("raw", "run") }} as run
where chosen.as_of <= run.as_of
