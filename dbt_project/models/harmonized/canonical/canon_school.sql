-- One row per unbroken run of identical versions of the canonical entity school, all systems together.
{{ canon("school") }}
