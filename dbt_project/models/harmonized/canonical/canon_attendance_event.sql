-- One row per unbroken run of identical versions of the canonical entity attendance_event, all systems
-- together.
{{ canon("attendance_event") }}
