-- One row per vantage, person, district and incident, its removals summed.
select
    incident.vantage,
    local.person_id,
    incident.incident_id,
    incident.district_code,
    min(incident.school_code) as school_code,
    min(incident.school_year) as school_year,
    min(incident.incident_date) as incident_date,
    case
        when bool_or(incident.suspension_type = 'EXP')
        then 'EXP'
        when bool_or(incident.suspension_type = 'OSS')
        then 'OSS'
        when bool_or(incident.suspension_type = 'ISS')
        then 'ISS'
    end as suspension_type,
    cast(
        sum(incident.suspension_days) filter (where incident.suspension_type is not null) as decimal(18, 3)
    ) as suspension_days,
    max(incident.known_from) as known_from
from ({{ visible("incident", years="same") }}) as incident
inner join {{ ref("student_local") }} as local using (vantage, district_code, local_student_id)
where incident.incident_id is not null
group by all
