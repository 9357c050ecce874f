-- One row per unbroken run of identical versions of the canonical entity incident, all systems together.
{{ canon("incident") }}
