-- ADS names the incident, DSP what followed, and either may be sent without the other. An incident is
-- therefore cut
-- where its dispositions begin and end, so that it stands without a removal for as long as none was known.
with
    dsp as (
        select *, {{ aeries_school_year("dsp") }} as school_year
        from {{ source("raw", "aeries__dsp") }} as dsp
    ),
    removal as (
        select
            dsp._district_code,
            dsp._scope,
            trim(dsp.iid) as iid,
            trim(dsp.id) as id,
            removal_map.value as suspension_type,
            {{ read_decimal("dsp.da", "decimal(7, 3)") }} as suspension_days,
            dsp._known_from,
            dsp._known_to,
            dsp._is_versioned
        from dsp {{ aeries_code("removal_map", "removal", "dsp", "trim(dsp.ds)", aeries_first_day("dsp")) }}
        -- A conference or a detention is known to the map as NONE: no suspension.
        where removal_map.value in ('OSS', 'ISS', 'EXP')
    ),
    ads as (
        select
            * exclude (iid, id),
            trim(ads.iid) as iid,
            trim(ads.id) as id,
            {{ aeries_school_year("ads") }} as school_year
        from {{ source("raw", "aeries__ads") }} as ads
    ),
    cut as (
        select _file_id, _row, _known_from, cut_date
        from
            (
                select ads._file_id, ads._row, ads._known_from, ads._known_from as cut_date
                from ads
                union
                select ads._file_id, ads._row, ads._known_from, boundary.cut_date
                from ads
                inner join
                    (
                        select _district_code, _scope, iid, id, _known_from as cut_date
                        from removal
                        union
                        select _district_code, _scope, iid, id, _known_to
                        from removal
                    ) as boundary
                    on boundary._district_code = ads._district_code
                    and boundary._scope = ads._scope
                    and boundary.iid = ads.iid
                    and boundary.id = ads.id
                    and boundary.cut_date > ads._known_from
                    and (ads._known_to is null or boundary.cut_date < ads._known_to)
            )
    ),
    piece as (
        select
            ads.* exclude (_known_from, _known_to),
            cut.cut_date as _known_from,
            coalesce(
                lead(cut.cut_date) over (
                    partition by cut._file_id, cut._row, cut._known_from order by cut.cut_date
                ),
                ads._known_to
            ) as _known_to
        from ads
        inner join cut using (_file_id, _row, _known_from)
    ),
    translated as (
        select
            piece._district_code as district_code,
            piece.id as local_student_id,
            school.school_code,
            piece.school_year,
            piece.iid as incident_id,
            {{ read_date("piece.dt") }} as incident_date,
            removal.suspension_type,
            removal.suspension_days,
            piece._file_id as source_file_id,
            piece._row as source_row,
            greatest(piece._known_from, school.known_from) as known_from,
            least(piece._known_to, school.known_to) as known_to,
            piece._is_versioned
            or coalesce(removal._is_versioned, false)
            or school.known_from is not null
            or school.known_to is not null as is_versioned
        from piece
        left join
            removal
            on removal._district_code = piece._district_code
            and removal._scope = piece._scope
            and removal.iid = piece.iid
            and removal.id = piece.id
            and removal._known_from <= piece._known_from
            and (removal._known_to is null or removal._known_to > piece._known_from)
            {{ aeries_school("piece", "trim(piece.sc)") }}
    )

    {{ to_canonical("incident", "translated") }}
