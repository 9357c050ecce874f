{#- The district's own summary of absences (STAS), kept to reconcile with what the daily rows say. No lane reads it. -#}
select
    _district_code as district_code,
    local_student_id,
    {{ calpads_cds("reporting_lea", "school_of_attendance") }} as school_code,
    {{ calpads_school_year("academic_year") }} as school_year,
    {{ read_decimal("expected_days", "decimal(7, 2)") }} as days_expected,
    {{ read_decimal("days_attended", "decimal(7, 2)") }} as days_attended,
    {{ read_decimal("oss_days", "decimal(7, 2)") }} as days_oss,
    {{ read_decimal("iss_days", "decimal(7, 2)") }} as days_iss,
    {{ read_decimal("excused_days", "decimal(7, 2)") }} as days_excused,
    {{ read_decimal("unexcused_days", "decimal(7, 2)") }} as days_unexcused,
    {{ read_decimal("incomplete_is_days", "decimal(7, 2)") }} as days_is_nonada,
    _file_id as source_file_id,
    _row as source_row,
    _known_from as known_from,
    _known_to as known_to,
    _is_versioned as is_versioned
from {{ source("raw", "calpads__stas") }}
