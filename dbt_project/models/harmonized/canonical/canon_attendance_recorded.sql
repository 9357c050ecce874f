-- One row per student, school, day and version for which attendance was recorded, in positive feeds.
-- A view: at full size these are 110 million rows a year, which are only counted, so that identical
-- versions need no merge.
{{ config(materialized="view") }} {{ union_canonical("attendance_recorded") }}
