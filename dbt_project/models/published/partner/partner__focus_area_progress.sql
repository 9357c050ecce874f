-- One row per district_code, focus_area_id and period that ended since the work began; one without a period
-- where there is no figure.
{{ focus_area_progress(ref("partner__metric"), ref("partner__improvement_series"), hides_baseline=false) }}
