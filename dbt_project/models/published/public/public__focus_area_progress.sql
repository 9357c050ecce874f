-- One row per district_code, focus_area_id and period that ended since the work began and of which this tier
-- has a row; one without a period where there is none.
select * exclude (is_provisional)
from
    (
        {{
            focus_area_progress(
                ref("public__metric"), ref("public__improvement_series"), hides_baseline=true
            )
        }}
    ) as progress
