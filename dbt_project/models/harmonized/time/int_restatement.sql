-- One row per district, school year and window whose freeze was restated: from when on it is taken
-- as known. Of several restatements the last decision counts; the days of EOYS are those of EOY, so
-- EOY takes them along.
select district_code, school_year, window_code, max_by(known_on, restatement_id) as known_on
from {{ source("raw", "restatement") }}
group by district_code, school_year, window_code
