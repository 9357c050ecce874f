{{ config(materialized="view") }}
-- One row per day of the school years that the warehouse may ever hold: what metrics of the semantic layer
-- are
-- laid out on.
{{ days_from("1990-07-01", "2050-06-30") }}
