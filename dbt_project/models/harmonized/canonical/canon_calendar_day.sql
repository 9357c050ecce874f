-- One row per unbroken run of identical versions of the canonical entity calendar_day, all systems together.
{{ canon("calendar_day") }}
