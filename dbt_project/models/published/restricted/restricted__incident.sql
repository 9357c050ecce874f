-- One row per student, district and incident.
select
    access.district as _release_district,
    access.student_key,
    incident.incident_id,
    incident.district_code,
    incident.school_code,
    incident.school_year,
    incident.incident_date,
    incident.suspension_type,
    cast(incident.suspension_days as double) as suspension_days,
    incident.known_from
from {{ ref("incident") }} as incident
inner join
    {{ ref("district_access") }} as access
    on access.person_id = incident.person_id
    and {{ may_see("access", "incident.district_code", "incident.incident_date", "incident.incident_date") }}
where incident.vantage = 'current'
